from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


async def test_an_auditor_sees_who_looked_at_a_case_and_at_lists(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case(1, "text")
    made.offer("contact_customer")
    await project(made)
    lin, audra = await browse("lin"), await browse("audra")
    await lin.get(f"/cases/{made.case_id}")
    await lin.get("/cases?q=works")
    await lin.get(f"/cases/{made.case_id}/access", 403)
    shown = await audra.get(f"/cases/{made.case_id}")
    assert f"/cases/{made.case_id}/access" in shown.links
    page = await audra.get(f"/cases/{made.case_id}/access")
    assert "Lin Yue" in page.text and "on a page" in page.text
    assert "the case" in page.text and f"case: {made.case_id}" not in page.text, "its own number tells nothing here"
    assert f"/cases/{made.case_id}" in page.links
    every = await audra.get("/access")
    assert "Lin Yue" in every.text and "list: cases" in every.text
    filtered = await audra.get(f"/access?user=audra&kind=case&of={made.case_id}")
    assert "Audra Ning" in filtered.text and "list: cases" not in filtered.text
    assert "Nobody looked" in (await audra.get("/access?since=2001-01-01&until=2001-01-02")).text
    await audra.get("/access?since=tomorrow", 422)
    await audra.get("/access?cursor=made-up", 422)


async def test_who_may_not_see_it_is_offered_no_way_there(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1, "text")
    await project(made)
    lin = await browse("lin")
    assert f"/cases/{made.case_id}/access" not in (await lin.get(f"/cases/{made.case_id}")).links
    links = (await lin.get("/")).links
    assert "/access" not in links and "/users" not in links
