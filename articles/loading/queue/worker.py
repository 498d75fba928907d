"""Runs a worker: it loads queued files until it is stopped, and requeues the files of dead workers."""

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

# Seconds between queries of an empty queue. To be notified of jobs would take one more connection for each worker.
_POLLING_INTERVAL = 1.0
# Heartbeats of a worker within the time after which it counts as dead.
_HEARTBEATS = 3


def run_worker(stalled_after: float) -> None:
    """Load queued files one by one, until SIGTERM or Ctrl-C; the current page is finished first.

    The file of a worker that was silent for `stalled_after` seconds is requeued. `SourceUnreachable` if this machine
    cannot reach a file, `ConnectorException` if the database goes away.
    """

    def limit_idle_time(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
        """Let the database end the transaction of a silent worker, and with it the worker's locks."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('idle_in_transaction_session_timeout', %s, false)",
                [f"{stalled_after:.0f}s"],
            )

    connection_created.connect(limit_idle_time)
    asyncio.run(_run_worker(stalled_after))
    connection_created.disconnect(limit_idle_time)


async def _run_worker(stalled_after: float) -> None:
    unreachable: list[SourceUnreachable] = []

    def stop_if_unreachable(call_next: SyncCallNext, _context: JobContext, worker: Worker) -> Any:
        """Stop, as a machine that cannot reach the files would take job after job from those that can."""
        try:
            return call_next()
        except SourceUnreachable as error:
            unreachable.append(error)
            worker.stop()  # type: ignore[no-untyped-call] # has no types of its own
            raise

    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2)
    with app.replace_connector(connector):
        async with app.open_async():
            requeueing = asyncio.create_task(_requeue_stalled_jobs(stalled_after))
            await app.run_worker_async(
                fetch_job_polling_interval=_POLLING_INTERVAL,
                listen_notify=False,
                delete_jobs="successful",
                update_heartbeat_interval=stalled_after / _HEARTBEATS,
                stalled_worker_timeout=stalled_after,
                task_middleware=[*app.worker_defaults.get("task_middleware", []), stop_if_unreachable],
            )
            requeueing.cancel()
    if unreachable:
        raise unreachable[0]


async def _requeue_stalled_jobs(stalled_after: float) -> None:
    """Requeue the jobs of workers that died; half a page was rolled back with its connection."""
    while True:
        await asyncio.sleep(stalled_after / _HEARTBEATS)
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
                await app.job_manager.retry_job(job)
                _log.warning("requeued, as its worker is silent: %s", job.task_kwargs.get("file"))
        except ConnectorException as error:
            # Another worker was faster, or the database is away, which stops the worker itself.
            _log.warning("could not check for silent workers: %s", error)
