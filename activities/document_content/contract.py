"""The after-sales service contract beyond the warranty period (Q6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from activities.document_content.signing import room_to_sign, signed
from activities.document_content.writer import Block, Writer

_STATEMENT = "Both sides agree to the service, its costs and its terms"
_TERMS = (
    "The company serves the product named above during the time of this contract, by the procedure named above.",
    "The customer bears the costs listed as theirs. What is not listed is agreed in writing before it is done.",
    "Every step, deadline and cost of the service is on record under the number of this case and open to the customer.",
)


def service_contract(writer: Writer) -> Iterable[Block]:
    """Parties, product, term, costs, terms and signatures; a draft has lines where nothing is agreed yet."""
    case = writer.case
    task = writer.last_done("sign_contract", decision="signed")
    yield writer.pairs(
        "Parties",
        (
            writer.row("The company", case.company),
            writer.row("The customer", case.application.customer.name),
            writer.need("Contact person", case.application.customer.contact_name),
            writer.row("Address", case.application.customer.address),
        ),
    )
    product, day = case.application.product, writer.texts.day
    yield writer.pairs(
        "Service",
        (
            writer.row("Model", product.model),
            writer.need("Serial number", writer.case.serial_number),
            writer.row("Delivery date", day(product.delivery_date) if product.delivery_date else None),
            writer.row("Procedure", writer.say(case.plan_title)),
            writer.row("Issue", case.application.problem.description),
        ),
    )
    terms = [writer.say(term) for term in _TERMS]
    if task is None:
        yield writer.to_fill_in("Contract", ("Contract number", "Valid from", "Valid to", "Costs"))
        yield writer.text("Terms", terms)
        yield room_to_sign(writer, "Signatures", _STATEMENT, both=True)
        return
    outcome = task.outcome or {}
    yield writer.pairs(
        "Contract",
        (
            writer.need("Contract number", outcome.get("number")),
            writer.need("Valid from", _day(writer, outcome.get("valid_from"))),
            writer.need("Valid to", _day(writer, outcome.get("valid_to"))),
        ),
    )
    yield writer.costs()
    yield writer.text("Terms", terms)
    written = ("number", "valid_from", "valid_to", "costs", "decision")
    yield signed(writer, "Signatures", _STATEMENT, task, by="", without=written)


def _day(writer: Writer, raw: str | None) -> str | None:
    return writer.texts.day(date.fromisoformat(raw)) if raw else None
