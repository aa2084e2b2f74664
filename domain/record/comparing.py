"""Where two plain JSON values differ, named as a person would name the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_KEYS = ("key", "no", "document_id", "id")
"""What tells members of a list apart, in this order: tasks by key, entries of a record by number, papers by id."""


@dataclass(frozen=True)
class Difference:
    """One place at which two values differ; `place` is a path such as `tasks.site_visit.due_at`."""

    place: str
    recorded: Any
    found: Any


def differing(recorded: Any, found: Any, at: str = "") -> Iterator[Difference]:
    """Yields every place at which two plain values differ; nothing where they are equal.

    Lists whose members have a key are compared by it, so that one that is missing is named and does not shift the rest.
    A member of a mapping that only one side has differs from nothing, unless it holds nothing itself.
    """
    if recorded == found and type(recorded) is type(found):
        return
    if isinstance(recorded, dict) and isinstance(found, dict):
        for key in (*recorded, *(key for key in found if key not in recorded)):
            yield from differing(recorded.get(key), found.get(key), f"{at}.{key}" if at else str(key))
    elif isinstance(recorded, list) and isinstance(found, list):
        yield from _lists(recorded, found, at)
    elif recorded != found or isinstance(recorded, bool) is not isinstance(found, bool):
        yield Difference(at, recorded, found)


def _lists(recorded: list[Any], found: list[Any], at: str) -> Iterator[Difference]:
    name = _told_apart_by(recorded, found)
    if name:
        yield from differing({str(one[name]): one for one in recorded}, {str(one[name]): one for one in found}, at)
        if [one[name] for one in recorded] != [one[name] for one in found] and len(recorded) == len(found):
            order = ([one[name] for one in recorded], [one[name] for one in found])
            if sorted(map(str, order[0])) == sorted(map(str, order[1])):
                yield Difference(f"{at} (order)", *order)
        return
    for number in range(max(len(recorded), len(found))):
        then, now = (values[number] if number < len(values) else None for values in (recorded, found))
        yield from differing(then, now, f"{at}.{number}" if at else str(number))


def _told_apart_by(recorded: list[Any], found: list[Any]) -> str | None:
    members = [*recorded, *found]
    if not members or not all(isinstance(one, dict) for one in members):
        return None
    for name in _KEYS:
        if all(name in one for one in members):
            apart = all(len({str(one[name]) for one in values}) == len(values) for values in (recorded, found))
            return name if apart else None
    return None
