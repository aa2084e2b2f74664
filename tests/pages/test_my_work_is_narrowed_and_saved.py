"""My work on its page: filters that live in the address, views under a name, search over cases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from domain.case import TaskStatus
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


@pytest.fixture
async def filled(made_case: Make, project: Project) -> None:
    """Two cases with work for the desk: one late, one due, one that rests."""
    first = made_case(1, "rattles")
    first.offer("contact_customer", due_in=-2)
    first.offer("follow_up", due_in=24 * 20)
    first.change(work_order="RR-2026-000001")
    await project(first)
    second = made_case(2, "leaks 主轴漏油")
    second.offer("contact_customer", due_in=3, assignee="lin")
    second.offer("remote_diagnosis", due_in=2, status=TaskStatus.SUSPENDED)
    await project(second)


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("", ["C-0000000002.contact_customer", "C-0000000001.contact_customer"], []),
        ("?show=mine", ["C-0000000002.contact_customer"], ["C-0000000001.contact_customer"]),
        ("?show=offered", ["C-0000000001.contact_customer"], ["C-0000000002.contact_customer"]),
        ("?due=late", ["C-0000000001.contact_customer"], ["C-0000000002.contact_customer", "C-0000000001.follow_up"]),
        ("?show=late", ["C-0000000001.contact_customer"], ["C-0000000001.follow_up"]),
        ("?show=all&state=paused", ["C-0000000002.remote_diagnosis"], ["C-0000000002.contact_customer"]),
        ("?show=all&assignee=lin", ["C-0000000002.contact_customer"], ["C-0000000001.contact_customer"]),
        ("?assignee=-&role=customer_service", ["C-0000000001.contact_customer"], ["C-0000000002.contact_customer"]),
        ("?q=漏油", ["C-0000000002.contact_customer"], ["C-0000000001.contact_customer"]),
        ("?q=RR-2026-000001", ["C-0000000001.contact_customer"], ["C-0000000002.contact_customer"]),
        ("?plan=none-such", [], ["C-0000000001.contact_customer"]),
        ("?show=nonsense&due=never&stage=x", ["C-0000000001.contact_customer"], []),
    ],
)
async def test_the_address_says_what_is_listed(
    browse: Browse, filled: None, query: str, there: list[str], not_there: list[str]
) -> None:
    page = await (await browse("lin")).get(f"/{query}")
    for task in there:
        assert f"/tasks/{task}" in page.links, task
    for task in not_there:
        assert f"/tasks/{task}" not in page.links, task


async def test_a_list_says_whether_each_clock_runs(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    made.offer("contact_customer", due_in=24 * 9)
    made.offer("follow_up", due_in=-1)
    await project(made)
    text = (await (await browse("lin")).get("/")).text
    assert "clock runs" in text or "clock rests until" in text
    assert text.count("clock r") == 1, "a late one's clock is said by how late it is"


async def test_a_list_is_saved_under_a_name_renamed_and_deleted(browse: Browse, filled: None) -> None:
    lin, mei = await browse("lin"), await browse("mei")
    fields = (await lin.get("/?due=week&show=offered")).form("/my-work/views")
    assert (
        await lin.post("/my-work/views", fields | {"name": "  My   week "}) == "/?show=offered&due=week&said=view_saved"
    )
    page = await lin.get("/")
    assert "My week" in page.text
    assert "/?show=offered&due=week" in page.links
    assert "My week" not in (await mei.get("/")).text
    page = await lin.get("/?due=week&show=offered")
    rename = next(one["action"] for one in page.forms if one.get("action", "").startswith("/my-work/views/"))
    await mei.post(rename, {"csrf": (await mei.get("/")).form("/sign-out")["csrf"], "name": "Mine"}, status=404)
    await lin.post(rename, page.form(rename) | {"name": "Soon <b>"})
    page = await lin.get("/?due=week&show=offered")
    assert "Soon <b>" in page.text
    assert await lin.post(f"{rename}/delete", page.form(f"{rename}/delete")) == "/?said=view_gone"
    assert "Soon" not in (await lin.get("/")).text
    await lin.post(f"{rename}/delete", page.form(f"{rename}/delete"), status=404)


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "\0"])
async def test_a_view_needs_a_name(browse: Browse, name: str) -> None:
    lin = await browse("lin")
    fields = (await lin.get("/?due=week")).form("/my-work/views")
    page = await lin.post("/my-work/views", fields | {"name": name}, status=422)
    assert not isinstance(page, str)
    assert "name" in page.text


async def test_the_same_name_again_keeps_the_newer_filters_and_a_taken_one_is_refused(browse: Browse) -> None:
    lin = await browse("lin")
    for query in ("due=week", "due=today"):
        fields = (await lin.get(f"/?state=held&{query}")).form("/my-work/views")
        await lin.post("/my-work/views", fields | {"name": "Soon"})
    fields = (await lin.get("/?state=paused")).form("/my-work/views")
    await lin.post("/my-work/views", fields | {"name": "Paused"})
    links = (await lin.get("/")).links
    assert "/?due=today&state=held" in links
    assert "/?due=week&state=held" not in links
    page = await lin.get("/?state=paused")
    rename = next(one["action"] for one in page.forms if one.get("action", "").startswith("/my-work/views/"))
    await lin.post(rename, page.form(rename) | {"name": "Soon"}, status=409)


async def test_the_number_of_a_case_leads_to_it_and_words_to_a_list(browse: Browse, filled: None) -> None:
    lin = await browse("lin")
    for number in ("RR-2026-000001", "rr-2026-000001", "C-0000000001"):
        answer = await lin.client.get("/cases", params={"q": number}, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/cases/C-0000000001")
    assert "/cases/C-0000000001" in (await lin.get("/cases?q=0086+21-5550+0101")).links
    page = await lin.get("/cases?q=漏油")
    assert "/cases/C-0000000002" in page.links
    assert "/cases/C-0000000001" not in page.links
    assert "No case fits" in (await lin.get("/cases?q=nothing+like+it")).text


async def test_a_long_list_goes_on_with_its_filters(browse: Browse, made_case: Make, project: Project) -> None:
    for number in range(1, 54):
        made = made_case(number)
        made.offer("contact_customer", due_in=float(number))
        await project(made)
    lin = await browse("lin")
    page = await lin.get("/?show=offered&due=week")
    further = next(link for link in page.links if "cursor=" in link)
    assert further.startswith("/?show=offered&due=week&cursor=")
    rest = await lin.get(further)
    shown = [link for one in (page, rest) for link in one.links if link.startswith("/tasks/")]
    assert len(set(shown)) == 53
