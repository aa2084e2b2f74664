"""One worker process: settings, logging, the workflows and activities under Temporal's worker."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
import traceback
from datetime import timedelta
from typing import TYPE_CHECKING

from core import logging, settings
from core.embedded.process import announce_ready
from core.errors import AftercareError

if TYPE_CHECKING:
    from temporalio.client import Client

    from core.settings import Settings

_SETTLE = 0.2


async def work(configured: Settings) -> None:
    """Work until SIGTERM or Ctrl-C, then let what runs finish for `worker_grace` seconds.

    Raises:
        AftercareError: the engine cannot be reached, or a setting is missing.
    """
    from temporalio.worker import Worker

    import activities
    import workflows
    from activities.auditing import audit_activities
    from api.commands.audit.on_worker import CaseAuditor
    from core.signing import open_signing
    from core.temporal import connect

    logging.configure(configured.log_level, configured.log_format, process="worker")
    open_signing(configured)  # who could not sign an archive is told before any case has closed
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    client = await connect(configured, identity=f"worker@{socket.gethostname()}:{os.getpid()}")
    async with contextlib.AsyncExitStack() as resources:
        audits = await resources.enter_async_context(audit_activities(configured, CaseAuditor(configured)))
        built = await resources.enter_async_context(activities.build(configured, client))
        worker = Worker(
            client,
            task_queue=configured.task_queue,
            workflows=workflows.WORKFLOWS,
            activities=[*built, *audits],
            workflow_runner=workflows.worker_runner(),
            max_concurrent_activities=configured.max_concurrent_activities,
            max_concurrent_workflow_tasks=configured.max_concurrent_workflow_tasks,
            max_cached_workflows=configured.max_cached_workflows,
            graceful_shutdown_timeout=timedelta(seconds=configured.worker_grace),
        )
        async with worker:
            announce_ready()
            schedules = asyncio.create_task(_keep_schedules(client, configured))
            await stopping.wait()
            schedules.cancel()


async def _keep_schedules(client: Client, configured: Settings) -> None:
    """Keeps the schedules of archiving, retention and reports; while the engine refuses, the worker goes on without."""
    from temporalio.service import RPCError

    from domain.clocks import Pace
    from domain.plan.read import PlanInvalid, read_plans
    from workflows.schedules import keep_archiving, keep_retention, keep_schedules

    log = logging.get_logger(__name__)
    try:
        await keep_archiving(client, configured.task_queue)
        plans = await asyncio.to_thread(read_plans, configured.plans_dir)
        pace = Pace(epoch=configured.epoch, speed=configured.speed)
        await keep_retention(client, pace, configured.task_queue)
        await keep_schedules(client, plans.values(), pace, configured.task_queue, mailed=configured.mails)
    except (RPCError, PlanInvalid) as refused:
        log.warning("schedules not kept", detail=str(refused))


def main(configured: Settings) -> None:
    """Work, then leave without the interpreter's own end.

    The SDK's threads may still be on their way out when Python finalises, which crashed short-lived workers; so the
    last lines are flushed, the threads get a moment, and the process ends itself.
    """
    code = 0
    try:
        asyncio.run(work(configured))
    except AftercareError as error:
        print(f"aftercare worker: {error}", file=sys.stderr)  # noqa: T201 - the one line of a refusal
        code = 1
    except Exception:  # noqa: BLE001 - shown whole, then told by the exit status
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    time.sleep(_SETTLE)
    os._exit(code)


if __name__ == "__main__":
    main(settings.load())
