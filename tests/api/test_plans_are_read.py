"""Programs read the plans in words, and a plan of one's own opens cases without a change of code."""

from __future__ import annotations

from pathlib import Path

import httpx

from api.app import create_app
from core.settings import Settings
from store.sessions import Database
from tests.api.house import FakeEngine, House, application, move_in
from tests.support.own_plan import NAME, write_own_plan


async def test_the_plans_are_listed_and_each_is_shown(house: House) -> None:
    listed = (await house.get("audit", "/plans")).json()
    assert listed["next"] is None
    assert "rapid-response" in [one["name"] for one in listed["items"]]
    for one in listed["items"]:
        shown = (await house.get("audit", f"/plans/{one['name']}")).json()
        assert shown["title"] == one["title"]
        assert shown["stages"][-1]["stage"] == "archive"


async def test_a_budget_is_shown_with_its_clause(house: House) -> None:
    shown = (await house.get("lin", "/plans/rapid-response")).json()
    (contact,) = [task for task in shown["stages"][0]["tasks"] if task["task"] == "contact_customer"]
    assert (contact["within"], contact["counted_from"]) == ("12 hours", "the application")
    assert (contact["source"], contact["ours"]) == ("R3", False)
    assert all(choice["ours"] for choice in shown["choices"])


async def test_an_unknown_plan_and_a_stranger_are_refused(house: House) -> None:
    assert (await house.get("lin", "/plans/no-such-plan")).status_code == 404
    assert (await house.client.get("/api/v1/plans/rapid-response")).status_code == 401


async def test_a_plan_of_ones_own_is_shown_and_opens_cases_from_its_folder(settings: Settings, tmp_path: Path) -> None:
    plan = write_own_plan(tmp_path / "plans")
    database = Database(settings.database_url)
    engine = FakeEngine(database)
    app = create_app(settings.model_copy(update={"plans_dir": tmp_path / "plans"}), engine=engine)
    tokens = await move_in(database)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://house.test") as client:
        own = House(app, engine, tokens, client)
        listed = (await own.get("lin", "/plans")).json()["items"]
        assert [(one["name"], one["title"]) for one in listed] == [(NAME, "Pump service")]
        case_id = await own.open(plan=NAME)
        assert (await own.get("lin", f"/cases/{case_id}")).json()["plan"] == plan.name
        refused = await own.post("lin", "/cases", application(plan="rapid-response"))
        assert refused.status_code == 422
    await app.state.parts.database.dispose()
    await database.dispose()
