from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.actions.signing_in import SignInRefused, sign_in, sign_out
from api.signin import SESSION_COOKIE, require_csrf
from core.errors import Forbidden
from store.sign_ins import new_token
from store.users import hash_password, set_password
from tests.api.house import House, application, problem

PASSWORD = "a long one with spaces 你好"


@pytest.fixture
async def lin_has_a_password(house: House) -> None:
    hashed = await hash_password(PASSWORD)
    async with house.parts.database.session() as session:
        await set_password(session, "lin", hashed)


async def test_without_a_token_everything_asks_to_sign_in(house: House) -> None:
    for path in ("/cases", "/tasks", "/cases/C-0000000000", "/attachments/F-0000000000000000"):
        answer = await house.client.get(f"/api/v1{path}")
        problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")
    problem(await house.client.post("/api/v1/cases", json=application()), 401)
    assert house.engine.books == {}


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ", "Basic bGluOngB", "nonsense", "Bearer " + "x" * 5000])
async def test_a_wrong_token_is_refused(house: House, header: str) -> None:
    problem(await house.client.get("/api/v1/cases", headers={"Authorization": header}), 401)


async def test_an_expired_token_is_refused(house: House) -> None:
    now = datetime.now(UTC)
    async with house.parts.database.session() as session:
        token = await new_token(session, "lin", now=now, expires_at=now - timedelta(seconds=1))
    problem(await house.client.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"}), 401)


@pytest.mark.usefixtures("lin_has_a_password")
async def test_a_password_begins_a_session_that_reads_and_ends(house: House) -> None:
    session = await sign_in(house.parts, "Lin ", PASSWORD, "127.0.0.1")
    cookies = {"Cookie": f"{SESSION_COOKIE}={session.token}"}
    assert (await house.client.get("/api/v1/cases", headers=cookies)).status_code == 200
    await sign_out(house.parts, session.token)
    problem(await house.client.get("/api/v1/cases", headers=cookies), 401)


@pytest.mark.usefixtures("lin_has_a_password")
async def test_a_session_changes_nothing_without_the_secret_of_its_pages(house: House) -> None:
    session = await sign_in(house.parts, "lin", PASSWORD, "127.0.0.1")
    cookies = {"Cookie": f"{SESSION_COOKIE}={session.token}"}
    problem(await house.client.post("/api/v1/cases", json=application(), headers=cookies), 403)
    problem(await house.client.post("/api/v1/cases", json=application(), headers=cookies | {"X-CSRF": "guess"}), 403)
    proved = cookies | {"X-CSRF": session.csrf}
    assert (await house.client.post("/api/v1/cases", json=application(), headers=proved)).status_code == 201


@pytest.mark.usefixtures("lin_has_a_password")
@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("lin", "wrong"),
        ("nobody", PASSWORD),
        ("bai", PASSWORD),
        ("a\x00b", "x"),
        ("lin", "x" * 5000),
        ("lin", "\ud800"),
    ],
)
async def test_wrong_pairs_are_refused_alike(house: House, user: str, password: str) -> None:
    with pytest.raises(SignInRefused, match="name or password is wrong"):
        await sign_in(house.parts, user, password, "127.0.0.1")


async def test_the_secret_of_a_form_is_compared_whatever_is_sent(house: House) -> None:
    from api.rights import Person

    person = Person("lin", "Lin Na", frozenset(), csrf="right")
    require_csrf(person, "right")
    for wrong in ("wrong", None, b"right", "", "\ud800"):
        with pytest.raises(Forbidden):
            require_csrf(person, wrong)
