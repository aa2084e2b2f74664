"""The keys of cases: one each, wrapped by a master key that rotates, destroyed for good."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.commands.keys import rotate
from core import settings
from core.errors import NotConfigured
from core.keys import CaseKey, KeyDestroyed, KeyRing, KeyUnknown, Tampered, open_keys, subject_of
from core.keys.master import add_master_key, ensure_master_keys, keep_master_keys
from core.keys.sealing import KEY_BYTES

CASE, OTHER = "C-0000000001", "C-0000000002"
KEY = CaseKey("k-1", CASE, b"\x01" * KEY_BYTES)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[], KeyRing]:
    """Opens the ring of one home, as each process does for itself."""
    ensure_master_keys(tmp_path)
    return lambda: open_keys(settings.load(home=tmp_path))


def _contents(home: Path, pattern: str) -> list[bytes]:
    return [file.read_bytes() for file in home.glob(pattern)]


async def test_a_case_has_one_key_that_every_process_finds(opened: Callable[[], KeyRing]) -> None:
    made = await asyncio.gather(*(opened().for_subject(CASE) for _ in range(5)))
    assert len({key.key_id for key in made}) == 1
    assert (await opened().by_id(made[0].key_id)).secret == made[0].secret
    assert (await opened().for_subject(OTHER)).secret != made[0].secret
    assert made[0].secret.hex() not in repr(made[0])


async def test_the_file_of_keys_holds_none_in_clear_and_is_its_owners_alone(
    opened: Callable[[], KeyRing], tmp_path: Path
) -> None:
    key = await opened().for_subject(CASE)
    assert key.secret not in (tmp_path / "keys.db").read_bytes()
    for name in ("keys.db", "master-keys"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name


async def test_a_destroyed_key_is_gone_from_the_file_and_says_when_and_why(
    opened: Callable[[], KeyRing], tmp_path: Path
) -> None:
    ring = opened()
    key = await ring.for_subject(CASE)
    sealed = key.seal(b"Example Bakery", "payload")
    with sqlite3.connect(tmp_path / "keys.db") as before:
        (wrapped,) = before.execute("SELECT wrapped FROM case_key").fetchone()
    gone = await ring.destroy(CASE, by="admin", reason="the customer asked")
    assert (gone.by, gone.reason, gone.key_id) == ("admin", "the customer asked", key.key_id)
    for another in (ring, opened()):
        with pytest.raises(KeyDestroyed, match=r"C-0000000001 was erased on .* UTC"):
            await another.unseal(sealed, "payload")
        with pytest.raises(KeyDestroyed):
            await another.for_subject(CASE)
    assert all(wrapped not in kept for kept in _contents(tmp_path, "keys.db*"))
    assert (await ring.destroy(CASE, by="somebody", reason="again")).at == gone.at
    assert [one.subject for one in await opened().all_destroyed()] == [CASE]


async def test_a_subject_that_never_had_a_key_never_gets_one(opened: Callable[[], KeyRing]) -> None:
    await opened().destroy(CASE, by="admin", reason="")
    with pytest.raises(KeyDestroyed):
        await opened().for_subject(CASE)


async def test_a_new_master_key_wraps_every_key_anew_and_the_old_one_can_go(
    opened: Callable[[], KeyRing], tmp_path: Path
) -> None:
    keys = [await opened().for_subject(case) for case in (CASE, OTHER)]
    assert add_master_key(tmp_path) == "m2"
    assert await opened().by_id(keys[0].key_id) == keys[0], "the old one still unwraps"
    assert await opened().wrap_anew() == 2
    keep_master_keys(tmp_path, 1)
    assert (tmp_path / "master-keys").read_text().startswith("m2:")
    assert [await opened().by_id(key.key_id) for key in keys] == keys
    assert await opened().wrap_anew() == 0


async def test_a_process_that_ran_before_a_rotation_goes_on(opened: Callable[[], KeyRing], tmp_path: Path) -> None:
    before = opened()
    key = await before.for_subject(CASE)
    rotated = await rotate(settings.load(home=tmp_path))
    assert (rotated.added, rotated.wrapped) == ("m2", 1)
    before._known.clear()
    assert await before.by_id(key.key_id) == key
    late = await opened().for_subject(OTHER)
    await rotate(settings.load(home=tmp_path))
    assert (tmp_path / "master-keys").read_text().count("m") == 2, "the one before is kept for processes that run"
    assert await opened().by_id(late.key_id) == late


async def test_a_master_key_that_is_missing_is_named(opened: Callable[[], KeyRing], tmp_path: Path) -> None:
    await opened().for_subject(CASE)
    add_master_key(tmp_path)
    keep_master_keys(tmp_path, 1)
    with pytest.raises(NotConfigured, match="AFTERCARE_MASTER_KEYS: the master key m1 is missing"):
        await opened().for_subject(CASE)


@pytest.mark.parametrize("given", ["", "m1", "m1:00", "m1:" + "5a" * 32 + ",m1:" + "5b" * 32])
def test_without_a_proper_master_key_nothing_starts(tmp_path: Path, given: str) -> None:
    with pytest.raises(NotConfigured, match="AFTERCARE_MASTER_KEYS"):
        open_keys(settings.load(home=tmp_path, master_keys=given))


async def test_an_unknown_key_is_not_a_destroyed_one(opened: Callable[[], KeyRing]) -> None:
    with pytest.raises(KeyUnknown):
        await opened().by_id("k-never")


@given(data=st.binary(max_size=200), cut=st.integers(0, 40))
def test_what_was_sealed_opens_again_and_nothing_less_does(data: bytes, cut: int) -> None:
    sealed = KEY.seal(data, "payload")
    assert KEY.open(sealed, "payload") == data
    with pytest.raises(Tampered):
        KEY.open(sealed, "another purpose")
    with pytest.raises(Tampered):
        KEY.open(sealed[: len(sealed) - 1 - cut], "payload")
    changed = bytearray(sealed)
    changed[-1 - cut % len(sealed)] ^= 1
    with pytest.raises(Tampered):
        KEY.open(bytes(changed), "payload")


def test_long_streams_are_sealed_in_frames_that_cannot_be_left_out() -> None:
    parts = [bytes([number]) * 700_000 for number in range(5)]
    sealed = b"".join(KEY.seal_parts(parts, "attachments/x"))
    pieces = [sealed[at : at + 65_536] for at in range(0, len(sealed), 65_536)]
    assert b"".join(KEY.open_parts(pieces, "attachments/x")) == b"".join(parts)
    frame = 1024 * 1024 + 16 + 4
    start = len(sealed) - (len(b"".join(parts)) + 4 * 20)
    with pytest.raises(Tampered):
        KEY.open(sealed[:start] + sealed[start + frame :], "attachments/x")
    with pytest.raises(Tampered):
        KEY.open(sealed[: start + frame], "attachments/x")


@pytest.mark.parametrize(
    ("workflow", "subject"),
    [
        (CASE, CASE),
        (f"{CASE}-notice-1", CASE),
        (f"{CASE}-paper-a1", CASE),
        (f"{CASE}X", "installation"),
        ("report-rapid-response-2026-11-22", "installation"),
    ],
)
def test_everything_of_a_case_is_sealed_with_its_key(workflow: str, subject: str) -> None:
    assert subject_of(workflow) == subject
