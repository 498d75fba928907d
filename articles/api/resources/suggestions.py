"""Records that somebody who types the beginning of a name probably means."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.http.problems import parameter_error
from articles.api.links import record_url
from articles.api.openapi.descriptions import comma_separated
from articles.api.query.parameters import parse_choices, parse_size
from articles.counts.suggestions import SuggestedRecord, suggest_records
from articles.models import Place, Reporter

from . import visibility
from .base import Resource

_KINDS = ("reporter", "place", "organization")
_SIZE, _MAX_SIZE = 10, 50
_LONGEST = 100
_VISIBLE: dict[str, Any] = {
    "reporter": visibility.reporters,
    "place": visibility.places_and_above,
    "organization": visibility.organizations,
}


class SuggestionSerializer(serializers.Serializer[Any]):
    """A record; `matched` is the name of it that begins as typed, `detail` what distinguishes it from others of its name."""

    kind = serializers.ChoiceField(choices=_KINDS)
    id = serializers.IntegerField()
    url = serializers.URLField()
    name = serializers.CharField()
    matched = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    code = serializers.CharField(required=False)
    article_count = serializers.IntegerField()


class SuggestionsSerializer(serializers.Serializer[Any]):
    """The records, those that most articles have first."""

    results = SuggestionSerializer(many=True)


class SuggestionResource(Resource):
    """Reporters, places and organizations by the beginning of a name."""

    queryset = Reporter.objects.none()
    serializer_class = SuggestionsSerializer
    formats = {}
    pagination_class = None
    own_parameters = {
        "suggest": (
            OpenApiParameter(
                "q", {"type": "string", "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$", "minLength": 1, "maxLength": _LONGEST},
                required=True,
                description="The beginning of a name: in characters, in pinyin, or the first letters of the pinyin.",
            ),
            comma_separated(
                "kind", _KINDS, "What kinds of records, with commas between; all if it is left out."
            ),
            OpenApiParameter(
                "size", {"type": "integer", "minimum": 1, "default": _SIZE},
                description=f"How many records; more than {_MAX_SIZE} are cut to that.",
            ),
        )
    }  # fmt: skip

    @extend_schema(responses=SuggestionsSerializer)
    def suggest(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Suggest records for the beginning of a name, those that most articles have first.

        芮, `ruicheng` and `rcx` suggest 芮城县. Names are those of records, their aliases, and the names of what was merged
        into them.
        """
        given = request.query_params
        typed = given.get("q", "")
        if not typed or len(typed) > _LONGEST:
            raise parameter_error("q", f"Give the beginning of a name, of at most {_LONGEST} characters.")
        kinds = parse_choices("kind", given.get("kind", ",".join(_KINDS)), _KINDS)
        size = parse_size("size", given.get("size", str(_SIZE)), _MAX_SIZE)
        found = suggest_records(
            typed, kinds, visibility.listed_statuses(request), size, with_unnamed=visibility.sees_all(request)
        )
        return Response({"results": self._shown(found)})

    def _shown(self, found: list[SuggestedRecord]) -> list[dict[str, Any]]:
        """The suggestions with their records, without those that the client may not see."""
        records: dict[tuple[str, int], Any] = {}
        for kind in {one.kind for one in found}:
            visible = _VISIBLE[kind](self.request)
            if kind == "place":
                visible = visible.with_ancestors()
            elif kind == "organization":
                visible = visible.select_related("seat__merged_into")
            ids = [one.pk for one in found if one.kind == kind]
            records |= {(kind, record.pk): record for record in visible.filter(pk__in=ids)}
        return [self._row(one, records[one.kind, one.pk]) for one in found if (one.kind, one.pk) in records]

    def _row(self, one: SuggestedRecord, record: Any) -> dict[str, Any]:
        code = {"code": record.code} if isinstance(record, Place) else {}
        return {
            "kind": one.kind,
            "id": one.pk,
            "url": record_url(one.kind, one.pk, {"request": self.request}),
            "name": record.name,
            "matched": one.name,
            "detail": _detail(record),
            **code,
            "article_count": one.article_count,
        }


def _detail(record: Any) -> str:
    """What distinguishes a record from others of its name: what a place is within, the seat of an organization."""
    if isinstance(record, Reporter):
        return record.disambiguation
    if isinstance(record, Place):
        return "".join(place.name for place in record.ancestors())
    seat = record.seat and record.seat.untrashed_survivor
    return str(seat.name) if seat else ""
