"""Writes articles/api/openapi/examples.json: the API's responses for the seeds, as examples in its documentation.

Run it after a change of the API or the seeds: .venv/bin/python scripts/build_api_examples.py
"""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "articles" / "api" / "openapi" / "examples.json"
HOST = "newsroom.example"
# The path to request for each operation.
REQUESTS = {
    "articles_list": "articles/?q=合唱团&page_size=1",
    "articles_retrieve": "articles/{article}/",
    "articles_facets": "articles/facets/?size=2&place_level=city",
    "articles_timeline": "articles/timeline/",
    "reporters_list": "reporters/?name=周正",
    "places_list": "places/?code=140830",
    "places_retrieve": "places/371323/",
    "places_company": "places/371323/company/?interval=year",
    "organizations_list": "organizations/?name=沂水一中学生合唱团",
    "mentions_list": "mentions/?surface=北京",
    "pages_list": "pages/?publication=沂河晚报",
}


def main() -> None:
    """Load the seeds into a database in memory, request all paths, and write the responses to the file."""
    os.environ |= {"DATABASE_URL": "sqlite://:memory:", "ALLOWED_HOSTS": HOST}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings

    call_command("migrate", verbosity=0)
    call_command("loadseeds", stdout=io.StringIO())
    TARGET.write_text(json.dumps(answers(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {len(REQUESTS)} responses to {TARGET.relative_to(ROOT)}")


def answers() -> dict[str, Any]:
    """The API's responses by operation."""
    from rest_framework.test import APIClient  # noqa: PLC0415 - needs the settings

    client = APIClient()
    client.defaults["SERVER_NAME"] = HOST
    listed = client.get("/api/v1/articles/?q=合唱团&fields=id").json()["results"]
    found = {}
    for operation, path in REQUESTS.items():
        answer = client.get(f"/api/v1/{path.format(article=listed[0]['id'])}")
        if answer.status_code != 200:
            sys.exit(f"{path}: {answer.status_code} {answer.content.decode()}")
        found[operation] = answer.json()
    return found


if __name__ == "__main__":
    main()
