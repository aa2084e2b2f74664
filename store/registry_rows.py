"""Customers and products as rows, and the identifiers that follow from what they are known by."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.case import Customer, Product
from domain.warranty import model_key, serial_key

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = 12


class Origin(StrEnum):
    """Who registered a product."""

    DESK = "desk"
    APPLICATION = "application"
    REPLACEMENT = "replacement"


def customer_id_of(name: str, region: str | None) -> str:
    """Returns the identifier of a customer: the same name in the same region is the same customer."""
    return f"K-{_letters('customer', model_key(name), model_key(region or ''))}"


def product_id_of(serial_number: str) -> str:
    """Returns the identifier of the product with this serial number."""
    return f"P-{_letters('product', serial_key(serial_number))}"


def contract_id_of(number: str) -> str:
    """Returns the identifier of the service contract with this number."""
    return f"S-{_letters('contract', serial_key(number))}"


def customer_values(customer: Customer, at: datetime) -> dict[str, Any]:
    """Returns the columns of a customer who is known since `at`."""
    return {
        "customer_id": customer_id_of(customer.name, customer.region),
        "name": customer.name,
        "contact_name": customer.contact_name,
        "phone": customer.phone,
        "email": customer.email,
        "region": customer.region,
        "address": customer.address,
        "language": customer.language,
        "created_at": at,
    }


def product_values(
    product: Product,
    *,
    customer_id: str | None,
    origin: Origin,
    at: datetime,
    plan: str | None = None,
    case_id: str | None = None,
    installed_at: str | None = None,
    replaces: str | None = None,
) -> dict[str, Any]:
    """Returns the columns of a registration made at `at`; the product has a serial number."""
    serial_number = product.serial_number or ""
    return {
        "product_id": product_id_of(serial_number),
        "serial_key": serial_key(serial_number),
        "serial_number": serial_number,
        "model": product.model,
        "specification": product.specification,
        "customer_id": customer_id,
        "purchase_date": product.purchase_date,
        "delivery_date": product.delivery_date,
        "installed_at": installed_at,
        "plan": plan,
        "origin": origin.value,
        "case_id": case_id,
        "replaces": replaces,
        "verified_by": None,
        "verified_at": None,
        "created_at": at,
        "version": 1,
    }


def _letters(*parts: str) -> str:
    number = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8], "big")
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(_LETTERS))
