"""Tests `loadseeds --queue` and `manage.py worker`, each as a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.db import connection, transaction
from django.utils import timezone

from articles.loading.imprint import Imprint, StatedImprint
from articles.loading.load_ledger import AlreadyRecorded, LoadLedger, SharedLoadLedger
from articles.loading.load_terms import LoadTerms
from articles.loading.loader import Loader
from articles.loading.purge import purge
from articles.loading.sources.files import list_files
from articles.models import Load, LoadFile, Page
from tests.support.loading import (
    ARTICLES,
    CREATED,
    HALF_PAGES,
    PAGE,
    PAGES,
    PATIENCE,
    ROOT,
    Shared,
    dump,
    load,
    run_loadseeds,
    write_archive,
)
from tests.support.queueing import IS_POSTGRESQL, enqueue, only_postgresql, start, until, workers
from tests.support.serving import manage
from tests.support.storage import Bucket, closed_storage, zipped

AT_HAND = "count(*) FROM procrastinate_jobs WHERE status = 'doing'"
PUT_BACK = "count(*) FROM procrastinate_jobs WHERE attempts > 0"
JOBS = "count(*) FROM procrastinate_jobs"
WORKERS = "count(*) FROM procrastinate_workers"
ACTIVE = """
count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
"""

# --- without the queue ----------------------------------------------------------------------------


@pytest.mark.skipif(IS_POSTGRESQL, reason="of SQLite, which has no queue")
@pytest.mark.parametrize("command", [["loadseeds", "--queue"], ["worker"]], ids=["loadseeds", "worker"])
def test_sqlite_has_no_queue(command: list[str], shared: Shared) -> None:
    process = start(shared, *command)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert "needs PostgreSQL: set DATABASE_URL=" in err
    assert shared.numbers(PAGES) == [0]


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite:///:memory:", "postgres://nobody@127.0.0.1:1/nothing"])
def test_site_starts_without_procrastinate(url: str) -> None:
    code = (
        "import sys; from importlib import util; find = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'procrastinate' else find(name, *rest)\n"
        "import django; django.setup(); from django.apps import apps\n"
        "print(apps.is_installed('procrastinate.contrib.django'), 'procrastinate' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "False False\n"), done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--wait"], "--wait waits for what --queue queues", id="only --wait"),
        pytest.param(["--queue", "--dry-run"], "--queue goes with no --dry-run", id="--dry-run"),
        pytest.param(
            ["--queue", "--reextract"], "--queue goes with no --dry-run, --reextract", id="--reextract"
        ),
        pytest.param(["--queue", "--purge", "1"], "--queue goes with no", id="--purge"),
        pytest.param(["--queue", "--format", "json"], "--queue goes with no", id="--format"),
    ],
)
def test_queue_rejects_options_that_exclude_each_other(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        load_command_class("articles", "loadseeds").run_from_argv(["manage.py", "loadseeds", *arguments])
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def terms(publication: str | None = None) -> LoadTerms:
    return LoadTerms(StatedImprint(publication), Imprint(), "published", max_bytes=100_000)


@pytest.mark.django_db
def test_known_files_are_separated_from_those_to_load(tmp_path: Path) -> None:
    folder = write_archive(tmp_path / "archive", 3)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.txt").touch()
    (folder / "replaced.txt").touch()
    load(folder)
    before = dump()
    (folder / "01.txt").write_text(PAGE.replace("第6版", "第9版"), encoding="utf-8")
    (folder / "02-copy.txt").write_bytes((folder / "02.txt").read_bytes())
    (folder / "replaced.txt").write_text(PAGE.replace("第6版", "第8版"), encoding="utf-8")

    def known_files(terms: LoadTerms) -> dict[str, str]:
        files = list_files([folder])
        results = Loader(terms, LoadLedger(Load(started_at=timezone.now()))).find_known(files)
        return {
            Path(file.path).stem: str(result.outcome) if result else "to be loaded"
            for file, result in results
        }

    stands = {"binary": "rejected", "empty": "rejected"}
    waits = dict.fromkeys(["01", "02-copy", "replaced"], "to be loaded")
    assert known_files(terms()) == {**stands, **waits, "00": "unchanged", "02": "unchanged"}
    # A load that states another publication updates known pages.
    stated = {**stands, **waits, "00": "to be loaded", "02": "to be loaded"}
    assert known_files(terms("临河晚报")) == stated
    assert dump() == before


@pytest.mark.django_db
def test_shared_load_records_each_file_once_and_ends_with_last(tmp_path: Path) -> None:
    folder = write_archive(tmp_path / "archive", 3)
    run = Load(started_at=timezone.now())
    ledger = LoadLedger(run)
    ledger.defer(LoadFile(path="known", outcome=LoadFile.Outcome.UNCHANGED))
    ledger.hand_over(4, {"files": {"unchanged": 1}, "articles": {"unchanged": 2}})
    loader = Loader(terms(), SharedLoadLedger(run))
    for file in list_files([folder]):
        run.refresh_from_db()
        assert run.finished_at is None
        list(loader.load([file]))
        with pytest.raises(AlreadyRecorded):
            list(loader.load([file]))
    run.refresh_from_db()
    assert run.finished_at is not None
    assert run.tally == {
        "files": {"created": 3, "unchanged": 1},
        "articles": {"created": 6, "unchanged": 2},
    }
    assert run.files.count() == 4


# --- with it --------------------------------------------------------------------------------------


@only_postgresql
def test_two_workers_load_every_page_once(queue: Shared, tmp_path: Path) -> None:
    folder = write_archive(tmp_path / "archive", 20)
    (folder / "empty.txt").touch()
    with workers(queue, 2):
        until(lambda: queue.numbers(WORKERS) == [2])
        done = enqueue(queue, folder, "--wait", "--publication", "沂河日报")
    made = Load.objects.get()
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert (
        len([line for line in lines if line.startswith("created   ") and line.endswith("(2 articles)")]) == 20
    )
    assert lines[20:] == [
        f"rejected  {folder}/empty.txt: empty: the file has no bytes; export the page again",
        "Files     20 created, 0 updated, 0 unchanged, 1 rejected",
        "Articles  40 created, 0 updated, 0 withdrawn, 0 unchanged",
        f"This was load {made.pk}. loadseeds --purge {made.pk} takes back what it created.",
    ]
    assert queue.numbers(PAGES, ARTICLES, CREATED, HALF_PAGES, JOBS) == [20, 40, 20, 0, 0]
    assert made.tally == {"files": {"created": 20, "rejected": 1}, "articles": {"created": 40}}
    assert (made.expected, made.finished_at is not None) == (21, True)
    assert set(Page.objects.values_list("publication", flat=True)) == {"沂河日报"}
    assert manage(queue, "verify") == "Verified 20 pages, 40 articles: no faults."


@only_postgresql
def test_workers_load_from_storage_and_zips(queue: Shared, bucket: Bucket, tmp_path: Path) -> None:
    pages = [PAGE.replace("第6版", f"第{number}版").encode() for number in range(1, 7)]
    for number in range(3):
        bucket.put(f"queue/{number}.txt", pages[number])
    bucket.put("queue.zip", zipped({"沂河/3.txt": pages[3], "damaged\n.txt": b"x"}))
    archive = tmp_path / "queue.zip"
    archive.write_bytes(zipped({"4.txt": pages[4], "5.txt": pages[5]}))
    with workers(queue, 2):
        done = enqueue(queue, "s3://archive/queue/", "s3://archive/queue.zip", archive, "--wait")
    assert (done.returncode, done.stderr) == (1, "")
    assert sorted(done.stdout.splitlines()[:7]) == [
        f"created   {archive}/4.txt (2 articles)",
        f"created   {archive}/5.txt (2 articles)",
        "created   s3://archive/queue.zip/沂河/3.txt (2 articles)",
        *(f"created   s3://archive/queue/{number}.txt (2 articles)" for number in range(3)),
        "rejected  s3://archive/queue.zip/damaged\\n.txt: bad_name: its name leads elsewhere or has invisible characters; rename it",
    ]
    assert queue.numbers(PAGES, CREATED, JOBS) == [6, 6, 0]


@only_postgresql
def test_worker_without_storage_access_stops_and_requeues_pages(queue: Shared, bucket: Bucket) -> None:
    address = bucket.put("closed/0914.txt", PAGE.encode())
    assert enqueue(queue, address).returncode == 0
    with closed_storage(is_listed=False) as closed, closed.asked(), workers(queue, 1) as (blind,):
        _out, err = blind.communicate(timeout=PATIENCE)
    assert blind.returncode == 2
    assert err.splitlines()[-1].endswith(
        "s3://archive/closed: the storage forbids it; let this user list and read it"
    )
    assert queue.numbers(PAGES, JOBS, AT_HAND) == [0, 1, 0]
    with workers(queue, 1):
        until(lambda: queue.numbers(PAGES, JOBS) == [1, 0])


@only_postgresql
def test_queueing_known_files_writes_nothing(queue: Shared, tmp_path: Path) -> None:
    folder = write_archive(tmp_path / "archive", 3)
    (folder / "no-text.txt").write_bytes(bytes(range(256)) * 20)
    run_loadseeds(folder, DATABASE_URL=queue.url)
    before = dump()
    again = enqueue(queue, folder, "--wait")
    assert (again.returncode, again.stderr) == (1, "")
    assert again.stdout.splitlines()[1:] == [
        "Files     0 created, 0 updated, 3 unchanged, 1 rejected",
        "Articles  0 created, 0 updated, 0 withdrawn, 6 unchanged",
        "No news: everything stands as it was, and nothing was written.",
    ]
    assert (dump(), queue.numbers(JOBS)) == (before, [0])
    (folder / "new.txt").write_text(PAGE.replace("第6版", "第9版"), encoding="utf-8")
    assert enqueue(queue, folder).stdout.splitlines() == [
        f"Queued: 1 files, as load {Load.objects.latest('pk').pk}. 4 others stand as they were when they were last loaded."
    ]
    assert queue.numbers(JOBS) == [1]
    with workers(queue, 1):
        until(lambda: Load.objects.filter(finished_at=None).count() == 0)
    made = Load.objects.latest("pk")
    assert made.tally["files"] == {"created": 1, "unchanged": 3, "rejected": 1}
    assert made.tally["articles"] == {"created": 2, "unchanged": 6}
    assert made.files.count() == 5


@only_postgresql
def test_waiting_for_clean_load_exits_with_0(queue: Shared, tmp_path: Path) -> None:
    with workers(queue, 1):
        done = enqueue(queue, write_archive(tmp_path / "沂河\udc80", 2), "--wait")
    assert done.returncode == 0, done.stdout
    assert queue.numbers(PAGES, CREATED) == [2, 2]


@only_postgresql
def test_page_of_killed_worker_is_loaded_by_another(queue: Shared, tmp_path: Path) -> None:
    assert enqueue(queue, write_archive(tmp_path / "archive", 20)).returncode == 0
    with workers(queue, 1, stalled_after=2) as (worker,):
        until(lambda: queue.numbers(CREATED)[0] >= 3)
        suspend_with_page(queue, worker)
        worker.kill()
        worker.wait()
        assert queue.numbers(AT_HAND) == [1]
        assert 3 <= queue.numbers(PAGES)[0] < 20
    with workers(queue, 1, stalled_after=2):
        until(lambda: Load.objects.filter(finished_at=None).count() == 0)
        until(lambda: queue.numbers(JOBS) == [0])
    assert_each_loaded_once(queue, 20)


@only_postgresql
def test_worker_that_seemed_dead_loads_no_page_twice(queue: Shared, tmp_path: Path) -> None:
    assert enqueue(queue, write_archive(tmp_path / "archive", 12)).returncode == 0
    with workers(queue, 1, stalled_after=2) as (silent,):
        until(lambda: queue.numbers(CREATED)[0] >= 2)
        suspend_with_page(queue, silent)
        with workers(queue, 1, stalled_after=2):
            until(lambda: queue.numbers(PUT_BACK)[0] or queue.numbers(CREATED)[0] >= 11)
            silent.send_signal(signal.SIGCONT)
            until(lambda: Load.objects.filter(finished_at=None).count() == 0)
    assert_each_loaded_once(queue, 12)


def assert_each_loaded_once(queue: Shared, size: int) -> None:
    """Assert that each page of an archive is loaded and recorded once."""
    assert queue.numbers(PAGES, ARTICLES, CREATED, HALF_PAGES) == [size, 2 * size, size, 0]
    assert Load.objects.get().tally == {"files": {"created": size}, "articles": {"created": 2 * size}}


def suspend_with_page(queue: Shared, worker: subprocess.Popen[str]) -> None:
    """Stop a worker (SIGSTOP) while it loads a page."""

    def is_held() -> bool:
        worker.send_signal(signal.SIGSTOP)
        os.waitpid(worker.pid, os.WUNTRACED)
        until(lambda: queue.numbers(ACTIVE) == [0])  # the server finishes the last statement
        if queue.numbers(AT_HAND) == [1]:
            return True
        worker.send_signal(signal.SIGCONT)
        return False

    until(is_held)


@only_postgresql
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_stopped_worker_finishes_its_page(queue: Shared, tmp_path: Path, number: signal.Signals) -> None:
    assert enqueue(queue, write_archive(tmp_path / "archive", 40)).returncode == 0
    with workers(queue, 1) as (worker,):
        until(lambda: queue.numbers(CREATED)[0] >= 2)
        worker.send_signal(number)
        out, err = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "Stopped: no page is incomplete."
    pages, articles, created, jobs = queue.numbers(PAGES, ARTICLES, CREATED, JOBS)
    assert 2 <= pages < 40
    assert (articles, created, jobs) == (2 * pages, pages, 40 - pages)
    assert queue.numbers(AT_HAND, WORKERS) == [0, 0]


@pytest.fixture
def faulty_page_2(queue: Shared) -> Iterator[None]:  # noqa: ARG001 - the database is changed
    """Makes the database reject the second page, as if the program had a fault."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.page_number = '2' THEN RAISE 'out of order'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER fault BEFORE INSERT ON articles_page FOR EACH ROW EXECUTE FUNCTION fault()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION fault() CASCADE")


