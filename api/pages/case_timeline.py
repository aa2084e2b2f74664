"""The timeline on the page of a case: its filters, and how much of it is shown at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.languages import _
from api.pages.timeline import Entry
from api.pages.timeline_groups import Shown
from api.pages.views import FileView, files_view
from store.attachments import Attachment

_AT_ONCE = 30


@dataclass(frozen=True)
class Filter:
    """One filter of the timeline."""

    title: str
    href: str
    here: bool
    count: int


@dataclass(frozen=True)
class Told:
    """The entries shown with their files, the filters, and the way to the earlier entries."""

    entries: tuple[tuple[Entry, tuple[FileView, ...]], ...]
    filters: tuple[Filter, ...]
    earlier: int
    all_href: str


def told_of(entries: Sequence[Entry], known: Mapping[str, Attachment], asked: Mapping[str, str], path: str) -> Told:
    """Returns what the page shows of a record: `show` and `entries` of the address choose."""
    try:
        shown = Shown(asked.get("show", "all"))
    except ValueError:
        shown = Shown.ALL
    chosen = [entry for entry in entries if shown in entry.groups]
    cut = chosen if asked.get("entries") == "all" else chosen[:_AT_ONCE]
    titles = {
        Shown.ALL: _("All"), Shown.PEOPLE: _("People"), Shown.DEADLINES: _("Deadlines"), Shown.PAPERS: _("Papers"),
    }  # fmt: skip
    filters = tuple(
        Filter(
            title,
            f"{path}?show={one}#happened" if one is not Shown.ALL else f"{path}#happened",
            one is shown,
            sum(one in entry.groups for entry in entries),
        )
        for one, title in titles.items()
    )
    return Told(
        entries=tuple((entry, files_view(entry.files, known)) for entry in cut),
        filters=filters,
        earlier=len(chosen) - len(cut),
        all_href=f"{path}?show={shown}&entries=all#entry-{cut[-1].no}" if cut else path,
    )
