"""The archive index: everything about a case, filed together (R10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from activities.document_content.entered import words
from activities.document_content.signing import record
from activities.document_content.writer import Block, Writer
from domain.case import TaskState
from domain.documents.kinds import DocumentKind
from domain.tasks import TASKS


def archive_index(writer: Writer) -> Iterable[Block]:
    """Overview, every document and file, the request, each task in order, costs, what travelled, pauses."""
    yield _overview(writer)
    yield _documents(writer)
    yield _files(writer)
    yield writer.request()
    if writer.tasks:
        entries = [_task(writer, task) for task in writer.tasks]
        yield {"kind": "entries", "title": writer.texts.both("Tasks"), "entries": entries}
    yield _corrections(writer)
    yield writer.costs(why=True)
    yield writer.consents()
    yield _shipments(writer)
    yield _holds(writer)
    yield _information(writer)


def _overview(writer: Writer) -> Block:
    case, instant, say = writer.case, writer.texts.instant, writer.say
    return writer.pairs(
        "Overview",
        (
            writer.row("Work order", case.work_order),
            writer.row("Case", case.case_id),
            writer.row("Procedure", say(case.plan_title)),
            writer.row("Applied", instant(case.applied_at)),
            writer.row("Opened", f"{instant(case.opened_at)} · {case.opened_by.name}"),
            writer.row("Reopened from", case.reopened_from),
            writer.row("Solved by", say(words(case.resolution)) if case.resolution else None),
            writer.row("Ended as", say(words(case.result)) if case.result else None),
            writer.row("Closed", instant(case.closed_at) if case.closed_at else None),
            writer.row("Record", "\n".join(record(writer))),
        ),
    )


def _documents(writer: Writer) -> Block:
    """Every document of the case with its hash, superseded versions too, and this index itself."""
    instant, order = writer.texts.instant, writer.order
    rows = [
        [writer.say(_title(one.kind)), f"{one.version}", one.language, instant(one.issued_at), one.sha256]
        for one in writer.case.documents
    ]
    for language in order.languages:
        this = writer.say("This index")
        rows.append([writer.say(_title(order.kind)), f"{order.version}", language, instant(order.ordered_at), this])
    heads = ("Document", "Version", "Language", "Issued", "SHA-256")
    return writer.table("Documents", heads, ("auto", "auto", "auto", "auto", "1fr"), rows)


def _title(kind: str) -> str:
    return DocumentKind(kind).title_text if kind in {one.value for one in DocumentKind} else words(kind)


def _files(writer: Writer) -> Block:
    """Every photo, video and scan that was handed in, and where."""
    rows = [[writer.material.names.get(file, file), file, writer.say(where)] for file, where in _handed_in(writer)]
    return writer.table("Photos and files", ("File name", "File", "Handed in with"), ("1fr", "auto", "1fr"), rows)


def _handed_in(writer: Writer) -> Iterator[tuple[str, str]]:
    for file in writer.case.application.attachments:
        yield file, "Request"
    for task in writer.tasks:
        title = TASKS[task.kind].title if task.kind in TASKS else words(task.kind)
        for file in (task.outcome or {}).get("attachments") or ():
            yield str(file), title
    for added in writer.case.information:
        for file in added.attachments:
            yield file, "Information added"


def _shipments(writer: Writer) -> Block:
    """What travelled between the customer and us, both ways."""
    rows = [
        [
            writer.texts.instant(at) if (at := one.received_at or one.sent_at) else "",
            f"{writer.say(one.title)}\n{one.items}",
            "\n".join(filter(None, (one.carrier, one.tracking_number))),
            one.condition or "",
        ]
        for one in writer.case.shipments
    ]
    return writer.table("Shipments", ("When", "What", "Carrier", "Condition"), ("auto", "1fr", "auto", "1fr"), rows)


def _holds(writer: Writer) -> Block:
    instant = writer.texts.instant
    rows = [[instant(h.begins), instant(h.ends or h.until), h.by.name, h.reason] for h in writer.case.holds]
    return writer.table("Pauses", ("From", "To", "Who", "Why"), ("auto", "auto", "auto", "1fr"), rows)


def _information(writer: Writer) -> Block:
    names = writer.material.names
    rows = []
    for one in writer.case.information:
        said = "\n".join(filter(None, (one.text, ", ".join(names.get(file, file) for file in one.attachments))))
        rows.append([writer.texts.instant(one.at), one.by.name, said])
    return writer.table("Information added", ("When", "Who", "What"), ("auto", "auto", "1fr"), rows)


def _corrections(writer: Writer) -> Block:
    """What is right in the place of entries that stand above as they were made (X11)."""
    kinds = {task.key: TASKS[task.kind].title for task in writer.tasks if task.kind in TASKS}
    rows = [
        [
            writer.texts.instant(one.at),
            one.by.name,
            "\n".join(filter(None, (f"{one.event}", writer.say(kinds[one.task]) if one.task in kinds else ""))),
            one.text,
        ]
        for one in writer.case.corrections
    ]
    heads = ("When", "Who", "Corrected entry", "What is right")
    return writer.table("Corrections", heads, ("auto", "auto", "auto", "1fr"), rows)


def _task(writer: Writer, task: TaskState) -> dict[str, Any]:
    """One user task: who did it when, whether the promise was kept, and everything that was entered."""
    row, instant = writer.row, writer.texts.instant
    rows = [row("Role", writer.texts.role(task.role))]
    if task.offered_at:
        rows.append(row("Offered", instant(task.offered_at)))
    if task.first_due_at:
        rows.append(row("Promised for", instant(task.first_due_at)))
    if task.attempts:
        rows.append(row("Attempts without an answer", str(task.attempts)))
    if task.escalation_level:
        rows.append(row("Escalation level", str(task.escalation_level)))
    if task.done:
        rows.append(row("Happened", instant(task.done.happened_at)))
        rows.append(row("Entered", f"{instant(task.done.entered_at)} · {writer.entered.who(task)}"))
        if behalf := task.done.on_behalf_of:
            rows.append(row("On behalf of", f"{writer.texts.role(behalf.party)}: {behalf.name}\n{behalf.evidence}"))
    rows.extend(writer.entries(task))
    title = writer.texts.both(TASKS[task.kind].title if task.kind in TASKS else words(task.kind))
    return {"title": title, "state": _state(writer, task), "late": task.breached_at is not None, "rows": rows}


def _state(writer: Writer, task: TaskState) -> str:
    """How the task stands, in a word or two."""
    if task.done:
        return writer.say("Done in time" if task.done.kept else "Done late")
    return writer.say(words(task.status))
