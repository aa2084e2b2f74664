"""What became of notices: one row for each address a notice goes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import NoticeRow


class Delivered(StrEnum):
    """How far a notice came at an address."""

    SENDING = "sending"
    """Being handed over; after a crash it is not known whether the server has it."""
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Delivery:
    """A notice to an address. `message_id` is that of its mail, the same however often it is sent."""

    case_id: str
    notice_id: str
    address: str
    kind: str
    message_id: str


@dataclass(frozen=True)
class DeliveryView:
    """What became of a notice at an address; `ordered_at` is on the case's clock, `at` the real time, both UTC."""

    notice_id: str
    address: str
    kind: str
    message_id: str
    status: Delivered
    tries: int
    reason: str | None
    ordered_at: datetime
    at: datetime


async def reached(session: AsyncSession, delivery: Delivery) -> bool:
    """True when the notice was handed over for this address already."""
    row = await session.get(NoticeRow, _key(delivery))
    return row is not None and row.status == Delivered.SENT


async def begin_delivery(session: AsyncSession, delivery: Delivery, ordered_at: datetime) -> None:
    """Notes that the mail is about to be handed over."""
    values = {
        "kind": delivery.kind, "message_id": delivery.message_id, "status": Delivered.SENDING.value, "tries": 1,
        "reason": None, "ordered_at": ordered_at, "at": datetime.now(UTC),
    }  # fmt: skip
    names = dict(zip(("case_id", "notice_id", "address"), _key(delivery), strict=True))
    again = {**values, "tries": NoticeRow.tries + 1}
    new = insert_into(session, NoticeRow).values(**names, **values)
    keys = [NoticeRow.case_id, NoticeRow.notice_id, NoticeRow.address]
    await session.execute(new.on_conflict_do_update(index_elements=keys, set_=again))


async def end_delivery(session: AsyncSession, delivery: Delivery, reason: str | None = None) -> None:
    """Notes that the server took the mail, or why it refuses it."""
    status = Delivered.SENT if reason is None else Delivered.REFUSED
    of_it = (NoticeRow.case_id == delivery.case_id, NoticeRow.notice_id == delivery.notice_id)
    await session.execute(
        update(NoticeRow)
        .where(*of_it, NoticeRow.address == delivery.address)
        .values(status=status.value, reason=reason, at=datetime.now(UTC))
    )


async def give_up(session: AsyncSession, delivery: Delivery, ordered_at: datetime, reason: str) -> None:
    """Notes that a notice was not sent and is not tried any more; an address that refused it keeps its own reason."""
    of_it = (NoticeRow.case_id == delivery.case_id, NoticeRow.notice_id == delivery.notice_id)
    known = (await session.execute(select(NoticeRow.address).where(*of_it))).scalars().all()
    if not known:
        await begin_delivery(session, delivery, ordered_at)
    unsent = NoticeRow.status == Delivered.SENDING.value
    await session.execute(
        update(NoticeRow)
        .where(*of_it, unsent)
        .values(status=Delivered.GIVEN_UP.value, reason=reason[:500], at=datetime.now(UTC))
    )


async def notices_of_case(session: AsyncSession, case_id: str) -> tuple[DeliveryView, ...]:
    """Returns what became of a case's notices, the newest first."""
    query = select(NoticeRow).where(NoticeRow.case_id == case_id)
    rows = (await session.execute(query.order_by(NoticeRow.ordered_at.desc(), NoticeRow.notice_id.desc()))).scalars()
    return tuple(
        DeliveryView(
            notice_id=row.notice_id,
            address=row.address,
            kind=row.kind,
            message_id=row.message_id,
            status=Delivered(row.status),
            tries=row.tries,
            reason=row.reason,
            ordered_at=row.ordered_at,
            at=row.at,
        )
        for row in rows
    )


def _key(delivery: Delivery) -> tuple[str, str, str]:
    return delivery.case_id, delivery.notice_id, delivery.address
