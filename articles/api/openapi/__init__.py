"""Describes the API: the OpenAPI document and the answer to OPTIONS."""
