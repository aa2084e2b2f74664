from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import FastAPI

from api.actions.signing_in import sign_in
from api.signin import SESSION_COOKIE
from store.sign_ins import new_token, user_of_token
from store.users import User, create_user, find_user
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
PASSWORD = "three short words 123"


def _link(page: Page) -> str:
    found = re.search(r"http://[^<\s]+(/password/[\w-]+)", page.source)
    assert found is not None
    return found[1]


async def _add(admin: Browser, user: str = "nora", *roles: str) -> Page:
    fields = (await admin.get("/users/new")).form("/users/new")
    fields |= {"user_id": user, "name": "Nora Feld", "email": "nora@works.example", "language": "it"}
    page = await admin.post("/users/new", {**fields, "roles": list(roles)}, 200)
    assert isinstance(page, Page)
    return page


async def test_a_person_is_added_and_chooses_a_password_by_a_link_that_works_once(
    app: FastAPI, browse: Browse, anonymous: Browser
) -> None:
    admin = await browse("admin")
    link = _link(await _add(admin, "nora", "engineer", "dispatcher"))
    page = await anonymous.get(link)
    assert "Nora Feld, who signs in as nora" in page.text
    short = await anonymous.post(link, page.form(link) | {"password": "too short", "again": "too short"}, 422)
    assert isinstance(short, Page) and "takes at least 12 characters" in short.text
    other = await anonymous.post(link, page.form(link) | {"password": PASSWORD, "again": PASSWORD + "x"}, 422)
    assert isinstance(other, Page) and "not the same" in other.text and PASSWORD not in other.source
    assert await anonymous.post(link, page.form(link) | {"password": PASSWORD, "again": PASSWORD}) == "/sign-in?set=yes"
    assert "The password is set" in (await anonymous.get("/sign-in?set=yes")).text
    assert "used, replaced, or is too old" in (await anonymous.get(link, 404)).text
    await sign_in(app.state.parts, "nora", PASSWORD, "10.0.0.1")
    async with app.state.parts.database.reading() as session:
        user = await find_user(session, "nora")
    assert user is not None and user.roles == ("engineer", "dispatcher") and user.language == "it"


async def test_a_new_link_takes_the_place_of_the_one_before(browse: Browse, anonymous: Browser) -> None:
    admin = await browse("admin")
    first = _link(await _add(admin))
    fields = (await admin.get("/users/nora")).form("/users/nora/link")
    again = await admin.post("/users/nora/link", fields, 200)
    assert isinstance(again, Page)
    await anonymous.get(first, 404)
    await anonymous.get(_link(again))


async def test_what_is_wrong_with_a_new_person_is_said_beside_it(browse: Browse) -> None:
    admin = await browse("admin")
    fields = (await admin.get("/users/new")).form("/users/new")
    for wrong, said in (
        ({"user_id": "lin"}, "is taken"),
        ({"user_id": "Not a name"}, "user-id-error"),
        ({"email": "nowhere"}, "email-error"),
        ({"roles": ["wizard"]}, "no plan has the role wizard"),
    ):
        good = {"user_id": "nora", "name": "<b>Nora</b>"}
        page = await admin.post("/users/new", fields | good | wrong, 422)
        assert isinstance(page, Page)
        assert said in page.source and page.form("/users/new")["name"] == "<b>Nora</b>"


async def test_roles_and_the_rest_are_changed_and_the_change_is_on_record(app: FastAPI, browse: Browse) -> None:
    admin = await browse("admin")
    fields = (await admin.get("/users/lin")).form("/users/lin")
    changed = fields | {"roles": ["engineer"], "time_zone": "Europe/Rome"}
    assert await admin.post("/users/lin", changed) == "/users/lin?said=person_changed"
    page = await admin.get("/users/lin")
    assert "time zone none → Europe/Rome" in page.text and "Customer service → Engineer" in page.text
    lin = await browse("lin")
    assert "Engineer" in (await lin.get("/")).text


async def test_who_is_disabled_is_out_at_once_and_can_be_let_in_again(app: FastAPI, browse: Browse) -> None:
    admin, lin = await browse("admin"), await browse("lin")
    now = datetime.now(UTC)
    async with app.state.parts.database.session() as session:
        token = await new_token(session, "lin", now=now)
    await lin.get("/")
    page = await admin.get("/users/lin")
    await admin.post("/users/lin/disable", page.form("/users/lin/disable"))
    assert (await lin.client.get("/", headers={"Accept": "text/html"})).status_code == 303
    page = await admin.get("/users/lin")
    assert "Disabled: signs in with nothing" in page.text
    await admin.post("/users/lin/enable", page.form("/users/lin/enable"))
    async with app.state.parts.database.reading() as session:
        assert await user_of_token(session, token, now=now) is None
    assert (await lin.client.get("/", headers={"Accept": "text/html"})).status_code == 303