@only_postgresql
@pytest.mark.usefixtures("faulty_page_2")
def test_page_that_no_worker_can_load_leaves_load_unfinished(queue: Shared, tmp_path: Path) -> None:
    with workers(queue, 1):
        done = enqueue(queue, write_archive(tmp_path / "archive", 3), "--wait")
    made = Load.objects.get()
    assert done.returncode == 1
    assert done.stdout.splitlines()[-3:] == [
        "Files     2 created, 0 updated, 0 unchanged, 0 rejected",
        "Articles  4 created, 0 updated, 0 withdrawn, 0 unchanged",
        f"Failed: 1 files of load {made.pk}; the workers' logs say why. Run it again for them.",
    ]
    assert (made.finished_at, queue.numbers(PAGES, CREATED)) == (None, [2, 2])


@only_postgresql
def test_worker_requeues_job_when_page_locked(queue: Shared, tmp_path: Path) -> None:
    assert enqueue(queue, write_archive(tmp_path / "archive", 2)).returncode == 0
    hasty = Shared(f"{queue.url}?options=-c%20lock_timeout%3D200ms")
    with workers(hasty, 1) as (worker,):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE articles_page IN EXCLUSIVE MODE")
            until(lambda: queue.numbers(PUT_BACK)[0] >= 1)
            assert queue.numbers(PAGES, CREATED) == [0, 0]
        until(lambda: queue.numbers(CREATED, JOBS) == [2, 0])
        worker.terminate()
        _out, err = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0
    assert "requeued for 1 seconds" in err


