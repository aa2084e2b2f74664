"""Inspection reports from bench, factory and maintenance centre (R7, R10, M6, W3, W4)."""

from __future__ import annotations

from collections.abc import Iterable

from activities.document_content.writer import Block, Writer
from domain.case import TaskState
from domain.documents.made import INSPECTIONS

_TITLES = {
    "factory_inspection": "Inspection at the factory",
    "workshop_inspection": "Inspection in the workshop",
    "centre_inspection": "Inspection at the maintenance centre",
    "inspect_returned": "Inspection of the returned item",
    "reinspect": "Inspection after the repair",
}
_INSIDE = ("costs", "attachments", "notes")
"""What a report leaves to other papers: costs to quotation and cost list, files to the archive."""


def inspection_report(writer: Writer) -> Iterable[Block]:
    """Every inspection of the item, the newest first, each with who inspected when and what was found."""
    yield writer.request(contact=False)
    yield _arrival(writer)
    for task in reversed(writer.tasks):
        if task.kind in INSPECTIONS and task.done:
            yield _inspection(writer, task)


def _inspection(writer: Writer, task: TaskState) -> Block:
    done = task.done
    behalf = done.on_behalf_of if done else None
    files = [writer.material.names.get(one, one) for one in (task.outcome or {}).get("attachments") or ()]
    rows = (
        *writer.entries(task, without=_INSIDE),
        writer.row("Photos and files", "\n".join(files)),
        writer.row("Inspected at", writer.texts.instant(done.happened_at) if done else None),
        writer.row("Recorded by", writer.entered.who(task)),
        writer.row("On behalf of", f"{writer.texts.role(behalf.party)}: {behalf.name}" if behalf else None),
    )
    return writer.pairs(_TITLES.get(task.kind, "Inspection report"), rows)


def _arrival(writer: Writer) -> Block:
    """How the item arrived, as it was received."""
    task = writer.last_done("receive_item", "factory_receipt")
    return writer.pairs("As it arrived", writer.entries(task, without=("attachments",))) if task else {}
