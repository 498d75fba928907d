"""The audit of dependencies: a known fault fails, and an empty answer does not count as an audit."""

import json
from typing import Any

import pytest

from scripts.audit_dependencies import verdict

CLEAN: dict[str, Any] = {"name": "django", "version": "5.2.8", "vulns": []}
UNKNOWN: dict[str, Any] = {
    "name": "whitenoise",
    "skip_reason": "Dependency not found on PyPI and could not be audited",
}
FAULTY: dict[str, Any] = {
    "name": "django", "version": "5.2.1",
    "vulns": [{"id": "PYSEC-2025-47", "fix_versions": ["5.2.3", "5.1.11"]}],
}  # fmt: skip
NO_CURE: dict[str, Any] = {"name": "x", "version": "1", "vulns": [{"id": "GHSA-1", "fix_versions": []}]}


@pytest.mark.parametrize(
    ("dependencies", "code", "said"),
    [
        pytest.param([CLEAN], 0, "1 dependencies audited, no vulnerability is known.", id="clean"),
        pytest.param([FAULTY, CLEAN], 1, "django 5.2.1: PYSEC-2025-47, take 5.2.3 or 5.1.11", id="a fault"),
        pytest.param([NO_CURE], 1, "x 1: GHSA-1, no version without it yet", id="a fault without a fix"),
        pytest.param([UNKNOWN, UNKNOWN], 0, "NOT audited", id="a mirror that knows no advisories"),
        pytest.param([CLEAN, UNKNOWN], 0, "does not know them: whitenoise", id="one is unknown"),
        pytest.param([FAULTY, UNKNOWN], 1, "PYSEC-2025-47", id="a fault beside an unknown one"),
    ],
)
def test_audit_reports_known_faults(dependencies: list[dict[str, Any]], code: int, said: str) -> None:
    found, lines = verdict(json.dumps({"dependencies": dependencies, "fixes": []}), "")
    assert (found, said in "\n".join(lines)) == (code, True)


@pytest.mark.parametrize("complaint", ["", "Traceback ...\nConnectionError: no route to host"])
def test_unreachable_service_is_reported_without_failure(complaint: str) -> None:
    code, (line,) = verdict("", complaint)
    assert (code, "NOT audited" in line) == (0, True)
    assert "no route to host" in line or not complaint
