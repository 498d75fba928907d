"""The text of an article on its page: lines changed where they stand, an article split, or joined with the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing.split_join import following, join, split
from articles.models import Article
from articles.models.composition import Block

from .article_view_base import ArticleViewBase
from .name_highlighting import BLOCK_KINDS

# A line that is no longer, and is no sentence, is likely to be a headline.
_TITLE_LENGTH = 30
_ENDS = "。！？；：”…"


class BlockForm(forms.Form):
    """One line of an article: its words and what it is, and what both were when the form was shown."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=list(BLOCK_KINDS.items()))
    text = forms.CharField(
        label=gettext_lazy("text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "A new line begins a paragraph of its own. Without text, the line is taken out."
        ),
    )
    was_kind = forms.CharField(widget=forms.HiddenInput)
    was_text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    @classmethod
    def of(cls, block: Block) -> BlockForm:
        kind, text = block["kind"], block["text"]
        return cls(initial={"kind": kind, "text": text, "was_kind": kind, "was_text": text})

    def blocks(self, block: Block) -> list[Block]:
        """What the line becomes: the first line stays where it was printed."""
        lines = [line.strip() for line in self.cleaned_data["text"].splitlines() if line.strip()]
        return [
            {"kind": self.cleaned_data["kind"], "text": line, "spans": [] if number else block["spans"]}
            for number, line in enumerate(lines)
        ]


class SplitForm(forms.Form):
    """What becomes of the line before which an article is split, and the version of the article that was shown."""

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
        """One line of the text, to be changed where it stands."""
        article = self.article_of(request, pk, change=True)
        block = _block(article, number)
        if request.method != "POST":
            return self._block(request, article, number, BlockForm.of(block))
        form = BlockForm(request.POST)
        if not form.is_valid():
            return self._block(request, article, number, form)
        with transaction.atomic():
            article = Article.objects.select_for_update().get(pk=pk)
            block = _block(article, number)
            if [block["kind"], block["text"]] != [
                form.cleaned_data["was_kind"],
                form.cleaned_data["was_text"],
            ]:
                return self._conflict(request, article, number, block)
            try:
                article.correct(
                    blocks=[*article.blocks[:number], *form.blocks(block), *article.blocks[number + 1 :]]
                )
            except ValidationError as error:
                form.add_error(None, " ".join(error.messages))
                return self._block(request, article, number, form)
        return self.again(request, article)

    def _block(
        self, request: HttpRequest, article: Article, number: int, form: BlockForm, **context: Any
    ) -> HttpResponse:
        shown = {"article": article, "number": number, "form": form, **context}
        return render(request, "admin/article/block_form.html", shown)

    def _conflict(self, request: HttpRequest, article: Article, number: int, block: Block) -> HttpResponse:
        """Somebody else changed the line: both texts, and whoever saves again does it knowingly."""
        form = BlockForm.of(block)
        form.initial = {**form.initial, "kind": request.POST.get("kind"), "text": request.POST.get("text")}
        return self._block(request, article, number, form, theirs=block)

    def split_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Let an article of its own begin at a line."""
        article = self.article_of(request, pk, change=True)
        block = _block(article, number)
        if request.method != "POST":
            form = SplitForm(initial={"headline": _looks_like_headline(block), "version": article.version})
            shown = {"article": article, "number": number, "block": block, "form": form}
            return render(request, "admin/article/split_form.html", shown)
        form = SplitForm(request.POST)
        with _told(request), transaction.atomic():
            if not form.is_valid():
                raise ValidationError(_("Say before which line, and try again."))
            _check_version(article, form.cleaned_data["version"])
            second = split(article, number, request.user, headline=form.cleaned_data["headline"])
            messages.success(request, _("“%(article)s” is an article of its own now.") % {"article": second})
        return self.again(request, article)

    def join_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the next article of the page in."""
        article = self.article_of(request, pk, change=True)
        if request.method != "POST":
            raise Http404
        with _told(request), transaction.atomic():
            _check_version(article, request.POST.get("version"))
            other = following(article)
            join(article, request.user)
            messages.success(request, _("“%(article)s” is part of this article now.") % {"article": other})
        return self.again(request, article)


@contextmanager
def _told(request: HttpRequest) -> Iterator[None]:
    """Tell the editor why something could not be done."""
    try:
        yield
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def _block(article: Article, number: int) -> Block:
    if number >= len(article.blocks):
        raise Http404
    block: Block = article.blocks[number]
    return block


def _check_version(article: Article, version: Any) -> None:
    stored = Article.objects.select_for_update().only("version").get(pk=article.pk).version
    if str(stored) != str(version):
        raise ValidationError(_("Somebody changed this article meanwhile: look at it again."))


def _looks_like_headline(block: Block) -> bool:
    text = block["text"]
    return block["kind"] == "heading" or (len(text) <= _TITLE_LENGTH and not text.endswith(tuple(_ENDS)))
