"""The warranty card: the product, its warranty, and every repair of it (M7)."""

from __future__ import annotations

from collections.abc import Iterable

from activities.document_content.entered import words
from activities.document_content.writer import Block, Writer
from domain.warranty.card import CardEntry, entry_of


def warranty_card(writer: Writer) -> Iterable[Block]:
    """The repairs of earlier cases and of this one, the newest first."""
    product, day = writer.case.application.product, writer.texts.day
    yield writer.pairs(
        "Product",
        (
            writer.row("Model", product.model),
            writer.need("Serial number", writer.case.serial_number),
            writer.row("Specification", product.specification),
            writer.row("Purchase date", day(product.purchase_date) if product.purchase_date else None),
            writer.row("Delivery date", day(product.delivery_date) if product.delivery_date else None),
            writer.row("Customer", writer.case.application.customer.name),
        ),
    )
    this = entry_of(writer.case, writer.tasks)
    known = (*((this,) if this else ()), *writer.material.card)
    entries = sorted(known, key=lambda one: (one.repaired_on, one.entry_id), reverse=True)
    rows = [[day(one.repaired_on), _done(writer, one), _hours(writer, one), _by(writer, one)] for one in entries]
    heads = ("Repaired on", "Repair operations", "Hours worked", "Done by")
    yield writer.table("Repairs", heads, ("auto", "1fr", "auto", "auto"), rows) or writer.text(
        "Repairs", (writer.say("No repair is on record."),)
    )


def _done(writer: Writer, entry: CardEntry) -> str:
    parts = [f"{writer.say('Parts put in')}: {'; '.join(entry.parts)}"] if entry.parts else []
    how = [writer.say(words(entry.result))] if entry.result else []
    return "\n".join((*entry.work, *parts, *how))


def _hours(writer: Writer, entry: CardEntry) -> str:
    return writer.texts.number(entry.hours) if entry.hours is not None else ""


def _by(writer: Writer, entry: CardEntry) -> str:
    by_hand = writer.say("Entered by hand") if entry.manual else ""
    return "\n".join(filter(None, (entry.done_by, entry.work_order or entry.case_id or by_hand)))
