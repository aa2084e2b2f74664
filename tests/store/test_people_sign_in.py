from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from store.assignments import claim
from store.projection import write_projection
from store.sessions import Database
from store.sign_ins import (
    drop_expired,
    end_one_session,
    end_other_sessions,
    end_session,
    end_sessions_of,
    end_token,
    handle_of,
    new_session,
    new_token,
    sessions_of,
    tokens_of,
    touch_session,
    user_of_session,
    user_of_token,
)
from store.users import (
    Checked,
    Engineer,
    User,
    UserExists,
    UserUnknown,
    change_user,
    check_password,
    create_user,
    engineers,
    find_user,
    hash_password,
    list_users,
    set_password,
)
from tests.store.making import CASE, NOW, RUN, task, whole
from tests.support.quick_passwords import hashed_at_full_cost

WEI = User("wei", "Wei Li", ("customer_service",), NOW, language="zh-CN", time_zone="Asia/Shanghai")
BO = User("bo", "Bo Chen", ("engineer", "dispatcher"), NOW, regions=("Shanghai",), skills=("noise", "leak"))
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _people(database: Database) -> None:
    async with database.session() as session:
        await create_user(session, WEI, await hash_password("correct horse"))
        await create_user(session, BO)


async def test_only_the_right_password_signs_in(database: Database) -> None:
    async with database.reading() as session:
        assert await check_password(session, "wei", "correct horse") == Checked(WEI)
        assert await check_password(session, "wei", "wrong") == Checked()
        assert await check_password(session, "nobody", "nobody has this password") == Checked()
        assert await check_password(session, "bo", "") == Checked()


async def test_a_new_password_replaces_the_old_one(database: Database) -> None:
    async with database.session() as session:
        await set_password(session, "wei", await hash_password("battery staple"))
        assert await check_password(session, "wei", "correct horse") == Checked()
        assert await check_password(session, "wei", "battery staple") == Checked(WEI)


async def test_a_name_can_be_taken_once_and_only_known_people_change(database: Database) -> None:
    async with database.session() as session:
        with pytest.raises(UserExists):
            await create_user(session, WEI)
        changed = User("bo", "Bo C.", ("engineer",), NOW, active=False)
        await change_user(session, changed)
        assert await find_user(session, "bo") == changed
        with pytest.raises(UserUnknown):
            await set_password(session, "nobody", "hash")


async def test_people_are_listed_by_role(database: Database) -> None:
    async with database.reading() as session:
        assert await list_users(session) == (BO, WEI)
        assert await list_users(session, role="dispatcher") == (BO,)


async def test_engineers_show_region_skills_and_what_they_hold(database: Database) -> None:
    async with database.session() as session:
        await write_projection(session, RUN, NOW, whole(tasks=(task("site_visit", assignee="bo"), task("site_repair"))))
        await claim(session, f"{CASE}.site_repair", user="bo", by="bo", at=NOW)
        assert await engineers(session) == (Engineer("bo", "Bo Chen", ("Shanghai",), ("noise", "leak"), 2),)


async def test_a_token_works_until_it_expires(database: Database) -> None:
    async with database.session() as session:
        for_ever = await new_token(session, "wei", now=NOW)
        short = await new_token(session, "wei", now=NOW, expires_at=NOW + HOUR)
        assert await user_of_token(session, for_ever, now=NOW + 9 * HOUR) == WEI
        assert await user_of_token(session, short, now=NOW) == WEI
        assert await user_of_token(session, short, now=NOW + HOUR) is None
        assert await user_of_token(session, "\ud800 nonsense", now=NOW) is None


async def test_a_sign_in_lasts_until_it_ends_or_expires(database: Database) -> None:
    async with database.session() as session:
        cookie, csrf = await new_session(session, "wei", now=NOW, expires_at=NOW + HOUR)
        signed_in = await user_of_session(session, cookie, now=NOW)
        assert signed_in
        assert (signed_in.user, signed_in.csrf) == (WEI, csrf)
        assert await user_of_session(session, cookie, now=NOW + HOUR) is None
        await end_session(session, cookie)
        assert await user_of_session(session, cookie, now=NOW) is None


