"""Two people on one task: the second learns at once who has it, nothing typed is lost, and it is done once."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.house import House
from tests.browser.visitors import Visitors


async def test_the_second_to_claim_is_told_who_was_first(visitors: Visitors, house: House) -> None:
    visitors.expected |= {"409", "410"}
    made = house.case()
    made.offer("contact_customer", due_in=4)
    await house.project(made)
    lin, mei = await visitors.window("lin"), await visitors.window("mei")
    for page in (lin, mei):
        await page.goto(f"/tasks/{made.case_id}.contact_customer")
    await lin.get_by_role("button", name="Claim").click()
    await lin.wait_for_url("**?said=claimed")
    await mei.get_by_role("button", name="Claim").click()
    await expect(mei.get_by_role("status").filter(has_text="Lin Yue")).to_be_visible()
    assert "said=claimed" not in mei.url
    await lin.reload()
    await expect(lin.get_by_role("button", name="Release")).to_be_visible()


async def test_what_the_second_typed_stays_when_the_first_has_completed(visitors: Visitors, house: House) -> None:
    visitors.expected |= {"409", "410"}
    made = house.case()
    task = made.offer("contact_customer", due_in=4)
    await house.project(made)
    lin, mei = await visitors.window("lin"), await visitors.window("mei")
    for page, words in ((lin, "Said by Lin"), (mei, "Said by Mei, at length")):
        await page.goto(f"/tasks/{made.case_id}.contact_customer")
        await page.locator('label:has([name="outcome.reached"][value=yes])').click()
        await page.fill('[name="outcome.requirement"]', words)
    await lin.get_by_role("button", name="Complete").click()
    await lin.wait_for_url("**said=completed**")
    made.complete(task, {"reached": "yes", "requirement": "Said by Lin", "attachments": []})
    await house.project(made)
    house.engine.gone = True
    try:
        await mei.get_by_role("button", name="Complete").click()
        await expect(mei.locator("main")).to_contain_text("Lin Yue")
    finally:
        house.engine.gone = False
    assert "Said by Mei, at length" in await mei.content()
    said = [one[2]["outcome"]["requirement"] for one in house.engine.completions if one[0] == made.case_id]
    assert said == ["Said by Lin"]


async def test_the_list_of_the_second_says_who_took_it_by_itself(visitors: Visitors, house: House) -> None:
    made = house.case()
    made.offer("contact_customer", due_in=0.2)
    await house.project(made)
    task = f"{made.case_id}.contact_customer"
    lin, mei = await visitors.window("lin"), await visitors.window("mei")
    await mei.goto("/")
    row = mei.locator(f'[data-task="{task}"]')
    await expect(row.locator("[data-claim] button")).to_be_enabled()
    await lin.goto(f"/tasks/{task}")
    await lin.get_by_role("button", name="Claim").click()
    await lin.wait_for_url("**?said=claimed")
    await expect(row.locator("[data-holder]")).to_contain_text("Lin Yue")
    await expect(row.locator("[data-claim] button")).to_be_disabled()