async def test_a_locked_person_is_told_and_an_administrator_unlocks_them(
    app: FastAPI, browse: Browse, anonymous: Browser
) -> None:
    for _ in range(9):
        await anonymous.post("/sign-in", {"user": "lin", "password": "\x00"}, 401)
    page = await anonymous.post("/sign-in", {"user": "lin", "password": "\x00"}, 429)
    assert isinstance(page, Page) and "locked for 15 minutes" in page.text
    admin = await browse("admin")
    assert "locked" in (await admin.get("/users")).text
    shown = await admin.get("/users/lin")
    assert "Locked until" in shown.text
    await admin.post("/users/lin/unlock", shown.form("/users/lin/unlock"))
    assert "Locked until" not in (await admin.get("/users/lin")).text
    assert await anonymous.post("/sign-in", {"user": "lin", "password": "correct horse"}) == "/"


async def test_somebody_always_administers(browse: Browse) -> None:
    admin = await browse("admin")
    fields = (await admin.get("/users/admin")).form("/users/admin")
    page = await admin.post("/users/admin", fields | {"roles": ["engineer"]}, 409)
    assert isinstance(page, Page) and "Nobody else administers" in page.text
    own = await admin.post("/users/admin/disable", fields, 409)
    assert isinstance(own, Page) and "You cannot disable yourself" in own.text


async def test_sign_ins_and_tokens_of_a_person_are_shown_and_ended(app: FastAPI, browse: Browse) -> None:
    admin, lin = await browse("admin"), await browse("lin")
    now = datetime.now(UTC)
    async with app.state.parts.database.session() as session:
        await new_token(session, "lin", now=now)
    page = await admin.get("/users/lin")
    await admin.post("/users/lin/token", page.form("/users/lin/token"))
    assert "/users/lin/token" not in [form.get("action") for form in (await admin.get("/users/lin")).forms]
    await admin.post("/users/lin/sign-out", page.form("/users/lin/sign-out"))
    assert (await lin.client.get("/", headers={"Accept": "text/html"})).status_code == 303
    text = (await admin.get("/users/lin")).text
    assert "Nowhere." in text and "Token ended" in text and "Signed out everywhere" in text
    await admin.post("/users/lin/dance", page.form("/users/lin/sign-out"), 404)
    await admin.get("/users/nobody", 404)


async def test_one_sees_and_ends_ones_own_sign_ins(browse: Browse) -> None:
    desk, phone = await browse("lin"), await browse("lin")
    page = await desk.get("/sign-ins")
    assert page.text.count("this one") == 1
    await desk.post("/sign-ins/end", page.form("/sign-ins/end"))
    assert (await phone.client.get("/", headers={"Accept": "text/html"})).status_code == 303
    await desk.get("/")
    third = await browse("lin")
    fields = (await desk.get("/sign-ins")).form("/sign-ins/password")
    await desk.post("/sign-ins/end", {"csrf": fields["csrf"], "all": "yes"})
    assert (await third.client.get("/", headers={"Accept": "text/html"})).status_code == 303
    await desk.get("/")


async def test_another_password_takes_the_old_one_and_ends_the_other_sign_ins(app: FastAPI, browse: Browse) -> None:
    desk, phone = await browse("lin"), await browse("lin")
    fields = (await desk.get("/sign-ins")).form("/sign-ins/password")
    wrong = await desk.post("/sign-ins/password", fields | {"old": "no", "password": PASSWORD, "again": PASSWORD}, 422)
    assert isinstance(wrong, Page) and "is not your password" in wrong.text
    before = desk.client.cookies.get(SESSION_COOKIE)
    right = fields | {"old": "correct horse", "password": PASSWORD, "again": PASSWORD}
    assert await desk.post("/sign-ins/password", right) == "/sign-ins?said=password"
    assert (await phone.client.get("/", headers={"Accept": "text/html"})).status_code == 303
    await sign_in(app.state.parts, "lin", PASSWORD, "10.0.0.1")
    cookies = {one.value for one in desk.client.cookies.jar if one.name == SESSION_COOKIE}
    assert cookies != {before}


async def test_a_sign_in_is_a_new_session_and_ends_the_one_before(app: FastAPI, anonymous: Browser) -> None:
    fields = {"user": "lin", "password": "correct horse"}
    await anonymous.post("/sign-in", fields)
    first = anonymous.client.cookies.get(SESSION_COOKIE)
    await anonymous.post("/sign-in", fields)
    second = anonymous.client.cookies.get(SESSION_COOKIE)
    assert first and second and first != second
    anonymous.client.cookies.set(SESSION_COOKIE, first)
    assert (await anonymous.client.get("/", headers={"Accept": "text/html", "Cookie": ""})).status_code == 303


async def test_somebody_without_a_role_is_named_in_the_list(app: FastAPI, browse: Browse) -> None:
    async with app.state.parts.database.session() as session:
        await create_user(session, User("new", "Newly Come", (), datetime.now(UTC)))
    assert (
        "Without a role, so with nothing to do here: Newly Come" in (await (await browse("admin")).get("/users")).text
    )
