"""A case's record in clear, as a person reads it: what somebody gets who asks what is known about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages import times, words
from api.pages.timeline import timeline
from domain.case import CaseState
from domain.plan import Plan
from domain.record.manifest import DOCUMENTS, Part

if TYPE_CHECKING:
    from api.commands.audit.bundle import BundleWriter
    from core.keys import CaseKey
    from store.archives.reading import ArchiveReader

_UNSAFE = re.compile(r"[^\w.-]+")
_FACTS = {"customer": "Customer", "product": "Product", "problem": "Problem"}


@cache
def environment() -> Environment:
    """The pages of a bundle: everything escaped, nothing loaded from elsewhere."""
    folder = Path(__file__).parent / "bundle_pages"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_readable(writer: BundleWriter, reader: ArchiveReader, key: CaseKey | None, folder: str) -> str:
    """Writes the record of a case with its papers and files in clear; returns the path of its page in the bundle.

    Raises what the reader and the key raise where something was changed, ValueError for what this version cannot read.
    """
    snapshot, events = reader.snapshot(key), reader.events(key)
    case = CaseState.model_validate(snapshot["case"])
    plan = Plan.model_validate(reader.plan())
    files = list(_files(writer, reader, key, folder))
    plain = {name: value for name, value in snapshot["case"].items() if name != "record_salt"}
    writer.json(f"{folder}/case.json", {"case": plain, "tasks": snapshot["tasks"]})
    writer.json(f"{folder}/record.json", [event.model_dump(mode="json") for event in events])
    entries = [
        {
            "at": _minute(entry.at, case.time_zone),
            "who": entry.who,
            "what": entry.what,
            "notes": entry.notes,
            "said": entry.said,
        }
        for entry in reversed(timeline(events, plan, currency=case.currency))
    ]
    page = (
        environment()
        .get_template("record.html")
        .render(
            case=case,
            closed_at=_minute(case.closed_at or case.opened_at, case.time_zone),
            result=words.spoken(case.result.value) if case.result else "",
            zone=case.time_zone,
            facts=list(_facts(snapshot["case"]["application"])),
            entries=entries,
            files=files,
        )
    )
    writer.text(f"{folder}/record.html", page)
    return f"{folder}/record.html"


def _facts(application: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What the request said, headline by headline."""
    for part, headline in _FACTS.items():
        rows = [
            (words.spoken(name).capitalize(), str(value))
            for name, value in application.get(part, {}).items()
            if value not in (None, "", [])
        ]
        if rows:
            yield headline, rows


def _files(writer: BundleWriter, reader: ArchiveReader, key: CaseKey | None, folder: str) -> Iterator[dict[str, str]]:
    """Writes each paper and file in clear, under a name that says what it is."""
    for known in reader.json(Part.FILES, key):
        entry = str(known["entry"])
        kind, _, number = entry.partition("/")
        if entry.startswith(DOCUMENTS):
            name = f"{known['kind']}-{known['language']}-{known['version']}-{number}.pdf"
            what = f"{words.spoken(str(known['kind']))}, issued {_day(known['issued_at'])}"
        else:
            name = f"{number}-{_safe(str(known.get('file_name') or 'file'))}"
            what = f"sent in by {known.get('uploaded_by')} on {_day(known.get('uploaded_at'))}"
        path = f"{kind}/{_safe(name)}"
        writer.parts(f"{folder}/{path}", reader.clear(entry, key), int(known["size"]))
        yield {"path": path, "name": _safe(name), "what": what}


def _minute(instant: datetime, zone: str) -> str:
    return f"{times.local(instant, zone):%Y-%m-%d %H:%M}"


def _day(instant: object) -> str:
    return str(instant)[:10]


def _safe(name: str) -> str:
    """A file name that stays in its folder on every system."""
    return _UNSAFE.sub("_", name).strip(".")[:120] or "file"
