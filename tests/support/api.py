"""The address of the API, for tests that call it."""

API = "/api/v1"
