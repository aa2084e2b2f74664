"""Several processes share the tests out by what takes long to start, the longest first."""

from __future__ import annotations

from pathlib import Path

from tests.support.sharing_out import LONGEST, TOGETHER, in_order_of_length, unit_of

ROOT = Path(__file__).parents[2]


def test_every_place_of_the_tables_exists() -> None:
    named = [place for places in TOGETHER.values() for place in places]
    named += [start for start in LONGEST if start not in TOGETHER]
    assert [place for place in named if not (ROOT / place).exists()] == []
    assert set(TOGETHER) <= set(LONGEST)


def test_a_file_is_a_unit_unless_it_shares_something_with_others() -> None:
    assert unit_of("tests/api/test_files_are_stored.py::test_one[a::b]") == "tests/api/test_files_are_stored.py"
    assert unit_of("tests/store/test_cases_are_found.py::test_two") == "one PostgreSQL"
    clicks = "tests/browser/test_a_case_goes_through_all_its_roles.py"
    assert [unit_of(f"{clicks}::test"), unit_of("tests/browser/test_other.py::test")] == list(TOGETHER)[:2]


def test_long_units_lead_and_each_stays_in_one_piece() -> None:
    class Item:
        def __init__(self, nodeid: str) -> None:
            self.nodeid = nodeid

    found = [
        "api/a.py::1",
        "lossless/a.py::1",
        "api/b.py::1",
        "walks/a.py::1",
        "lossless/b.py::1",
        "platform/test_up.py::1",
    ]
    items = [Item(f"tests/{name}") for name in found]
    in_order_of_length(items)  # type: ignore[arg-type]  # of an item, its name alone counts
    assert [item.nodeid.removeprefix("tests/") for item in items] == [
        *(
            "lossless/a.py::1",
            "walks/a.py::1",
            "lossless/b.py::1",
            "platform/test_up.py::1",
            "api/a.py::1",
            "api/b.py::1",
        )
    ]
