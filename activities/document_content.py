"""What stands in a document: an order turned into blocks of plain text that the template sets, never interprets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from activities.document_texts import Texts, nearest
from domain.case import CaseState, TaskState
from domain.documents import DocumentKind, DocumentOrder
from domain.tasks import TASKS, Choice
from domain.tasks.parts import Payer

Block = dict[str, Any]
Row = tuple[str, str, str]
"""Label, the same in English (empty when it is English already), value."""

TITLES = {
    DocumentKind.SERVICE_CONFIRMATION: "Service confirmation",
    DocumentKind.CASE_FILE: "Case file",
    DocumentKind.HANDOVER_FORM: "Handover form",
    DocumentKind.REQUIREMENT_FORM: "Customer Service Requirement Form",
}
WORK = ("cause", "report", "proposal", "explanation", "work_done", "instructions")
"""Fields of an outcome that say what was found and done, for the customer to read."""
REGISTRATIONS = ("register_request", "record_order")
"""The tasks that begin the requirement form."""
SOLVED_REMOTELY = ("findings", "checks")


def content(order: DocumentOrder, document_id: str) -> dict[str, Any]:
    """Returns everything a document says as plain JSON: heading, blocks from top to bottom, footer."""
    language = nearest(order.language)
    texts = Texts(language, ZoneInfo(order.case.time_zone), order.case.currency)
    writer = _Writer(order, texts)
    written = {
        DocumentKind.SERVICE_CONFIRMATION: writer.confirmation,
        DocumentKind.HANDOVER_FORM: writer.handover_form,
        DocumentKind.REQUIREMENT_FORM: writer.requirement_form,
    }
    blocks = written.get(order.kind, writer.case_file)()
    title, english = texts.both(TITLES[order.kind])
    case = order.case
    return {
        "language": language.partition("-")[0],
        "company": case.company,
        "title": title,
        "title_en": english,
        "number": case.work_order or case.case_id,
        "issued": f"{texts.instant(order.ordered_at)} ({case.time_zone})",
        "footer": f"{document_id} · {texts.say('Version')} {order.version} · {case.case_id}",
        "page": texts.say("Page"),
        "blocks": [block for block in blocks if block],
    }


class _Writer:
    """Writes the blocks of one order."""

    def __init__(self, order: DocumentOrder, texts: Texts) -> None:
        self.case: CaseState = order.case
        self.tasks: tuple[TaskState, ...] = order.tasks
        self.texts = texts
        self.say = texts.say

    def requirement_form(self) -> Iterable[Block]:
        """The form on which a request is registered, and which the customer signs when it is fulfilled (M1, M8)."""
        yield self.request()
        yield self.registration()
        yield self.pairs("Work", self.work())
        yield self.costs()
        yield self.consents()
        yield self.signature()

    def confirmation(self) -> Iterable[Block]:
        """The paper a customer accepts and signs: what was asked, what was done, what it costs."""
        yield self.request()
        yield self.pairs("Work", self.work())
        yield self.costs()
        yield self.consents()
        yield self.signature()

    def handover_form(self) -> Iterable[Block]:
        """The paper both sides sign when something is taken back: items, serial numbers, condition, by when (M6)."""
        yield self.request()
        handed = next((task for task in reversed(self.tasks) if task.kind == "hand_over" and task.done), None)
        outcome = handed.outcome or {} if handed else {}
        names = {"item": "Item", "serial_number": "Serial number", "condition": "Condition"}
        rows = [[_plain(item.get(name)) for name in names] for item in outcome.get("items", ())]
        yield self.table("Items taken back", tuple(names.values()), ("1fr", "auto", "1fr"), rows)
        promised = self.case.promised_for
        signed = {name: value for name, value in outcome.items() if name != "items"}
        signature = (
            *self.fields("hand_over", signed),
            self.row("Promised date", self.texts.instant(promised) if promised else None),
            self.row("Signed at", self.texts.instant(handed.done.happened_at) if handed and handed.done else None),
            self.row("Recorded by", _who(handed, self.texts) if handed else None),
        )
        yield self.pairs("Signature", signature)

    def case_file(self) -> Iterable[Block]:
        """Everything about the case, filed together: overview, request, each task in order, costs, papers."""
        yield self.overview()
        yield self.request()
        yield {
            "kind": "entries",
            "title": self.texts.both("Tasks"),
            "entries": [self.entry(task) for task in self.tasks],
        }
        yield self.costs()
        yield self.consents()
        yield self.shipments()
        yield self.holds()
        yield self.information()
        yield self.corrections()
        yield self.documents()

    # -- blocks

    def pairs(self, title: str, rows: Iterable[Row | None]) -> Block:
        present = [row for row in rows if row and row[2]]
        return {"kind": "pairs", "title": self.texts.both(title), "rows": present} if present else {}

    def row(self, label: str, value: str | None) -> Row:
        return (*self.texts.both(label), value or "")

    def table(self, title: str, columns: tuple[str, ...], widths: tuple[str, ...], rows: list[list[str]]) -> Block:
        if not rows:
            return {}
        heads = [self.say(column) for column in columns]
        return {"kind": "table", "title": self.texts.both(title), "columns": heads, "widths": widths, "rows": rows}

    def overview(self) -> Block:
        case, instant = self.case, self.texts.instant
        return self.pairs(
            "Overview",
            (
                self.row("Work order", case.work_order),
                self.row("Case", case.case_id),
                self.row("Procedure", case.plan_title),
                self.row("Applied", instant(case.applied_at)),
                self.row("Opened", f"{instant(case.opened_at)} · {case.opened_by.name}"),
                self.row("Reopened from", case.reopened_from),
                self.row("Solved by", self.say(_words(case.resolution)) if case.resolution else None),
                self.row("Ended as", self.say(_words(case.result)) if case.result else None),
                self.row("Closed", instant(case.closed_at) if case.closed_at else None),
            ),
        )

    def request(self) -> Block:
        application = self.case.application
        customer, product, problem = application.customer, application.product, application.problem
        day = self.texts.day
        return self.pairs(
            "Request",
            (
                self.row("Customer", customer.name),
                self.row("Contact person", customer.contact_name),
                self.row("Phone", customer.phone),
                self.row("E-mail", customer.email),
                self.row("Address", customer.address),
                self.row("Model", product.model),
                self.row("Serial number", product.serial_number),
                self.row("Specification", product.specification),
                self.row("Purchase date", day(product.purchase_date) if product.purchase_date else None),
                self.row("Delivery date", day(product.delivery_date) if product.delivery_date else None),
                self.row("Issue", f"{self.say(problem.category.title_text)}\n{problem.description}"),
                self.row("What is asked for", self.say(application.request.title_text)),
            ),
        )

    def registration(self) -> Block:
        """Who registered the request, when, and in which words of the customer."""
        for task in self.tasks:
            if task.kind in REGISTRATIONS and task.done:
                at = self.row("Registered at", self.texts.instant(task.done.happened_at))
                by = self.row("Recorded by", _who(task, self.texts))
                return self.pairs("Registration", (*self.fields(task.kind, task.outcome or {}), at, by))
        return {}

    def work(self) -> Iterable[Row | None]:
        """What was found and done, from the completed tasks in their order."""
        for task in self.tasks:
            outcome = task.outcome or {}
            told: tuple[str, ...] = WORK
            if task.kind == "remote_diagnosis":  # its explanation is about what comes next
                told = SOLVED_REMOTELY if outcome.get("result") == "solved" else ()
            if task.done and task.kind in TASKS:
                fields = TASKS[task.kind].form.model_fields
                for name in (name for name in told if name in outcome and name in fields):
                    yield self.row(fields[name].title or name, self.value(outcome[name], fields[name]))

    def costs(self) -> Block:
        lines = self.case.costs
        if not lines:
            return {}
        money, say = self.texts.money, self.say
        rows = [[say(c.kind.title_text), c.text, say(c.payer.title_text), money(c.amount)] for c in lines]
        block = self.table("Costs", ("Kind", "What", "Borne by", "Amount"), ("auto", "1fr", "auto", "auto"), rows)
        company = sum((line.amount for line in lines if line.payer is Payer.COMPANY), Decimal(0))
        block["totals"] = [
            [say("Total borne by the company"), money(company)],
            [say("Total borne by the customer"), money(self.case.customer_owes())],
        ]
        return block

    def consents(self) -> Block:
        rows = [[self.texts.instant(c.at), c.given_by, self.texts.money(c.amount)] for c in self.case.consents]
        return self.table(
            "The customer's consent to plan and costs",
            ("When", "Given by", "Agreed to bear"),
            ("auto", "1fr", "auto"),
            rows,
        )

    def shipments(self) -> Block:
        """What travelled between the customer and us, both ways."""
        rows = [
            [
                self.texts.instant(at) if (at := one.received_at or one.sent_at) else "",
                f"{self.say(one.title)}\n{one.items}",
                "\n".join(filter(None, (one.carrier, one.tracking_number))),
                one.condition or "",
            ]
            for one in self.case.shipments
        ]
        return self.table("Shipments", ("When", "What", "Carrier", "Condition"), ("auto", "1fr", "auto", "1fr"), rows)

    def holds(self) -> Block:
        instant = self.texts.instant
        rows = [[instant(h.begins), instant(h.ends or h.until), h.by.name, h.reason] for h in self.case.holds]
        return self.table("Pauses", ("From", "To", "Who", "Why"), ("auto", "auto", "auto", "1fr"), rows)

    def information(self) -> Block:
        rows = [
            [self.texts.instant(i.at), i.by.name, "\n".join(filter(None, (i.text, ", ".join(i.attachments))))]
            for i in self.case.information
        ]
        return self.table("Information added", ("When", "Who", "What"), ("auto", "auto", "1fr"), rows)

    def corrections(self) -> Block:
        """What is right in the place of entries that stand above as they were made (X11)."""
        kinds = {task.key: TASKS[task.kind].title for task in self.tasks if task.kind in TASKS}
        rows = [
            [
                self.texts.instant(one.at),
                one.by.name,
                "\n".join(filter(None, (f"{one.event}", self.say(kinds[one.task]) if one.task in kinds else ""))),
                one.text,
            ]
            for one in self.case.corrections
        ]
        heads = ("When", "Who", "Corrected entry", "What is right")
        return self.table("Corrections", heads, ("auto", "auto", "auto", "1fr"), rows)

    def documents(self) -> Block:
        rows = [
            [self.say(_words(d.kind)), f"{d.version}", d.language, self.texts.instant(d.issued_at), d.sha256]
            for d in self.case.documents
        ]
        heads = ("Document", "Version", "Language", "Issued", "SHA-256")
        return self.table("Documents", heads, ("auto", "auto", "auto", "auto", "1fr"), rows)

    def signature(self) -> Block:
        """The customer's acceptance as recorded, or room to sign on paper while there is none."""
        for task in reversed(self.tasks):
            outcome = task.outcome or {}
            if task.kind == "acceptance" and task.done and outcome.get("decision") == "accepted":
                signed = self.texts.instant(task.done.happened_at)
                rows = (
                    *self.fields(task.kind, outcome),
                    self.row("Signed at", signed),
                    self.row("Recorded by", _who(task, self.texts)),
                )
                return self.pairs("Acceptance", rows)
        labels = ("The customer checked the functions and accepts the service", "Name", "Signature", "Date")
        return {
            "kind": "signature",
            "title": self.texts.both("Acceptance"),
            "statement": self.texts.both(labels[0]),
            "lines": [self.texts.both(label) for label in labels[1:]],
        }

    # -- a task

    def entry(self, task: TaskState) -> Block:
        """One user task: who did it when, whether the promise was kept, and everything that was entered."""
        rows = [self.row("Role", self.texts.role(task.role))]
        if task.offered_at:
            rows.append(self.row("Offered", self.texts.instant(task.offered_at)))
        if task.first_due_at:
            rows.append(self.row("Promised for", self.texts.instant(task.first_due_at)))
        if task.attempts:
            rows.append(self.row("Attempts without an answer", str(task.attempts)))
        if task.escalation_level:
            rows.append(self.row("Escalation level", str(task.escalation_level)))
        if task.done:
            rows.append(self.row("Happened", self.texts.instant(task.done.happened_at)))
            rows.append(self.row("Entered", f"{self.texts.instant(task.done.entered_at)} · {_who(task, self.texts)}"))
            if task.done.on_behalf_of:
                behalf = task.done.on_behalf_of
                rows.append(
                    self.row("On behalf of", f"{self.texts.role(behalf.party)}: {behalf.name}\n{behalf.evidence}")
                )
        rows.extend(row for row in self.fields(task.kind, task.outcome or {}) if row[2])
        title = self.texts.both(TASKS[task.kind].title if task.kind in TASKS else _words(task.kind))
        return {"title": title, "state": self.state(task), "late": task.breached_at is not None, "rows": rows}

    def state(self, task: TaskState) -> str:
        """How the task stands, in a word or two."""
        if task.done:
            return self.say("Done in time" if task.done.kept else "Done late")
        return self.say(_words(task.status))

    def fields(self, kind: str, outcome: Mapping[str, Any]) -> list[Row]:
        """What was entered, in the order of the form, with choices in words; a field the form lost keeps its name."""
        declared = TASKS[kind].form.model_fields if kind in TASKS else {}
        names = [*(name for name in declared if name in outcome), *(name for name in outcome if name not in declared)]
        rows = []
        for name in names:
            field = declared.get(name)
            rows.append(self.row((field.title if field else None) or _words(name), self.value(outcome[name], field)))
        return rows

    def value(self, raw: Any, field: Any) -> str:
        if isinstance(raw, str) and field is not None:
            for choice in _choices(field.annotation):
                if raw in {member.value for member in choice}:
                    return self.say(choice(raw).title_text)
            if not {datetime, AwareDatetime}.isdisjoint(_parts(field.annotation)):
                return self.texts.instant(datetime.fromisoformat(raw))
        if isinstance(raw, (list, tuple)):
            return "\n".join(self.line(item) if isinstance(item, Mapping) else _plain(item) for item in raw)
        return _plain(raw)

    def line(self, item: Mapping[str, Any]) -> str:
        """One line of several: a cost with its amount and payer, anything else as it was entered."""
        return self.cost(item) if "amount" in item else " · ".join(_plain(value) for value in item.values())

    def cost(self, line: Mapping[str, Any]) -> str:
        try:
            amount = self.texts.money(Decimal(str(line.get("amount"))))
        except InvalidOperation:
            amount = _plain(line.get("amount"))
        return f"{_plain(line.get('text'))} · {amount} · {self.texts.role('the ' + _plain(line.get('payer')))}"


def _parts(annotation: Any) -> list[Any]:
    """The types an annotation is made of, as far as they can be compared."""
    inner = [part for argument in get_args(annotation) for part in _parts(argument)]
    return [annotation, *inner] if isinstance(annotation, type) else inner


def _choices(annotation: Any) -> list[type[Choice]]:
    return [part for part in _parts(annotation) if issubclass(part, Choice)]


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _who(task: TaskState, texts: Texts) -> str:
    if not task.done:
        return ""
    actor = task.done.by
    roles = texts.role(actor.role) + (f" → {texts.role(actor.acting_for)}" if actor.acting_for else "")
    return f"{actor.name}, {roles}"
