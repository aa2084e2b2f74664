"""What a case tells the registry: who asked, for which product, and what was sent in its place.

Written with the projection of the case, so that it is as durable as the case itself, comes from whatever opened it,
and is there again after a rebuild. What is registered already stays as it is: the desk's word counts, a request only
fills what nobody knew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, insert, select, update

from domain.case import CaseState, Product, TaskState, TaskStatus
from domain.warranty import serial_key
from store.registry_rows import Origin, contract_id_of, customer_values, product_id_of, product_values
from store.registry_words import add_customer, add_product, renew_product_words
from store.statements import insert_for
from store.tables import Base

_REPLACEMENTS = frozenset({"send_replacement"})
"""Tasks whose outcome names, by `item` and `serial_number`, what was sent in place of the customer's product."""
_VERIFICATIONS = frozenset({"verify_product"})
"""Tasks whose outcome, when the `result` is `verified`, says what somebody of ours checked of a product (W1)."""
_CONTRACTS = frozenset({"sign_contract"})
"""Tasks whose outcome, when the `decision` is `signed`, is a service contract with its `number` and days."""


def register_request(connection: Connection, case: CaseState) -> None:
    """Registers the customer and, by its serial number, the product of a case."""
    customer = customer_values(case.application.customer, case.opened_at)
    add_customer(connection, customer)
    if serial_key(case.application.product.serial_number or ""):
        product = product_values(
            case.application.product,
            customer_id=customer["customer_id"],
            origin=Origin.APPLICATION,
            at=case.opened_at,
            plan=case.plan,
            case_id=case.case_id,
        )
        add_product(connection, product)


def register_found(connection: Connection, case: CaseState) -> None:
    """Registers the product of a case by the serial number that was read from it, so that its card is found (M7)."""
    if serial_key(case.serial_found or ""):
        product = case.application.product.model_copy(update={"serial_number": case.serial_found})
        read = case.application.model_copy(update={"product": product})
        register_request(connection, case.model_copy(update={"application": read}))


def register_replacements(connection: Connection, case: CaseState, tasks: Iterable[TaskState]) -> None:
    """Registers what was sent in place of the product of a case.

    Its delivery stays open: that it was sent says nothing of its arrival.
    """
    for task in tasks:
        sent = task.outcome if task.kind in _REPLACEMENTS and task.status is TaskStatus.COMPLETED else None
        serial_number = _one_line(sent.get("serial_number")) if sent else ""
        replaced = case.application.product.serial_number
        if not sent or serial_key(serial_number) in ("", serial_key(replaced or "")):
            continue
        register_request(connection, case)
        values = product_values(
            Product(model=str(sent.get("item") or case.application.product.model), serial_number=serial_number),
            customer_id=customer_values(case.application.customer, case.opened_at)["customer_id"],
            origin=Origin.REPLACEMENT,
            at=task.ended_at or case.opened_at,
            plan=case.plan,
            case_id=case.case_id,
            replaces=product_id_of(replaced) if replaced else None,
        )
        add_product(connection, values)


def register_verified(connection: Connection, case: CaseState, tasks: Iterable[TaskState]) -> None:
    """Enters in the register what was verified of a product (W1), unless somebody verified it before."""
    for task in tasks:
        told = task.outcome if task.kind in _VERIFICATIONS and task.status is TaskStatus.COMPLETED else None
        if not told or told.get("result") != "verified" or task.done is None:
            continue
        serial_number = _one_line(told.get("serial_number") or case.application.product.serial_number)
        if not serial_key(serial_number):
            continue
        register_request(connection, case)
        checked = Product(
            model=str(told["model"]),
            serial_number=serial_number,
            specification=told.get("specification"),
            delivery_date=date.fromisoformat(str(told["delivery_date"])),
        )
        values = product_values(
            checked,
            customer_id=customer_values(case.application.customer, case.opened_at)["customer_id"],
            origin=Origin.APPLICATION,
            at=case.opened_at,
            plan=case.plan,
            case_id=case.case_id,
        )
        add_product(connection, values)
        _verify(connection, values, by=task.done.by.user, at=task.done.happened_at)


def _verify(connection: Connection, values: Mapping[str, Any], *, by: str, at: datetime) -> None:
    """Changes a registration that nobody verified yet to what was checked, and keeps what it was."""
    product, changes = Base.metadata.tables["product"], Base.metadata.tables["product_change"]
    known = select(product).where(product.c.product_id == values["product_id"], product.c.verified_by.is_(None))
    row = connection.execute(known.with_for_update()).mappings().one_or_none()
    if row is None:
        return
    told = {name: values[name] for name in ("model", "specification", "delivery_date")}
    made = {
        name: [str(was) if was else None, str(value)] for name, value in told.items() if (was := row[name]) != value
    }
    version = row["version"] + 1
    new = {**told, "verified_by": by, "verified_at": at, "version": version}
    connection.execute(update(product).where(product.c.product_id == row["product_id"]).values(**new))
    renew_product_words(connection, row["product_id"])
    kept = {"product_id": row["product_id"], "version": version, "at": at, "by": by}
    connection.execute(insert(changes).values(**kept, changes={**made, "verified": [False, True]}))


def _one_line(typed: object) -> str:
    """A serial number as a registration holds it: one line, 100 characters at most."""
    return " ".join(str(typed or "").split())[:100].strip()


def register_contracts(connection: Connection, case: CaseState, tasks: Iterable[TaskState]) -> None:
    """Registers the service contracts that were signed in a case (Q6), for its product or else all of the customer's.

    A number that is registered already stays as it is.
    """
    for task in tasks:
        signed = task.outcome if task.kind in _CONTRACTS and task.status is TaskStatus.COMPLETED else None
        if not signed or signed.get("decision") != "signed" or not serial_key(str(signed.get("number") or "")):
            continue
        register_request(connection, case)
        number, serial_number = str(signed["number"]), case.application.product.serial_number
        values = {
            "contract_id": contract_id_of(number),
            "number_key": serial_key(number),
            "number": number,
            "customer_id": customer_values(case.application.customer, case.opened_at)["customer_id"],
            "serial_numbers": [serial_number] if serial_number else [],
            "valid_from": date.fromisoformat(str(signed["valid_from"])),
            "valid_to": date.fromisoformat(str(signed["valid_to"])),
            "signed_file": next(iter(signed.get("attachments") or ()), None),
            "note": None,
            "created_by": task.done.by.user if task.done else case.opened_by.user,
            "created_at": task.ended_at or case.opened_at,
        }
        connection.execute(_insert_contract(connection.dialect.name), values)


@cache
def _insert_contract(dialect: str) -> Executable:
    return insert_for(dialect, Base.metadata.tables["service_contract"]).on_conflict_do_nothing()
