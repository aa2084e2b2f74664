"""OpenID Connect against a provider that runs as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from api.app import create_app
from api.oidc import BACK
from core.errors import NotConfigured
from core.settings import Settings, load
from store.identities import identities_of
from store.users import User, change_user, create_user, find_user, list_users
from tests.api.house import House

ROLES = '{"desk": ["customer_service"], "field": "engineer", "it": ["admin"]}'
_AT = re.compile(r"running on (http://127\.0\.0\.1:\d+)")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", "0", "--require-nonce"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := _AT.search(line):
                yield found[1]
                break
        else:
            raise AssertionError("the provider did not start")
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def settings(settings: Settings, issuer: str) -> Settings:
    return settings.model_copy(
        update={
            "oidc_issuer": issuer,
            "oidc_client_id": "aftercare",
            "oidc_client_secret": SecretStr("known to both"),
            "oidc_name": "works account",
            "oidc_roles": ROLES,
        }
    )


@pytest.fixture
async def outside() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield client


class Traveller:
    """A person's browser on its way to the provider and back."""

    def __init__(self, house: House, outside: httpx.AsyncClient, issuer: str) -> None:
        self.house, self.outside, self.issuer = house, outside, issuer
        self.asked: dict[str, list[str]] = {}

    async def known(self, subject: str, **claims: Any) -> None:
        """Makes the provider know somebody."""
        (await self.outside.put(f"{self.issuer}/users/{subject}", json=claims)).raise_for_status()

    async def go(self, target: str = "/cases") -> str:
        """Goes to the provider; returns the address it sends to."""
        answer = await self.house.client.get("/sign-in/provider", params={"next": target})
        assert answer.status_code == 303, answer.text
        self.asked = parse_qs(urlsplit(answer.headers["location"]).query)
        return str(answer.headers["location"])

    async def agree(self, address: str, subject: str) -> str:
        """Signs in at the provider; returns the way back."""
        answer = await self.outside.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"

    async def sign_in(self, subject: str) -> httpx.Response:
        """The whole way."""
        return await self.house.client.get(await self.agree(await self.go(), subject))


@pytest.fixture
def traveller(house: House, outside: httpx.AsyncClient, issuer: str) -> Traveller:
    return Traveller(house, outside, issuer)


async def _user(house: House, user_id: str) -> User:
    async with house.parts.database.reading() as session:
        found = await find_user(session, user_id)
    assert found is not None
    return found


async def test_a_first_sign_in_makes_the_person_with_the_roles_that_are_mapped(
    house: House, traveller: Traveller, issuer: str
) -> None:
    await traveller.known(
        "s-1", name="Nora Feld", preferred_username="Nora.Feld", email="nora@works.example", roles=["field", "chess"]
    )
    back = await traveller.sign_in("s-1")
    assert (back.status_code, back.headers["location"]) == (303, "/cases")
    assert "httponly" in back.headers["set-cookie"].lower() and "samesite=lax" in back.headers["set-cookie"].lower()
    assert (await house.client.get("/cases")).status_code == 200
    user = await _user(house, "nora.feld")
    assert (user.name, user.roles, user.email) == ("Nora Feld", ("engineer",), "nora@works.example")
    async with house.parts.database.reading() as session:
        (known,) = await identities_of(session, "nora.feld")
    assert (known.issuer, known.subject, known.ignored) == (issuer, "s-1", ("chess",))


async def test_it_asks_for_a_code_with_proof_state_and_nonce(traveller: Traveller) -> None:
    await traveller.go()
    asked = traveller.asked
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://house.test" + BACK]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert len({asked[name][0] for name in ("state", "nonce", "code_challenge")}) == 3


async def test_roles_are_taken_anew_at_each_sign_in(house: House, traveller: Traveller) -> None:
    await traveller.known("s-2", preferred_username="otto", roles=["desk", "field"])
    assert (await traveller.sign_in("s-2")).status_code == 303
    assert (await _user(house, "otto")).roles == ("customer_service", "engineer")
    await traveller.known("s-2", preferred_username="otto.renamed", roles=["desk"])
    assert (await traveller.sign_in("s-2")).status_code == 303
    assert (await _user(house, "otto")).roles == ("customer_service",)
    await traveller.known("s-2", roles=[])
    assert (await traveller.sign_in("s-2")).status_code == 403
    assert (await _user(house, "otto")).roles == ()
    assert (await house.client.get("/cases")).status_code == 403


async def test_who_has_no_role_is_told_with_what_was_ignored(house: House, traveller: Traveller) -> None:
    await traveller.known("s-3", name="Ida Ring", preferred_username="ida", roles=["choir", "gardening"])
    refused = await traveller.sign_in("s-3")
    assert refused.status_code == 403
    assert "no role here yet" in refused.text and "choir, gardening" in refused.text and "as ida" in refused.text
    assert (await house.client.get("/cases")).status_code == 401


async def test_the_provider_takes_over_nobody_of_the_same_name(house: House, traveller: Traveller) -> None:
    await traveller.known("s-4", preferred_username="lin", roles=["it"])
    assert (await traveller.sign_in("s-4")).status_code == 303
    assert (await _user(house, "lin")).roles == ("customer_service",)
    assert (await _user(house, "lin-2")).roles == ("admin",)


