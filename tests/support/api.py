"""The address of the API, for tests that call it."""

from __future__ import annotations

API = "/api/v1"
