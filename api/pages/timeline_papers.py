"""How a timeline tells of papers and of money: costs, consent, invoices, payments, shipments, documents."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from api.pages import words
from domain.notices import NoticeKind
from domain.tasks.parts import Payer


class Told(Protocol):
    """An entry of the timeline while it is being told."""

    what: str
    notes: list[str]
    files: list[str]
    currency: str

    def say(self, title: str, text: object) -> None:
        """Adds a longer text that was entered."""


def costs(entry: Told, data: Mapping[str, Any]) -> None:
    """Each cost with who bears it and by which rule."""
    lines = data.get("costs") or []
    entry.what = "Costs put on record"
    entry.notes.append(f"{len(lines)} cost line{'s' if len(lines) != 1 else ''}")
    for line in lines:
        payer = words.payer(Payer(line["payer"]))
        amount = money(line["amount"], entry.currency)
        entry.say(f"{line['text']}: {amount}, {payer}", ", ".join(filter(None, (line.get("rule"), line.get("source")))))


def consented(entry: Told, data: Mapping[str, Any]) -> None:
    """The customer's consent (X9)."""
    entry.what = "The customer agreed to the plan and its costs"
    if data.get("given_by"):
        entry.notes.append(f"answered by {data['given_by']}")
    if data.get("amount") is not None:
        entry.notes.append(money(data["amount"], entry.currency))


def invoice(entry: Told, data: Mapping[str, Any]) -> None:
    """An official invoice or credit note."""
    credited = data.get("credits")
    entry.what = f"{'Credit note' if credited else 'Official invoice'} {data.get('number', '')} on record"
    entry.notes.append(money(data.get("amount", "0"), entry.currency))
    if credited:
        entry.notes.append(f"takes back {credited}")
    entry.files += [str(one) for one in data.get("files") or ()]


def paid(entry: Told, data: Mapping[str, Any]) -> None:
    """A payment, in whole or in part."""
    entry.what = "A payment on record"
    entry.notes.append(money(data.get("amount", "0"), entry.currency))
    entry.notes += [str(data[name]) for name in ("invoice", "reference") if data.get(name)]


def shipment(entry: Told, data: Mapping[str, Any]) -> None:
    """What travelled."""
    entry.what = words.SHIPMENTS.get((str(data.get("direction")), str(data.get("state"))), "Shipment")
    entry.notes += [str(data[name]) for name in ("carrier", "tracking_number") if data.get(name)]


def document(entry: Told, data: Mapping[str, Any]) -> None:
    """A document that was issued."""
    again = " again" if data.get("reason") else ""
    entry.what = f"{words.DOCUMENTS.get(str(data.get('kind')), 'Document')} issued{again}"
    entry.notes.append(f"{words.language(str(data.get('language', '')))}, version {data.get('version', 1)}")
    entry.notes += [str(one) for one in data.get("remarks") or ()]
    entry.say("Why", data.get("reason"))


def document_failed(entry: Told, data: Mapping[str, Any]) -> None:
    """A document that could not be made."""
    entry.what = f"{words.DOCUMENTS.get(str(data.get('kind')), 'Document')} could not be made"
    entry.say("Why", data.get("reason"))


def money(value: object, currency: str) -> str:
    """An amount as people read it."""
    try:
        return words.money(Decimal(str(value)), currency)
    except (InvalidOperation, ValueError):
        return str(value)


def notice_ordered(entry: Told, data: Mapping[str, Any]) -> None:
    """A message to a customer or to colleagues, set on its way."""
    told = "the customer" if data.get("to") == "customer" else words.spoken(str(data.get("to")))
    entry.what = f"{_notice(data)}: mail to {told}"


def notice_undelivered(entry: Told, data: Mapping[str, Any]) -> None:
    """A message that could not be sent."""
    entry.what = f"{_notice(data)}: the mail could not be delivered"
    entry.say("Why", data.get("reason"))


def _notice(data: Mapping[str, Any]) -> str:
    known = {kind.value: kind.title_text for kind in NoticeKind}
    return known.get(str(data.get("kind")), "Message")
