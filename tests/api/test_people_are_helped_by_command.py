from __future__ import annotations

import pytest

from api.actions.people import choose_password
from api.actions.signing_in import NameLocked, SignInRefused, sign_in
from api.commands.people import password_link, unlock
from core.errors import NotFound
from tests.api.house import House

PASSWORD = "three short words 123"


async def test_a_locked_name_is_unlocked_and_a_link_chooses_a_password(house: House) -> None:
    settings = house.parts.settings
    link = await password_link(settings, "admin")
    assert link.startswith("http://house.test/password/")
    await choose_password(house.parts, link.rpartition("/")[2], PASSWORD, PASSWORD)
    for _ in range(10):
        with pytest.raises((SignInRefused, NameLocked)):
            await sign_in(house.parts, "admin", "\ud800", "10.0.0.1")
    with pytest.raises(NameLocked):
        await sign_in(house.parts, "admin", PASSWORD, "10.0.0.1")
    assert await unlock(settings, "admin")
    assert not await unlock(settings, "admin")
    await sign_in(house.parts, "admin", PASSWORD, "10.0.0.1")


async def test_nobody_is_helped_who_is_not_there(house: House) -> None:
    for ask in (unlock, password_link):
        with pytest.raises(NotFound, match="there is no user nobody"):
            await ask(house.parts.settings, "nobody")
