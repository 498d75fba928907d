"""The address of the OAI-PMH provider, and what it answers to each verb."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.db.models import Min
from django.http import QueryDict
from django.urls import path
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.resources.base import ThrottledView
from articles.api.resources.change_feed import note_changes
from articles.api.resources.changes import feed_generation
from articles.counts.facet_index import current_facet_index
from articles.models import Article
from articles.models.fields import is_row_id

from .arguments import PREFIX, Harvest, ProtocolError, check_arguments, set_name, utc_text
from .records import (
    OAI,
    OAI_DC,
    XSI,
    HarvestedRecord,
    add_header,
    add_record,
    add_text,
    article_entries,
    harvested_entries,
    with_articles,
)

_PAGE_SIZES = {"ListRecords": 100, "ListIdentifiers": 500}


class _Busy(APIException):
    """The feed of changes is being written: the client asks again, as the protocol provides (3.1.2.2)."""

    status_code = 503
    default_detail = "The list is being made: ask again in some seconds."
    wait = 2


class _XmlRenderer(BaseRenderer):
    media_type = "text/xml"
    format = "xml"
    charset = "utf-8"

    def render(self, data: Any, *_args: Any, **_options: Any) -> bytes:
        document: bytes = ET.tostring(data, encoding="utf-8", xml_declaration=True)
        return document


class _Provider(ThrottledView):
    """The provider: published articles for everybody."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    parser_classes = [FormParser]
    renderer_classes = [_XmlRenderer]
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """XML, whatever the client accepts, as the protocol has no other form."""
        return _XmlRenderer(), _XmlRenderer.media_type

    def get(self, request: Request) -> Response:
        return self._answer(request, request.query_params.lists())

    def post(self, request: Request) -> Response:
        form = request.data  # an empty body is no form
        return self._answer(request, form.lists() if isinstance(form, QueryDict) else ())

    def _answer(self, request: Request, pairs: Any) -> Response:
        # Before anything is read: a harvester asks next time for what changed since then.
        answered = timezone.now()
        root = ET.Element("OAI-PMH", {"xmlns": OAI, f"{{{XSI}}}schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"})
        add_text(root, "responseDate", utc_text(answered))
        address = request.build_absolute_uri(request.path)
        arguments: dict[str, str] = {}
        try:
            arguments = check_arguments(pairs)
            content = _VERBS[arguments["verb"]](request, arguments)
        except ProtocolError as error:
            shown = {} if error.code in {"badVerb", "badArgument"} else arguments
            add_text(root, "request", address, **shown)
            add_text(root, "error", str(error), code=error.code)
        else:
            add_text(root, "request", address, **arguments)
            root.append(content)
        return Response(root, headers={"Cache-Control": "no-cache"})


def _namespace(request: Request) -> str:
    """What the identifiers of articles begin with: the scheme `oai`, and the host."""
    return f"oai:{request.get_host().partition(':')[0]}:article/"


def _identify(request: Request, _arguments: Mapping[str, str]) -> ET.Element:
    note_changes()
    first = article_entries().aggregate(first=Min("noted_at"))["first"] or timezone.now()
    element = ET.Element("Identify")
    add_text(element, "repositoryName", "Newsroom")
    add_text(element, "baseURL", request.build_absolute_uri(request.path))
    add_text(element, "protocolVersion", "2.0")
    add_text(element, "adminEmail", settings.NEWSROOM_CONTACT)
    add_text(element, "earliestDatestamp", utc_text(first))
    add_text(element, "deletedRecord", "persistent")
    add_text(element, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return element


def _list_metadata_formats(request: Request, arguments: Mapping[str, str]) -> ET.Element:
    if "identifier" in arguments:
        _record(request, arguments["identifier"])
    element = ET.Element("ListMetadataFormats")
    form = ET.SubElement(element, "metadataFormat")
    add_text(form, "metadataPrefix", PREFIX)
    add_text(form, "schema", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    add_text(form, "metadataNamespace", OAI_DC)
    return element


def _list_sets(_request: Request, arguments: Mapping[str, str]) -> ET.Element:
    """The papers, each a set."""
    if "resumptionToken" in arguments:
        raise ProtocolError("badResumptionToken", "The list of sets is whole.")
    with current_facet_index() as index:
        public = index.having("status", [Article.Status.PUBLISHED])
        papers = sorted(name for name, articles in index.items("publication") if articles.intersect(public))
    if not papers:
        raise ProtocolError("noSetHierarchy", "No published article has a paper.")
    element = ET.Element("ListSets")
    for name in papers:
        one = ET.SubElement(element, "set")
        add_text(one, "setSpec", set_name(name))
        add_text(one, "setName", name)
    return element


def _list(request: Request, arguments: dict[str, str]) -> ET.Element:
    """A page of records or of their headers, with the token of the next one."""
    verb = arguments["verb"]
    generation = feed_generation()
    harvest = Harvest.of(arguments, generation)
    is_behind = note_changes()
    entries = harvested_entries(harvest, _PAGE_SIZES[verb] + 1)
    shown = entries[: _PAGE_SIZES[verb]]
    if not shown and is_behind:
        raise _Busy
    if not shown and not harvest.number:
        raise ProtocolError("noRecordsMatch", "No record changed then.")
    element = ET.Element(verb)
    is_described = verb == "ListRecords"
    for record in with_articles(shown, described=is_described):
        if is_described:
            add_record(element, record, _namespace(request), {"request": request})
        else:
            add_header(element, record, _namespace(request))
    if is_behind or len(entries) > len(shown):
        add_text(element, "resumptionToken", harvest.token(generation, shown[-1].number))
    elif harvest.number:
        ET.SubElement(element, "resumptionToken")  # an empty one ends the list
    return element


def _get_record(request: Request, arguments: Mapping[str, str]) -> ET.Element:
    element = ET.Element("GetRecord")
    record = _record(request, arguments["identifier"])
    add_record(element, record, _namespace(request), {"request": request})
    return element


def _record(request: Request, identifier: str) -> HarvestedRecord:
    """The record of an identifier; raises a ProtocolError if none was ever public."""
    is_behind = note_changes()
    namespace = _namespace(request)
    pk = identifier.removeprefix(namespace)
    entry = None
    if identifier.startswith(namespace) and is_row_id(pk):
        entry = article_entries().filter(record=pk).first()
    if entry is None:
        if is_behind:
            raise _Busy
        raise ProtocolError("idDoesNotExist", "No public record has or had this identifier.")
    return with_articles([entry])[0]


_VERBS: dict[str, Callable[[Request, dict[str, str]], ET.Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_metadata_formats,
    "ListSets": _list_sets,
    "ListIdentifiers": _list,
    "ListRecords": _list,
    "GetRecord": _get_record,
}

provider_urls = [path("oai/", _Provider.as_view(), name="oai-pmh")]
