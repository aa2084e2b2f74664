"""Smaller pieces of a case's page: who pays, papers, linked cases, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from api.pages import words
from api.pages.languages import _, say
from api.pages.times import day_and_time
from domain.case import CaseState, CaseStatus, Document
from domain.tasks.parts import Payer
from store.queries.cases import CaseSummary, Linked


@dataclass(frozen=True)
class Cost:
    """One cost line."""

    text: str
    kind: str
    payer: str
    rule: str
    """Why: the rule of the plan, or the decision."""
    amount: str


@dataclass(frozen=True)
class Consented:
    """The customer's recorded consent."""

    at: datetime
    given_by: str
    amount: str


@dataclass(frozen=True)
class MoneyPaper:
    """An official invoice, a credit note or a payment on record."""

    title: str
    amount: str
    about: str
    at: datetime
    files: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A version of a document in one language."""

    href: str
    language: str
    about: str
    remarks: tuple[str, ...]
    issued_at: datetime


@dataclass(frozen=True)
class Papers:
    """The versions of one kind of document, the newest first; earlier ones are kept."""

    title: str
    newest: tuple[Paper, ...]
    earlier: tuple[Paper, ...]


@dataclass(frozen=True)
class CaseLink:
    """A case this one is linked with."""

    number: str
    href: str
    about: str


def costs_of(case: CaseState) -> list[Cost]:
    """The cost lines."""
    return [
        Cost(
            line.text,
            say(line.kind.title_text).lower(),
            words.payer(line.payer),
            say(line.rule or ""),
            words.money(line.amount, case.currency),
        )
        for line in case.costs
    ]


def totals_of(case: CaseState) -> list[tuple[str, str]]:
    """What each side bears, in words; a side that bears nothing is left out."""
    sums = {payer: sum((line.amount for line in case.costs if line.payer is payer), Decimal(0)) for payer in Payer}
    return [(words.payer(payer), words.money(amount, case.currency)) for payer, amount in sums.items() if amount]


def consents_of(case: CaseState) -> list[Consented]:
    """The consents on record (X9)."""
    return [Consented(one.at, one.given_by, words.money(one.amount, case.currency)) for one in case.consents]


def money_papers_of(case: CaseState) -> list[MoneyPaper]:
    """Official invoices, credit notes and payments, in their order."""
    found = [
        MoneyPaper(
            f"{say(one.kind.title_text)} {one.number}",
            words.money(one.amount, case.currency),
            _("takes back %(number)s", number=one.credits) if one.credits else one.by.name,
            one.recorded_at,
            tuple(f"/api/v1/attachments/{file}" for file in one.files),
        )
        for one in case.invoices
    ]
    found += [
        MoneyPaper(
            _("Payment"),
            words.money(one.amount, case.currency),
            " · ".join(filter(None, (one.invoice, one.reference))),
            one.paid_at,
            (),
        )
        for one in case.payments
    ]
    return sorted(found, key=lambda one: one.at)


@dataclass(frozen=True)
class Travelling:
    """A shipment of the case."""

    what: str
    items: str
    by: str
    condition: str
    at: datetime | None


def shipments_of(case: CaseState) -> list[Travelling]:
    """What travels between the customer and us, the latest first."""
    return [
        Travelling(
            what=say(one.title),
            items=one.items,
            by=" · ".join(filter(None, (one.carrier, one.tracking_number))),
            condition=one.condition or "",
            at=one.received_at or one.sent_at,
        )
        for one in reversed(case.shipments)
    ]


def assessment_of(case: CaseState, now: datetime) -> list[tuple[str, str]]:
    """How the case stands to the contractual warranty, as last found out (W1); nothing where no plan asks it."""
    known = case.assessment
    if known is None:
        return []
    told = [
        (_("Contractual warranty"), say(known.warranty.title_text)),
        (_("Its conditions"), say(known.conditions.title_text)),
        (_("Responsibility"), say(known.responsibility.title_text)),
        (_("So the repair"), _("is the company's") if known.covered else _("is agreed with the customer first")),
    ]
    if known.promised_for:
        told.append((_("Promised for"), day_and_time(known.promised_for, case.time_zone, now)))
    return told


def papers_of(documents: Iterable[Document]) -> list[Papers]:
    """The documents by kind, the latest kind first."""
    kinds: dict[str, list[Document]] = {}
    for one in sorted(documents, key=lambda one: one.issued_at, reverse=True):
        kinds.setdefault(one.kind, []).append(one)
    return [
        Papers(
            title=words.DOCUMENTS.get(kind, words.spoken(kind).capitalize()),
            newest=tuple(_paper(one) for one in issued if one.version == issued[0].version),
            earlier=tuple(_paper(one) for one in issued if one.version != issued[0].version),
        )
        for kind, issued in kinds.items()
    ]


def _paper(one: Document) -> Paper:
    about = _("version %(number)s", number=one.version)
    if one.by:
        about = _(
            "version %(number)s, issued again by %(name)s: %(reason)s",
            number=one.version,
            name=one.by.name,
            reason=one.reason,
        )
    return Paper(
        href=f"/api/v1/documents/{one.document_id}",
        language=words.language(one.language),
        about=about,
        remarks=tuple(say(remark) for remark in one.remarks),
        issued_at=one.issued_at,
    )


def links_of(linked: Linked) -> list[CaseLink]:
    """The cases linked by reopening."""
    before = [_link(linked.reopened_from, _("reopened as this case"))] if linked.reopened_from else []
    return [*before, *(_link(one, _("reopened from this case")) for one in linked.reopened_into)]


def _link(case: CaseSummary, about: str) -> CaseLink:
    state = words.RESULTS[case.result] if case.result else words.STATUSES[case.status]
    return CaseLink(case.work_order or case.case_id, f"/cases/{case.case_id}", f"{about}, {state}")


def ending_of(case: CaseState, now: datetime) -> str:
    """How and when the case ended, and until when it can be reopened."""
    if case.status is not CaseStatus.CLOSED or case.closed_at is None:
        return ""
    result = str(words.RESULTS[case.result]) if case.result else _("closed")
    text = f"{result[0].upper()}{result[1:]}, {day_and_time(case.closed_at, case.time_zone, now)}."
    if case.reopen_until and case.reopen_until > now:
        until = day_and_time(case.reopen_until, case.time_zone, now)
        text += " " + _("It can be reopened until %(when)s.", when=until)
    return text


def pause_of(case: CaseState, now: datetime) -> str:
    """Why the case is paused and until when; empty when it is not."""
    hold = next((hold for hold in case.holds if hold.ends is None), None)
    if hold is None:
        return ""
    until = day_and_time(hold.until, case.time_zone, now)
    return _("Paused by %(name)s until %(when)s: %(reason)s", name=hold.by.name, when=until, reason=hold.reason)
