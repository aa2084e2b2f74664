from __future__ import annotations

from datetime import timedelta

import pytest

from store.assignments import claim
from store.projection import write_projection
from store.sessions import Database
from store.sign_ins import (
    drop_expired,
    end_session,
    end_sessions_of,
    new_session,
    new_token,
    user_of_session,
    user_of_token,
)
from store.users import (
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
        assert await check_password(session, "wei", "correct horse") == WEI
        assert await check_password(session, "wei", "wrong") is None
        assert await check_password(session, "nobody", "nobody has this password") is None
        assert await check_password(session, "bo", "") is None


async def test_a_new_password_replaces_the_old_one(database: Database) -> None:
    async with database.session() as session:
        await set_password(session, "wei", await hash_password("battery staple"))
        assert await check_password(session, "wei", "correct horse") is None
        assert await check_password(session, "wei", "battery staple") == WEI


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
