"""How far a command is, on a terminal and in a log."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from articles.management import progress
from tests.support.loading import PATIENCE, ROOT, Shared, run_loadseeds, write_archive


class _Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr("articles.management.progress.time.monotonic", clock)
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    return clock


def test_log_has_a_line_now_and_then(clock: _Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with progress.show_progress("loadseeds") as start:
        advance = start("files", 1_200)
        for _ in range(1_200):
            clock.now += 0.125
            advance()
        clock.now += 40
        start("pages", 1)
    assert capsys.readouterr().err.splitlines() == [
        "loadseeds: 240 of 1,200 files, about 2 minutes left",
        "loadseeds: 480 of 1,200 files, about 2 minutes left",
        "loadseeds: 720 of 1,200 files, about 1 minute left",
        "loadseeds: 960 of 1,200 files, less than a minute left",
        "loadseeds: 1,200 of 1,200 files, less than a minute left",
        "loadseeds: pages ...",
    ]


def test_short_command_and_json_have_no_line_in_a_log(
    clock: _Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    for is_shown, seconds in ((True, 29), (False, 500)):
        with progress.show_progress("loadseeds", is_shown=is_shown) as start:
            advance = start("files", 2)
            clock.now += seconds
            advance()
    assert capsys.readouterr().err == ""


def _on_terminal(shared: Shared, *arguments: object) -> str:
    """What a command writes to a terminal on stderr."""
    terminal, stderr = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url, "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=stderr,
    ) as command:
        os.close(stderr)
        shown = b""
        while chunk := _read(terminal):
            shown += chunk
        command.communicate(timeout=PATIENCE)
    os.close(terminal)
    assert command.returncode == 0
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 10_000)
    except OSError:  # Linux's answer when the other side is closed
        return b""


@pytest.mark.parametrize(
    ("arguments", "task"),
    [(["verify"], "pages"), (["rebuildindex", "--check"], "articles"), (["rebuildindex"], "articles")],
    ids=str,
)
def test_terminal_shows_progress_of_each_task(
    shared: Shared, tmp_path: Path, arguments: list[str], task: str
) -> None:
    folder = write_archive(tmp_path / "archive", 2)
    assert run_loadseeds(folder, DATABASE_URL=shared.url).returncode == 0
    shown = _on_terminal(shared, *arguments)
    assert task in shown
    assert "/" in shown  # of so many


def test_load_shows_files_and_time_left_on_terminal_but_not_with_json(shared: Shared, tmp_path: Path) -> None:
    folder = write_archive(tmp_path / "archive", 3)
    assert _on_terminal(shared, "loadseeds", folder, "--format", "json") == ""
    (folder / "new.txt").write_text("早市搬家\n记者 何小满\n菜农都有了固定摊位。\n", encoding="utf-8")
    shown = _on_terminal(shared, "loadseeds", folder)
    assert "files" in shown
    assert "4/4" in shown
    assert "left:" in shown


def test_paths_below_current_folder_are_shown_relative_to_it(shared: Shared, tmp_path: Path) -> None:
    elsewhere = write_archive(tmp_path / "archive", 1)
    (elsewhere / "empty.txt").touch()
    lines = run_loadseeds("seeds", elsewhere, DATABASE_URL=shared.url).stdout.splitlines()
    assert [line for line in lines if str(ROOT) in line] == []
    assert any(line.startswith("created   seeds/") for line in lines)
    assert f"created   {elsewhere}/00.txt (2 articles)" in lines
    assert any(line.startswith(f"rejected  {elsewhere}/empty.txt: ") for line in lines)