@only_postgresql
def test_end_of_waiting_stops_no_worker(queue: Shared, tmp_path: Path) -> None:
    waiting = start(queue, "loadseeds", "--queue", "--wait", write_archive(tmp_path / "archive", 3))
    assert waiting.stderr is not None
    warning = waiting.stderr.readline()
    waiting.send_signal(signal.SIGTERM)
    out, rest = waiting.communicate(timeout=PATIENCE)
    made = Load.objects.get()
    assert (waiting.returncode, out.splitlines()[-1]) == (
        143,
        f"Stopped waiting for load {made.pk}; the workers go on with it.",
    )
    assert warning + rest == "No worker is at work: start some (manage.py worker), on any machine.\n"
    with workers(queue, 1):
        until(lambda: queue.numbers(PAGES, JOBS) == [3, 0])


@only_postgresql
def test_worker_requeues_job_when_source_unreachable(queue: Shared, tmp_path: Path) -> None:
    folder = write_archive(tmp_path / "archive", 2)
    assert enqueue(queue, folder).returncode == 0
    folder.rename(tmp_path / "elsewhere")
    with workers(queue, 1) as (blind,):
        _out, err = blind.communicate(timeout=PATIENCE)
    assert blind.returncode == 2
    assert err.splitlines()[-1].endswith(
        f"{folder} cannot be read on this machine: mount it, or let this user read it"
    )
    assert queue.numbers(PAGES, JOBS, AT_HAND) == [0, 2, 0]
    (tmp_path / "elsewhere").rename(folder)
    with workers(queue, 1):
        until(lambda: queue.numbers(PAGES, JOBS) == [2, 0])


