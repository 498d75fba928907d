"""Tests `manage.py loadseeds` as people and programs call it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from articles.editing.article_corrections import correct_article
from articles.editing.merging import distinguish
from articles.models import Article, Load, Organization, Page, Reporter
from tests.support.loading import PAGE, ROOT, dump, run_loadseeds
from tests.support.storage import Bucket, closed_storage, zipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "0914.txt").write_text(PAGE, encoding="utf-8")
    return folder


def loadseeds(*arguments: object) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("loadseeds", *map(str, arguments), stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


# --- what is printed ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_load_prints_results_of_files_and_articles(folder: Path) -> None:
    (folder / "empty.txt").touch()
    code, printed = loadseeds(folder)
    number = Load.objects.get().pk
    assert code == 1
    assert printed.splitlines() == [
        f"created   {folder}/0914.txt (2 articles)",
        f"rejected  {folder}/empty.txt: empty: the file has no bytes; export the page again",
        "Files     1 created, 0 updated, 0 unchanged, 1 rejected",
        "Articles  2 created, 0 updated, 0 withdrawn, 0 unchanged",
        f"This was load {number}. loadseeds --purge {number} takes back what it created.",
    ]


@pytest.mark.django_db
def test_second_load_writes_nothing_and_says_so(folder: Path) -> None:
    (folder / "empty.txt").touch()
    loadseeds(folder)
    before = dump()
    code, printed = loadseeds(folder)
    assert code == 1
    assert printed.splitlines()[1:] == [
        "Files     0 created, 0 updated, 1 unchanged, 1 rejected",
        "Articles  0 created, 0 updated, 0 withdrawn, 2 unchanged",
        "No news: everything stands as it was, and nothing was written.",
    ]
    assert dump() == before


@pytest.mark.django_db
def test_load_row_has_end_tally_paths_and_options(folder: Path) -> None:
    loadseeds(folder, "--publication", "沂河日报", "--status", "draft")
    load = Load.objects.get()
    assert load.finished_at is not None
    assert load.tally["files"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    assert load.paths == [str(folder)]
    assert load.options == {"publication": "沂河日报", "status": "draft"}
    assert Article.objects.filter(status="draft", publication="沂河日报").count() == 2


@pytest.mark.django_db
def test_page_header_precedes_settings(folder: Path, settings: Settings) -> None:
    settings.NEWSROOM_PUBLICATION = "别的报"
    settings.NEWSROOM_HOME = "371300"
    settings.NEWSROOM_LOAD_STATUS = "published"
    loadseeds(folder)
    page = Page.objects.values("publication", "issue_date_source", "page_number", "page_name", "home_code")
    assert page.get() == {
        "publication": "沂河晚报",
        "issue_date_source": "header",
        "page_number": "6",
        "page_name": "民生",
        "home_code": "371300",
    }


def test_dry_run_prints_each_article(folder: Path) -> None:
    code, printed = loadseeds(folder, "--dry-run")
    lines = printed.splitlines()
    assert code == 0
    assert lines[0] == f"created   {folder}/0914.txt (2 articles)"
    assert "  headline  新桥昨天通车" in lines
    assert "  correspondent = 吴芳" in lines
    assert lines[-1] == "Dry run: nothing was written."


# --- for programs ---------------------------------------------------------------------------------


def test_dry_run_prints_pages_and_rejections_as_json(folder: Path) -> None:
    (folder / "empty.txt").touch()
    (folder / "other.txt").write_text(PAGE.replace("第6版", "第7版"), encoding="utf-8")
    code, printed = loadseeds(folder, "--dry-run", "--format", "json", "--issue-date", "2023-09-15")
    answer = json.loads(printed)
    assert code == 1
    assert list(answer) == ["pages", "rejected"]
    assert [Path(page["path"]).name for page in answer["pages"]] == ["0914.txt", "other.txt"]
    assert answer["rejected"] == [
        {
            "path": f"{folder}/empty.txt",
            "reason": "empty",
            "detail": "the file has no bytes; export the page again",
        }
    ]
    page = answer["pages"][0]
    assert {name: value for name, value in page.items() if name not in {"articles", "residue", "sha256"}} == {
        "path": f"{folder}/0914.txt",
        "encoding": "utf-8",
        "flags": [],
        "publication": "沂河晚报",
        "issue_date": "2023-09-15",
        "issue_date_source": "option",
        "page_number": "6",
        "page_name": "民生",
    }
    article = page["articles"][0]
    assert list(article) == [
        "start", "end", "kicker", "headline", "subtitle", "dateline", "agency", "bylines", "blocks", "mentions", "references", "doubts", "body",
        "issue_date", "people", "claims",
    ]  # fmt: skip
    assert (article["kicker"], article["headline"]) == (None, "新桥昨天通车")
    assert [(byline["name"], byline["role"]) for byline in article["bylines"]] == [
        ("周明", "reporter"),
        ("吴芳", "correspondent"),
    ]


def test_spans_and_residue_in_json_cover_page_once(folder: Path) -> None:
    (page,) = json.loads(loadseeds(folder, "--dry-run", "--format", "json")[1])["pages"]
    spans = [
        tuple(span) for article in page["articles"] for block in article["blocks"] for span in block["spans"]
    ]
    spans += [(residue["start"], residue["end"]) for residue in page["residue"]]
    assert "".join(PAGE[start:end] for start, end in sorted(spans)) == PAGE
    for byline in (byline for article in page["articles"] for byline in article["bylines"]):
        assert PAGE[byline["start"] : byline["end"]] == byline["name"]


def test_mentions_in_json_hold_the_text_that_they_name(folder: Path) -> None:
    (page,) = json.loads(loadseeds(folder, "--dry-run", "--format", "json")[1])["pages"]
    mentions = [(article, mention) for article in page["articles"] for mention in article["mentions"]]
    assert mentions
    for article, mention in mentions:
        assert list(mention) == [
            "kind", "part", "start", "end", "surface", "status", "name", "code", "candidates", "within", "method", "rule", "score",
        ]  # fmt: skip
        assert article[mention["part"]][mention["start"] : mention["end"]] == mention["surface"]
        assert (mention["name"] is not None) == (mention["status"] == "linked")


def test_json_is_valid_without_pages(folder: Path) -> None:
    (folder / "0914.txt").write_bytes(b"")
    answer = json.loads(loadseeds(folder, "--dry-run", "--format", "json")[1])
    assert (answer["pages"], len(answer["rejected"])) == ([], 1)


@pytest.mark.django_db
def test_json_of_load_has_tally_and_unchanged_files(folder: Path) -> None:
    first, second = (json.loads(loadseeds(folder, "--format", "json")[1]) for _ in range(2))
    assert (len(first["pages"]), first["unchanged"]) == (1, [])
    assert first["tally"]["articles"] == {"created": 2, "updated": 0, "withdrawn": 0, "unchanged": 0}
    assert second["pages"] == []
    assert second["unchanged"] == [{"path": f"{folder}/0914.txt", "sha256": first["pages"][0]["sha256"]}]
    assert second["tally"]["files"]["unchanged"] == 1


@pytest.mark.slow
def test_dry_run_needs_no_database(folder: Path) -> None:
    done = run_loadseeds(
        folder, "--dry-run", "--format", "json", DATABASE_URL=f"sqlite:///{folder}/nowhere/there.sqlite3"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["pages"][0]["articles"]) == 2


@pytest.mark.slow
def test_closed_output_is_no_error(folder: Path) -> None:
    for number in range(40):
        (folder / f"{number}.txt").write_text(PAGE, encoding="utf-8")
    command = f"'{sys.executable}' manage.py loadseeds '{folder}' --dry-run | head -n 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


@pytest.mark.django_db
def test_pages_of_storage_and_zips_are_loaded(bucket: Bucket, folder: Path) -> None:
    pages = [PAGE.replace("第6版", f"第{number}版").encode() for number in range(1, 5)]
    bucket.put("2023/0914-1.txt", pages[0])
    bucket.put("2023/0914-2.txt", b"")
    bucket.put("2024.zip", zipped({"0101.txt": pages[1]}))
    (folder / "2025.zip").write_bytes(zipped({"01/0101.txt": pages[2], "01/0102.txt": pages[3]}))
    named = ["s3://archive/2023/", "s3://archive/2024.zip", folder / "2025.zip"]
    code, printed = loadseeds(*named)
    assert (code, printed.splitlines()[:6]) == (
        1,
        [
            "created   s3://archive/2023/0914-1.txt (2 articles)",
            "created   s3://archive/2024.zip/0101.txt (2 articles)",
            f"created   {folder}/2025.zip/01/0101.txt (2 articles)",
            f"created   {folder}/2025.zip/01/0102.txt (2 articles)",
            "rejected  s3://archive/2023/0914-2.txt: empty: the file has no bytes; export the page again",
            "Files     4 created, 0 updated, 0 unchanged, 1 rejected",
        ],
    )
    assert Load.objects.get().paths == [str(name) for name in named]
    before = dump()
    assert loadseeds(*named)[1].splitlines()[1] == "Files     0 created, 0 updated, 4 unchanged, 1 rejected"
    assert dump() == before
    bucket.put("2023/0914-2.txt", PAGE.encode())
    code, printed = loadseeds("--retry-failed")
    assert (code, printed.splitlines()[0]) == (0, "created   s3://archive/2023/0914-2.txt (2 articles)")


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]], ids=["load", "dry run"])
@pytest.mark.django_db
def test_unavailable_storage_ends_load_in_one_line(bucket: Bucket, arguments: list[str]) -> None:
    address = bucket.put("away/0914.txt", PAGE.encode())
    with closed_storage(is_listed=False) as closed, closed.asked():
        said = "s3://archive/away/0914.txt: the storage forbids it; let this user list and read it"
        assert loadseeds(address, *arguments) == (2, said)
    assert not Load.objects.exists()


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="a server's plan depends on how full its tables are"
)
@pytest.mark.django_db
def test_load_scans_no_table(folder: Path) -> None:
    """No query of a load goes through a whole table, but for the names that editors gave."""
    scanned = set()

    def explained(execute: Callable[..., Any], sql: str, values: Any, many: Any, context: Any) -> Any:
        if not many and sql.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            with connection.cursor() as cursor:
                plan = execute(f"EXPLAIN QUERY PLAN {sql}", values, False, {**context, "cursor": cursor})
                scanned.update(re.findall(r"SCAN (articles_\w+)", str(plan.fetchall())))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(explained):
        for page in (PAGE, PAGE, PAGE.replace("市交通局", "运城市盐湖区交通局")):
            (folder / "0914.txt").write_text(page, encoding="utf-8")
            loadseeds(folder)
    assert scanned <= {"articles_alias", "articles_historicalplace", "articles_historicalorganization"}
    assert Organization.objects.exists()


# --- wrong usage, no database ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["nowhere.txt"], "nowhere.txt: there is no such file or folder", id="missing"),
        pytest.param([".."], "..: a path must not go up (..); name the file or folder itself", id="up"),
        pytest.param(["gs://b/2015/"], "gs://b/2015/: name a path, or an address that begins with s3://", id="storage"),
        pytest.param(["--retry-failed", "a.txt"], "--retry-failed knows its files: name no PATH with it", id="retry what"),
        pytest.param(["--purge", "1", "a.txt"], "--purge stands alone: name a load, and nothing to load", id="purge what"),
        pytest.param(["--purge", "99"], "there is no load 99; the admin lists the loads", id="no such load"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert loadseeds(*arguments) == (2, message)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--issue-date", "2024-13-01"], "'2024-13-01' is no date", id="date"),
        pytest.param(["--home", "运城"], "'运城' is no division code", id="home"),
        pytest.param(["--home", "14083"], "'14083' is no division code", id="length of a code"),
        pytest.param(["--publication", "a\nb"], "one line of up to 200 characters", id="lines"),
        pytest.param(
            ["--publication", "报" * 201], "one line of up to 200 characters", id="length of a name"
        ),
        pytest.param(["--status", "withdrawn"], "invalid choice", id="status"),
        pytest.param(["--nonsense"], "unrecognized arguments: --nonsense", id="option"),
    ],
)
def test_wrong_options(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("loadseeds", *arguments)


def test_an_installed_package_has_no_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.management.commands.loadseeds.CHECKOUT", None)
    code, said = loadseeds("--dry-run")
    assert (code, said) == (2, "name the files or folders to load: seeds/ is in a checkout of Newsroom alone")


@pytest.mark.slow
def test_wrong_usage_at_terminal_is_one_line() -> None:
    for arguments in (["--home", "x"], ["nowhere.txt"]):
        done = run_loadseeds(*arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr


def test_load_needs_migrated_database(tmp_path: Path, folder: Path) -> None:
    done = run_loadseeds(folder, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "manage.py migrate" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_load_reports_read_only_database_in_one_line(folder: Path) -> None:
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on")
    try:
        code, said = loadseeds(folder)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF" if sqlite else "SET default_transaction_read_only = off")
    assert (code, said.count("\n")) == (2, 0)
    assert not Page.objects.exists()


# --- again, and back ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_retry_failed_loads_rejected_files(folder: Path) -> None:
    bad = folder / "0915.txt"
    bad.write_bytes(b"")
    loadseeds(folder)
    bad.write_text(PAGE.replace("9月14日", "9月15日"), encoding="utf-8")
    assert loadseeds("--retry-failed")[0] == 0
    assert [Path(row.path).name for row in Load.objects.all()[0].files.all()] == ["0915.txt"]
    assert (
        loadseeds("--retry-failed")[1].splitlines()[0]
        == "Files     0 created, 0 updated, 0 unchanged, 0 rejected"
    )


@pytest.mark.django_db
def test_purge_deletes_only_what_load_created(folder: Path) -> None:
    loadseeds(folder)
    before = {name: len(rows) for name, rows in dump().items()}
    (folder / "0915.txt").write_text(
        PAGE.replace("9月14日", "9月15日").replace("何小满", "郑国栋"), encoding="utf-8"
    )
    loadseeds(folder)
    code, printed = loadseeds("--purge", Load.objects.all()[0].pk)
    assert (code, printed) == (
        0,
        "Deleted: 2 articles, 1 pages, 1 reporters. "
        "Remaining: 0 articles, which a person changed or an earlier load created.\n",
    )
    after = {name: len(rows) for name, rows in dump().items()}
    # Two loads were begun, and one of them was purged; that articles came and went is noted.
    assert after.pop("LastChange") == before.pop("LastChange") + 2
    assert after == {**before, "Load": 2, "LoadFile": 3, "HistoricalLoad": 3}
    assert loadseeds(folder)[1].splitlines()[1:3] == [
        "Files     1 created, 0 updated, 1 unchanged, 0 rejected",
        "Articles  2 created, 0 updated, 0 withdrawn, 2 unchanged",
    ]


@pytest.mark.parametrize("answer", ["", "n", EOFError, KeyboardInterrupt])
@pytest.mark.django_db
def test_purge_asks_on_a_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str | type[BaseException]
) -> None:
    def reply(question: str) -> str:
        assert "Delete the 2 articles" in question
        if isinstance(answer, str):
            return answer
        raise answer

    loadseeds(folder)
    before = dump()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", reply)
    assert loadseeds("--purge", Load.objects.get().pk) == (0, "Nothing was deleted.\n")
    assert dump() == before


@pytest.mark.django_db
def test_purge_keeps_articles_that_an_editor_changed(folder: Path) -> None:
    loadseeds(folder)
    touched = Article.objects.get(headline="早市搬进新家")
    correct_article(touched, reviewed=True)
    printed = loadseeds("--purge", Load.objects.get().pk)[1]
    assert "Deleted: 1 articles, 0 pages, 2 reporters. Remaining: 1 articles" in printed
    assert list(Article.objects.all()) == [touched]
    assert Page.objects.count() == 1


@pytest.mark.django_db
def test_purge_keeps_reporters_with_decisions(folder: Path) -> None:
    loadseeds(folder)
    one, other, *_ = Reporter.objects.order_by("pk")
    distinguish(one, other, None)
    loadseeds("--purge", Load.objects.get().pk)
    assert list(Reporter.objects.order_by("pk")) == [one, other]


@pytest.mark.django_db
def test_purge_keeps_articles_of_earlier_version(folder: Path) -> None:
    loadseeds(folder)
    remaining = set(Article.objects.values_list("pk", flat=True))
    (folder / "0914.txt").write_text(
        f"{PAGE}\n体育馆周末开放\n\n本报讯（记者 周明）体育馆周末免费开放，市民凭身份证入场。\n",
        encoding="utf-8",
    )
    loadseeds(folder)
    loadseeds("--purge", Load.objects.all()[0].pk)
    assert set(Article.objects.values_list("pk", flat=True)) == remaining
    assert Page.objects.count() == 2
