"""How tests are shared out to several processes: what needs the same costly thing stays together, the longest first.

A unit of work is a file, or all tests that share a product, a server or a browser: handed out one by one, they had
each process start a product of its own. A long unit that comes last is waited for alone, so those lead.
"""

from __future__ import annotations

from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER: Final[dict[str, tuple[str, ...]]] = {
    "a case by clicks": ("tests/browser/test_a_case_goes_through_all_its_roles.py",),
    "one browser and one house": ("tests/browser/",),
    "one product": (
        "tests/platform/test_an_erased_case_is_nowhere.py",
        "tests/platform/test_up.py",
        "tests/platform/test_what_is_sealed_is_read_by_those_who_may.py",
    ),
    "one Chromium": (
        "tests/pages/test_a_video_survives_a_broken_line.py",
        "tests/pages/test_pages_in_a_real_browser.py",
        "tests/pages/test_the_newer_text_wins.py",
        "tests/pages/test_work_goes_on_without_a_network.py",
    ),
    "one engine": ("tests/lossless/", "tests/walks/"),
    "one engine for audits": ("tests/replaying/",),
    "one PostgreSQL": ("tests/store/",),
}
"""Places whose tests share something that takes seconds to start; the first that fits a test counts."""

LONGEST: Final = (
    *("a case by clicks", "one engine", "one product", "one browser and one house", "one Chromium"),
    *("tests/samples/test_samples_fill_every_stage.py", "tests/platform/test_production_shape.py", "one PostgreSQL"),
    *("one engine for audits", "tests/record/", "tests/documents/", "tests/workflows/", "tests/pages/each_plan/"),
)
"""Units that take longest, or folders whose files do, longest first; a line too many or too few costs time alone."""


def unit_of(nodeid: str) -> str:
    """Returns the unit of work that a test belongs to."""
    file = nodeid.partition("::")[0]
    return next((name for name, places in TOGETHER.items() if file.startswith(places)), file)


def in_order_of_length(items: list[pytest.Item]) -> None:
    """Puts the tests of the longest units first, each unit in one piece; the others stay as they were found."""
    units = {item.nodeid: unit_of(item.nodeid) for item in items}
    found = {unit: number for number, unit in enumerate(dict.fromkeys(units.values()))}

    def place(item: pytest.Item) -> tuple[int, int]:
        unit = units[item.nodeid]
        rank = next((number for number, start in enumerate(LONGEST) if unit.startswith(start)), len(LONGEST))
        return rank, found[unit]

    items.sort(key=place)


class Units(LoadScopeScheduling):  # type: ignore[misc]  # it ships no types
    """Hands a process one unit after the other, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False  # it would hand out those with the most tests first
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
