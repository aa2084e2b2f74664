"""The keys of an installation: made once, private, rotated with the new one made known by the old one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from core.errors import Invalid, NotConfigured, Refused
from core.settings import Settings
from core.signing import (
    SIGNING_FILE,
    PublicKey,
    SigningKeys,
    ensure_signing_keys,
    known_keys,
    open_signing,
    read_trusted,
    rotate,
    vouched_for,
)

OLD, NEW = "11" * 32, "22" * 32


def settings(home: Path, keys: str = "") -> Settings:
    return Settings(home=home, signing_keys=keys)


def test_a_home_makes_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    ensure_signing_keys(tmp_path)
    first = open_signing(settings(tmp_path)).current.key_id
    ensure_signing_keys(tmp_path)
    assert open_signing(settings(tmp_path)).current.key_id == first
    assert (tmp_path / SIGNING_FILE).stat().st_mode & 0o077 == 0


def test_a_signature_is_of_one_key_and_one_message(tmp_path: Path) -> None:
    keys, others = SigningKeys.first(), SigningKeys.first()
    signature = keys.sign(b"manifest")
    assert keys.current.signed(b"manifest", signature)
    assert not keys.current.signed(b"manifesT", signature)
    assert not others.current.signed(b"manifest", signature)


def test_a_new_key_is_made_known_by_the_one_before_and_the_old_private_part_goes(tmp_path: Path) -> None:
    ensure_signing_keys(tmp_path)
    old = open_signing(settings(tmp_path))
    secret = json.loads((tmp_path / SIGNING_FILE).read_text())["private"]
    rotate(settings(tmp_path))
    rotate(settings(tmp_path))
    now = open_signing(settings(tmp_path))
    assert now.known[0].key_id == old.current.key_id
    assert len(now.known) == 3
    assert secret not in (tmp_path / SIGNING_FILE).read_text()
    assert vouched_for(now.current, now.known, [old.current]) == old.current


def test_a_key_that_nobody_made_known_is_vouched_for_by_nobody() -> None:
    ours, theirs = SigningKeys.first(), SigningKeys.first()
    claimed = PublicKey(theirs.current.public, None, ours.current.key_id, theirs.sign(b"as if"))
    assert vouched_for(theirs.current, (), [ours.current]) is None
    assert vouched_for(claimed, [ours.current], [ours.current]) is None


def test_keys_of_the_setting_win_and_the_newest_stands_first(tmp_path: Path) -> None:
    ensure_signing_keys(tmp_path)
    before = open_signing(settings(tmp_path, OLD))
    after = open_signing(settings(tmp_path, f"{NEW}, {OLD}"))
    assert after.known[0].public == before.current.public
    assert vouched_for(after.current, after.known, before.known) == before.current
    with pytest.raises(Refused, match="in front of the others"):
        rotate(settings(tmp_path, OLD))


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="AFTERCARE_SIGNING_KEYS"):
        open_signing(settings(tmp_path, "not a key"))
    with pytest.raises(NotConfigured, match="is needed to sign archives"):
        open_signing(settings(tmp_path))
    assert known_keys(settings(tmp_path)) == ()
    ensure_signing_keys(tmp_path)
    (tmp_path / SIGNING_FILE).write_text("{}")
    with pytest.raises(NotConfigured, match="backup"):
        open_signing(settings(tmp_path))


def test_secret_keys_are_not_given_to_other_processes_by_their_environment(tmp_path: Path) -> None:
    assert OLD not in str(settings(tmp_path, OLD).as_environment())


def test_what_show_prints_is_what_an_auditor_trusts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    ensure_signing_keys(home)
    rotated = CliRunner().invoke(app, ["audit", "keys", "rotate", "--home", str(home)])
    shown = CliRunner().invoke(app, ["audit", "keys", "show", "--home", str(home)])
    trusted = tmp_path / "trusted.json"
    trusted.write_text(shown.output)
    known = known_keys(settings(home))
    assert read_trusted(trusted) == known
    assert known[-1].key_id in rotated.output
    assert json.loads((home / SIGNING_FILE).read_text())["private"] not in shown.output


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": [{"public": "00"}]}', '{"keys": 3}', "[1]"])
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "trusted.json").write_text(text)
    with pytest.raises(Invalid, match="--trust"):
        read_trusted(tmp_path / "trusted.json")
