"""Reports known vulnerabilities of the versions in requirements-dev.lock by pip-audit, one line each.

pip-audit also succeeds when the advisory service knows none of the packages, as behind a mirror. This script says that
nothing was audited then. Exit codes: 0 no known vulnerability, or no answer; 1 a version has a vulnerability.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_ARGUMENTS = (
    "--requirement requirements-dev.lock --require-hashes --disable-pip --progress-spinner off --format json"
).split()


def verdict(printed: str, complaint: str) -> tuple[int, list[str]]:
    """The exit code and the lines to print, from pip-audit's JSON output and its stderr."""
    try:
        found: list[dict[str, Any]] = json.loads(printed)["dependencies"]
    except ValueError:
        last = (complaint.strip() or "it printed nothing").splitlines()[-1]
        return 0, [f"Dependencies were NOT audited, the advisory service cannot be reached: {last[:200]}"]
    unknown = [one["name"] for one in found if "skip_reason" in one]
    if len(unknown) == len(found):
        return 0, ["Dependencies were NOT audited: the advisory service knows none of them, as a mirror may."]
    lines = [_line(one, fault) for one in found for fault in one.get("vulns", ())]
    code = 1 if lines else 0
    if unknown:
        lines.append(f"Not audited, as the advisory service does not know them: {', '.join(unknown)}")
    return code, lines or [f"{len(found)} dependencies audited, no vulnerability is known."]


def _line(package: dict[str, Any], fault: dict[str, Any]) -> str:
    remedy = (
        f"take {' or '.join(fault['fix_versions'])}" if fault["fix_versions"] else "no version without it yet"
    )
    return f"{package['name']} {package['version']}: {fault['id']}, {remedy}"


def main() -> int:
    audit = Path(sys.executable).with_name("pip-audit")
    done = subprocess.run([audit, *_ARGUMENTS], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    code, lines = verdict(done.stdout, done.stderr)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
