"""An auditor reads the whole record of a case as people read it, and sees whether it holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import update

from domain.events import Actor, EventKind
from store.tables import EventRow
from tests.pages.making import HOSTILE, LIN, MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
WEI = Actor(user="wei", name="Wei Shen", role="engineer")


def _worked(made: MadeCase) -> MadeCase:
    """A case with a step that was kept, one that was missed, and a correction."""
    application = made.state.application.model_dump(mode="json", exclude_none=True)
    made.note(EventKind.OPENED, LIN, data={"application": application})
    contact = made.offer("contact_customer", due_in=5)
    data = {"activity_id": "contact_customer", "role": "customer_service"}
    made.note(EventKind.OFFERED, task="contact_customer", data=data)
    made.now += timedelta(hours=3)
    made.complete(contact, {"reached": "yes", "requirement": "Repair the blade", "attachments": []})
    made.note(EventKind.CORRECTED, LIN, data={"corrects": made.events[-1].no, "text": "They want it replaced"})
    return made


async def test_every_entry_says_who_when_in_which_role_and_what_was_entered(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = _worked(made_case(1))
    await project(made)
    page = await (await browse("audra")).get(f"/cases/{made.case_id}/record")
    for words in (
        f"{len(made.events)} entries",
        "Lin Yue, Customer service",
        "Offered: Contact the customer",
        "Promised: Contact the customer",
        "What the customer needs Repair the blade",
        "Did you reach the customer? The customer answered",
        "5 business days from the application",
        "Channel Phone",
        "Noise",
    ):
        assert words in page.text, words
    for event in made.events:
        assert event.hash[:12] in page.text
        assert f"entry {event.no} " in page.text


async def test_what_was_promised_stands_beside_what_was_done_and_by_how_much(
    browse: Browse, made_case: Make, project: Project
) -> None:
    kept, missed = _worked(made_case(1)), made_case(2)
    made = missed.offer("contact_customer")
    late = {"outcome": {"reached": "yes"}, "kept": False, "happened_at": (missed.now + timedelta(days=30)).isoformat()}
    missed.note(EventKind.COMPLETED, LIN, made.key, late)
    await project(kept)
    await project(missed)
    audra = await browse("audra")
    told = (await audra.get(f"/cases/{kept.case_id}/record")).text
    assert "promised for" in told and "before the deadline" in told and "missed by" not in told
    assert "missed by" in (await audra.get(f"/cases/{missed.case_id}/record")).text


async def test_a_correction_stands_beside_what_it_corrects(browse: Browse, made_case: Make, project: Project) -> None:
    made = _worked(made_case(1))
    await project(made)
    text = (await (await browse("audra")).get(f"/cases/{made.case_id}/record")).text
    wrong, right = made.events[-2].no, made.events[-1].no
    beside = text.index(f"Corrected by entry {right}: They want it replaced")
    assert text.index(f"· entry {wrong} ") < beside < text.index(f"· entry {right} ")


async def test_entries_are_filtered_by_person_step_and_kind(browse: Browse, made_case: Make, project: Project) -> None:
    made = _worked(made_case(1))
    made.note(EventKind.COMPLETED, WEI, "site_visit", {"outcome": {}, "kept": True})
    await project(made)
    audra, all_of_them = await browse("audra"), len(made.events)
    address = f"/cases/{made.case_id}/record"
    assert f"1 of {all_of_them} entries" in (await audra.get(f"{address}?who=wei")).text
    of_step = await audra.get(f"{address}?task=contact_customer")
    assert f"3 of {all_of_them} entries" in of_step.text
    assert "No entry fits" in (await audra.get(f"{address}?who=wei&task=contact_customer")).text
    people = await audra.get(f"{address}?kind=people")
    assert "Stage: register" not in people.text
    for nonsense in ("?who=nobody", "?task=none&kind=none", f"?who={HOSTILE}"):
        assert f"{all_of_them} entries" in (await audra.get(address + nonsense)).text


async def test_the_chain_is_computed_anew_on_the_page(
    browse: Browse, made_case: Make, project: Project, app: FastAPI
) -> None:
    made = _worked(made_case(1))
    await project(made)
    audra, address = await browse("audra"), f"/cases/{made.case_id}/record"
    whole = (await audra.get(address)).text
    assert f"The chain of all {len(made.events)} entries holds, and each entry says what it said." in whole
    assert made.events[-1].hash in whole
    async with app.state.parts.database.session() as session:
        changed = update(EventRow).where(EventRow.case_id == made.case_id, EventRow.no == 4)
        await session.execute(changed.values(data={"activity_id": "another"}))
    assert "The record does not hang together: entry 4 does not fit." in (await audra.get(address)).text


async def test_a_database_that_somebody_changed_is_still_shown(
    browse: Browse, made_case: Make, project: Project, app: FastAPI
) -> None:
    made = _worked(made_case(1))
    await project(made)
    async with app.state.parts.database.session() as session:
        changed = update(EventRow).where(EventRow.case_id == made.case_id, EventRow.no == 4)
        await session.execute(changed.values(kind="invented"))
    page = await (await browse("audra")).get(f"/cases/{made.case_id}/record")
    assert "An entry of the record cannot be read" in page.text
    assert "Replay the case" in page.text


async def test_an_erased_case_shows_that_its_content_is_gone_and_its_chain_holds(
    browse: Browse, made_case: Make, project: Project, app: FastAPI
) -> None:
    made = _worked(made_case(1))
    await project(made)
    async with app.state.parts.database.session() as session:
        gone = update(EventRow).where(EventRow.case_id == made.case_id)
        await session.execute(gone.values(data={"erased": True}))
    page = await (await browse("audra")).get(f"/cases/{made.case_id}/record")
    assert "Their content is erased and cannot be checked any more." in page.text
    assert page.text.count("content erased") == len(made.events)
    assert "Repair the blade" not in page.text


async def test_who_held_the_case_inside_each_promise_is_told_by_the_clock_and_in_office_hours(
    browse: Browse, made_case: Make, project: Project, app: FastAPI
) -> None:
    from activities.calendars import national_calendar

    object.__setattr__(app.state.parts, "calendars", national_calendar)
    made = _worked(made_case(1))
    await project(made)
    page = await (await browse("audra")).get(f"/cases/{made.case_id}/record")
    assert "Who used the time" in page.text
    assert "By the clock" in page.text and "In office hours" in page.text
    assert "Inside each promise" in page.text


async def test_deadlines_are_explained_interval_by_interval(browse: Browse, made_case: Make, project: Project) -> None:
    made = _worked(made_case(1))
    await project(made)
    page = await (await browse("audra")).get(f"/cases/{made.case_id}/record")
    assert "the clock starts" in page.text and "whole day" in page.text


async def test_text_of_strangers_stays_text(browse: Browse, made_case: Make, project: Project) -> None:
    made = _worked(made_case(1, HOSTILE))
    made.add_information(HOSTILE)
    await project(made)
    page = await (await browse("audra")).get(f"/cases/{made.case_id}/record")
    assert HOSTILE in page.text and "<script>alert" not in page.source


async def test_only_auditors_and_administrators_come_here_and_are_led_here(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = _worked(made_case(1))
    await project(made)
    address = f"/cases/{made.case_id}/record"
    for user in ("lin", "gao"):
        await (await browse(user)).get(address, 403)
        assert address not in (await (await browse(user)).get(f"/cases/{made.case_id}")).links
    for user in ("audra", "admin"):
        browser = await browse(user)
        assert address in (await browser.get(f"/cases/{made.case_id}")).links
        assert "/audit" in (await browser.get(address)).links
    await (await browse("audra")).get("/cases/C-0000000099/record", 404)
