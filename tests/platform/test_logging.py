from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from core import logging as ours

PHONE = "+1 555-0100"


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_what_names_a_person_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    ours.configure("info", "json", process="worker")
    structlog.get_logger("a").info(
        "opened", case_id="C-1", phone="+1 555-0100", email="a@example.com", customer={"x": 1}
    )
    (line,) = lines(capsys)
    assert line["case_id"] == "C-1"
    assert line["process"] == "worker"
    assert {line["phone"], line["email"], line["customer"]} == {ours.MASK}


def test_lines_of_libraries_have_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    ours.configure("info", "json")
    logging.getLogger("temporalio.worker").warning("poll failed %s", 3)
    # what another library says at this moment, of what tests before left behind, is in the same form too
    (line,) = [line for line in lines(capsys) if line["event"] == "poll failed 3"]
    assert (line["level"], line["logger"]) == ("warning", "temporalio.worker")


def test_requests_are_not_logged_by_the_server_since_their_paths_hold_names(capsys: pytest.CaptureFixture[str]) -> None:
    ours.configure("info", "json")
    logging.getLogger("uvicorn.access").info("GET /cases?q=Rossi")
    assert lines(capsys) == []


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_says_where_but_not_what_people_had_entered(
    style: Literal["json", "console"], capsys: pytest.CaptureFixture[str]
) -> None:
    ours.configure("info", style)

    def fails(entered: dict[str, str]) -> None:
        del entered["missing"]

    try:
        fails({"phone": PHONE})
    except KeyError:
        structlog.get_logger("a").exception("failed")
    told = capsys.readouterr().err
    assert "fails" in told
    assert "KeyError" in told
    assert PHONE not in told