@only_postgresql
def test_workers_skip_files_of_purged_load(queue: Shared, tmp_path: Path) -> None:
    assert enqueue(queue, write_archive(tmp_path / "archive", 3)).returncode == 0
    done = run_loadseeds("--purge", Load.objects.get().pk, DATABASE_URL=queue.url)
    assert done.returncode == 0
    with workers(queue, 1):
        until(lambda: queue.numbers(JOBS) == [0])
    assert queue.numbers(PAGES, CREATED) == [0, 0]


@pytest.mark.django_db
def test_current_page_of_purged_load_is_rolled_back(tmp_path: Path) -> None:
    made = Load.objects.create(started_at=timezone.now(), expected=1)
    worker = Loader(terms(), SharedLoadLedger(made))
    purge(Load.objects.get(pk=made.pk))
    with pytest.raises(AlreadyRecorded):
        list(worker.load(list_files([write_archive(tmp_path / "archive", 1)])))
    assert not Page.objects.exists()
    assert not made.files.exists()


@only_postgresql
def test_backup_contains_queue_and_restore_resumes_it(queue: Shared, tmp_path: Path) -> None:
    assert enqueue(queue, write_archive(tmp_path / "archive", 3)).returncode == 0
    manage(queue, "backup", tmp_path / "copy")
    with workers(queue, 1):
        until(lambda: queue.numbers(PAGES, JOBS) == [3, 0])
    connection.close()
    manage(queue, "restore", "--yes", tmp_path / "copy")
    assert queue.numbers(PAGES, JOBS) == [0, 3]
    with workers(queue, 1):
        until(lambda: queue.numbers(PAGES, JOBS) == [3, 0])
    assert Load.objects.get().tally == {"files": {"created": 3}, "articles": {"created": 6}}
