"""Edits the text of an article line by line, splits an article, and joins it with the next one."""

from typing import Any, Self

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing.article_corrections import correct_article
from articles.editing.block_spans import BlockJson, divide_block
from articles.editing.split_join import join_next_article, next_article, split_article
from articles.models import Article

from .article_view_base import ArticleViewBase, check_version, errors_as_messages
from .name_highlighting import BLOCK_KINDS

# A line up to this length that does not end like a sentence is probably a headline.
_TITLE_LENGTH = 30
_SENTENCE_ENDS = tuple("。！？；：”…")


class _BlockForm(forms.Form):
    """The text and the kind of a block, and what both were when the form was shown."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=list(BLOCK_KINDS.items()))
    text = forms.CharField(
        label=gettext_lazy("text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Each new line becomes a paragraph. Without text, the line is removed."),
    )
    was_kind = forms.CharField(widget=forms.HiddenInput)
    was_text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    @classmethod
    def of(cls, block: BlockJson, **initial: Any) -> Self:
        kind, text = block["kind"], block["text"]
        return cls(initial={"kind": kind, "text": text, "was_kind": kind, "was_text": text, **initial})

    def is_outdated(self, block: BlockJson) -> bool:
        return [block["kind"], block["text"]] != [
            self.cleaned_data["was_kind"],
            self.cleaned_data["was_text"],
        ]

    def blocks(self, block: BlockJson, page: str) -> list[BlockJson]:
        """What replaces the block: one block a line, each with the characters of the page that it says."""
        lines = [line.strip() for line in self.cleaned_data["text"].splitlines() if line.strip()]
        return divide_block({**block, "kind": self.cleaned_data["kind"]}, lines, page) if lines else []


class _SplitForm(forms.Form):
    """Where in the line the new article begins, whether that is a headline, and the version of the article that was shown."""

    words = forms.CharField(
        label=gettext_lazy("Inside the line, before these words"),
        required=False,
        help_text=gettext_lazy("Empty: at the beginning of the line."),
    )
    headline = forms.BooleanField(
        label=gettext_lazy("This line is the headline of the new article"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TextEditing(ArticleViewBase):
    """Changes the text of an article."""

    def get_urls(self) -> list[Any]:
        return [
            self.route("block/<int:number>/", self.block_view, "block"),
            self.route("split/<int:number>/", self.split_view, "split"),
            self.route("join/", self.join_view, "join"),
            *super().get_urls(),
        ]

    def block_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Show the form of a block in place of its line; a POST saves it.

        If another editor changed the block since the form was shown, the form is shown again with both texts.
        """
        article = self.article_of(request, pk, change=True)
        context: dict[str, Any] = {"article": article, "number": number}
        if request.method != "POST":
            form = _BlockForm.of(_block(article, number))
            return render(request, "admin/article/block_form.html", {**context, "form": form})
        form = _BlockForm(request.POST)
        with transaction.atomic():
            article = get_object_or_404(Article.objects.select_for_update(), pk=pk)
            block = _block(article, number)
            if form.is_valid() and form.is_outdated(block):
                form = _BlockForm.of(block, kind=request.POST.get("kind"), text=request.POST.get("text"))
                context["theirs"] = block
            elif form.is_valid():
                try:
                    text = article.page.text if article.page else ""
                    before, behind = article.blocks[:number], article.blocks[number + 1 :]
                    correct_article(article, blocks=[*before, *form.blocks(block, text), *behind])
                except ValidationError as error:
                    form.add_error(None, " ".join(error.messages))
                else:
                    return self.reload_page(request, article)
        return render(request, "admin/article/block_form.html", {**context, "form": form})

    def split_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Show the form that splits an article before a block; a POST splits it."""
        article = self.article_of(request, pk, change=True)
        block = _block(article, number)
        if request.method != "POST":
            initial = {"headline": _is_headline_like(block), "version": article.version}
            context = {"article": article, "number": number, "form": _SplitForm(initial=initial)}
            return render(request, "admin/article/split_form.html", context)
        form = _SplitForm(request.POST)
        with errors_as_messages(request), transaction.atomic():
            if not form.is_valid():
                raise ValidationError(_("Choose the line to split at, and try again."))
            check_version(article, form.cleaned_data["version"])
            words, headline = form.cleaned_data["words"], form.cleaned_data["headline"]
            at = _place_of(words, block["text"]) if words else 0
            second = split_article(article, number, request.user, headline=headline, at=at)
            messages.success(request, _("“%(article)s” is a separate article now.") % {"article": second})
        return self.reload_page(request, article)

    def join_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Join the next article of the page to this one."""
        article = self.article_of(request, pk, change=True)
        if request.method != "POST":
            raise Http404
        with errors_as_messages(request), transaction.atomic():
            check_version(article, request.POST.get("version"))
            other = next_article(article)
            join_next_article(article, request.user)
            messages.success(request, _("“%(article)s” is part of this article now.") % {"article": other})
        return self.reload_page(request, article)


def _block(article: Article, number: int) -> BlockJson:
    if number >= len(article.blocks):
        raise Http404
    block: BlockJson = article.blocks[number]
    return block


def _place_of(words: str, text: str) -> int:
    """Where the words are in a line; `ValidationError` if they are not there, or more than once."""
    if text.count(words) != 1:
        raise ValidationError(_("These words must be in the line once: “%(words)s”.") % {"words": words})
    return text.index(words)


def _is_headline_like(block: BlockJson) -> bool:
    text = block["text"]
    return block["kind"] == "heading" or (len(text) <= _TITLE_LENGTH and not text.endswith(_SENTENCE_ENDS))
