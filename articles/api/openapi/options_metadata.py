"""Responses to OPTIONS: the filters, orders, formats and fields of a resource."""

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

from articles.api.query import pagination

# The type of the value of a filter, by the filter's class.
_TYPES = {
    "BehindFilter": "id",
    "CharFilter": "text",
    "ChoiceFilter": "choice",
    "CodeFilter": "text",
    "DateRangeFilter": "date",
    "IdsFilter": "ids",
    "PlacesFilter": "ids",
    "PublicationFilter": "text",
    "SurvivorsFilter": "ids",
    "TimeFilter": "time",
    "NameFilter": "name",
    "SearchFilter": "search",
    "BooleanFilter": "boolean",
    "DoubtFilter": "boolean",
}


class OptionsMetadata(BaseMetadata):
    """Describes a resource for clients; filters that need a permission are left out without it."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        view.action = "list" if "list" in view.action_map.values() else next(iter(view.action_map.values()))
        return {
            "name": view.basename,
            "description": view.get_view_description(),
            "formats": {renderer.format: renderer.media_type for renderer in view.get_renderers()},
            "fields": list(view.get_serializer_class()().get_fields()),
            "filters": _filters(request, view),
            "ordering": {"choices": view.order_names(), "default": view.default_order},
            "page_size": {"default": pagination.PAGE_SIZE, "maximum": pagination.MAX_PAGE_SIZE},
        }


def _filters(request: Request, view: Any) -> dict[str, Any]:
    if view.filterset_class is None:
        return {}
    filterset = view.filterset_class
    taken = {view.parent.parameter} if view.parent else set()
    return {
        parameter: _filter(name, parameter, a_filter)
        for name, a_filter in filterset.base_filters.items()
        for parameter in filterset.parameters_of(name)
        if parameter not in taken and request.user.has_perms(filter(None, [filterset.rights.get(name)]))
    }


def _filter(name: str, parameter: str, a_filter: Any) -> dict[str, Any]:
    lookup = parameter.removeprefix(f"{name}_") if parameter != name else a_filter.lookup_expr
    described = {
        "type": _TYPES[type(a_filter).__name__],
        "lookup": lookup,
        "help": str(a_filter.extra.get("help_text", "")),
    }
    choices = [str(value) for value, _label in getattr(a_filter.field, "choices", ()) if value]
    return {**described, "choices": choices} if choices else described
