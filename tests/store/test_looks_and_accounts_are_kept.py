from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from store.access import Look, drop_old_looks, note_look
from store.accounts import UserChange, changes_of_user, new_password_link, note_change, use_link, user_of_link
from store.identities import (
    Identity,
    ProviderVisit,
    find_identity,
    identities_of,
    keep_identity,
    keep_visit,
    take_visit,
)
from store.queries.access import list_looks, looks_at_case
from store.queries.paging import BadCursor
from store.sessions import Database
from store.users import User, change_user, create_user
from tests.store.making import CASE, NOW

WEI = User("wei", "Wei Li", ("customer_service",), NOW)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _people(database: Database) -> None:
    async with database.session() as session:
        await create_user(session, WEI)


async def _note(database: Database, kind: str, subject: str, slot: int = 1, user: str = "wei") -> None:
    await database.run(partial(note_look, look=Look(user, kind, subject, "page"), slot=slot, at=NOW + slot * HOUR))


async def test_looks_in_one_slot_are_one_row_with_their_number(database: Database, other: Database) -> None:
    await _note(database, "case", CASE)
    await _note(other, "case", CASE)
    await _note(database, "case", CASE, slot=2)
    async with database.reading() as session:
        found = (await list_looks(session)).items
    assert [(one.subject, one.looks, one.at) for one in found] == [(CASE, 1, NOW + 2 * HOUR), (CASE, 2, NOW + HOUR)]


async def test_looks_are_filtered_paged_and_gathered_at_their_case(database: Database) -> None:
    for kind, subject, user in (
        ("case", CASE, "wei"),
        ("document", "D-1", "bo"),
        ("file", "F-1", "bo"),
        ("list", "cases", "wei"),
        ("document", "D-2", "wei"),
    ):
        await _note(database, kind, subject, user=user)
    async with database.reading() as session:
        assert [one.subject for one in (await list_looks(session, user_id="bo")).items] == ["F-1", "D-1"]
        assert [one.user_id for one in (await list_looks(session, kind="list", subject="cases")).items] == ["wei"]
        assert (await list_looks(session, since=NOW + 2 * HOUR)).items == ()
        assert (await list_looks(session, until=NOW + HOUR)).items == ()
        first = await list_looks(session, limit=3)
        rest = await list_looks(session, limit=3, cursor=first.next)
        assert [len(first.items), len(rest.items), rest.next] == [3, 2, None]
        with pytest.raises(BadCursor):
            await list_looks(session, cursor="made up")
        at_case = await looks_at_case(session, CASE, documents=["D-1"], files=["F-1"])
        assert [one.subject for one in at_case] == ["F-1", "D-1", CASE]


async def test_old_looks_are_forgotten(database: Database) -> None:
    await _note(database, "case", CASE, slot=1)
    await _note(database, "case", CASE, slot=3)
    async with database.session() as session:
        await drop_old_looks(session, before=NOW + 2 * HOUR)
        assert [one.at for one in (await list_looks(session)).items] == [NOW + 3 * HOUR]


async def test_a_password_link_opens_until_it_is_used_replaced_or_old(database: Database) -> None:
    async with database.session() as session:
        first = await new_password_link(session, "wei", by="admin", now=NOW, expires_at=NOW + HOUR)
        second = await new_password_link(session, "wei", by="admin", now=NOW, expires_at=NOW + HOUR)
        assert await user_of_link(session, first, now=NOW) is None
        assert await user_of_link(session, second, now=NOW) == WEI
        assert await user_of_link(session, second, now=NOW + HOUR) is None
        assert await use_link(session, second, now=NOW + HOUR) is None
        assert await use_link(session, second, now=NOW) == "wei"
        assert await use_link(session, second, now=NOW) is None
        third = await new_password_link(session, "wei", by="admin", now=NOW, expires_at=NOW + HOUR)
        await change_user(session, User("wei", "Wei Li", (), NOW, active=False))
        assert await user_of_link(session, third, now=NOW) is None


async def test_changes_of_a_person_are_told_the_newest_first(database: Database) -> None:
    async with database.session() as session:
        for number, what in enumerate(("added", "changed")):
            change = UserChange(f"c-{number}", "wei", NOW + number * HOUR, "admin", what, {"roles": [["a"], ["b"]]})
            await note_change(session, change)
        assert [one.what for one in await changes_of_user(session, "wei")] == ["changed", "added"]
        assert (await changes_of_user(session, "wei"))[0].detail == {"roles": [["a"], ["b"]]}
        assert await changes_of_user(session, "bo") == ()


async def test_somebody_at_a_provider_is_known_by_issuer_and_subject(database: Database) -> None:
    here = Identity("https://one.example", "s-1", "wei", NOW, ("chess",))
    async with database.session() as session:
        await keep_identity(session, here)
        assert await find_identity(session, "https://one.example", "s-1") == here
        assert await find_identity(session, "https://two.example", "s-1") is None
        again = Identity("https://one.example", "s-1", "somebody else", NOW + HOUR, ())
        await keep_identity(session, again)
        assert await identities_of(session, "wei") == (Identity("https://one.example", "s-1", "wei", NOW + HOUR, ()),)


async def test_a_visit_to_a_provider_is_taken_once_and_in_time(database: Database) -> None:
    kept = ProviderVisit("nonce", "verifier", "/cases")
    async with database.session() as session:
        for state in ("one", "two"):
            await keep_visit(session, state, kept, expires_at=NOW + HOUR)
        assert await take_visit(session, "one", now=NOW) == kept
        assert await take_visit(session, "one", now=NOW) is None
        assert await take_visit(session, "two", now=NOW + HOUR) is None
        assert await take_visit(session, "made up", now=NOW) is None
