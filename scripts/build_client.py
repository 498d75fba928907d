"""Writes `clients/python/newsroom_client/generated`, a function and types for each operation of the API.

    python -m scripts.build_client

It is made by openapi-python-client from the OpenAPI document of this checkout, and not committed: the document is the
source. The wrapper beside it does without.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.utils import translation

TARGET = Path(__file__).resolve().parent.parent / "clients/python/newsroom_client/generated"


def build_client(target: Path) -> None:
    """Generate the client into a folder, in place of what is there."""
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415 - Django must be set up

    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call] # has no types of its own
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
        (folder / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
        tool = Path(sys.executable).with_name("openapi-python-client")
        options = ["--path", "openapi.json", "--config", "config.yml", "--meta", "none", "--fail-on-warning"]
        subprocess.run([tool, "generate", *options, "--output-path", "generated"], cwd=folder, check=True)  # noqa: S603
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(folder / "generated", target)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    build_client(TARGET)
    print(f"wrote {TARGET}")