async def test_who_is_no_longer_active_is_signed_out(database: Database) -> None:
    async with database.session() as session:
        token = await new_token(session, "bo", now=NOW)
        cookie, _ = await new_session(session, "bo", now=NOW, expires_at=NOW + HOUR)
        await change_user(session, User("bo", "Bo Chen", ("engineer",), NOW, active=False))
        assert await user_of_token(session, token, now=NOW) is None
        assert await user_of_session(session, cookie, now=NOW) is None
        assert await engineers(session) == ()


async def test_everything_of_a_user_can_be_ended_at_once(database: Database) -> None:
    async with database.session() as session:
        token = await new_token(session, "wei", now=NOW)
        others = await new_token(session, "bo", now=NOW, expires_at=NOW + HOUR)
        await end_sessions_of(session, "wei")
        assert await user_of_token(session, token, now=NOW) is None
        assert await user_of_token(session, others, now=NOW) == BO
        await drop_expired(session, now=NOW + 2 * HOUR)
        assert await user_of_token(session, others, now=NOW) is None


@pytest.fixture
def _full_cost() -> Iterator[None]:
    with hashed_at_full_cost():
        yield


@pytest.mark.usefixtures("_full_cost")
async def test_a_weaker_hash_is_made_anew_when_the_password_is_right(database: Database) -> None:
    weak = Argon2Hasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("correct horse")
    async with database.session() as session:
        await set_password(session, "wei", weak)
        assert await check_password(session, "wei", "wrong") == Checked()
        checked = await check_password(session, "wei", "correct horse")
        assert checked.user == WEI and checked.rehashed is not None
        assert checked.rehashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), (
            "the cost that argon2's authors recommend"
        )
        await set_password(session, "wei", checked.rehashed)
        assert await check_password(session, "wei", "correct horse") == Checked(WEI)
        await set_password(session, "wei", "correct horse")
        assert await check_password(session, "wei", "correct horse") == Checked()


async def test_a_sign_in_that_nobody_uses_ends(database: Database) -> None:
    async with database.session() as session:
        cookie, _ = await new_session(session, "wei", now=NOW, expires_at=NOW + 12 * HOUR, device="a phone")
        assert await user_of_session(session, cookie, now=NOW + 3 * HOUR, idle=4 * HOUR)
        await touch_session(session, cookie, now=NOW + 3 * HOUR)
        assert await user_of_session(session, cookie, now=NOW + 6 * HOUR, idle=4 * HOUR)
        assert await user_of_session(session, cookie, now=NOW + 7 * HOUR, idle=4 * HOUR) is None
        assert await sessions_of(session, "wei", now=NOW + 7 * HOUR, idle=4 * HOUR) == ()


async def test_a_user_sees_and_ends_their_own_sign_ins_alone(database: Database) -> None:
    async with database.session() as session:
        desk, _ = await new_session(session, "wei", now=NOW, expires_at=NOW + 9 * HOUR, device="desk")
        phone, _ = await new_session(session, "wei", now=NOW + HOUR, expires_at=NOW + 9 * HOUR, device="phone")
        bos, _ = await new_session(session, "bo", now=NOW, expires_at=NOW + 9 * HOUR)
        seen = await sessions_of(session, "wei", now=NOW + HOUR)
        assert [one.device for one in seen] == ["phone", "desk"]
        assert not await end_one_session(session, "wei", handle_of(bos))
        assert await end_one_session(session, "wei", seen[1].handle)
        assert await user_of_session(session, desk, now=NOW + HOUR) is None
        await new_session(session, "wei", now=NOW, expires_at=NOW + 9 * HOUR)
        await end_other_sessions(session, "wei", but=handle_of(phone))
        assert [one.handle for one in await sessions_of(session, "wei", now=NOW)] == [handle_of(phone)]
        assert await user_of_session(session, bos, now=NOW)


async def test_a_user_sees_and_ends_their_tokens(database: Database) -> None:
    async with database.session() as session:
        token = await new_token(session, "wei", now=NOW, expires_at=NOW + HOUR)
        await new_token(session, "bo", now=NOW)
        (one,) = await tokens_of(session, "wei", now=NOW)
        assert (one.created_at, one.expires_at) == (NOW, NOW + HOUR)
        assert await tokens_of(session, "wei", now=NOW + HOUR) == ()
        assert not await end_token(session, "bo", one.handle)
        assert await end_token(session, "wei", one.handle)
        assert await user_of_token(session, token, now=NOW) is None
