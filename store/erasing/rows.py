"""Taking everything personal of one case out of the rows of the database, in one transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Table, delete, func, insert, select, update

from domain.case import CaseState, TaskState
from domain.events import Actor
from domain.record.erased import ERASED, ERASED_DATA, erased_actor, erased_case, erased_task
from domain.warranty import serial_key
from store.audits import erase_findings
from store.erasing.register import erase_from_register
from store.tables import Base

_T = Base.metadata.tables
_CASE, _TASK, _EVENT, _FACT, _PART = (_T[name] for name in ("case", "task", "event", "case_fact", "case_part"))
_FILE = re.compile(r"F-[0-9A-Z]{10,40}")
_ACCESS_GONE = "erased"
_LOOKED_AT_BY_NAME = ("customer", "product", "file", "document")


def erase_rows(connection: Connection, case_id: str, *, now: datetime) -> tuple[list[dict[str, Any]], list[str]]:
    """Erases the rows of a case; returns what else names its customer and stays, and the files that it named.

    `now` is virtual UTC. Raises sqlalchemy.exc.NoResultFound when there is no such case.
    """
    row = connection.execute(select(_CASE).where(_CASE.c.case_id == case_id).with_for_update()).mappings().one()
    state = CaseState.model_validate(row["state"])
    tasks = connection.execute(select(_TASK).where(_TASK.c.case_id == case_id)).mappings().all()
    files = _files(connection, case_id, row["state"], tasks)
    told, customers, products = erase_from_register(connection, state, now.date())
    told += _named_elsewhere(connection, case_id)
    _erase_looks(connection, customers, products, files, state)
    region = _erase_case(connection, state, _Shared(connection, case_id, row["customer_name"]))
    for task in tasks:
        kept = erased_task(TaskState.model_validate(task["state"])).model_dump(mode="json")
        this = update(_TASK).where(_TASK.c.task_id == task["task_id"])
        connection.execute(this.values(state=kept, region=region))
    _erase_events(connection, case_id)
    erase_findings(connection, case_id)
    for name in ("document", "shipment", "later_document", "notice", "case_entry"):
        connection.execute(delete(_T[name]).where(_T[name].c.case_id == case_id))
    for name in ("draft", "submission"):
        connection.execute(delete(_T[name]).where(_T[name].c.task_id.startswith(f"{case_id}.", autoescape=True)))
    held = _T["held_request"]
    connection.execute(update(held).where(held.c.case_id == case_id).values(request=None, reasons=[]))
    _end_link(connection, case_id, now)
    return told, sorted(files)


class _Shared:
    """Tells what a case may go on to be counted by: what cases of other customers say as well tells of nobody."""

    def __init__(self, connection: Connection, case_id: str, customer: str) -> None:
        self._connection, self._case_id, self._customer = connection, case_id, customer

    def value(self, column: Column[Any], value: str | None) -> str | None:
        """Returns the value of a column where a case of somebody else has the same; else None."""
        if value in (None, "", ERASED):
            return None
        query = select(_CASE.c.case_id).where(column == value, _CASE.c.customer_name.not_in((self._customer, ERASED)))
        if column.table is not _CASE:
            query = query.join(column.table, column.table.c.case_id == _CASE.c.case_id)
        return value if self._connection.execute(query.limit(1)).scalar() is not None else None


def _erase_case(connection: Connection, state: CaseState, shared: _Shared) -> str | None:
    """Erases the case and what statistics have of it; returns the region that stays."""
    case_id = state.case_id
    model = shared.value(_CASE.c.model, state.application.product.model)
    region = shared.value(_CASE.c.region, state.application.customer.region)
    kept = erased_case(state, model=model, region=region)
    columns = {"model": model or ERASED, "region": region, "serial_key": None}
    person = {"customer_name": ERASED, "contact_name": None, "phone": None, "serial_number": None}
    new = {**columns, **person, "state": kept.model_dump(mode="json")}
    connection.execute(update(_CASE).where(_CASE.c.case_id == case_id).values(new))
    fact = connection.execute(select(_FACT).where(_FACT.c.case_id == case_id)).mappings().one_or_none()
    if fact is not None:
        said = {name: shared.value(_FACT.c[name], fact[name]) for name in ("cause", "responsibility")}
        connection.execute(update(_FACT).where(_FACT.c.case_id == case_id).values(columns | said))
    parts = connection.execute(select(_PART.c.part).where(_PART.c.case_id == case_id)).scalars().all()
    for part in parts:
        if shared.value(_PART.c.part, part) is None:
            connection.execute(delete(_PART).where(_PART.c.case_id == case_id, _PART.c.part == part))
    return region


def _erase_events(connection: Connection, case_id: str) -> None:
    query = select(_EVENT.c.no, _EVENT.c.actor).where(_EVENT.c.case_id == case_id)
    for no, actor in connection.execute(query).all():
        kept = erased_actor(Actor.model_validate(actor)).model_dump(mode="json")
        this = (_EVENT.c.case_id == case_id, _EVENT.c.no == no)
        connection.execute(update(_EVENT).where(*this).values(actor=kept, data=ERASED_DATA))


def _files(connection: Connection, case_id: str, state: Mapping[str, Any], tasks: Iterable[RowMapping]) -> set[str]:
    """The identifiers of every file that a row of the case names."""
    told: list[Any] = [state, *(task["state"] for task in tasks)]
    told += connection.execute(select(_EVENT.c.data).where(_EVENT.c.case_id == case_id)).scalars()
    for name, column in (("document", "file"), ("later_document", "file"), ("held_request", "request")):
        told += connection.execute(select(_T[name].c[column]).where(_T[name].c.case_id == case_id)).scalars()
    drafts = _T["draft"]
    mine = drafts.c.task_id.startswith(f"{case_id}.", autoescape=True)
    told += connection.execute(select(drafts.c.entered).where(mine)).scalars()
    return set(_FILE.findall(json.dumps(told)))


def _named_elsewhere(connection: Connection, case_id: str) -> list[dict[str, Any]]:
    """Takes away drafts of articles that were made of the case; tells of published ones, and of actions."""
    article, told = _T["article"], []
    made = select(article.c.article_id, article.c.published).where(article.c.source == f"case:{case_id}")
    for article_id, published in connection.execute(made).all():
        if published is not None:
            told.append({"what": "article", "names": [article_id]})
            continue
        version, entry = _T["article_version"], _T["article_entry"]
        connection.execute(delete(entry).where(entry.c.article_id == article_id))
        connection.execute(delete(version).where(version.c.article_id == article_id))
        connection.execute(delete(article).where(article.c.article_id == article_id))
    action = _T["action"]
    named = [
        action_id
        for action_id, state in connection.execute(select(action.c.action_id, action.c.state)).all()
        if case_id in json.dumps(state)
    ]
    return [*told, {"what": "actions", "names": sorted(named)}] if named else told


def _erase_looks(
    connection: Connection, customers: set[str], products: set[str], files: set[str], state: CaseState
) -> None:
    """Keeps who looked and when, and takes away the names of what they looked at: serial numbers, customers, files."""
    access = _T["access"]
    gone = {*customers, *files, *(document.document_id for document in state.documents)}
    query = select(access.c.no, access.c.kind, access.c.subject).where(access.c.kind.in_(_LOOKED_AT_BY_NAME))
    for no, kind, subject in connection.execute(query).all():
        if subject in gone or (kind == "product" and serial_key(subject) in products):
            connection.execute(update(access).where(access.c.no == no).values(subject=f"{_ACCESS_GONE}-{no}"))


def _end_link(connection: Connection, case_id: str, now: datetime) -> None:
    """Ends the customer's tracking link with a version of its own."""
    link: Table = _T["tracking_link"]
    newest = select(link).where(link.c.case_id == case_id).order_by(link.c.version.desc()).limit(1)
    last = connection.execute(newest).mappings().one_or_none()
    if last is None or not last["revoked"]:
        version = (last["version"] if last else 0) + 1
        row = {"case_id": case_id, "version": version, "revoked": True, "by": "system", "at": now}
        connection.execute(insert(link).values(row))


def shrink_words(connection: Connection) -> None:
    """Has the full-text search forget the words of rows that are gone; until then it only marks them as gone."""
    if connection.dialect.name == "sqlite":
        for words in ("case_words", "customer_words", "product_words", "article_words"):
            connection.exec_driver_sql(f"INSERT INTO {words} ({words}) VALUES ('optimize')")  # noqa: S608 - ours


def counts(connection: Connection, case_id: str) -> tuple[int, str]:
    """Returns how many entries the record of a case has and the hash of the last one."""
    query = select(_EVENT.c.no, _EVENT.c.hash).where(_EVENT.c.case_id == case_id).order_by(_EVENT.c.no.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    number = connection.execute(select(func.count()).select_from(_EVENT).where(_EVENT.c.case_id == case_id)).scalar()
    return int(number or 0), row.hash if row else ""


__all__ = ["counts", "erase_rows", "shrink_words"]
