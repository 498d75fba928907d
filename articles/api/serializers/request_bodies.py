"""What clients write: which fields a body may hold, and what they may hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from articles.api.http.problems import Conflict, UnknownFields
from articles.models import Alias, Article, Byline, Mention
from articles.models.fields import MAX_ID
from articles.models.merge import MODELS
from articles.reading.values import TITLES

from .strict_fields import OF_MODELS, RecordNameField, StrictIntegerField

# Longer texts are no articles; a page that was printed is under 100 kB.
_MAX_TEXT = 300_000
_MAX_LINE = 1_000


def validated_values(
    request: Request,
    writes: type[serializers.Serializer[Any]],
    shown: type[serializers.Serializer[Any]] | None = None,
) -> dict[str, Any]:
    """What a body sets.

    `PermissionDenied` if it sets what is not for clients to set, though it is shown to them; a 400 that names what
    nobody knows, or cannot be used.
    """
    serializer = writes(data=request.data, partial=request.method == "PATCH")
    known = set(serializer.fields)
    strange = set(request.data) - known
    if readable := strange & set(shown().fields if shown else ()):
        raise PermissionDenied(f"Not for clients to set: {', '.join(sorted(readable))}.")
    if strange:
        raise UnknownFields(sorted(strange), known)
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found


def require_empty_body(request: Request) -> None:
    """A body where none is wanted is a mistake: its writer expects it to do something."""
    if request.data:
        raise UnknownFields(sorted(request.data), ())


class CreditWriteSerializer(serializers.Serializer[Any]):
    """A credit: the reporter by id, or by a name, which makes the record if there is none."""

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
    """What people may decide of an article; `bylines` replaces all credits."""

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
    """An editor's word on a mention: null takes it back; `relinked` names the id of the record that is meant."""

    verdict = serializers.ChoiceField(
        choices=[Mention.Verdict.ACCEPTED, Mention.Verdict.REJECTED, Mention.Verdict.RELINKED],
        allow_null=True,
    )
    record = StrictIntegerField(min_value=1, max_value=MAX_ID, required=False)

    def validate(self, attrs: Any) -> Any:
        if (attrs["verdict"] == Mention.Verdict.RELINKED) != ("record" in attrs):
            raise serializers.ValidationError(
                {"record": "A record goes with relinked, and with nothing else."}
            )
        return attrs


class MentionWriteSerializer(serializers.Serializer[Any]):
    """A mention that the machine did not see: where it stands, and the id of the record that it names."""

    kind = serializers.ChoiceField(choices=Mention.Kind.choices)
    part = serializers.ChoiceField(choices=Mention.Part.choices)
    start = StrictIntegerField(min_value=0, max_value=_MAX_TEXT)
    end = StrictIntegerField(min_value=1, max_value=_MAX_TEXT)
    record = StrictIntegerField(min_value=1, max_value=MAX_ID)


def find_record(kind: str, pk: int) -> Any:
    """The record of a kind and an id that a body names; a 409 if there is none, or another stands for it."""
    record = MODELS[kind].objects.surviving().filter(pk=pk).first()
    if record is None:
        raise Conflict(f"There is no {kind} {pk}.")
    return record


@contextmanager
def validation_errors_as_conflicts() -> Iterator[None]:
    """Let what a decision comes up against be a 409: the body is right, and something stands in its way."""
    try:
        yield
    except ValidationError as error:
        raise Conflict(" ".join(error.messages)) from error
