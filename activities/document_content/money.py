"""Papers about money: quotation, cost list, pro-forma invoice."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from activities.document_content.signing import record
from activities.document_content.writer import Block, Writer
from domain.case import InvoiceKind
from domain.tasks.parts import CostLine, Payer


def quotation(writer: Writer) -> Iterable[Block]:
    """What the customer is asked to agree to: the plan, each cost, what of it they bear, and where to say yes (X9)."""
    yield writer.request()
    yield _plan(writer)
    yield writer.costs(why=True)
    yield writer.text(
        "Please note",
        (
            writer.say("Work at your cost starts only when you have agreed to it."),
            writer.say("What turns out to cost more is put to you again before it is done."),
        ),
    )
    agreed = writer.case.consents[-1] if writer.case.consents else None
    if agreed and agreed.amount == writer.case.customer_owes():
        yield writer.consents()
        return
    here = writer.texts.both
    yield {
        "kind": "signature",
        "title": here("Agreement"),
        "statement": here("The customer agrees to the plan and to bear the costs marked as theirs"),
        "sides": [here("For the customer")],
        "lines": [here(label) for label in ("Name", "Signature", "Date")],
        "record": record(writer),
    }


def _plan(writer: Writer) -> Block:
    """What was found and what is proposed, from the newest task that says so."""
    for task in reversed(writer.tasks):
        outcome = task.outcome or {}
        told = {name: outcome[name] for name in ("cause", "proposal", "explanation") if outcome.get(name)}
        if task.done and told and task.kind != "remote_diagnosis":
            rows = [writer.row(label, value) for label, value in writer.entered.fields(task.kind, told)]
            return writer.pairs("Proposed plan", rows)
    return writer.pairs("Proposed plan", (writer.need("Proposed repair", None),))


def cost_list(writer: Writer) -> Iterable[Block]:
    """Every cost with who bears it and by which rule; what was agreed and paid (R8)."""
    yield writer.request(contact=False)
    yield writer.costs(why=True)
    yield writer.consents()
    yield _payments(writer)
    yield _still_owed(writer)


def proforma_invoice(writer: Writer) -> Iterable[Block]:
    """What is asked of the customer; the official invoice is issued by the company's own system and named here (M9)."""
    case, customer = writer.case, writer.case.application.customer
    yield writer.pairs(
        "Billed to",
        (
            writer.row("Customer", customer.name),
            writer.need("Contact person", customer.contact_name),
            writer.need("Address", customer.address),
            writer.row("Model", case.application.product.model),
            writer.row("Serial number", case.serial_number),
        ),
    )
    theirs = [line for line in case.costs if line.payer is Payer.CUSTOMER]
    yield _billed(writer, theirs)
    yield _official(writer)
    yield _payments(writer)
    yield _still_owed(writer)
    yield writer.text(
        "Please note", (writer.say("This is not a tax document. The official invoice is issued separately."),)
    )


def _billed(writer: Writer, lines: list[CostLine]) -> Block:
    money = writer.texts.money
    rows = [[str(no), writer.say(one.kind.title_text), one.text, money(one.amount)] for no, one in enumerate(lines, 1)]
    heads = ("No.", "Kind", "What", "Amount")
    block = writer.table("Amount due", heads, ("auto", "auto", "1fr", "auto"), rows, numbers=1)
    if block:
        total = sum((line.amount for line in lines), Decimal(0))
        block["totals"] = [[writer.say("Total"), money(total)]]
    return block


def _official(writer: Writer) -> Block:
    """Official invoices and credit notes, as they were recorded; their files are in the case."""
    names, texts = writer.material.names, writer.texts
    rows = [
        [
            texts.instant(one.recorded_at),
            f"{writer.say(one.kind.title_text)} {one.number}"
            + (f"\n{writer.say('for')} {one.credits}" if one.credits else ""),
            "\n".join(names.get(file, file) for file in one.files) or writer.say("No file"),
            texts.money(-one.amount if one.kind is InvoiceKind.CREDIT_NOTE else one.amount),
        ]
        for one in writer.case.invoices
    ]
    if not rows:
        return writer.pairs("Official invoices", (writer.row("Number", writer.say("Not issued yet")),))
    heads = ("Recorded", "Number", "File", "Amount")
    return writer.table("Official invoices", heads, ("auto", "1fr", "1fr", "auto"), rows, numbers=1)


def _payments(writer: Writer) -> Block:
    texts = writer.texts
    rows = [
        [texts.instant(one.paid_at), one.reference or "", one.invoice or "", texts.money(one.amount)]
        for one in writer.case.payments
    ]
    return writer.table(
        "Payments", ("When", "Reference", "Invoice", "Amount"), ("auto", "1fr", "auto", "auto"), rows, numbers=1
    )


def _still_owed(writer: Writer) -> Block:
    """The balance in one line, large enough to be found."""
    return {
        "kind": "balance",
        "label": writer.texts.both("Still to be paid"),
        "value": writer.texts.money(writer.case.customer_still_owes()),
    }
