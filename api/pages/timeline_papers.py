"""How a timeline tells of papers and of money: costs, consent, invoices, payments, shipments, documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from babel.lists import format_list

from api.languages import locale
from api.pages import words
from api.pages.languages import _, ngettext, say
from domain.events import Event, EventKind
from domain.notices import NoticeKind
from domain.plan.clauses import HOUSE
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
    entry.what = _("Costs put on record")
    entry.notes.append(ngettext("%(num)s cost line", "%(num)s cost lines", len(lines)))
    for line in lines:
        payer = words.payer(Payer(line["payer"]))
        amount = money(line["amount"], entry.currency)
        entry.say(f"{line['text']}: {amount}, {payer}", _by(line))


def consented(entry: Told, data: Mapping[str, Any]) -> None:
    """The customer's consent (X9)."""
    entry.what = _("The customer agreed to the plan and its costs")
    if data.get("given_by"):
        entry.notes.append(_("answered by %(name)s", name=data["given_by"]))
    if data.get("amount") is not None:
        entry.notes.append(money(data["amount"], entry.currency))


def invoice(entry: Told, data: Mapping[str, Any]) -> None:
    """An official invoice or credit note."""
    credited = data.get("credits")
    told = _("Credit note %(number)s on record") if credited else _("Official invoice %(number)s on record")
    entry.what = told % {"number": data.get("number", "")}
    entry.notes.append(money(data.get("amount", "0"), entry.currency))
    if credited:
        entry.notes.append(_("takes back %(number)s", number=credited))
    entry.files += [str(one) for one in data.get("files") or ()]


def paid(entry: Told, data: Mapping[str, Any]) -> None:
    """A payment, in whole or in part."""
    entry.what = _("A payment on record")
    entry.notes.append(money(data.get("amount", "0"), entry.currency))
    entry.notes += [str(data[name]) for name in ("invoice", "reference") if data.get(name)]


def shipment(entry: Told, data: Mapping[str, Any]) -> None:
    """What travelled."""
    entry.what = words.SHIPMENTS.get((str(data.get("direction")), str(data.get("state"))), _("Shipment"))
    entry.notes += [str(data[name]) for name in ("carrier", "tracking_number") if data.get(name)]


def together(events: Iterable[Event]) -> list[Event]:
    """The events in their order, those of one paper in its languages as one, which bears the number of the first."""
    found: list[Event] = []
    for event in sorted(events, key=lambda one: one.no):
        before = found[-1] if found else None
        if before is None or _paper(event) is None or _paper(event) != _paper(before):
            found.append(event)
            continue
        data = dict(before.data)
        data["languages"] = [*_languages(before.data), *_languages(event.data)]
        data["remarks"] = list(dict.fromkeys([*(data.get("remarks") or ()), *(event.data.get("remarks") or ())]))
        found[-1] = before.model_copy(update={"data": data})
    return found


def _paper(event: Event) -> tuple[object, ...] | None:
    """Which paper an event issues, whatever its language; None for another event."""
    if event.kind is not EventKind.DOCUMENT_ISSUED:
        return None
    return (event.actor, *(event.data.get(name) for name in ("kind", "version", "reason")))


def _languages(data: Mapping[str, Any]) -> list[str]:
    return [str(one) for one in data.get("languages") or (data.get("language", ""),)]


def document(entry: Told, data: Mapping[str, Any]) -> None:
    """A document that was issued, in one language or several."""
    told = _("%(document)s issued again") if data.get("reason") else _("%(document)s issued")
    entry.what = told % {"document": _document(data)}
    language = format_list([words.language(one) for one in _languages(data)], locale=locale())
    entry.notes.append(_("%(language)s, version %(number)s", language=language, number=data.get("version", 1)))
    entry.notes += [say(str(one)) for one in data.get("remarks") or ()]
    entry.say(_("Why"), data.get("reason"))


def document_failed(entry: Told, data: Mapping[str, Any]) -> None:
    """A document that could not be made."""
    entry.what = _("%(document)s could not be made", document=_document(data))
    entry.say(_("Why"), data.get("reason"))


def money(value: object, currency: str) -> str:
    """An amount as people read it."""
    try:
        return words.money(Decimal(str(value)), currency)
    except (InvalidOperation, ValueError):
        return str(value)


def notice_ordered(entry: Told, data: Mapping[str, Any]) -> None:
    """A message to a customer or to colleagues, set on its way."""
    if data.get("to") == "customer":
        entry.what = _("%(notice)s: mail to the customer", notice=_notice(data))
    else:
        entry.what = _("%(notice)s: mail to %(who)s", notice=_notice(data), who=words.spoken(str(data.get("to"))))


def notice_undelivered(entry: Told, data: Mapping[str, Any]) -> None:
    """A message that could not be sent."""
    entry.what = _("%(notice)s: the mail could not be delivered", notice=_notice(data))
    entry.say(_("Why"), data.get("reason"))


def _notice(data: Mapping[str, Any]) -> str:
    known = {kind.value: kind.title_text for kind in NoticeKind}
    return say(known.get(str(data.get("kind")), "")) or _("Message")


def _document(data: Mapping[str, Any]) -> str:
    known = words.DOCUMENTS.get(str(data.get("kind")), "")
    return say(str(known)) if known else _("Document")


def _by(line: Mapping[str, Any]) -> str:
    """By which rule a cost is borne, and the clause it comes from."""
    clause = str(line.get("source") or "")
    return ", ".join(filter(None, (say(str(line.get("rule") or "")), clause if clause != HOUSE else "")))
