"""A temporary PostgreSQL server with a streaming replica, for tests that need their own configuration."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"


def programs() -> Path | None:
    """The folder of initdb, pg_ctl and pg_basebackup: Debian's, which is not in PATH, or the one in PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders = [*debian, *map(Path, os.environ["PATH"].split(os.pathsep))]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@dataclass(frozen=True)
class Cluster:
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"


@contextmanager
def primary_and_replica() -> Iterator[tuple[Cluster, Cluster]]:
    """An empty server and its streaming replica."""
    with tempfile.TemporaryDirectory(prefix="newsroom-clusters-") as temporary:
        folder = Path(temporary)
        if user := _user():
            shutil.chown(folder, user)
        primary, replica = (Cluster(folder / name, _free_port()) for name in ("primary", "replica"))
        _run("initdb", "-D", primary.folder, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")
        with _started(primary):
            _run(
                "pg_basebackup",
                "-D",
                replica.folder,
                "-d",
                primary.url,
                "--write-recovery-conf",
                "--no-sync",
                "-c",
                "fast",
            )
            with _started(replica):
                yield primary, replica


@contextmanager
def _started(cluster: Cluster) -> Iterator[None]:
    log = cluster.folder.with_suffix(".log")
    _run("pg_ctl", "start", "-w", "-D", cluster.folder, "-l", log, "-o", f"{_OPTIONS} -p {cluster.port}")
    try:
        yield
    finally:
        _run("pg_ctl", "stop", "-w", "-D", cluster.folder, "-m", "immediate")


def _run(program: str, *arguments: object) -> None:
    folder = programs()
    if folder is None:
        raise RuntimeError("PostgreSQL's programs are not on this machine")
    subprocess.run(
        [folder / program, *map(str, arguments)],
        check=True,
        user=_user(),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _user() -> str | None:
    """The user who runs the servers, because root must not."""
    return "postgres" if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
