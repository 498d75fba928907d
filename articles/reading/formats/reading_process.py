"""Reads a file of pages in a process of its own: it bounds itself first, and writes JSON.

Run by `bounded_reading` as `python -m articles.reading.formats.reading_process NUMBER`, with the file as its
input. Number 0 counts the pages.
"""

import hashlib
import json
import sys
from typing import Any

from articles.reading.values import Rejected

MEGABYTES = 1024
CPU_SECONDS = 60
_OUTPUT_MEGABYTES = 32


def _bound() -> None:
    """Bound the memory, time and output of this process; Windows has no such bounds."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    bounds = (
        (resource.RLIMIT_AS, MEGABYTES << 20),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _OUTPUT_MEGABYTES << 20),
        (resource.RLIMIT_CORE, 0),
    )
    for bound, value in bounds:
        _soft, hard = resource.getrlimit(bound)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(bound, (most, most))


def _read(data: bytes, number: int) -> dict[str, Any]:
    # Imported when the bounds are set.
    from .laid_out_pages import lay_out  # noqa: PLC0415
    from .page_json import page_to_json  # noqa: PLC0415
    from .pdf import count_pdf_pages, read_pdf_sheet  # noqa: PLC0415

    if not number:
        return {"pages": count_pdf_pages(data)}
    page = lay_out(read_pdf_sheet(data, number), "pdf", hashlib.sha256(data).hexdigest(), number)
    return {"page": page_to_json(page)}


def _main() -> None:
    _bound()
    try:
        result = _read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except Rejected as rejected:
        result = {"rejected": [rejected.reason, rejected.detail]}
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    _main()
