"""Describes the API: the OpenAPI document and the responses to OPTIONS."""
