"""Customers and products come into the registry with the words they are found by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, select

from store.case_words import all_ends, digits_of, plain
from store.entries import write_words
from store.statements import insert_for
from store.tables import Base
from store.words import index_words

_CUSTOMER, _PRODUCT = (Base.metadata.tables[name] for name in ("customer", "product"))


def add_customer(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Registers a customer with these columns; False for one who is known, and stays as they are."""
    if connection.execute(_added(connection.dialect.name, "customer"), values).scalar() is None:
        return False
    write_words(connection, "customer", values["customer_id"], values["created_at"], words_of_customer(values))
    return True


def add_product(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Registers a product with these columns; False for one that is known, and stays as it is."""
    if connection.execute(_added(connection.dialect.name, "product"), values).scalar() is None:
        return False
    _write_product(connection, values)
    return True


def renew_product_words(connection: Connection, product_id: str) -> None:
    """Has a product found by what its registration says now."""
    row = connection.execute(select(_PRODUCT).where(_PRODUCT.c.product_id == product_id)).mappings().one()
    _write_product(connection, dict(row))


def _write_product(connection: Connection, product: Mapping[str, Any]) -> None:
    known = select(_CUSTOMER).where(_CUSTOMER.c.customer_id == product["customer_id"])
    customer = connection.execute(known).mappings().one_or_none() if product["customer_id"] else None
    words = words_of_product(product, dict(customer) if customer else None)
    write_words(connection, "product", product["product_id"], product["created_at"], words)


def words_of_customer(customer: Mapping[str, Any]) -> str:
    """Returns the words that a customer is found by: the name, the person, the mail address, the region, the phone."""
    told = (customer[name] for name in ("name", "contact_name", "email", "region"))
    return _together(index_words(*told), all_ends(digits_of(customer["phone"] or "")))


def words_of_product(product: Mapping[str, Any], customer: Mapping[str, Any] | None) -> str:
    """Returns the words that a product is found by: its serial number and any end of it, its model, its customer."""
    told = (product[name] for name in ("serial_number", "model", "specification"))
    own = _together(index_words(*told), all_ends(plain(product["serial_number"])))
    return _together(own, words_of_customer(customer).split()) if customer else own


def _together(words: str, more: list[str]) -> str:
    return " ".join(dict.fromkeys([*words.split(), *more]))


@cache
def _added(dialect: str, name: str) -> Executable:
    table = Base.metadata.tables[name]
    return insert_for(dialect, table).on_conflict_do_nothing().returning(table.c[f"{name}_id"])
