"""Tests that the examples of the OpenAPI document are the responses of the API for the seeds."""

import importlib.util
import json
from typing import Any

import pytest
from django.test import Client

from tests.support.loading import ROOT, load_seeds

# These values differ between databases.
_VARYING = {"id", "url", "next", "updated_at", "created_at"}


def lasting(answer: Any) -> Any:
    """A response without the values that differ between databases."""
    if isinstance(answer, dict):
        return {name: lasting(value) for name, value in answer.items() if name not in _VARYING}
    return [lasting(value) for value in answer] if isinstance(answer, list) else answer


@pytest.mark.django_db
def test_examples_match_the_responses_of_the_api(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["newsroom.example"]
    spec = importlib.util.spec_from_file_location("examples", ROOT / "scripts" / "build_api_examples.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    load_seeds()
    written = json.loads(script.TARGET.read_text(encoding="utf-8"))
    assert lasting(script.answers()) == lasting(written), "run scripts/build_api_examples.py"


def test_document_contains_the_examples(client: Client) -> None:
    paths = client.get("/api/schema/?format=json").json()["paths"]
    answer = paths["/api/v1/articles/"]["get"]["responses"]["200"]["content"]["application/json"]
    assert answer["examples"]["Seeds"]["value"]["results"][0]["publication"] == "沂河晚报"
