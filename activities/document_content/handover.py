"""What changes hands: handover form, return instructions."""

from __future__ import annotations

from collections.abc import Iterable

from activities.document_content.entered import plain
from activities.document_content.signing import room_to_sign, signed
from activities.document_content.writer import Block, Writer

_STATEMENT = "The items listed were handed over in the condition described, to be returned by the promised date"


def handover_form(writer: Writer) -> Iterable[Block]:
    """The paper both sides sign when something is taken back: items, serial numbers, condition, by when (M6)."""
    yield writer.request()
    task = writer.last_done("hand_over", result="taken_back")
    outcome = (task.outcome or {}) if task else {}
    names = {"item": "Item", "serial_number": "Serial number", "condition": "Condition"}
    rows = [[plain(item.get(name)) for name in names] for item in outcome.get("items", ())]
    yield writer.table("Items taken back", tuple(names.values()), ("1fr", "auto", "1fr"), rows)
    promised = writer.case.promised_for
    yield writer.pairs("Return", (writer.need("Promised date", writer.texts.instant(promised) if promised else None),))
    if task is None:
        yield room_to_sign(writer, "Handover", _STATEMENT, both=True)
    else:
        yield signed(writer, "Handover", _STATEMENT, task, by="", without=("items", "result"))


def return_instructions(writer: Writer) -> Iterable[Block]:
    """Where to send the item, and what to observe; a slip to enclose names the case (R7)."""
    task = writer.last_done("return_instructions")
    outcome = (task.outcome or {}) if task else {}
    product, number = writer.case.application.product, writer.case.work_order or writer.case.case_id
    yield writer.text("Return address", [str(outcome.get("address") or "")], framed=True)
    yield writer.text("Precautions", [str(outcome.get("precautions") or "")])
    yield writer.pairs(
        "Please enclose this sheet",
        (
            writer.row("Work order", number),
            writer.row("Customer", writer.case.application.customer.name),
            writer.need("Contact person", writer.case.application.customer.contact_name),
            writer.row("Model", product.model),
            writer.need("Serial number", writer.case.serial_number),
            writer.row("Issue", writer.case.application.problem.description),
        ),
    )
    if task and task.done:
        told = (
            f"{outcome.get('told_by', '')}\n{writer.texts.instant(task.done.happened_at)} · {writer.entered.who(task)}"
        )
        yield writer.pairs("Given to the customer", (writer.row("How it was told", told),))
