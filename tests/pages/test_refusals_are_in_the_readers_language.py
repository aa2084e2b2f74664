"""What is refused, told and named is in the language of who reads it: rights, passwords, lists, days within a text."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from api.languages import reading
from api.pages.access import NAMES
from api.pages.languages import say
from api.rights import Right
from api.route_rights import ROUTES, Kind
from domain.texts import told, translations
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("language", ["zh-CN", "it"])
def test_every_right_that_is_refused_has_its_words(right: Right, language: str) -> None:
    refusal = f"to {right.value} takes service manager or admin; you have customer service"
    said = told(refusal, language)
    assert right.value not in said
    assert "customer service" not in said
    assert "admin;" not in said


def test_every_list_and_export_that_is_looked_at_has_a_name_to_show() -> None:
    looked_at = {
        rule.shows.of
        for rule in ROUTES.values()
        if rule.shows is not None and rule.shows.kind in (Kind.LIST, Kind.EXPORT)
    }
    assert looked_at - set(NAMES) == set()


@pytest.mark.parametrize(
    ("language", "english", "said"),
    [
        ("zh-CN", "1 appointment on 22 Nov", "11月22日 有 1 个预约"),
        ("it", "2 appointments on 22 Nov", "2 appuntamenti il 22 nov"),
        ("it", "absent until 3 Jan 2027", "assente fino al 3 gen 2027"),
        ("en", "is in the future; today is 2026-11-22", "is in the future; today is 22 Nov 2026"),
        ("zh-CN", "is in the future; today is 2026-11-22", "晚于今天；今天是 2026年11月22日"),
        ("en", "is not a day such as 2026-11-23", "is not a day such as 2026-11-23"),
        ("en", "SN-2026-11-22 and 2026-13-45", "SN-2026-11-22 and 2026-13-45"),
        ("it", "31 Feb", "31 Feb"),
        ("en", "the warranty ended on 2026-08-18: misuse", "the warranty ended on 18 Aug 2026: misuse"),
    ],
)
def test_a_day_within_a_text_is_written_as_the_reader_writes_days(language: str, english: str, said: str) -> None:
    with reading(language):
        assert say(english) == said


_SOLVED = {"outcome.result": "solved", "outcome.work_done": "Bearing", "outcome.instructions": "Grease it monthly"}
_CLAUSE = re.compile(r"[(（][A-Z]\d+")


@pytest.mark.parametrize("language", ["en", "zh-CN", "it"])
def test_nobody_reads_the_numbers_of_clauses_in_what_is_told_to_them(language: str) -> None:
    told_with_them = [english for english in translations("it") if _CLAUSE.search(english)]
    assert told_with_them
    with reading(language):
        shown = [say(english) for english in told_with_them]
        assert [one for one in shown if _CLAUSE.search(one) or not one.strip()] == []
        assert not _CLAUSE.search(say("is missing; " + told_with_them[0]))
        assert say("Screw (M10)") == "Screw (M10)"  # what somebody typed stays


async def test_a_refused_answer_names_no_clause(
    browse: Browse, made_case: Callable[..., MadeCase], project: Callable[[MadeCase], Awaitable[None]]
) -> None:
    made = made_case(1)
    consent = {"at": made.now, "given_by": "Ms Wen", "amount": "86.50", "task": "confirm_plan"}
    made.change(consents=(consent,))
    made.offer("site_repair")
    await project(made)
    wei, path = await browse("wei"), f"/tasks/{made.case_id}.site_repair"
    fields = (await wei.get(path)).form(f"{path}/complete")
    earlier = (made.now - timedelta(hours=3)).astimezone(ZoneInfo("Asia/Shanghai"))
    told = {**_SOLVED, "happened_at": f"{earlier:%Y-%m-%dT%H:%M}"}
    page = await wei.post(f"{path}/complete", fields | told, 422)
    assert isinstance(page, Page)
    assert "the work cannot lie before the customer's consent to it" in page.text
    assert not _CLAUSE.search(page.text.partition("What to do")[2].partition("So far")[0])


async def test_a_page_that_is_not_yours_says_so_in_your_language(browse: Browse) -> None:
    lin = await browse("lin")
    await lin.post("/me", (await lin.get("/me")).form("/me") | {"language": "it"})
    said = (await lin.get("/users", 403)).text
    assert "amministrare le persone" in said
    assert "customer_service" not in said and "servizio clienti" in said.lower()
