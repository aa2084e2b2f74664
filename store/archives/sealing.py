"""What archives ask of the key of a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol


class Seal(Protocol):
    """The key of a case, `core.keys.CaseKey`: seals and opens streams, never a whole attachment in memory."""

    @property
    def key_id(self) -> str:
        """The name of the key."""

    def seal_parts(self, parts: Iterable[bytes], purpose: str) -> Iterator[bytes]:
        """Yields the bytes sealed for a purpose."""

    def open_parts(self, parts: Iterable[bytes], purpose: str) -> Iterator[bytes]:
        """Yields what was sealed for this purpose; raises where it was changed, cut or is another's."""


def purpose_of(name: str) -> str:
    """Returns what an entry is sealed for: the bytes of one open as no other."""
    return f"archive {name}"
