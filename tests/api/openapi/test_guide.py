"""Tests that the requests in docs/api.md, run in a shell against a server with the seeds, give the responses shown there."""

import json
import os
import re
import shutil
import subprocess
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from articles.models import ApiToken
from tests.support.loading import ROOT, load_seeds

_BLOCK = re.compile(r"^```(bash|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_END = "=== end of a block ==="


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.django_db(transaction=True)
def test_requests_of_the_guide_give_its_responses(live_server: LiveServer) -> None:
    blocks = _BLOCK.findall((ROOT / "docs" / "api.md").read_text(encoding="utf-8"))
    expected = [json.loads(text) for kind, text in blocks if kind == "json"]
    commands = [text for kind, text in blocks if kind == "bash"]
    assert (len(expected), len(commands)) == (15, 16)
    load_seeds()
    answers = run(commands, live_server.url)
    assert answers[0] == ""
    for wanted, answer in zip(expected, answers[1:], strict=True):
        assert holds(json.loads(answer), wanted), answer


def run(commands: list[str], address: str) -> list[str]:
    """The output of each block; all run in one shell."""
    _token, secret = ApiToken.objects.issue(User.objects.create_superuser("chief"), "guide")
    script = f"\necho '{_END}'\n".join([*commands, ""]).replace("http://localhost:8000", address)
    done = subprocess.run(
        ["bash", "-euc", script],
        env={**os.environ, "TOKEN": secret},
        capture_output=True,
        text=True,
        check=True,
    )
    return [part.strip() for part in done.stdout.split(_END)[:-1]]


def holds(answer: Any, wanted: Any) -> bool:
    """Whether a response has the keys and first items that the guide shows of it."""
    if isinstance(wanted, dict):
        return isinstance(answer, dict) and all(
            name in answer and holds(answer[name], value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return len(answer) >= len(wanted) and all(map(holds, answer, wanted))
    return bool(answer == wanted)
