"""The page of a case tells what became of its messages, and so does the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from store.notices import Delivery, begin_delivery, end_delivery, give_up
from tests.pages.making import HOSTILE, MadeCase
from tests.pages.strict_client import Browser


async def test_a_case_shows_each_message_with_what_became_of_it(
    app: FastAPI,
    browse: Callable[[str], Awaitable[Browser]],
    made_case: Callable[..., MadeCase],
    project: Callable[[MadeCase], Awaitable[None]],
) -> None:
    made = made_case()
    await project(made)
    case_id = made.state.case_id
    one, two, three = (
        Delivery(case_id, f"notice-{number}", address, kind, "<1@example.com>")
        for number, address, kind in (
            (1, "zhou@example.com", "appointment"), (2, "gone@example.com", "progress"), (3, HOSTILE[:90], "closed"),
        )
    )  # fmt: skip
    async with app.state.parts.database.session() as session:
        for delivery in (one, two):
            await begin_delivery(session, delivery, made.now)
        await end_delivery(session, one)
        await end_delivery(session, two, reason="550 no such mailbox")
        await give_up(session, three, made.now, "the mail server was away")
    lin = await browse("lin")
    page = await lin.get(f"/cases/{case_id}")
    for told in (
        "Messages by mail",
        "Appointment sent zhou@example.com",
        "How the repair goes refused",
        "550 no such mailbox",
        "Case closed not sent",
        "the mail server was away",
    ):
        assert told in page.text
    answer = await lin.client.get(f"/api/v1/cases/{case_id}/messages")
    assert [(item["notice_id"], item["status"]) for item in answer.json()["items"]] == [
        ("notice-3", "given_up"), ("notice-2", "refused"), ("notice-1", "sent"),
    ]  # fmt: skip
    assert (await lin.client.get("/api/v1/cases/C-0000009999/messages")).status_code == 404
