"""What the archive of a case says of itself: the manifest, whose exact bytes the installation signs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.model import Frozen, Instant

FORMAT: Literal[1] = 1
SUFFIX = ".aftercare"
MEDIA_TYPE = "application/vnd.aftercare.archive+zip"


class Part(StrEnum):
    """The entries that every archive has, by name."""

    README = "README.txt"
    HISTORY = "history.json"
    PLAN = "plan.json"
    CHAIN = "chain.json"
    SNAPSHOT = "snapshot.json"
    EVENTS = "events.json"
    RESULT = "result.json"
    FILES = "files.json"
    MANIFEST = "manifest.json"
    SIGNATURE = "signature.json"


DOCUMENTS, ATTACHMENTS = "documents/", "attachments/"
LISTED = tuple(part for part in Part if part not in (Part.MANIFEST, Part.SIGNATURE))
"""The parts that a manifest lists: all but itself and its signature."""
_NAME = re.compile(r"(documents|attachments)/[A-Za-z0-9][A-Za-z0-9._-]{0,119}")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Entry(Frozen):
    """One entry of the file: SHA-256 and length of its bytes as they lie there, sealed or clear, and what it is."""

    name: str
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
    media_type: str
    sealed: bool
    what: str


class PlanNamed(Frozen):
    """The plan the case ran on; `sha256` is of `plan.json`."""

    name: str
    sha256: Sha256


class RecordEnd(Frozen):
    """How long the record is and the hash of its last event, to which every earlier one is chained."""

    events: int
    hash: str


class Code(Frozen):
    """Which code archived the case: its version and the SHA-256 over its sources."""

    version: str
    source: str


class Manifest(Frozen):
    """All that an archive claims. Instants are UTC; `closed_at` on the product's clock, `made_at` real.

    `key_id` names the key that seals the personal entries, None where nothing is sealed; `signed_by` the signing key.
    `lacks` names what the record speaks of and nobody had any more when the archive was made.
    """

    format: Literal[1] = FORMAT
    case_id: Annotated[str, Field(pattern=r"^C-[0-9A-HJKMNP-TV-Z]{10}$")]
    plan: PlanNamed
    closed_at: Instant
    result: str
    made_at: Instant
    record: RecordEnd
    code: Code
    libraries: dict[str, str]
    calendars: dict[str, str]
    key_id: str | None
    signed_by: str
    entries: tuple[Entry, ...]
    lacks: tuple[str, ...] = ()

    def entry(self, name: str) -> Entry | None:
        """Returns the entry of a name, or None."""
        return next((entry for entry in self.entries if entry.name == name), None)


def is_entry_name(name: str) -> bool:
    """True for a name that an archive may hold: a part, a document or an attachment; never a way out of a folder."""
    return name in frozenset(Part) or (bool(_NAME.fullmatch(name)) and ".." not in name)


def name_of(case_id: str, year: int) -> str:
    """Returns where the archive of a case closed in that year (UTC) lies: `2026/C-….aftercare`."""
    return f"{year:04}/{case_id}{SUFFIX}"


def missing_parts(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the parts that a manifest has to list and does not."""
    listed = frozenset(names)
    return tuple(part for part in LISTED if part not in listed)
