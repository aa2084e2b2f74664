"""The same submission sent twice is one completion, however the first answer got lost."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.client import Client

from api.actions.completion import complete_task
from api.parts import Parts
from core.errors import Refused
from domain.events import EventKind
from store.sessions import Database
from tests.lossless.stored import Stored
from tests.lossless.test_resets import CONTACT, WEI, parts
from tests.lossless.witness import REACHED, check_whole, completes, ended, noted, offered, taken, tells
from tests.support.lost import lose_submission
from tests.support.real_server import open_on, worker_beside

__all__ = ["parts"]
NO_ANSWER = {"reached": "no_answer"}


async def test_sent_twice_at_once_and_once_more_later(client: Client, queue: str, stored: Stored, parts: Parts) -> None:
    async with worker_beside(client, queue, stored):
        scene = await open_on(client, queue, stored)
        await offered(scene, CONTACT)
        task_id = f"{scene.case_id}.{CONTACT}"
        mine = f"{scene.case_id}-mine"
        told = await asyncio.gather(*(complete_task(parts, WEI, task_id, REACHED, mine) for _ in range(3)))
        assert sorted(each.repeated for each in told) == [False, True, True]
        await noted(scene, EventKind.COMPLETED)
        assert (await complete_task(parts, WEI, task_id, REACHED, mine)).repeated
        with pytest.raises(Refused):
            await complete_task(parts, WEI, task_id, REACHED, f"{scene.case_id}-another")
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
        assert taken(await check_whole(scene)) == {mine: 1}


async def test_an_attempt_whose_answer_was_lost_is_counted_once(
    client: Client, queue: str, database: Database, stored: Stored, parts: Parts
) -> None:
    """The API died between the engine's yes and its own note of it; the page sends the same again."""
    async with worker_beside(client, queue, stored):
        scene = await open_on(client, queue, stored)
        await offered(scene, CONTACT)
        task_id, lost = f"{scene.case_id}.{CONTACT}", f"{scene.case_id}-lost"
        await complete_task(parts, WEI, task_id, NO_ANSWER, lost)
        await offered(scene, CONTACT, after=CONTACT)
        async with database.session() as session:
            await lose_submission(session, lost)
        await complete_task(parts, WEI, task_id, NO_ANSWER, lost)
        again = await offered(scene, CONTACT, after=f"{CONTACT}~2")
        assert again.attempts == 1
        assert await completes(scene, again.activity_id or "", REACHED, "reached")
        await offered(scene, "remote_diagnosis")
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
        assert taken(await check_whole(scene)) == {lost: 1, "reached": 1}
