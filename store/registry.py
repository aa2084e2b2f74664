"""Writing the registry by hand: products, warranty terms, service contracts, repairs before our time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Customer, Product
from domain.warranty import WarrantyTerms, model_key, serial_key
from store.registry_rows import Origin, contract_id_of, customer_values, product_values
from store.registry_words import add_customer, add_product, renew_product_words
from store.statements import insert_into
from store.tables import CardEntryRow, ProductChangeRow, ProductRow, ServiceContractRow, WarrantyTermsRow


class RegistryUnknown(LookupError):
    """There is no such product, customer or contract."""


class ChangedMeanwhile(ValueError):
    """Somebody else changed the registration since it was read."""


class Taken(ValueError):
    """The serial number or contract number is registered already; `by` is the identifier of what has it."""

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(by)


@dataclass(frozen=True)
class Registration:
    """A product as the desk registers it. `replaces` is the identifier of the product in whose place it was sent."""

    product: Product
    customer_id: str | None = None
    installed_at: str | None = None
    plan: str | None = None
    replaces: str | None = None


@dataclass(frozen=True)
class NewContract:
    """A service contract; no serial numbers stand for all products of the customer. Days are inclusive."""

    number: str
    customer_id: str
    serial_numbers: tuple[str, ...]
    valid_from: date
    valid_to: date
    signed_file: str | None
    note: str | None


@dataclass(frozen=True)
class ManualEntry:
    """A repair before our time, as somebody copies it from a paper card; `minutes` is how long it took."""

    entry_id: str
    product_id: str
    repaired_on: date
    work: str
    parts: str | None = None
    minutes: int | None = None
    done_by: str | None = None
    corrects: str | None = None


async def keep_customer(session: AsyncSession, customer: Customer, at: datetime) -> str:
    """Returns the identifier of a customer, who is registered if new; one who is known stays as they are."""
    values = customer_values(customer, at)
    await (await session.connection()).run_sync(add_customer, values)
    return str(values["customer_id"])


async def register_product(session: AsyncSession, registration: Registration, *, by: str, at: datetime) -> str:
    """Registers a product, verified by whoever does, and returns its identifier. Raises Taken."""
    values = product_values(
        registration.product,
        customer_id=registration.customer_id,
        origin=Origin.DESK,
        at=at,
        plan=registration.plan,
        installed_at=registration.installed_at,
        replaces=registration.replaces,
    )
    values |= {"verified_by": by, "verified_at": at}
    if not await (await session.connection()).run_sync(add_product, values):
        raise Taken(str(values["product_id"]))
    return str(values["product_id"])


async def change_product(
    session: AsyncSession,
    product_id: str,
    changes: Mapping[str, Any],
    *,
    verified: bool | None,
    by: str,
    at: datetime,
    version: int | None = None,
) -> bool:
    """Changes a registration and keeps what it was; `verified` says that somebody checked it (None: as before).

    Returns False when nothing is different. Raises RegistryUnknown, and ChangedMeanwhile when it is not in the
    `version` that the change was meant for.
    """
    row = await session.get(ProductRow, product_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise RegistryUnknown(product_id)
    if version is not None and version != row.version:
        raise ChangedMeanwhile(product_id)
    made = {name: (getattr(row, name), value) for name, value in changes.items() if getattr(row, name) != value}
    was_verified = row.verified_by is not None
    if verified is not None and verified != was_verified:
        made["verified"] = (was_verified, verified)
    if not made:
        return False
    for name, (_, value) in made.items():
        if name != "verified":
            setattr(row, name, value)
    if verified is not None:
        row.verified_by, row.verified_at = (by, at) if verified else (None, None)
    row.version += 1
    written = {name: [_plain(before), _plain(after)] for name, (before, after) in made.items()}
    session.add(ProductChangeRow(product_id=product_id, version=row.version, at=at, by=by, changes=written))
    await session.flush()
    await (await session.connection()).run_sync(renew_product_words, product_id)
    return True


async def set_terms(session: AsyncSession, model: str, terms: WarrantyTerms, *, by: str, at: datetime) -> None:
    """Sets the warranty terms of a model; what is judged from now on is judged by them."""
    values = {"model": model, "terms": terms.model_dump(mode="json"), "by": by, "at": at}
    new = insert_into(session, WarrantyTermsRow).values(model_key=model_key(model), **values)
    await session.execute(new.on_conflict_do_update(index_elements=[WarrantyTermsRow.model_key], set_=values))


async def add_contract(session: AsyncSession, contract: NewContract, *, by: str, at: datetime) -> str:
    """Registers a service contract and returns its identifier. Raises Taken."""
    contract_id = contract_id_of(contract.number)
    values = {
        "contract_id": contract_id,
        "number_key": serial_key(contract.number),
        "number": contract.number,
        "customer_id": contract.customer_id,
        "serial_numbers": list(contract.serial_numbers),
        "valid_from": contract.valid_from,
        "valid_to": contract.valid_to,
        "signed_file": contract.signed_file,
        "note": contract.note,
        "created_by": by,
        "created_at": at,
    }
    new = insert_into(session, ServiceContractRow).values(values).on_conflict_do_nothing()
    if (await session.execute(new.returning(ServiceContractRow.contract_id))).scalar() is None:
        raise Taken(contract_id)
    return contract_id


async def file_signed_contract(session: AsyncSession, contract_id: str, signed_file: str) -> bool:
    """Puts the signed paper of a contract on file; False when another one is there. Raises RegistryUnknown."""
    row = await session.get(ServiceContractRow, contract_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise RegistryUnknown(contract_id)
    if row.signed_file not in (None, signed_file):
        return False
    filed = update(ServiceContractRow).where(ServiceContractRow.contract_id == contract_id)
    await session.execute(filed.values(signed_file=signed_file), execution_options={"synchronize_session": False})
    return True


async def add_card_entry(session: AsyncSession, entry: ManualEntry, *, by: str, at: datetime) -> None:
    """Enters a repair before our time on a warranty card; an entry of this identifier stays as it is."""
    values = {**vars(entry), "entered_by": by, "entered_at": at}
    await session.execute(insert_into(session, CardEntryRow).values(values).on_conflict_do_nothing())


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
