"""Applies a filter set to a list, with only those filters that the query uses, and names invalid parameters."""

from functools import lru_cache
from typing import Any

from django_filters import rest_framework as filters
from django_filters.utils import translate_validation

from articles.api.http.problems import ParameterError


class FilterSet(filters.FilterSet):  # type: ignore[misc] # django-filter has no types
    """Filters of a list; `rights` names the permission that a filter needs."""

    rights: dict[str, str] = {}

    @classmethod
    def parameters_of(cls, name: str) -> list[str]:
        """The query parameters of a filter: a range has two, as `issue_date_after`."""
        suffixes = getattr(cls.base_filters[name].field.widget, "suffixes", None)
        return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]

    @classmethod
    def parameters(cls) -> set[str]:
        return {parameter for name in cls.base_filters for parameter in cls.parameters_of(name)}


class FilterBackend(filters.DjangoFilterBackend):  # type: ignore[misc] # django-filter has no types
    """Filters a list; raises a `ParameterError` that names each invalid parameter."""

    filterset_base = FilterSet

    def get_filterset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset_class(view, queryset)
        if filterset is None:
            return None
        options = self.get_filterset_kwargs(request, queryset, view)
        return _reduced(filterset, frozenset(options["data"]))(**options)

    def get_filterset_kwargs(self, request: Any, queryset: Any, view: Any) -> dict[str, Any]:
        return {"data": view.filter_data(), "queryset": queryset, "request": request}

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            errors = translate_validation(filterset.errors).detail
            raise ParameterError(
                [
                    {"parameter": _parameter(filterset, name), "code": "invalid", "detail": str(message)}
                    for name, messages in errors.items()
                    for message in messages
                ]
            )
        return filterset.qs


@lru_cache(maxsize=500)
def _reduced(filterset: type[FilterSet], given: frozenset[str]) -> type[FilterSet]:
    """The filter set reduced to the filters that have a parameter: an instance copies every filter and form field."""
    reduced: type[FilterSet] = type(filterset.__name__, (filterset,), {"__module__": filterset.__module__})
    reduced.base_filters = {
        name: one
        for name, one in filterset.base_filters.items()
        if not given.isdisjoint(filterset.parameters_of(name))
    }
    return reduced


def _parameter(filterset: FilterSet, name: str) -> str:
    """The parameter of an invalid field; of a range, the one that was given."""
    given = [parameter for parameter in filterset.parameters_of(name) if parameter in filterset.data]
    return given[0] if given else name
