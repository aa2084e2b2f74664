"""The activity that issues work order numbers (R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from domain.model import Frozen

if TYPE_CHECKING:
    from store.sessions import Database


class WorkOrderRequest(Frozen):
    """Asks for the number of a case in the series of a prefix and a year (in the plan's time zone)."""

    case_id: str
    prefix: str
    year: int


class WorkOrders:
    """Issues work order numbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="issue_work_order")
    async def issue_work_order(self, request: WorkOrderRequest) -> str:
        """Returns the number, `RR-2026-000418`; the same for the same case however often it is asked."""
        # workflows name this class, and SQLAlchemy has no place in their sandbox
        from store.work_orders import issue_number

        async with self._database.session() as session:
            return await issue_number(session, request.case_id, request.prefix, request.year)
