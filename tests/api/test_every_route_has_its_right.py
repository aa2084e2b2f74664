"""Every route stands in the table of rights, and lets in whom the table says, role by role."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, Request

from api.actions.signing_in import sign_in
from api.app import create_app, wired_routes
from api.guard import guard, routes_of, rules_of
from api.parts import parts_of
from api.rights import ADMIN, AUDITOR, Person, Right, roles_by_duty
from api.route_rights import ROUTES, Kind, Rule, Shows, Who, allows
from api.signin import CSRF_HEADER, SESSION_COOKIE, maybe_signed_in
from core.errors import AftercareError, Forbidden
from core.settings import Settings
from domain.plan import read_plans
from store.sign_ins import new_token
from store.users import User, create_user, find_user, hash_password
from tests.api.house import House
from tests.api.rights_page import page
from tests.support.scene import ROOT

PLANS = read_plans(ROOT / "plans")
ROLES = sorted({role for plan in PLANS.values() for role in plan.roles} | {ADMIN, AUDITOR, ""})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PASSWORD = "a long one with spaces 你好"
_PART = re.compile(r"\{(\w+)\}")
_FILLED = {
    "case_id": "C-0000000009",
    "task_id": "C-0000000009.follow_up",
    "number": "1",
    "user": "nobody",
}


def _address(path: str) -> str:
    """An address of the route at which nothing is to be found."""
    return _PART.sub(lambda part: _FILLED.get(part[1], "none"), path)


@functools.cache
def _person(role: str) -> Person:
    return Person("x", "X", frozenset({role} - {""}), duties=roles_by_duty(PLANS.values()))


def _calls(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    for name, endpoint in routes_of(app):
        if endpoint is not None:  # a folder of files is served to anybody, and takes no request that changes anything
            method, _, path = name.partition(" ")
            yield name, method, _address(path)


async def _call(house: House, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    return await house.client.request(method, path, headers={"Tus-Resumable": "1.0.0", **headers})


def test_the_table_and_the_routes_are_the_same(settings: Settings) -> None:
    app = create_app(settings)
    assert {name for name, _ in routes_of(app)} == set(ROUTES)


class Through(AftercareError):
    """Raised in place of what a route does, once it was let through."""

    status = 418
    title = "Through"


async def _headers(house: House, role: str) -> dict[str, str]:
    if role == "anonymous":
        return {}
    now = datetime.now(UTC)
    async with house.parts.database.session() as session:
        if await find_user(session, f"x-{role}") is None:
            await create_user(session, User(f"x-{role}", "X", (role,) if role else (), now))
        return {"Authorization": f"Bearer {await new_token(session, f'x-{role}', now=now)}"}


def _lets_in(name: str, role: str) -> bool:
    rule = ROUTES[name]
    return rule.who in (Who.ANYBODY, Who.LINK) or (role != "anonymous" and allows(rule, _person(role)))


def _through() -> None:
    raise Through("let through")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gate(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[House]:
    """One application for all roles, in which a route that lets somebody through does nothing more."""
    home = tmp_path_factory.mktemp("gate")
    shutil.copy(empty_database, home / "aftercare.db")
    wired_routes.cache_clear()  # routes of its own, since what they ask for is replaced
    app = create_app(Settings(home=home, session_secret="x" * 40, public_url="http://house.test"))
    wired_routes.cache_clear()
    app.dependency_overrides[parts_of] = _through
    app.state.wired.openapi_schema = {
        "info": {"title": ""},
        "paths": {},
    }  # takes a second to make, and is not asked about here
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://house.test") as client:
        yield House(app, app.state.parts.engine, {}, client)
    await app.state.parts.database.dispose()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("role", ["anonymous", "", ADMIN, AUDITOR, "engineer"])
async def test_each_route_lets_in_whom_the_table_says(gate: House, role: str) -> None:
    headers, wrong = await _headers(gate, role), []
    for name, method, path in _calls(gate.app):
        status = (await _call(gate, method, path, headers)).status_code
        refused = 401 if role == "anonymous" else 403
        if (status == refused) == _lets_in(name, role) or status >= 500:
            wrong.append(f"{name}: {status}")
    assert wrong == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("role", ROLES)
async def test_the_gate_of_each_route_lets_in_whom_the_table_says(gate: House, role: str) -> None:
    """The same for every role there is, of the gate alone: nothing before it or behind it knows a role."""
    headers, wrong = await _headers(gate, role), []
    scope: dict[str, Any] = {"type": "http", "app": gate.app, "server": ("house.test", 80), "query_string": b""}
    scope["headers"] = [(key.lower().encode(), value.encode()) for key, value in headers.items()]
    person = await maybe_signed_in(Request(scope | {"path": "/", "state": {}}), gate.parts)  # once for all routes
    for name, endpoint in routes_of(gate.app):
        if endpoint is None:
            continue
        method, _, path = name.partition(" ")
        scope |= {"endpoint": endpoint, "method": method, "path": _address(path), "state": {"signed_in": (person,)}}
        try:
            await guard(Request(scope))
            through = True
        except Forbidden:
            through = False
        if through != _lets_in(name, role):
            wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("role", ["anonymous", "", ADMIN, AUDITOR, "engineer"])
async def test_whoever_is_let_in_gets_an_answer(house: House, role: str) -> None:
    """Nothing behind the gate refuses for lack of a role what the table promised, or breaks."""
    headers, wrong = await _headers(house, role), []
    for name, method, path in _calls(house.app):
        if _lets_in(name, role):
            answer = await _call(house, method, path, headers)
            if answer.status_code >= 500 or (answer.status_code in (401, 403) and path != "/sign-in"):
                wrong.append(f"{name}: {answer.status_code} {answer.text[:120]}")
    assert wrong == []


async def test_a_cookie_alone_changes_nothing_anywhere(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(house.app.dependency_overrides, parts_of, _through)
    hashed = await hash_password(PASSWORD)
    async with house.parts.database.session() as session:
        await create_user(session, User("x", "X", (ADMIN,), datetime.now(UTC)), hashed)
    begun = await sign_in(house.parts, "x", PASSWORD, "127.0.0.1")
    cookie = {"Cookie": f"{SESSION_COOKIE}={begun.token}"}
    attacks: tuple[dict[str, str], ...] = (
        {},
        {CSRF_HEADER: "guess"},
        {CSRF_HEADER: begun.csrf, "Sec-Fetch-Site": "cross-site"},
        {CSRF_HEADER: begun.csrf, "Origin": "https://evil.example"},
    )
    let_in = []
    for name, method, path in _calls(house.app):
        if method in SAFE or ROUTES[name].who in (Who.ANYBODY, Who.LINK):
            continue
        for attack in attacks:
            answer = await _call(house, method, path, cookie | attack)
            if answer.status_code != 403:
                let_in.append(f"{name} with {attack}: {answer.status_code}")
        proved = await _call(house, method, path, cookie | {CSRF_HEADER: begun.csrf, "Origin": "http://house.test"})
        if proved.status_code == 403:
            let_in.append(f"{name} refused its own page: {proved.text[:120]}")
    assert let_in == []


async def test_what_anybody_may_send_is_taken_from_no_other_site(house: House) -> None:
    public = [
        (method, path)
        for name, method, path in _calls(house.app)
        if method not in SAFE and ROUTES[name].who in (Who.ANYBODY, Who.LINK)
    ]
    assert public
    for method, path in public:
        for attack in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            assert (await _call(house, method, path, attack)).status_code == 403, path


async def test_a_route_that_nobody_declared_is_answered_to_nobody(house: House) -> None:
    app = FastAPI(dependencies=[Depends(guard)])
    app.state.parts = house.parts

    @app.get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    app.state.rules = rules_of(app)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://house.test") as client:
        answer = await client.get("/forgotten", headers=house.headers("admin"))
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_what_shows_a_case_says_so() -> None:
    """Whatever reads one case, task, customer, product or file for a person names whose data it shows."""
    marks = {"{case_id}", "{task_id}", "{customer_id}", "{attachment_id}", "{document_id}"}
    lendable = {"proposal", "articles", "article", "access"}  # engineers, articles without personal data, who looked
    for name, rule in ROUTES.items():
        method, _, path = name.partition(" ")
        if method != "GET" or rule.who in (Who.ANYBODY, Who.LINK) or path.rpartition("/")[2] in lendable:
            continue
        if any(mark in path for mark in marks):
            assert rule.shows is not None, name


def test_each_part_that_a_rule_names_is_in_its_address() -> None:
    for name, rule in ROUTES.items():
        if rule.shows is not None and rule.shows.kind not in (Kind.LIST, Kind.EXPORT):
            assert f"{{{rule.shows.of}}}" in name


def test_whoever_only_stands_in_may_come_as_far_as_the_tasks() -> None:
    from domain.dispatch import Ground

    alone = _person("")
    lent = replace(alone, grounds=(Ground(of=None, roles=frozenset({"engineer"}), words="deputy"),))
    rule = Rule(Who.WORKS, Shows(Kind.TASK, "task_id"))
    assert not allows(rule, alone) and allows(rule, lent)
    assert not allows(Rule(Right.SEE_CASES), lent)


def test_the_page_on_rights_tells_the_table(tmp_path: Path) -> None:
    written = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")
    assert written == page(), "run `python -m tests.api.rights_page` and look at what changed"
