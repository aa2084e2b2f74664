"""Too many wrong passwords lock a name for a while, in every process, known or not; an administrator unlocks it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from api.actions.signing_in import NameLocked, SignInRefused, name_key, name_limit, sign_in
from api.app import create_app
from api.problems import TooManyRequests
from store.guesses import forget, resting
from store.tables import GuessRow
from store.users import hash_password, set_password
from tests.api.house import House

PASSWORD = "a long one with spaces 你好"
WRONG = "\ud800"  # known to be nobody's without hashing, so that tests are quick


@pytest.fixture(autouse=True)
async def lin_has_a_password(house: House) -> None:
    hashed = await hash_password(PASSWORD)
    async with house.parts.database.session() as session:
        await set_password(session, "lin", hashed)


async def _guess(house: House, user: str = "lin", times: int = 1, address: str = "10.0.0.1") -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises((SignInRefused, TooManyRequests)) as refused:
            await sign_in(house.parts, user, WRONG, address)
        said.append(str(refused.value))
    return said


@pytest.mark.parametrize("user", ["lin", "nobody.at.all"])
async def test_the_tenth_wrong_password_locks_a_name_whether_anybody_has_it(house: House, user: str) -> None:
    said = await _guess(house, user, 10)
    assert set(said[:9]) == {"name or password is wrong"}
    assert "locked for 15 minutes" in said[9] and "an administrator can unlock it" in said[9]
    with pytest.raises(NameLocked) as locked:
        await sign_in(house.parts, user, PASSWORD, "10.0.0.2")
    assert 890 < locked.value.retry_after <= 900


async def test_the_right_password_begins_the_count_anew(house: House) -> None:
    await _guess(house, times=9)
    await sign_in(house.parts, "lin", PASSWORD, "10.0.0.1")
    assert "wrong" in (await _guess(house, times=9))[8]


async def test_guessing_many_at_once_counts_like_one_after_the_other(house: House) -> None:
    tries = await asyncio.gather(
        *(sign_in(house.parts, "lin", WRONG, "10.0.0.1") for _ in range(30)), return_exceptions=True
    )
    assert sum(isinstance(one, SignInRefused) for one in tries) == 9
    assert sum(isinstance(one, NameLocked) for one in tries) == 21


async def test_another_process_knows_of_it(house: House) -> None:
    await _guess(house, times=10)
    other = create_app(house.parts.settings, engine=house.engine).state.parts
    with pytest.raises(NameLocked):
        await sign_in(other, "lin", PASSWORD, "10.0.0.1")
    await other.database.dispose()


async def test_it_ends_by_itself_and_tries_meanwhile_do_not_make_it_longer(house: House) -> None:
    await _guess(house, times=14)
    async with house.parts.database.session() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(GuessRow).where(GuessRow.key == name_key("lin")).values(until=past))
    assert "wrong" in (await _guess(house))[0]
    await sign_in(house.parts, "lin", PASSWORD, "10.0.0.1")


async def test_who_is_locked_can_be_asked_and_ended(house: House) -> None:
    await _guess(house, times=10)
    now, limit = datetime.now(UTC), name_limit(house.parts)
    async with house.parts.database.session() as session:
        assert set(await resting(session, [name_key("lin"), name_key("bai")], limit, now=now)) == {name_key("lin")}
        assert await forget(session, name_key("lin"))
        assert not await forget(session, name_key("lin"))
    await sign_in(house.parts, "lin", PASSWORD, "10.0.0.1")


async def test_an_address_that_guesses_at_many_names_has_to_wait(house: House) -> None:
    for number in range(60):
        await _guess(house, f"name{number}", address="2001:db8::1")
    with pytest.raises(TooManyRequests, match="from here"):
        await sign_in(house.parts, "lin", PASSWORD, "2001:db8::2")
    await sign_in(house.parts, "lin", PASSWORD, "10.0.0.1")
