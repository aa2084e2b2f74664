"""Who used the time of a case, kept when it closes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from core.logging import get_logger
from domain.case import CaseState, CaseStatus
from domain.events import Event
from domain.statistics import used_time
from store.projected_rows import microseconds
from store.tables import Base

_EVENT, _USED = (Base.metadata.tables[name] for name in ("event", "used_time"))
WHOSE = "/"
"""Between plan, promise, party and role of a row; none of these names has it."""
_MICROSECOND = timedelta(microseconds=1)
_log = get_logger(__name__)


def write_used_time(connection: Connection, case: CaseState) -> None:
    """Writes the used time of a closed case from its record; of a running one nothing is kept.

    A record that cannot be read leaves the case without: statistics must not keep a case from being written.
    """
    if case.status is not CaseStatus.CLOSED or case.closed_at is None:
        return
    rows = connection.execute(select(_EVENT).where(_EVENT.c.case_id == case.case_id).order_by(_EVENT.c.no)).mappings()
    try:
        events = [Event.model_validate({name: row[name] for name in Event.model_fields}) for row in rows]
        used = used_time(events, case.closed_at)
    except (KeyError, TypeError, ValueError) as unreadable:
        _log.warning("used time not counted", case=case.case_id, kind=type(unreadable).__name__)
        return
    if used is None:
        return
    spent: Counter[tuple[str, str, str]] = Counter()
    for promise, shares in [("", used.shares), *((one.name, one.shares) for one in used.promises)]:
        for share in shares:
            spent[promise, share.party.value, share.role] += share.spent // _MICROSECOND
    connection.execute(delete(_USED).where(_USED.c.case_id == case.case_id))
    opened, counted = microseconds(case.opened_at), set[str]()
    values = []
    for (promise, party, role), length in spent.items():
        row = {"case_id": case.case_id, "promise": promise, "party": party, "role": role, "microseconds": length}
        whose = WHOSE.join((case.plan, promise, party, role))
        values.append({**row, "whose": whose, "opened": opened, "cases": int(promise not in counted)})
        counted.add(promise)
    if values:
        connection.execute(insert(_USED), values)
