"""A database like that of a large house: cases of five years, a few of them open, written straight into the tables.

Every case is a copy of one of some dozens that were made by the rules of the product, with names, numbers, people and
times of its own, so that lists, searches and counts meet a realistic spread.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Column, text

from api.forms import declared_form
from domain.case import CaseState, Customer, Product, Result, TaskStatus
from domain.events import EventKind
from domain.plan import Plan
from domain.warranty import serial_key
from store.case_words import words_of_case
from store.columns import Base, UtcDateTime
from store.entries import first_place
from store.migrations import upgrade
from store.projected_rows import microseconds
from store.projection import write_projection
from store.registry_rows import Origin, customer_values, product_values
from store.registry_words import words_of_customer, words_of_product
from store.sessions import Database
from store.users import User
from tests.pages.making import PLANS, MadeCase
from tests.support.from_schema import outcome

Row = dict[str, Any]
TASKS_A_CASE = 5
_YEARS = timedelta(days=5 * 365)
_OPEN_SHARE = 0.05
"""Of all cases: five of a hundred are open, as of a house that closes most of its cases within three months."""
_CASE, _CUSTOMER, _CONTACT, _PHONE, _SERIAL, _MODEL, _NUMBER, _TEXT = (
    "C-0TEMPLATE0", "NameOfCustomer", "NameOfContact", "+86 000 99999999", "SerialNumber00", "ModelOfProduct",
    "WO-2020-999999", "WhatTheCustomerSaid",
)  # fmt: skip
_HOLDER = "person-of-{role}"
_MARKERS = (_CASE, _CUSTOMER, _CONTACT, _PHONE, _SERIAL, _MODEL, _NUMBER, _TEXT)
_INSTANT = r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d"
_DIFFERS = re.compile(
    # what is compared is folded
    f"({_INSTANT}|person-of-[a-z_]+|{'|'.join(re.escape(one) for mark in _MARKERS for one in (mark, mark.casefold()))})"
)
"""What differs from copy to copy: times, people, and what the case says of itself."""
_STEP = timedelta(hours=5)
"""What each step of an ended case took."""
_SHARED = frozenset({"product"})
"""Tables whose rows several cases share."""
_BESIDE = frozenset({"special_case", "panel_word", "acknowledge_breach"})
_DUE = (2, 6, 12, 24, 48, 96, 240)
"""Hours from now until the open tasks of the copied cases are due."""
_CITIES = (
    "Hangzhou",
    "杭州",
    "Ningbo",
    "宁波",
    "Suzhou",
    "苏州",
    "Modena",
    "Bologna",
    "Leeds",
    "Torino",
    "上海",
    "York",
)
_TRADES = (
    "Paper",
    "Bearings",
    "纺织",
    "Valve",
    "食品机械",
    "Packaging",
    "Ceramics",
    "包装",
    "Textiles",
    "Officine",
    "Pumps",
)
_KINDS = ("Works", "有限公司", "Ltd", "S.r.l.", "Group", "工厂", "Mill")
_SAID = (
    "Rattles since Monday and gets louder every day",
    "主轴发热，停机后仍有异响",
    "The controller shows E07 and stops after twenty seconds",
    "Perde olio dalla guarnizione anteriore",
    "No pressure after the weekend; the pump runs but nothing moves",
    "启动十分钟后压缩机跳闸",
)
_MODELS = ("AX-200", "AX-500", "PX-200", "PR-60", "HP-40", "LB-3", "CT-12", "SP-900", "DR-7", "MX-31")


@dataclass(frozen=True)
class Copied:
    """A case to copy: its rows as one text in pieces, every second of which differs from copy to copy."""

    pieces: tuple[str, ...]
    is_open: bool
    due: timedelta
    """How long after its own present its open tasks are due."""


def people() -> list[User]:
    """Three people for every role of every plan, and the administrator."""
    roles = sorted({role for plan in PLANS.values() for role in plan.roles})
    at = datetime(2020, 1, 1, tzinfo=UTC)
    staff = [
        User(_person(role, no), f"{role} {no}", (role,), at, regions=("浙江",)) for role in roles for no in range(3)
    ]
    return [*staff, User("admin", "Admin", ("admin",), at)]


def _person(role: str, number: int) -> str:
    return f"{role.replace('_', '.')}.{number}"


async def copied_cases(now: datetime) -> list[Copied]:
    """The cases to copy: of every plan, open ones with tasks due sooner and later, and ended ones."""
    whole = now.replace(microsecond=0)
    found: list[Copied] = []
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        upgrade(url := f"sqlite:///{folder}/scratch.db")
        scratch = Database(url)
        for plan in PLANS.values():
            for hours in _DUE:
                made = _open_case(plan, whole, hours, f"C-{len(found):010d}")
                found.append(await _copied(scratch, made, timedelta(hours=hours)))
            for result in (Result.RESOLVED, Result.RESOLVED, Result.DECLINED):
                made = _ended_case(plan, whole, result, f"C-{len(found):010d}")
                found.append(await _copied(scratch, made, None))
        await scratch.dispose()
    return found


def _begun(plan: Plan, now: datetime, case_id: str, tasks: Sequence[str], step: timedelta = timedelta()) -> MadeCase:
    made = MadeCase(plan, case_id, now - step * len(tasks), _TEXT)
    asked = made.state.application.model_dump() | {
        "customer": {"name": _CUSTOMER, "contact_name": _CONTACT, "phone": _PHONE, "region": "浙江"},
        "product": {"model": _MODEL, "serial_number": _SERIAL},
    }
    made.change(application=asked, work_order=_NUMBER, stages=plan.stages)
    for kind in tasks:
        task = made.offer(kind, due_in=-2)
        made.note(EventKind.OFFERED, task=task.key, data={"role": task.role})
        made.now += step
        made.complete(task, outcome_of(kind))
    return made


def _open_case(plan: Plan, now: datetime, hours: int, case_id: str) -> MadeCase:
    kinds = [kind for kind in plan.tasks if kind not in _BESIDE]
    place = _DUE.index(hours) % max(1, len(kinds) - TASKS_A_CASE)
    made = _begun(plan, now, case_id, kinds[place : place + TASKS_A_CASE - 2])
    first, second = kinds[place + TASKS_A_CASE - 2 : place + TASKS_A_CASE]
    made.change(stage=plan.stages[min(place, len(plan.stages) - 2)])
    late: dict[str, Any] = {"escalation_level": 1, "breached_at": now} if hours == _DUE[0] else {}
    role = plan.tasks[first].role
    held: dict[str, Any] = {"assignee": _HOLDER.format(role=role)} if hours % 4 == 0 else {}
    made.offer(first, due_in=hours, **held, **late)
    made.offer("special_case" if hours == _DUE[1] else second, due_in=hours + 30)
    made.change(due_at=made.tasks[-2].due_at)
    return made


def _ended_case(plan: Plan, now: datetime, result: Result, case_id: str) -> MadeCase:
    kinds = [kind for kind in plan.tasks if kind not in _BESIDE]
    made = _begun(plan, now, case_id, [*kinds[: TASKS_A_CASE - 2], *kinds[-2:]], _STEP)
    made.close(result)
    return made


async def _copied(scratch: Database, made: MadeCase, due: timedelta | None) -> Copied:
    """Writes a case as the worker would, and reads the rows that this made, whatever tables they are in."""
    rows: dict[str, list[Row]] = {}
    async with scratch.session() as session:
        await write_projection(session, "run-1", made.now, made.projection())
        for table in Base.metadata.sorted_tables:
            if "case_id" in table.columns and table.name not in _SHARED:
                query = text(f'SELECT * FROM "{table.name}" WHERE case_id = :id')
                found = (await session.execute(query, {"id": made.case_id})).mappings()
                rows[table.name] = [dict(row) for row in found]
    told = json.dumps(rows, ensure_ascii=False).replace(made.case_id, _CASE)
    return Copied(tuple(_DIFFERS.split(told)), due is not None, due or timedelta())


@cache
def _outcome_text(kind: str) -> str:
    return json.dumps(outcome(declared_form(kind, None)))


def outcome_of(kind: str) -> dict[str, Any]:
    """What somebody may have answered."""
    answered: dict[str, Any] = json.loads(_outcome_text(kind))
    return answered


def written_cases(
    copied: Sequence[Copied], cases: int, now: datetime, chance: random.Random
) -> Iterator[Mapping[str, list[Row]]]:
    """Yields the rows of one case after the other, by table, the oldest first."""
    ended, running = [one for one in copied if not one.is_open], [one for one in copied if one.is_open]
    for number in range(1, cases + 1):
        is_open = chance.random() < _OPEN_SHARE
        one = chance.choice(running if is_open else ended)
        late = 1.09  # of what is open, one of twelve
        before = timedelta(days=20) + _YEARS * (1 - number / cases)
        ago = one.due * chance.uniform(0, late) if is_open else before
        yield _copy(one, number, ago, now, chance)


def _copy(one: Copied, number: int, ago: timedelta, now: datetime, chance: random.Random) -> Mapping[str, list[Row]]:
    shift = timedelta(seconds=int(-ago.total_seconds()))
    customer = chance.randrange(20_000)
    name = f"{_CITIES[customer % 12]} {_TRADES[customer % 11]} {_KINDS[customer % 7]} {customer}"
    serial, model = f"S{customer:05d}-{chance.randrange(3)}", _MODELS[customer % 10]
    phone = f"+86 000 {customer:08d}"
    holder = chance.randrange(3)
    own = {
        _CASE: f"C-{number:010d}", _CUSTOMER: name, _CONTACT: f"Ms {customer % 977}", _PHONE: phone,
        _SERIAL: serial, _MODEL: model, _NUMBER: f"WO-{number:08d}", _TEXT: chance.choice(_SAID),
    }  # fmt: skip
    known = own | {marker.casefold(): value.casefold() for marker, value in own.items()}
    pieces = list(one.pieces)
    for place in range(1, len(pieces), 2):
        found = pieces[place]
        if found not in known:
            known[found] = _person(found[10:], holder) if found.startswith("person-of-") else _moved(found, shift)
        pieces[place] = known[found]
    rows: dict[str, list[Row]] = json.loads("".join(pieces))
    case = CaseState.model_validate_json(rows["case"][0]["state"])
    for row in (*rows["task"], *rows["case_fact"], *rows["used_time"]):
        row["case_opened"] = row["opened"] = microseconds(case.opened_at)
    for fact in rows["case_fact"]:
        fact["serial_key"] = serial_key(serial)
    for task in rows["task"]:
        ended = task["status"] in (TaskStatus.COMPLETED, TaskStatus.OBSOLETE)
        task["rank"] += (shift // timedelta(microseconds=1)) * (-1 if ended else 1)
    for entry in rows["case_entry"]:
        entry |= {"entry_id": first_place(case.opened_at) + number % 1000, "text": words_of_case(case)}
    asked = Customer.model_validate({"name": name, "contact_name": own[_CONTACT], "phone": phone, "region": "浙江"})
    known_customer = customer_values(asked, now + shift)
    made = product_values(
        Product(model=model, serial_number=serial),
        customer_id=known_customer["customer_id"],
        origin=Origin.APPLICATION,
        at=now + shift,
        case_id=own[_CASE],
    )
    place = first_place(now + shift) + number % 1000
    asks = {"entry_id": place, "customer_id": known_customer["customer_id"], "text": words_of_customer(known_customer)}
    text_of_product = words_of_product(made, known_customer)
    is_of = {"entry_id": place, "product_id": made["product_id"], "text": text_of_product}
    return {
        **rows, "customer": [known_customer], "customer_entry": [asks], "product": [made], "product_entry": [is_of]
    }  # fmt: skip


def _moved(instant: str, shift: timedelta) -> str:
    at = datetime.fromisoformat(instant) + shift
    return f"{at:%Y-%m-%d}{instant[10]}{at:%H:%M:%S}"


def readied(table: str, row: Row, *, sqlite: bool) -> tuple[Any, ...]:
    """A row as the driver takes it, in the order of the table's columns."""
    return tuple(_readied(column, row.get(column.name), sqlite) for column in Base.metadata.tables[table].columns)


def _readied(column: Column[Any], value: Any, sqlite: bool) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        return at.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else at
    return bool(value) if isinstance(column.type, Boolean) else value
