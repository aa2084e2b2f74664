"""An auditor finds cases, draws a sample of closed ones by a seed, and says of each what was found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from domain.case import Result
from domain.events import EventKind
from tests.pages.making import HOSTILE, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
PERIOD = {"since": "2020-01-01", "until": (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%d")}


async def _closed(made_case: Make, project: Project, number: int = 6) -> None:
    """Cases that ended five days ago: every other one late."""
    for n in range(1, number + 1):
        made = made_case(n)
        made.now -= timedelta(days=5)
        task = made.offer("contact_customer", due_in=-40 if n % 2 else 5)
        made.complete(task, {"reached": "yes", "requirement": "Repair"})
        if n % 2 and task.done:
            task.done, task.escalation_level = task.done.model_copy(update={"kept": False}), 1
        if n == 2:
            made.note(EventKind.SPECIAL_CASE_OPENED, data={"reason": "The customer insists"})
        made.close(Result.RESOLVED if n > 2 else Result.UNRESOLVED)
        await project(made)


async def _draw(browser: Browser, status: int = 303, **entered: str) -> str | Page:
    fields = (await browser.get("/audit/samples")).form("/audit/samples")
    return await browser.post("/audit/samples", fields | PERIOD | {"seed": "spring", "size": "3"} | entered, status)


async def test_the_same_seed_draws_the_same_cases_for_whoever_draws(
    browse: Browse, made_case: Make, project: Project
) -> None:
    await _closed(made_case, project)
    drawn = []
    for user, seed in (("audra", "spring"), ("admin", "spring"), ("audra", "autumn"), ("audra", "winter")):
        browser = await browse(user)
        address = str(await _draw(browser, seed=seed)).partition("?")[0]
        page = await browser.get(address)
        drawn.append([link for link in page.links if link.endswith("/record")])
    assert len(drawn[0]) == 3
    assert drawn[0] == drawn[1]
    assert drawn[2] != drawn[0] or drawn[3] != drawn[0]


async def test_a_case_is_reviewed_and_the_last_word_counts(browse: Browse, made_case: Make, project: Project) -> None:
    await _closed(made_case, project)
    audra = await browse("audra")
    address = str(await _draw(audra)).partition("?")[0]
    fields = (await audra.get(address)).form(address)
    await audra.post(address, fields | {"finding": "yes", "remark": HOSTILE})
    page = await audra.get(address)
    assert "1 of 3 reviewed" in page.text and "1 finding" in page.text and HOSTILE in page.text
    assert "<script>alert" not in page.source
    await audra.post(address, fields | {"finding": "yes", "remark": HOSTILE})
    assert "earlier word" not in (await audra.get(address)).text, "the same again is no other word"
    await audra.post(address, fields | {"finding": "no", "remark": ""})
    page = await audra.get(address)
    assert "no finding" in page.text and "1 earlier word" in page.text and "Audra Ning" in page.text
    assert "1 of 3 reviewed" in (await audra.get("/audit")).text


async def test_what_cannot_be_drawn_or_said_is_refused_with_what_was_entered(
    browse: Browse, made_case: Make, project: Project
) -> None:
    await _closed(made_case, project)
    audra = await browse("audra")
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%d")
    for wrong, said in (
        ({"until": tomorrow}, "must be over"),
        ({"since": "some day"}, "valid"),
        ({"size": "0"}, "greater than or equal to 1"),
        ({"size": "many"}, "number"),
        ({"late": "2", "costly": "2"}, "cannot be more than the whole sample"),
        ({"seed": " "}, "is needed"),
        ({"seed": "\u202e"}, "turns the text around"),
        ({"plan": "none"}, "there is no such plan"),
        ({"since": "2001-01-01", "until": "2001-01-02"}, "no case was closed"),
    ):
        page = await _draw(audra, 422, **wrong)
        assert isinstance(page, Page) and said in page.text, wrong
    address = str(await _draw(audra)).partition("?")[0]
    fields = (await audra.get(address)).form(address)
    refused = await audra.post(address, fields | {"finding": "yes", "remark": ""}, 422)
    assert isinstance(refused, Page) and "is needed" in refused.text
    await audra.post(address, fields | {"finding": "perhaps"}, 422)
    await audra.post(address, fields | {"case": "C-0000000099", "finding": "no"}, 404)
    await audra.get("/audit/samples/none", 404)


async def test_cases_are_found_by_what_an_auditor_looks_for(browse: Browse, made_case: Make, project: Project) -> None:
    await _closed(made_case, project)
    open_one = made_case(9)
    open_one.offer("contact_customer")
    await project(open_one)
    audra = await browse("audra")

    async def found(query: str) -> list[str]:
        links = (await audra.get(f"/audit?{query}")).links
        return sorted(link.split("/")[2][-1] for link in links if link.endswith("/record"))

    assert await found("") == ["1", "2", "3", "4", "5", "6", "9"]
    assert await found("result=unresolved") == ["1", "2"]
    assert await found("special=yes") == ["2"]
    assert await found(f"since={PERIOD['since']}&until={PERIOD['until']}") == ["1", "2", "3", "4", "5", "6"]
    assert await found("until=2020-01-01") == []
    assert await found("plan=rapid-response&late=yes") == ["1", "3", "5"]
    await audra.get("/audit?since=yesterday", 422)
    await audra.get("/audit?cursor=made-up", 422)
    await (await browse("gao")).get("/audit", 403)
