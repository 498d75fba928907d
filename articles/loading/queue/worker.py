"""A worker: takes pages from the queue until it is told to stop, and puts back what a dead worker held."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from procrastinate.contrib.django import app, connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from .tasks import SourceUnreachable

_log = logging.getLogger(__name__)

# Seconds between looks into an empty queue. To be told of jobs would take one more connection of each worker.
_LOOK = 1.0
# A worker says so often that it lives, before it counts as dead.
_BEATS = 3


def work(stalled_after: float) -> None:
    """Load queued pages one by one, until SIGTERM or Ctrl-C: the page at hand is finished first.

    The page of a worker that has not been heard of for `stalled_after` seconds is put back. `SourceUnreachable` if this machine
    does not see what is to be loaded, `ConnectorException` if the database goes away.
    """
    silence = f"{stalled_after:.0f}s"

    def bound(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
        """Let the database end a silent worker's transaction too, so that nobody waits for what it has locked."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [silence])

    connection_created.connect(bound)
    asyncio.run(_work(stalled_after))
    connection_created.disconnect(bound)


async def _work(stalled_after: float) -> None:
    unseen: list[SourceUnreachable] = []

    def stop_if_unseen(call_next: SyncCallNext, _context: JobContext, worker: Worker) -> Any:
        """A machine without the storage would otherwise take page after page that others could load."""
        try:
            return call_next()
        except SourceUnreachable as error:
            unseen.append(error)
            worker.stop()  # type: ignore[no-untyped-call] # has no types of its own
            raise

    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2)
    with app.replace_connector(connector):
        async with app.open_async():
            rescue = asyncio.create_task(_put_back(stalled_after))
            await app.run_worker_async(
                fetch_job_polling_interval=_LOOK,
                listen_notify=False,
                delete_jobs="successful",
                update_heartbeat_interval=stalled_after / _BEATS,
                stalled_worker_timeout=stalled_after,
                task_middleware=[*app.worker_defaults.get("task_middleware", []), stop_if_unseen],
            )
            rescue.cancel()
    if unseen:
        raise unseen[0]


async def _put_back(stalled_after: float) -> None:
    """Whenever a worker died, put the page back that it had begun; its half was undone with its connection."""
    while True:
        await asyncio.sleep(stalled_after / _BEATS)
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
                await app.job_manager.retry_job(job)
                _log.warning("put back, as its worker died: %s", job.task_kwargs.get("file"))
        except ConnectorException as error:
            # Another worker was faster, or the database is away, which stops the worker itself.
            _log.warning("dead workers were not looked for: %s", error)
