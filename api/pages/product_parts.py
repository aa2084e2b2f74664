"""Pieces of a product's page, and of the card about the product on the pages of its cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from api.known_products import CaseProduct, Judged
from api.pages import words
from api.pages.times import day_and_time
from domain.plan import Plan
from domain.warranty import Cover
from domain.warranty.card import CardEntry
from store.queries.registry import ProductChange, RegisteredContract, RegisteredProduct
from store.registry_rows import Origin

_TONES = {Cover.IN: "fine", Cover.CONTRACT: "fine", Cover.OUT: "late", Cover.UNKNOWN: "soon"}
_ORIGINS = {
    Origin.DESK: "by the desk",
    Origin.APPLICATION: "from a request, as the customer gave it",
    Origin.REPLACEMENT: "as a replacement that was sent",
}
_FIELDS = {
    "purchase_date": "Purchase date",
    "delivery_date": "Delivery date",
    "model": "Model",
    "customer": "Customer",
    "customer_id": "Customer",
}


@dataclass(frozen=True)
class WarrantyView:
    """What covers a product, in words."""

    title: str
    tone: str
    until: str
    why: str
    rule: str
    notes: tuple[str, ...]
    conditions: tuple[str, ...]
    voids: tuple[str, ...]


@dataclass(frozen=True)
class KnownView:
    """What is known of the product of a case."""

    warranty: WarrantyView
    on: str
    href: str
    verified: bool
    earlier: int
    differences: tuple[str, ...]


@dataclass(frozen=True)
class EntryView:
    """One repair on the card."""

    day: str
    work: tuple[str, ...]
    about: str
    href: str
    number: str
    manual: bool


@dataclass(frozen=True)
class ContractView:
    """A service contract."""

    number: str
    days: str
    covers: str
    href: str


def warranty_view(judged: Judged) -> WarrantyView:
    """A judgement in words."""
    status, terms = judged.status, judged.terms
    return WarrantyView(
        title=status.cover.title_text,
        tone=_TONES[status.cover],
        until=status.until.isoformat() if status.until else "",
        why=_sentence(status.why),
        rule=_sentence(status.rule),
        notes=tuple(map(_sentence, status.notes)),
        conditions=terms.conditions if terms else (),
        voids=terms.voids if terms else (),
    )


def known_view(known: CaseProduct) -> KnownView:
    """What is known of the product of a case, in words."""
    product = known.product
    return KnownView(
        warranty=warranty_view(known.judged),
        on=known.judged.on.isoformat(),
        href=f"/products/{product.product_id}" if product else "",
        verified=product is not None and product.verified_by is not None,
        earlier=known.earlier_repairs,
        differences=tuple(
            f"{_FIELDS[one.field]}: the request says {one.requested}, "
            f"{f'the registration {one.registered}' if one.registered else 'the registration nothing'}."
            for one in known.differences
        ),
    )


def facts_view(
    product: RegisteredProduct, replaced: RegisteredProduct | None, plan: Plan | None, zone: str, now: datetime
) -> tuple[tuple[str, str], ...]:
    """The registration by name; only what is known."""
    customer = product.customer.customer if product.customer else None
    checked = ""
    if product.verified_by and product.verified_at:
        checked = f"by {product.verified_by}, {day_and_time(product.verified_at, zone, now)}"
    found = (
        ("Serial number", product.serial_number),
        ("Model", product.model),
        ("Specification", product.specification),
        ("Customer", customer.name if customer else None),
        ("Region", customer.region if customer else None),
        ("Contact", customer.contact_name if customer else None),
        ("Phone", customer.phone if customer else None),
        ("Bought", _day(product.purchase_date)),
        ("Delivered", _day(product.delivery_date)),
        ("Installed at", product.installed_at),
        ("Procedure", plan.title if plan else product.plan),
        ("Replaces", replaced.serial_number if replaced else None),
        ("Registered", f"{_ORIGINS[product.origin]}, {day_and_time(product.created_at, zone, now)}"),
        ("Verified", checked or "not yet"),
    )
    return tuple((name, text) for name, text in found if text)


def entries_view(card: Iterable[CardEntry]) -> list[EntryView]:
    """The card in words."""
    found = []
    for one in card:
        about = [
            f"parts: {', '.join(one.parts)}" if one.parts else "",
            f"{one.hours.normalize():f} h" if one.hours is not None else "",
            one.done_by or "",
            "still open" if one.open else words.spoken(one.result or ""),
            f"entered by hand by {one.entered_by}, before our records" if one.manual else "",
            "corrects an earlier entry" if one.corrects else "",
        ]
        found.append(
            EntryView(
                day=one.repaired_on.isoformat(),
                work=one.work,
                about=" · ".join(part for part in about if part),
                href=f"/cases/{one.case_id}" if one.case_id else "",
                number=one.work_order or one.case_id or "",
                manual=one.manual,
            )
        )
    return found


def contracts_view(contracts: Iterable[RegisteredContract]) -> list[ContractView]:
    """Service contracts in words."""
    return [
        ContractView(
            number=one.number,
            days=f"{one.valid_from} to {one.valid_to}",
            covers=", ".join(one.serial_numbers) or "all products of the customer",
            href=f"/api/v1/attachments/{one.signed_file}" if one.signed_file else "",
        )
        for one in contracts
    ]


def changes_view(changes: Iterable[ProductChange]) -> list[tuple[datetime, str, str]]:
    """When, by whom, and what changed in a registration."""
    return [
        (
            one.at,
            one.by,
            "; ".join(
                f"{_FIELDS.get(name, words.spoken(name).capitalize())}: {_value(before)} → {_value(after)}"
                for name, before, after in one.changes
            ),
        )
        for one in changes
    ]


def _value(value: object) -> str:
    if value is None:
        return "nothing"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".!?" else f"{text}."
