"""Serializers of request bodies: which fields clients may write, and their limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from articles.api.http.body_parsers import MergePatchParser
from articles.api.http.problems import Conflict, UnknownFields
from articles.models import Alias, Article, Byline, Mention
from articles.models.fields import MAX_ID
from articles.models.merge import MODELS
from articles.reading.values import TITLES

from .strict_fields import OF_MODELS, RecordNameField, StrictIntegerField

# Longer texts are not articles; a printed page is under 100 kB.
_MAX_TEXT = 300_000
_MAX_LINE = 1_000


def validated_values(
    request: Request,
    writes: type[serializers.Serializer[Any]],
    shown: type[serializers.Serializer[Any]] | None = None,
) -> dict[str, Any]:
    """The validated values of a body.

    Raises `PermissionDenied` for a field of `shown` that clients can only read, and a 400 that names fields that are
    unknown or invalid.
    """
    data: Any = request.data
    serializer: Any = writes(data=data, partial=request.method == "PATCH")
    if (request.content_type or "").partition(";")[0] == MergePatchParser.media_type:
        serializer.initial_data = {
            name: ""
            if value is None and getattr(serializer.fields.get(name), "allow_blank", False)
            else value
            for name, value in data.items()
        }
    known = set(serializer.fields)
    strange = set(request.data) - known
    if readable := strange & set(shown().fields if shown else ()):
        raise PermissionDenied(f"Read-only fields: {', '.join(sorted(readable))}.")
    if strange:
        raise UnknownFields(sorted(strange), known)
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found


def require_empty_body(request: Request) -> None:
    """Raise a 400 for a body that an action would ignore."""
    if request.data:
        raise UnknownFields(sorted(request.data), ())


class CreditWriteSerializer(serializers.Serializer[Any]):
    """A credit: the reporter by id, or by name; a new name makes a new record."""

    reporter = StrictIntegerField(min_value=1, max_value=MAX_ID, required=False)
    name = RecordNameField(required=False)
    role = serializers.ChoiceField(choices=Byline.Role.choices, default=Byline.Role.REPORTER)

    def validate(self, attrs: Any) -> Any:
        if ("reporter" in attrs) == ("name" in attrs):
            raise serializers.ValidationError("Give either the id of a reporter or a name.")
        if "reporter" in attrs:
            attrs["reporter"] = find_record("reporter", attrs["reporter"])
        return attrs


class ArticleWriteSerializer(serializers.ModelSerializer[Article]):
    """The fields of an article that people may set; `bylines` replaces all credits."""

    bylines = CreditWriteSerializer(many=True, required=False)
    serializer_field_mapping = {**serializers.ModelSerializer.serializer_field_mapping, **OF_MODELS}

    class Meta:
        model = Article
        fields = [
            "kicker", "headline", "subtitle", "dateline", "agency", "section", "publication", "issue_date", "body",
            "status", "reviewed", "bylines",
        ]  # fmt: skip
        extra_kwargs = {
            "body": {"trim_whitespace": False, "max_length": _MAX_TEXT},
            **{name: {"max_length": _MAX_LINE} for name in (*TITLES, "dateline")},
        }


class SplitWriteSerializer(serializers.Serializer[Any]):
    """Where a new article begins: at a block, or at a character of the block's text; and whether that is its headline."""

    block = StrictIntegerField(min_value=0, max_value=_MAX_TEXT)
    at = StrictIntegerField(min_value=0, max_value=_MAX_TEXT, default=0)
    headline = serializers.BooleanField(default=False)


class BlockMoveSerializer(serializers.Serializer[Any]):
    """A block of an article, and the article of the page that it belongs to: the next one, or the one before."""

    block = StrictIntegerField(min_value=0, max_value=_MAX_TEXT)
    to = serializers.ChoiceField(choices=["next", "previous"])


class RegionWriteSerializer(serializers.Serializer[Any]):
    """A region of a page's text with what it is: an advert, a notice, or text of an article of the page."""

    start = StrictIntegerField(min_value=0, max_value=_MAX_TEXT)
    end = StrictIntegerField(min_value=1, max_value=_MAX_TEXT)
    kind = serializers.ChoiceField(choices=["advert", "notice", "text"])
    article = StrictIntegerField(min_value=1, max_value=MAX_ID, required=False)

    def validate(self, attrs: Any) -> Any:
        if (attrs["kind"] == "text") != ("article" in attrs):
            raise serializers.ValidationError(
                {"article": "Give the id of an article with text, and only then."}
            )
        if attrs["end"] <= attrs["start"]:
            raise serializers.ValidationError({"end": "A region ends after its start."})
        return attrs


class RecordWriteSerializer(serializers.Serializer[Any]):
    """Another record of the same kind, by its id."""

    record = StrictIntegerField(min_value=1, max_value=MAX_ID)


class AliasWriteSerializer(serializers.ModelSerializer[Alias]):
    """Another name of a record."""

    name = RecordNameField()

    class Meta:
        model = Alias
        fields = ["name"]


class VerdictWriteSerializer(serializers.Serializer[Any]):
    """An editor's decision about a mention: null takes it back; `relinked` needs the id of the right record."""

    verdict = serializers.ChoiceField(
        choices=[Mention.Verdict.ACCEPTED, Mention.Verdict.REJECTED, Mention.Verdict.RELINKED],
        allow_null=True,
    )
    record = StrictIntegerField(min_value=1, max_value=MAX_ID, required=False)

    def validate(self, attrs: Any) -> Any:
        if (attrs["verdict"] == Mention.Verdict.RELINKED) != ("record" in attrs):
            raise serializers.ValidationError({"record": "Give a record with relinked, and only then."})
        return attrs


class MentionWriteSerializer(serializers.Serializer[Any]):
    """A mention that was not extracted: its position, and the id of the record that it names."""

    kind = serializers.ChoiceField(choices=Mention.Kind.choices)
    part = serializers.ChoiceField(choices=Mention.Part.choices)
    start = StrictIntegerField(min_value=0, max_value=_MAX_TEXT)
    end = StrictIntegerField(min_value=1, max_value=_MAX_TEXT)
    record = StrictIntegerField(min_value=1, max_value=MAX_ID)


def find_record(kind: str, pk: int) -> Any:
    """The record of a kind and an id; a 409 if there is none, or it is merged or in the trash."""
    record = MODELS[kind].objects.surviving().filter(pk=pk).first()
    if record is None:
        raise Conflict(f"There is no {kind} {pk}.")
    return record


@contextmanager
def validation_errors_as_conflicts() -> Iterator[None]:
    """Turn a `ValidationError` of an edit into a 409: the body is valid, but conflicts with the data."""
    try:
        yield
    except ValidationError as error:
        raise Conflict(" ".join(error.messages)) from error
