"""Signatures: room to sign on paper, and what was signed, by whom, when, of which record."""

from __future__ import annotations

from collections.abc import Iterable

from activities.document_content.writer import Block, Picture, Writer
from domain.case import TaskState

NOT_SHOWN = "A picture that is no longer stored"


def room_to_sign(writer: Writer, title: str, statement: str, *, both: bool = False) -> Block:
    """Lines for name, signature and date; for both sides where both sign."""
    here = writer.texts.both
    sides = ("For the customer", "For the company") if both else ("For the customer",)
    return {
        "kind": "signature",
        "title": here(title),
        "statement": here(statement),
        "sides": [here(side) for side in sides],
        "lines": [here(label) for label in ("Name", "Signature", "Date")],
        "record": record(writer),
    }


def signed(
    writer: Writer, title: str, statement: str, task: TaskState, *, by: str, without: Iterable[str] = ()
) -> Block:
    """What was signed: statement, signer, time, how, the signature's picture, and the record that it confirms."""
    outcome, done = task.outcome or {}, task.done
    left_out = ("signed_by", "attachments", *without)
    behalf = done.on_behalf_of if done else None
    rows = [
        writer.need("Signed by", str(outcome.get("signed_by") or "") or by),
        writer.need("Signed at", writer.texts.instant(done.happened_at) if done else None),
        *writer.entries(task, without=left_out),
        writer.row("Recorded by", writer.entered.who(task)),
        writer.row("On evidence of", behalf.evidence if behalf else None),
    ]
    return {
        "kind": "signed",
        "title": writer.texts.both(title),
        "statement": writer.texts.both(statement),
        "rows": [row for row in rows if row[2]],
        "pictures": _shown(writer, outcome.get("attachments") or ()),
        "record": record(writer),
    }


def record(writer: Writer) -> list[str]:
    """The record that a paper confirms: its last entry and the hash that stands for all of it."""
    point = writer.order.record
    return [f"{writer.say('Made of the record up to entry')} {point.no}", f"SHA-256 {point.hash}"]


def _shown(writer: Writer, attachments: Iterable[str]) -> list[dict[str, str]]:
    """Every file that was handed in with the signature: shown when it is a picture, named otherwise."""
    found = []
    for one in attachments:
        picture = writer.material.pictures.get(one) or Picture(one, None, NOT_SHOWN)
        if picture.path is None:
            writer.unseen.append((picture.name, picture.reason or NOT_SHOWN))
        note = writer.say(picture.reason) if picture.reason else ""
        found.append({"path": picture.path or "", "name": picture.name, "note": note})
    return found
