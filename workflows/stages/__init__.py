"""The stages of a case. Each reads like the procedure and returns the stage that follows; None is the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from temporalio import workflow

from workflows.case import Case
from workflows.stages.accept import accept
from workflows.stages.agree import agree
from workflows.stages.close import archive, give_back
from workflows.stages.collect import collect
from workflows.stages.diagnose import diagnose
from workflows.stages.dispatch import dispatch
from workflows.stages.field_service import approve, call_ahead, evaluate, invoice, request
from workflows.stages.hand_over import hand_over
from workflows.stages.receipt import receipt
from workflows.stages.record import choose_mode, contract, record
from workflows.stages.register import register
from workflows.stages.resolve import resolve
from workflows.stages.settle import follow_up, settle
from workflows.stages.verify import analyse, verify

with workflow.unsafe.imports_passed_through():
    from domain.plan import Stage

STAGES: Mapping[Stage, Callable[[Case], Awaitable[Stage | None]]] = MappingProxyType(
    {
        Stage.REGISTER: register,
        Stage.DIAGNOSE: diagnose,
        Stage.DISPATCH: dispatch,
        Stage.RECORD: record,
        Stage.CHOOSE_MODE: choose_mode,
        Stage.CONTRACT: contract,
        Stage.VERIFY: verify,
        Stage.ANALYSE: analyse,
        Stage.AGREE: agree,
        Stage.COLLECT: collect,
        Stage.HAND_OVER: hand_over,
        Stage.RESOLVE: resolve,
        Stage.ACCEPT: accept,
        Stage.RECEIPT: receipt,
        Stage.SETTLE: settle,
        Stage.FOLLOW_UP: follow_up,
        Stage.REQUEST: request,
        Stage.EVALUATE: evaluate,
        Stage.CALL_AHEAD: call_ahead,
        Stage.INVOICE: invoice,
        Stage.APPROVE: approve,
        Stage.GIVE_BACK: give_back,
        Stage.ARCHIVE: archive,
    }
)

__all__ = ["STAGES"]
