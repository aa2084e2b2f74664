"""A workflow for tests alone: three tasks side by side, which no stage of the product has.

It is built from the parts of a real case, so that what holds here holds for every stage that will need it.
"""

from __future__ import annotations

import asyncio

from temporalio import workflow

from workflows.service_case import ServiceCase
from workflows.wait import CalledOff, Interrupted

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseEnd, CaseStart, Result
    from domain.events import EventKind
    from domain.plan import Stage
    from domain.tasks.factory import RETURN_INSTRUCTIONS, SEND_REPLACEMENT
    from domain.tasks.on_site import AWAIT_PARTS

THREE = (RETURN_INSTRUCTIONS, AWAIT_PARTS, SEND_REPLACEMENT)


@workflow.defn(name="ThreeTogether")
class ThreeTogether(ServiceCase):
    """Runs three tasks together and ends; `call_off` names one that is not needed any more."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> CaseEnd:
        case = self.case
        case.record.note(EventKind.OPENED, start.opened_by, data={"application": {}, "reopened_from": None})
        beside = [asyncio.create_task(self.desk.run()), asyncio.create_task(case.pump.run())]
        case.record.enter(Stage.RESOLVE)
        try:
            await case.together(*(case.perform(task) for task in THREE))
            case.ending = Result.RESOLVED
        except CalledOff:
            case.ending = Result.REJECTED
        except Interrupted:
            case.ending = Result.WITHDRAWN
        return await self._close(beside)

    @workflow.signal(name="call_off")
    def call_off(self, key: str) -> None:
        """Ends one of the three."""
        self.case.call_off(key, "not needed any more")
