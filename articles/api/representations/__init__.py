"""Formats other than JSON. Each renderer converts the JSON data of a response, never a model."""

from .annotations import AnnotationRenderer
from .atom import AtomRenderer
from .json_ld import JsonLdRenderer, RecordJsonLdRenderer
from .negotiation import FormatNegotiation
from .ninjs import NinjsRenderer
from .tables import CsvRenderer, JsonLinesRenderer, NdjsonRenderer, csv_lines, json_lines

__all__ = [
    "AnnotationRenderer",
    "AtomRenderer",
    "CsvRenderer",
    "FormatNegotiation",
    "JsonLdRenderer",
    "JsonLinesRenderer",
    "NdjsonRenderer",
    "NinjsRenderer",
    "RecordJsonLdRenderer",
    "csv_lines",
    "json_lines",
]
