"""The feed of changes, by which a client keeps a copy of what is public."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.http.problems import Gone, parameter_error
from articles.api.links import record_url
from articles.api.query.parameters import parse_size
from articles.models import FeedEntry, FeedState, LastChange
from articles.models.last_change import ALL

from .base import Resource
from .change_feed import note_changes

_PAGE_SIZE, _MAX_PAGE_SIZE = 500, 1_000
_TOKEN = re.compile(r"([0-9a-f]{1,14})-([0-9]{1,18})", re.ASCII)
_KINDS = ["article", "page", "reporter", "place", "organization"]
_EVENTS = ["created", "changed", "gone", "merged"]


class RecordChangeSerializer(serializers.Serializer[Any]):
    """What happened to a record since the token: it is as good as the last of several changes."""

    kind = serializers.ChoiceField(choices=_KINDS)
    id = serializers.IntegerField()
    url = serializers.URLField()
    change = serializers.ChoiceField(choices=_EVENTS)
    merged_into = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class ChangeFeedSerializer(serializers.Serializer[Any]):
    """A page of changes; `next` goes on behind it, now or later. `has_more` says that there are more already."""

    next = serializers.URLField()
    token = serializers.CharField()
    has_more = serializers.BooleanField()
    results = RecordChangeSerializer(many=True)


class ChangeResource(Resource):
    """What changed in public, in the order in which it was committed."""

    queryset = FeedEntry.objects.none()
    serializer_class = ChangeFeedSerializer
    formats = {}
    pagination_class = None
    own_parameters = {
        "feed": (
            OpenApiParameter(
                "since", {"type": "string", "pattern": f"^{_TOKEN.pattern}$"},
                description="The `token` up to which the client has the changes; from the beginning if it is left out.",
            ),
            OpenApiParameter(
                "page_size", {"type": "integer", "minimum": 1, "default": _PAGE_SIZE},
                description=f"Changes at once; more than {_MAX_PAGE_SIZE} are cut to that.",
            ),
        )
    }  # fmt: skip

    @extend_schema(responses=ChangeFeedSerializer, operation_id="changes")
    def feed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The changes since a token. A client that follows `next` has a copy of the archive, and keeps it.

        Each record comes once, with its last change: `created` and `changed` say to get it again, `gone` that it is not
        public any more, and `merged` that it is another record now. A change of what is only counted of a record is one
        too. 410 says that a backup was restored: begin again without a token.
        """
        generation = feed_generation()
        since = self._since(generation)
        size = parse_size("page_size", request.query_params.get("page_size", str(_PAGE_SIZE)), _MAX_PAGE_SIZE)
        is_behind = note_changes()
        entries = list(FeedEntry.objects.filter(number__gt=since).order_by("number")[: size + 1])
        shown = entries[:size]
        token = f"{generation}-{shown[-1].number if shown else since}"
        path = request.build_absolute_uri(request.path)
        parameters = f"since={token}" + (f"&page_size={size}" if "page_size" in request.query_params else "")
        return Response(
            {
                "next": f"{path}?{parameters}",
                "token": token,
                "has_more": is_behind or len(entries) > size,
                "results": [self._change(entry, since) for entry in shown],
            }
        )

    def _since(self, generation: str) -> int:
        token = self.request.query_params.get("since")
        if token is None:
            return 0
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise parameter_error("since", "Invalid token: send the `token` of an earlier response.")
        state = FeedState.objects.first()
        number = int(match[2])
        if match[1] != generation or number > (state.number if state else 0):
            raise Gone
        return number

    def _change(self, entry: FeedEntry, since: int) -> dict[str, Any]:
        return {
            "kind": entry.kind,
            "id": entry.record,
            "url": record_url(entry.kind, entry.record, {"request": self.request}),
            "change": entry_change(entry, since),
            "merged_into": entry.merged_into,
            "at": entry.noted_at,
        }


def entry_change(entry: FeedEntry, since: int) -> str:
    """What happened to a record since a number of the feed: created, changed, gone or merged."""
    if entry.is_public:
        return "created" if entry.first > since else "changed"
    return "merged" if entry.merged_into else "gone"


def feed_generation() -> str:
    """Another text after a backup was restored, whose numbers begin again from an earlier one."""
    at = LastChange.objects.filter(pk=ALL).values_list("changed_at", flat=True).first()
    return f"{int(at.timestamp() * 1_000_000):x}" if at else "0"


def latest_token() -> str:
    """The token behind what the feed has noted of all that is committed; what another process is noting comes after it."""
    generation, number = feed_generation(), _latest_number()
    while note_changes() and (noted := _latest_number()) != number:
        number = noted
    return f"{generation}-{_latest_number()}"


def _latest_number() -> int:
    return FeedState.objects.values_list("number", flat=True).first() or 0