async def test_it_takes_over_the_same_name_where_that_is_set(settings: Settings, outside: Any, issuer: str) -> None:
    from tests.api.house import FakeEngine

    linking = settings.model_copy(update={"oidc_link_names": True, "oidc_roles": ""})
    app = create_app(linking, engine=FakeEngine(None))  # type: ignore[arg-type]
    async with app.state.parts.database.session() as session:
        await create_user(session, User("kai", "Kai", ("customer_service",), datetime.now(UTC)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://house.test") as client:
        house = House(app, app.state.parts.engine, {}, client)
        traveller = Traveller(house, outside, issuer)
        await traveller.known("s-5", preferred_username="kai", roles=["it"])
        assert (await traveller.sign_in("s-5")).status_code == 303
        assert (await _user(house, "kai")).roles == ("customer_service",)
        async with app.state.parts.database.reading() as session:
            assert len(await list_users(session)) == 1
    await app.state.parts.database.dispose()


async def test_who_is_disabled_here_stays_so(house: House, traveller: Traveller) -> None:
    await traveller.known("s-6", preferred_username="uwe", roles=["desk"])
    await traveller.sign_in("s-6")
    async with house.parts.database.session() as session:
        found = await find_user(session, "uwe")
        assert found is not None
        await change_user(session, User("uwe", "Uwe", found.roles, found.created_at, active=False))
    refused = await traveller.sign_in("s-6")
    assert refused.status_code == 403 and "disabled here" in refused.text


async def test_a_way_back_is_good_once_and_in_the_browser_that_went(house: House, traveller: Traveller) -> None:
    await traveller.known("s-7", preferred_username="eva", roles=["desk"])
    back = await traveller.agree(await traveller.go(), "s-7")
    kept = dict(house.client.cookies)
    house.client.cookies.clear()
    assert (await house.client.get(back)).status_code == 401  # a link from somebody else: their sign-in, not mine
    house.client.cookies.update(kept)
    assert (await house.client.get(back)).status_code == 303
    house.client.cookies.update(kept)
    again = await house.client.get(back)
    assert again.status_code == 401 and "used already" in again.text


async def test_a_made_up_code_and_a_refusal_are_told(house: House, traveller: Traveller) -> None:
    await traveller.go()
    state = traveller.asked["state"][0]
    made_up = await house.client.get(BACK, params={"state": state, "code": "made up"})
    assert made_up.status_code == 401 and "did not prove who you are" in made_up.text
    await traveller.go()
    denied = await house.client.get(BACK, params={"state": traveller.asked["state"][0], "error": "access_denied<b>"})
    assert denied.status_code == 401 and "access_denied" in denied.text and "<b>" not in denied.text


async def test_an_id_token_for_another_sign_in_proves_nothing(house: House, traveller: Traveller) -> None:
    await traveller.known("s-8", preferred_username="eve", roles=["it"])
    stolen = parse_qs(urlsplit(await traveller.agree(await traveller.go(), "s-8")).query)["code"][0]
    await traveller.go()
    answer = await house.client.get(BACK, params={"state": traveller.asked["state"][0], "code": stolen})
    assert answer.status_code == 401
    assert (await house.client.get("/cases")).status_code == 401


async def test_nobody_is_sent_to_another_site(traveller: Traveller) -> None:
    await traveller.known("s-9", preferred_username="ron", roles=["desk"])
    back = await traveller.agree(await traveller.go("https://evil.example"), "s-9")
    assert (await traveller.house.client.get(back)).headers["location"] == "/"


async def test_a_provider_that_is_away_is_told_and_passwords_still_sign_in(settings: Settings) -> None:
    from tests.api.house import FakeEngine

    away = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    app = create_app(away, engine=FakeEngine(None))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://house.test") as client:
        page = await client.get("/sign-in")
        assert "Sign in with your works account" in page.text and 'name="password"' in page.text
        refused = await client.get("/sign-in/provider")
    assert refused.status_code == 503 and "cannot be asked at the moment" in refused.text
    await app.state.parts.database.dispose()


async def test_without_a_provider_there_is_no_way_to_one(settings: Settings) -> None:
    from tests.api.house import FakeEngine

    app = create_app(settings.model_copy(update={"oidc_issuer": ""}), engine=FakeEngine(None))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://house.test") as client:
        assert "works account" not in (await client.get("/sign-in")).text
        assert (await client.get("/sign-in/provider")).status_code == 404
    await app.state.parts.database.dispose()


def test_a_mapping_to_a_role_that_no_plan_has_is_told_at_the_start(settings: Settings) -> None:
    with pytest.raises(NotConfigured, match="no plan has the role wizard"):
        create_app(settings.model_copy(update={"oidc_roles": '{"x": ["wizard"]}'}))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"oidc_issuer": "http://provider.example", "oidc_client_id": "x"}, "https"),
        ({"oidc_issuer": "https://provider.example"}, "oidc_client_id"),
        ({"oidc_roles": "desk=customer_service"}, "JSON"),
        ({"oidc_roles": '{"desk": 7}'}, "list of roles"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(tmp_path: Any, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(NotConfigured, match=said):
        load(home=tmp_path, **wrong)
