"""Pieces of a product's page, and of the card about the product on the pages of its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from api.known_products import CaseProduct, Judged
from api.pages import words
from api.pages.languages import _, lazy, say
from api.pages.sentences import sentence
from api.pages.times import date_words, day_and_time
from domain.case import CaseState, TaskState
from domain.plan import Plan
from domain.tasks import TASKS
from domain.tasks.feedback import WarrantyPeriod
from domain.warranty import Cover
from domain.warranty.card import CardEntry
from store.queries.registry import ProductChange, RegisteredContract, RegisteredProduct
from store.registry_rows import Origin

_TONES = {Cover.IN: "fine", Cover.CONTRACT: "fine", Cover.OUT: "late", Cover.UNKNOWN: "soon"}
_PERIODS = {
    WarrantyPeriod.WITHIN: Cover.IN,
    WarrantyPeriod.CONTRACT: Cover.CONTRACT,
    WarrantyPeriod.BEYOND: Cover.OUT,
}
_ORIGINS = {
    Origin.DESK: lazy("by the desk"),
    Origin.APPLICATION: lazy("from a request, as the customer gave it"),
    Origin.REPLACEMENT: lazy("as a replacement that was sent"),
}
_FIELDS = {
    "purchase_date": lazy("Purchase date"),
    "delivery_date": lazy("Delivery date"),
    "model": lazy("Model"),
    "customer": lazy("Customer"),
    "customer_id": lazy("Customer"),
}


@dataclass(frozen=True)
class EnteredView:
    """Whether a product is covered, as somebody who looked at it entered it."""

    title: str
    tone: str
    by: str


@dataclass(frozen=True)
class WarrantyView:
    """What covers a product, in words; `known` is False where the dates do not tell."""

    known: bool
    title: str
    tone: str
    until: str
    why: str
    rule: str
    notes: tuple[str, ...]
    conditions: tuple[str, ...]
    voids: tuple[str, ...]
    entered: EnteredView | None = None
    """What somebody found in the case itself: it decides who pays, the dates do not."""


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
    known = status.cover is not Cover.UNKNOWN
    return WarrantyView(
        known=known,
        title=say(status.cover.title_text) if known else _("Warranty not known"),
        tone=_TONES[status.cover],
        until=date_words(status.until) if status.until else "",
        why=sentence(say(status.why)),
        rule=sentence(say(status.rule)),
        notes=tuple(sentence(say(note)) for note in status.notes),
        conditions=terms.conditions if terms else (),
        voids=terms.voids if terms else (),
    )


def entered_view(case: CaseState, tasks: Iterable[TaskState], plan: Plan | None, now: datetime) -> EnteredView | None:
    """The latest answer of our people on whether the product is covered; None while nobody gave one."""
    told = [
        (one.done, cover)
        for one in tasks
        if one.done is not None and TASKS[one.kind].speaks_for is None and (cover := _cover(one.outcome or {}))
    ]
    if not told:
        return None
    done, cover = max(told, key=lambda pair: pair[0].entered_at)
    when = day_and_time(done.entered_at, case.time_zone, now)
    return EnteredView(
        title=say(cover.title_text),
        tone=_TONES[cover],
        by=_("Entered by %(who)s, %(when)s.", who=words.who(done.by, plan), when=when),
    )


def _cover(outcome: Mapping[str, Any]) -> Cover | None:
    if (period := outcome.get("period")) in _PERIODS:
        return _PERIODS[period]
    answer = outcome.get("warranty")
    return Cover(answer) if answer in set(Cover) - {Cover.UNKNOWN} else None


def known_view(known: CaseProduct, entered: EnteredView | None = None) -> KnownView:
    """What is known of the product of a case, in words."""
    product = known.product
    return KnownView(
        warranty=replace(warranty_view(known.judged), entered=entered),
        on=date_words(known.judged.on),
        href=f"/products/{product.product_id}" if product else "",
        verified=product is not None and product.verified_by is not None,
        earlier=known.earlier_repairs,
        differences=tuple(
            _(
                "%(field)s: the request says %(requested)s, the registration %(registered)s.",
                field=_FIELDS[one.field],
                requested=one.requested,
                registered=one.registered or _("nothing"),
            )
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
        checked = _(
            "by %(name)s, %(time)s",
            name=product.verified_by,
            time=day_and_time(product.verified_at, zone, now),
        )
    found = (
        (_("Serial number"), product.serial_number),
        (_("Model"), product.model),
        (_("Specification"), product.specification),
        (_("Customer"), customer.name if customer else None),
        (_("Region"), customer.region if customer else None),
        (_("Contact"), customer.contact_name if customer else None),
        (_("Phone"), customer.phone if customer else None),
        (_("Bought"), _day(product.purchase_date)),
        (_("Delivered"), _day(product.delivery_date)),
        (_("Installed at"), product.installed_at),
        (_("Procedure"), say(plan.title) if plan else product.plan),
        (_("Replaces"), replaced.serial_number if replaced else None),
        (_("Registered"), f"{_ORIGINS[product.origin]}, {day_and_time(product.created_at, zone, now)}"),
        (_("Verified"), checked or _("not yet")),
    )
    return tuple((name, text) for name, text in found if text)


def entries_view(card: Iterable[CardEntry]) -> list[EntryView]:
    """The card in words."""
    found = []
    for one in card:
        about = [
            _("parts: %(parts)s", parts=", ".join(one.parts)) if one.parts else "",
            _("%(hours)s h", hours=words.number(one.hours)) if one.hours is not None else "",
            one.done_by or "",
            _("still open") if one.open else words.result(one.result),
            _("entered by hand by %(name)s, before our records", name=one.entered_by) if one.manual else "",
            _("corrects an earlier entry") if one.corrects else "",
        ]
        found.append(
            EntryView(
                day=date_words(one.repaired_on),
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
            days=_("%(begins)s to %(ends)s", begins=date_words(one.valid_from), ends=date_words(one.valid_to)),
            covers=", ".join(one.serial_numbers) or _("all products of the customer"),
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
                f"{_FIELDS.get(name) or say(words.spoken(name).capitalize())}: {_value(before)} → {_value(after)}"
                for name, before, after in one.changes
            ),
        )
        for one in changes
    ]


def _value(value: object) -> str:
    if value is None:
        return _("nothing")
    return (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)


def _day(day: date | None) -> str | None:
    return date_words(day) if day else None
