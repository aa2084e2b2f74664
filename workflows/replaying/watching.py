"""Runs workflows as another runner does, and hears every command that they give."""

from __future__ import annotations

from collections.abc import Callable
from inspect import currentframe
from types import FrameType
from typing import Any

from temporalio import workflow
from temporalio.worker import (
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
    WorkflowRunner,
)

_STAGES = "workflows.stages."
_PLUMBING = ("temporalio.", "asyncio.", "workflows.replaying.", "concurrent.", "threading", "workflows.offering")
Heard = Callable[[Any, Any, list[str]], None]
"""Called with an activation, its completion, and the places at which activities were started in it."""


class Watched(WorkflowRunner):
    """Hands every activation and its completion to `heard`: what is compared is what the engine gets, made once."""

    def __init__(self, inner: WorkflowRunner) -> None:
        self._inner = inner
        self.heard: Heard = lambda _activation, _completion, _places: None
        self.places: list[str] = []

    def prepare_workflow(self, defn: workflow._Definition) -> None:
        """Prepares it as the runner within does."""
        self._inner.prepare_workflow(defn)

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        """Passes them on."""
        self._inner.set_worker_level_failure_exception_types(types)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Returns an instance of the runner within that is listened to."""
        instance = self._inner.create_instance(det)
        activate = instance.activate

        def listened(act: Any) -> Any:
            self.places.clear()
            completion = activate(act)
            self.heard(act, completion, self.places)
            return completion

        setattr(instance, "activate", listened)  # noqa: B010 - a method, which mypy does not let one replace
        return instance


def noting(places: list[str]) -> Interceptor:
    """Returns what notes the line of the workflow that starts an activity, in the order they are started."""

    class Outbound(WorkflowOutboundInterceptor):
        def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
            places.append(_line_of_workflow(currentframe()))
            return super().start_activity(input)

    class Inbound(WorkflowInboundInterceptor):
        def init(self, outbound: WorkflowOutboundInterceptor) -> None:
            super().init(Outbound(outbound))

    class Noting(Interceptor):
        def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[Inbound]:  # noqa: A002, ARG002 - the engine passes it
            return Inbound

    return Noting()


def _line_of_workflow(frame: FrameType | None) -> str:
    """Returns the line of a stage that is under way, else the innermost line that is no plumbing."""
    innermost = ""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(_STAGES):
            return _line(module, frame)
        if not innermost and not module.startswith(_PLUMBING):
            innermost = _line(module, frame)
        frame = frame.f_back
    return innermost


def _line(module: str, frame: FrameType) -> str:
    return f"{module.replace('.', '/')}.py:{frame.f_lineno} in {frame.f_code.co_name}"
