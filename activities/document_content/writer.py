"""Blocks of a document: titles, rows, tables, as plain text that the template sets and never interprets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from activities.document_content.entered import Entered
from activities.document_texts import Texts
from domain.case import CaseState, TaskState
from domain.documents.order import DocumentOrder
from domain.tasks.parts import CostLine, Payer
from domain.warranty.card import CardEntry

Block = dict[str, Any]
Row = tuple[str, str, str, bool]
"""Label, the same in English (empty when it is English already), value, and whether the value is missing."""
MISSING = "Not on record"


@dataclass(frozen=True)
class Picture:
    """A picture of a signature: `path` is where the template finds it; None when it cannot be shown, for `reason`."""

    name: str
    path: str | None
    reason: str | None = None


@dataclass(frozen=True)
class Material:
    """What a document needs besides the order: pictures by attachment id, names of files, earlier repairs."""

    pictures: Mapping[str, Picture] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    card: tuple[CardEntry, ...] = ()


NOTHING = Material()


class Writer:
    """Writes the blocks of one order in one language, and keeps what it lacked."""

    def __init__(self, order: DocumentOrder, texts: Texts, material: Material = NOTHING) -> None:
        self.order = order
        self.case: CaseState = order.case
        self.tasks: tuple[TaskState, ...] = order.tasks
        self.texts = texts
        self.say = texts.say
        self.entered = Entered(texts)
        self.material = material
        self.missing: dict[str, None] = {}
        """English labels of values that should stand here and are not on record."""
        self.unseen: list[tuple[str, str]] = []
        """Names of pictures that cannot be shown, each with the reason in English."""

    # -- asking the record

    def last_done(self, *kinds: str, **answers: str) -> TaskState | None:
        """Returns the latest completed task of these kinds whose outcome has the given answers."""
        for task in reversed(self.tasks):
            outcome = task.outcome or {}
            if task.kind in kinds and task.done and all(outcome.get(name) == value for name, value in answers.items()):
                return task
        return None

    # -- blocks

    def pairs(self, title: str, rows: Iterable[Row | None]) -> Block:
        """Labels and values; rows without a value are left out, those marked missing stay."""
        present = [row for row in rows if row and (row[2] or row[3])]
        return {"kind": "pairs", "title": self.texts.both(title), "rows": present} if present else {}

    def row(self, label: str, value: str | None) -> Row:
        """A value that may be absent."""
        return (*self.texts.both(label), value or "", False)

    def need(self, label: str, value: str | None) -> Row:
        """A value that belongs on this paper: when it is not on record, the paper says so."""
        if value:
            return self.row(label, value)
        self.missing[label] = None
        return (*self.texts.both(label), self.say(MISSING), True)

    def entries(self, task: TaskState, *, without: Sequence[str] = ()) -> list[Row]:
        """Everything that was entered in a task."""
        found = self.entered.fields(task.kind, task.outcome or {}, without=without)
        return [self.row(label, value) for label, value in found if value]

    def table(
        self, title: str, columns: Sequence[str], widths: Sequence[str], rows: list[list[str]], *, numbers: int = 0
    ) -> Block:
        """A table; `numbers` of its last columns hold figures. Without rows there is none."""
        if not rows:
            return {}
        heads = [self.texts.both(column) for column in columns]
        titles = self.texts.both(title)
        return {
            "kind": "table", "title": titles, "columns": heads, "widths": list(widths), "rows": rows,
            "numbers": numbers, "totals": [],
        }  # fmt: skip

    def text(self, title: str, paragraphs: Iterable[str], *, framed: bool = False) -> Block:
        """Running text; framed where it is to be copied, such as an address."""
        present = [one for one in paragraphs if one]
        return (
            {"kind": "text", "title": self.texts.both(title), "paragraphs": present, "framed": framed}
            if present
            else {}
        )

    def to_fill_in(self, title: str, labels: Sequence[str]) -> Block:
        """Lines to be filled in by hand, on a paper that is printed to be signed."""
        return {"kind": "lines", "title": self.texts.both(title), "lines": [self.texts.both(label) for label in labels]}

    # -- what many papers say

    def request(self, *, contact: bool = True) -> Block:
        """Who asks for what: customer, product, issue."""
        application = self.case.application
        customer, product, problem = application.customer, application.product, application.problem
        day = self.texts.day
        reach = customer.phone or customer.email
        return self.pairs(
            "Request",
            (
                self.row("Customer", customer.name),
                self.need("Contact person", customer.contact_name) if contact else None,
                (self.row("Phone", customer.phone) if reach else self.need("Phone", None)) if contact else None,
                self.row("E-mail", customer.email) if contact else None,
                self.row("Address", customer.address) if contact else None,
                self.row("Model", product.model),
                self.need("Serial number", self.case.serial_number),
                self.row("Specification", product.specification),
                self.row("Purchase date", day(product.purchase_date) if product.purchase_date else None),
                self.row("Delivery date", day(product.delivery_date) if product.delivery_date else None),
                self.row("Issue", f"{self.say(problem.category.title_text)}\n{problem.description}"),
                self.row("What is asked for", self.say(application.request.title_text)),
            ),
        )

    def costs(self, *, why: bool = False, title: str = "Costs") -> Block:
        """Every cost with who bears it, and by which rule when `why`; totalled for each who pays."""
        lines = self.case.costs
        money, say = self.texts.money, self.say
        rows = [
            [say(one.kind.title_text), self._what(one, why=why), self._payer(one), money(one.amount)] for one in lines
        ]
        block = self.table(
            title, ("Kind", "What", "Borne by", "Amount"), ("auto", "1fr", "auto", "auto"), rows, numbers=1
        )
        if block:
            company = sum((line.amount for line in lines if line.payer is Payer.COMPANY), Decimal(0))
            block["totals"] = [
                [say("Total borne by the company"), money(company)],
                [say("Total borne by the customer"), money(self.case.customer_owes())],
            ]
        return block

    def _what(self, line: CostLine, *, why: bool) -> str:
        """The part or work; with the rule that says who bears it, where a paper explains that."""
        if not (why and line.rule):
            return line.text
        return f"{line.text}\n{self.say(line.rule)}"

    def _payer(self, line: CostLine) -> str:
        return self.say(line.payer.title_text)

    def consents(self) -> Block:
        """What the customer agreed to bear, and who said so when."""
        rows = [[self.texts.instant(c.at), c.given_by, self.texts.money(c.amount)] for c in self.case.consents]
        heads = ("When", "Given by", "Agreed to bear")
        return self.table("The customer's consent to plan and costs", heads, ("auto", "1fr", "auto"), rows, numbers=1)


def writer_of(order: DocumentOrder, language: str, material: Material = NOTHING) -> Writer:
    """Returns the writer of an order for one of the languages we write."""
    return Writer(order, Texts(language, ZoneInfo(order.case.time_zone), order.case.currency), material)
