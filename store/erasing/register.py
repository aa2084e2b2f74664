"""What an erasure takes out of the register: the customer and the products that no other case speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select, update

from domain.case import CaseState
from domain.record.erased import ERASED
from domain.warranty import model_key, serial_key
from store.registry_rows import Origin, customer_id_of
from store.registry_words import renew_product_words
from store.tables import Base

_T = Base.metadata.tables
_CASE, _CUSTOMER, _PRODUCT, _CHANGE, _CARD, _CONTRACT = (
    _T[name] for name in ("case", "customer", "product", "product_change", "card_entry", "service_contract")
)
_OF_THE_OWNER = ("customer_id", "customer", "installed_at")
_MOST_NAMED = 20


def erase_from_register(
    connection: Connection, state: CaseState, today: date
) -> tuple[list[dict[str, Any]], set[str], set[str]]:
    """Takes out of the register what only this case speaks of; `today` decides whether a contract still runs.

    Returns what stays and why, and the identifiers of customers and the keys of serial numbers that are gone.
    """
    told: list[dict[str, Any]] = []
    gone = {key for key in _serials(connection, state) if _erase_product(connection, state.case_id, key, told)}
    customer = _erase_customer(connection, state, told, today)
    return told, {customer} if customer else set(), gone


def _serials(connection: Connection, state: CaseState) -> set[str]:
    """The serial numbers of the case, as they are compared: its product's, and what was sent in its place."""
    own = (serial_key(one or "") for one in (state.application.product.serial_number, state.serial_found))
    made = connection.execute(select(_PRODUCT.c.serial_key).where(_PRODUCT.c.case_id == state.case_id)).scalars()
    return {key for key in (*own, *made) if key}


def _erase_product(connection: Connection, case_id: str, key: str, told: list[dict[str, Any]]) -> bool:
    """Takes out a registration that came from this case alone; of what the desk registered, its owner."""
    others = select(_CASE.c.case_id).where(_CASE.c.serial_key == key, _CASE.c.case_id != case_id)
    if holding := list(connection.execute(others.order_by(_CASE.c.case_id).limit(_MOST_NAMED)).scalars()):
        told.append({"what": "product", "names": holding})
        return False
    row = connection.execute(select(_PRODUCT).where(_PRODUCT.c.serial_key == key)).mappings().one_or_none()
    if row is None:
        return True
    this = row["product_id"]
    if row["origin"] != Origin.DESK.value:
        for table in (_CARD, _CHANGE, _PRODUCT):
            connection.execute(delete(table).where(table.c.product_id == this))
        return True
    connection.execute(
        update(_PRODUCT).where(_PRODUCT.c.product_id == this).values(customer_id=None, installed_at=None)
    )
    for version, changes in connection.execute(
        select(_CHANGE.c.version, _CHANGE.c.changes).where(_CHANGE.c.product_id == this)
    ).all():
        kept = {name: value for name, value in changes.items() if name not in _OF_THE_OWNER}
        same = (_CHANGE.c.product_id == this, _CHANGE.c.version == version)
        connection.execute(update(_CHANGE).where(*same).values(changes=kept))
    renew_product_words(connection, this)
    told.append({"what": "desk_product", "names": [this]})
    return True


def _erase_customer(connection: Connection, state: CaseState, told: list[dict[str, Any]], today: date) -> str | None:
    """Takes out the customer unless another case or a contract that still runs needs them; returns who went."""
    asked = state.application.customer
    customer_id = customer_id_of(asked.name, asked.region)
    if holding := list(_cases_of(connection, asked.name, asked.region, state.case_id)):
        told.append({"what": "customer", "names": holding[:_MOST_NAMED]})
        return None
    mine = _CONTRACT.c.customer_id == customer_id
    running = select(_CONTRACT.c.contract_id).where(mine, _CONTRACT.c.valid_to >= today)
    if contracts := list(connection.execute(running.order_by(_CONTRACT.c.contract_id)).scalars()):
        told.append({"what": "contract", "names": contracts[:_MOST_NAMED]})
        return None
    connection.execute(delete(_CONTRACT).where(mine))
    owned = list(
        connection.execute(select(_PRODUCT.c.product_id).where(_PRODUCT.c.customer_id == customer_id)).scalars()
    )
    for product_id in owned:
        free = update(_PRODUCT).where(_PRODUCT.c.product_id == product_id)
        connection.execute(free.values(customer_id=None, installed_at=None))
        renew_product_words(connection, product_id)
    connection.execute(delete(_CUSTOMER).where(_CUSTOMER.c.customer_id == customer_id))
    return customer_id


def _cases_of(connection: Connection, name: str, region: str | None, without: str) -> Iterator[str]:
    """The other cases of a customer that are not erased: the same name in the same region is the same customer."""
    wanted = model_key(name), model_key(region or "")
    query = select(_CASE.c.case_id, _CASE.c.customer_name, _CASE.c.region).order_by(_CASE.c.case_id)
    for row in connection.execute(query.where(_CASE.c.case_id != without, _CASE.c.customer_name != ERASED)):
        if (model_key(row.customer_name), model_key(row.region or "")) == wanted:
            yield row.case_id
