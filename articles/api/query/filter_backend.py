"""How a list is narrowed: a filter set of the filters that were given alone, and which parameter cannot be used."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django_filters import rest_framework as filters
from django_filters.utils import translate_validation

from articles.api.http.problems import ParameterError


class FilterSet(filters.FilterSet):  # type: ignore[misc] # django-filter has no types
    """Filters of a list; `rights` names the permission that a filter takes."""

    rights: dict[str, str] = {}

    @classmethod
    def parameters_of(cls, name: str) -> list[str]:
        """The parameters of a filter: a range has two, as in `issue_date_after`."""
        suffixes = getattr(cls.base_filters[name].field.widget, "suffixes", None)
        return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]

    @classmethod
    def parameters(cls) -> set[str]:
        return {parameter for name in cls.base_filters for parameter in cls.parameters_of(name)}


class FilterBackend(filters.DjangoFilterBackend):  # type: ignore[misc] # django-filter has no types
    """Filters a list, and names the parameter that cannot be used."""

    filterset_base = FilterSet

    def get_filterset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset_class(view, queryset)
        if filterset is None:
            return None
        options = self.get_filterset_kwargs(request, queryset, view)
        return _narrowed(filterset, frozenset(options["data"]))(**options)

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
def _narrowed(filterset: type[FilterSet], given: frozenset[str]) -> type[FilterSet]:
    """The filter set with those filters alone that have a parameter: it copies each of them, and its form field."""
    narrowed: type[FilterSet] = type(filterset.__name__, (filterset,), {"__module__": filterset.__module__})
    narrowed.base_filters = {
        name: one
        for name, one in filterset.base_filters.items()
        if not given.isdisjoint(filterset.parameters_of(name))
    }
    return narrowed


def _parameter(filterset: FilterSet, name: str) -> str:
    """The parameter of a field that cannot be used; of a range the one that was given."""
    given = [parameter for parameter in filterset.parameters_of(name) if parameter in filterset.data]
    return given[0] if given else name
