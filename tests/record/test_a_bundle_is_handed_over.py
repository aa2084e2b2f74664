"""`aftercare audit export`: archives of a period or a customer, with an index that says what is in clear."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner, Result

from cli import app
from core.keys import open_keys
from core.keys.master import ensure_master_keys
from core.settings import Settings, load
from core.signing import ensure_signing_keys
from store.migrations import upgrade
from tests.support.archiving import archive_cases

NAME = "杭州海川机械"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with two archived cases."""
    home = tmp_path_factory.mktemp("home")
    ensure_master_keys(home)
    ensure_signing_keys(home)
    upgrade(f"sqlite:///{home / 'aftercare.db'}")
    settings = load(home=home)
    asyncio.run(archive_cases(settings, "second_visit", "warranty_repair_negotiated"))
    return settings


def export(settings: Settings, out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", "export", str(out), "--home", str(settings.home), *arguments])


def everything(out: Path) -> dict[str, bytes]:
    with ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_bundle_holds_the_archives_an_index_and_public_keys_and_nothing_in_clear(
    settings: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "november.zip"
    done = export(settings, out, "--from", "2026-11-01", "--to", "2026-11-30")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{out}: 2 cases\n"
    assert out.stat().st_mode & 0o077 == 0
    found = everything(out)
    assert set(found) == {
        "archives/2026/C-0000000003.aftercare",
        "archives/2026/C-0000000008.aftercare",
        "public-keys.json",
        "index.json",
        "index.html",
    }
    index = json.loads(found["index.json"])
    assert index["in_clear"] == {"records": False, "case_keys": False}
    assert [case["case_id"] for case in index["cases"]] == ["C-0000000003", "C-0000000008"]
    page = found["index.html"].decode()
    assert "The archives are sealed" in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    for name, content in found.items():
        assert NAME.encode() not in content, name


def test_what_was_exported_verifies_elsewhere_with_the_public_keys_alone(settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "out.zip", "--from", "2026-11-01")
    ZipFile(tmp_path / "out.zip").extractall(tmp_path / "elsewhere")
    done = CliRunner().invoke(
        app,
        ["audit", "verify", str(tmp_path / "elsewhere/archives"), "--home", str(tmp_path / "none"),
         "--trust", str(tmp_path / "elsewhere/public-keys.json")],
    )  # fmt: skip
    assert done.exit_code == 0
    assert "2 archives verified, nothing found" in done.stdout


def test_a_readable_bundle_shows_the_record_and_the_papers_and_says_so(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "subject.zip"
    done = export(settings, out, "--customer", NAME, "--readable")
    assert "it holds personal data in clear" in done.stdout
    found = everything(out)
    assert "Personal data in clear" in found["index.html"].decode()
    page = found["readable/C-0000000003/record.html"].decode()
    assert NAME in page
    assert "Chen Yu" in page
    assert "What happened" in page
    papers = [name for name in found if name.startswith("readable/C-0000000003/documents/")]
    assert papers and all(found[name].startswith(b"%PDF") and name.endswith(".pdf") for name in papers)
    for link in papers:
        assert link.removeprefix("readable/C-0000000003/") in page
    case = json.loads(found["readable/C-0000000003/case.json"])["case"]
    assert case["application"]["customer"]["name"] == NAME
    assert "record_salt" not in case
    assert len(json.loads(found["readable/C-0000000003/record.json"])) == 74


def test_a_sealed_bundle_of_a_customer_does_not_tell_the_name(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "customer.zip"
    export(settings, out, "--customer", NAME)
    assert len(index_of(out)["cases"]) == 2
    for name, content in everything(out).items():
        assert NAME.encode() not in content, name
    assert "Archived cases of one customer" in everything(out)["index.html"].decode()


def test_markup_that_somebody_typed_stays_text(settings: Settings) -> None:
    from api.commands.audit.readable import environment

    page = environment().from_string("{{ text }}").render(text="<script>alert(1)</script>")
    assert page == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_with_its_keys_a_bundle_is_opened_and_replayed_elsewhere(settings: Settings, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out.zip", tmp_path / "elsewhere"
    done = export(settings, out, "--from", "2026-11-01", "--with-keys")
    assert "the keys of these cases" in done.stdout
    ZipFile(out).extractall(elsewhere)
    assert "Secret." in (elsewhere / "index.html").read_text()
    home = ["--home", str(tmp_path / "auditor")]
    taken = CliRunner().invoke(app, ["audit", "keys", "import", str(elsewhere / "SECRET-case-keys.json"), *home])
    assert taken.stdout == "2 keys taken in\n"
    again = CliRunner().invoke(app, ["audit", "keys", "import", str(elsewhere / "SECRET-case-keys.json"), *home])
    assert again.stdout == "0 of 2 keys taken in; the others were here\n"
    archives = str(elsewhere / "archives")
    trust = ["--trust", str(elsewhere / "public-keys.json")]
    verified = CliRunner().invoke(app, ["audit", "verify", archives, *trust, *home])
    assert verified.exit_code == 0, verified.stdout
    assert "not opened" not in verified.stdout
    replayed = CliRunner().invoke(app, ["audit", "replay", archives, *home])
    assert "C-0000000003" in replayed.stdout
    assert "key" not in replayed.stdout


def test_a_plan_and_days_narrow_it(settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "1.zip", "--from", "2026-11-01", "--plan", "warranty-repair")
    assert [case["case_id"] for case in index_of(tmp_path / "1.zip")["cases"]] == ["C-0000000008"]
    export(settings, tmp_path / "2.zip", "--to", "2026-10-31")
    assert index_of(tmp_path / "2.zip")["cases"] == []
    assert b"No archived case fits" in everything(tmp_path / "2.zip")["index.html"]
    export(settings, tmp_path / "3.zip", "--customer", "Somebody else")
    assert index_of(tmp_path / "3.zip")["cases"] == []


def test_an_erased_case_is_in_it_and_cannot_be_read(settings: Settings, tmp_path: Path) -> None:
    copied = tmp_path / "home"
    shutil.copytree(settings.home, copied)
    there = load(home=copied)
    asyncio.run(erase(there, "C-0000000003"))
    done = export(there, tmp_path / "out.zip", "--from", "2026-11-01", "--readable", "--with-keys")
    assert done.exit_code == 0, done.output
    first, second = index_of(tmp_path / "out.zip")["cases"]
    assert first["readable"] is None and "was erased on" in first["why_not"]
    assert second["readable"] == "readable/C-0000000008/record.html"
    keys = json.loads(everything(tmp_path / "out.zip")["SECRET-case-keys.json"])["keys"]
    assert [key["subject"] for key in keys] == ["C-0000000008"]


def test_an_archive_that_is_gone_or_changed_is_told_and_ends_with_status_one(
    settings: Settings, tmp_path: Path
) -> None:
    copied = tmp_path / "home"
    shutil.copytree(settings.home, copied)
    (copied / "archive/2026/C-0000000003.aftercare").unlink()
    with (copied / "archive/2026/C-0000000008.aftercare").open("r+b") as file:
        file.seek(300)
        file.write(b"!")
    done = export(load(home=copied), tmp_path / "out.zip", "--from", "2026-11-01")
    assert done.exit_code == 1
    assert "C-0000000003: its archive 2026/C-0000000003.aftercare is gone" in done.stderr
    assert "C-0000000008: its archive is not the file that was noted" in done.stderr
    assert "is gone" in everything(tmp_path / "out.zip")["index.html"].decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "yesterday"], "must be a day such as"),
        (["--from", "2026-11-02", "--to", "2026-11-01"], "ends before it begins"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    settings: Settings, tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = export(settings, tmp_path / "out.zip", *arguments)
    assert done.exit_code == 1
    assert said in str(done.exception)
    assert not list(tmp_path.iterdir()), "nothing half is left"


def test_without_saying_which_cases_it_is_wrong_usage(settings: Settings, tmp_path: Path) -> None:
    assert export(settings, tmp_path / "out.zip").exit_code == 2


def test_a_file_that_is_there_is_not_written_over(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "out.zip").write_text("mine")
    assert "exists already" in str(export(settings, tmp_path / "out.zip", "--from", "2026-11-01").exception)
    assert (tmp_path / "out.zip").read_text() == "mine"


def index_of(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(everything(out)["index.json"])
    return found


async def erase(settings: Settings, case_id: str) -> None:
    async with open_keys(settings) as keys:
        await keys.destroy(case_id, by="dpo", reason="asked for")
