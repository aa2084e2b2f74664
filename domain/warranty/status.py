"""Whether a product is in warranty on a day, until when, why, and by which rule (W1, Q6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.model import Frozen
from domain.tasks.parts import Cover
from domain.warranty.terms import ProductFacts, Replacements, ServiceContract, WarrantyTerms, last_day

_LONGEST_CHAIN = 20


class WarrantyStatus(Frozen):
    """What covers a product on a day. `until` is the last day covered, or that was; `why` and `rule` are sentences.

    `notes` are what somebody should look into: dates that contradict each other, a contract that is not signed.
    """

    cover: Cover
    until: date | None = None
    why: str
    rule: str
    contract: str | None = None
    notes: tuple[str, ...] = ()


def warranty_of(
    terms: WarrantyTerms | None, product: ProductFacts, on: date, contracts: Iterable[ServiceContract] = ()
) -> WarrantyStatus:
    """Returns what covers a product on a day: its warranty, else a contract in force, else nothing or nobody knows."""
    promised = _promised(terms, product, on)
    ours = sorted((one for one in contracts if one.covers(product)), key=lambda one: (one.valid_to, one.number))
    notes = (*promised.notes, *(note for one in ours if (note := _not_in_force(one, on))))
    if promised.cover is Cover.IN:
        return promised.model_copy(update={"notes": notes})
    for one in reversed(ours):
        if one.signed and one.valid_from <= on <= one.valid_to:
            return WarrantyStatus(
                cover=Cover.CONTRACT,
                until=one.valid_to,
                why=f"service contract {one.number} is in force from {one.valid_from} to {one.valid_to}; "
                f"{promised.why}",
                rule="beyond the warranty, a signed service contract covers the products it names",
                contract=one.number,
                notes=notes,
            )
    return promised.model_copy(update={"notes": notes})


def _promised(terms: WarrantyTerms | None, product: ProductFacts, on: date) -> WarrantyStatus:
    if terms is None:
        why = "no warranty terms are known for this model or procedure"
        return WarrantyStatus(cover=Cover.UNKNOWN, why=why, rule="without terms nothing can be said")
    if terms.months == 0:
        return WarrantyStatus(cover=Cover.OUT, why="the terms promise no warranty", rule=_rule(terms, "delivery"))
    counted, inherited = _counted(terms, product)
    notes = _contradictions(counted)
    begins, by = _beginning(counted)
    where = f" of {counted.serial_number}, which this product replaces," if inherited else ""
    rule = _rule(terms, by)
    if begins is None:
        why = f"neither the delivery nor the purchase{where or ' of this product'} has a date on record".replace(
            ",", ""
        )
        return WarrantyStatus(cover=Cover.UNKNOWN, why=why, rule=rule, notes=notes)
    until = last_day(begins, terms.months)
    said = "" if counted.verified else "; the date is as the customer gave it and was not checked yet"
    if on < begins:
        why = f"the warranty begins with the {by}{where} on {begins}, after {on}{said}"
        return WarrantyStatus(cover=Cover.UNKNOWN, until=until, why=why, rule=rule, notes=notes)
    if on > until:
        why = f"the warranty ended on {until}: {_months(terms)} from the {by}{where} on {begins}{said}"
        return WarrantyStatus(cover=Cover.OUT, until=until, why=why, rule=rule, notes=notes)
    why = f"{_months(terms)} from the {by}{where} on {begins}{said}"
    return WarrantyStatus(cover=Cover.IN, until=until, why=why, rule=rule, notes=notes)


def _counted(terms: WarrantyTerms, product: ProductFacts) -> tuple[ProductFacts, bool]:
    """The product whose dates count, and whether it is another one: the first of a row of replacements."""
    first = product
    if terms.replacements is Replacements.KEEP_REST:
        for _ in range(_LONGEST_CHAIN):
            if first.replaces is None:
                break
            first = first.replaces
    return first, first is not product


def _beginning(product: ProductFacts) -> tuple[date | None, str]:
    if product.delivery_date is not None:
        return product.delivery_date, "delivery"
    return product.purchase_date, "purchase"


def _contradictions(product: ProductFacts) -> tuple[str, ...]:
    bought, delivered = product.purchase_date, product.delivery_date
    if bought is not None and delivered is not None and delivered < bought:
        return (f"delivered on {delivered}, before its purchase on {bought}: the delivery counts, check both dates",)
    return ()


def _not_in_force(contract: ServiceContract, on: date) -> str:
    if contract.valid_to < on:
        return f"service contract {contract.number} ended on {contract.valid_to}"
    if not contract.signed:
        return f"service contract {contract.number} does not count yet: its signed paper is not on file"
    if contract.valid_from > on:
        return f"service contract {contract.number} begins on {contract.valid_from}"
    return ""


def _months(terms: WarrantyTerms) -> str:
    return "1 month" if terms.months == 1 else f"{terms.months} months"


def _rule(terms: WarrantyTerms, by: str) -> str:
    source = "our own rule" if terms.source == "house" else terms.source
    other = " (the delivery is not known)" if by == "purchase" else ""
    return f"{_months(terms)} from delivery, else from purchase{other}; {source}"


__all__ = ["Cover", "WarrantyStatus", "warranty_of"]
