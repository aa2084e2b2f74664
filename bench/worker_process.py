"""The worker of a benchmark: the product's activities and workflows as a real worker serves them, and the bare ones.

Three task queues in one process, so that both sides of a comparison have the same interpreter, sandbox and client. Each
user task that starts is told to the driver in a line on a pipe, so that nobody has to poll for it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor, Worker

import activities
import workflows
from activities.user_tasks import user_task_activities
from bench.bare import BareCase, BareDeadline
from core import settings
from core.embedded.process import announce_ready
from core.payloads import data_converter
from domain.case import Document
from domain.documents.order import DocumentOrder
from domain.tasks import TASKS

NOTICES = "BENCH_NOTICES_FD"
PRODUCT, WITHOUT_DOCUMENTS, BARE = "aftercare", "without-documents", "bare"


class Notices(Interceptor):
    """Tells the driver of every user task that starts."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Puts the notice before the activity's body."""
        return _Notice(next, self._pipe)


class _Notice(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, pipe: int) -> None:
        super().__init__(following)
        self._pipe = pipe

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        info = activity.info()
        if info.activity_type in TASKS:
            os.write(self._pipe, f"{info.workflow_id} {info.activity_id} {info.activity_type}\n".encode())
        return await self.next.execute_activity(input)


@activity.defn(name="issue_document")
async def no_document(order: DocumentOrder) -> tuple[Document, ...]:
    """Answers like the activity that sets a PDF, without setting one."""
    return tuple(
        order.issued(
            language,
            document_id=f"D-{order.case.case_id}-{order.kind}-{language}",
            file="F-0000000000",
            sha256="0" * 64,
            size=0,
        )
        for language in order.languages
    )


def _without_documents(built: list[Callable[..., Any]]) -> list[Callable[..., Any]]:
    return [work for work in built if getattr(work, "__name__", "") != "issue_document"] + [no_document]


async def main() -> None:
    """Serves until SIGTERM."""
    configured = settings.load()
    client = await Client.connect(configured.temporal_address, data_converter=data_converter)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    notices = Notices(int(os.environ[NOTICES]))
    async with AsyncExitStack() as stack:
        built = await stack.enter_async_context(activities.build(configured, client))
        served: dict[str, tuple[Sequence[type], list[Callable[..., Any]]]] = {
            PRODUCT: (workflows.WORKFLOWS, built),
            WITHOUT_DOCUMENTS: (workflows.WORKFLOWS, _without_documents(built)),
            BARE: ([BareCase, BareDeadline], [*user_task_activities()]),
        }
        for queue, (kinds, functions) in served.items():
            worker = Worker(
                client,
                task_queue=queue,
                workflows=kinds,
                activities=functions,
                workflow_runner=workflows.worker_runner(),
                interceptors=[notices],
                max_concurrent_activities=configured.max_concurrent_activities,
                max_concurrent_workflow_tasks=configured.max_concurrent_workflow_tasks,
                max_cached_workflows=configured.max_cached_workflows,
            )
            await stack.enter_async_context(worker)
        announce_ready()
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)  # the SDK's threads must not meet the interpreter's end
