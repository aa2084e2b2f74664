"""`aftercare audit verify` on files, folders and case numbers: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app
from core.keys import CaseKey
from core.settings import Settings
from core.signing import SigningKeys, ensure_signing_keys, open_signing, public_json, rotate
from tests.support.archives import contents, make_archive


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", "verify", *arguments])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    ensure_signing_keys(folder)
    return folder


@pytest.fixture
def archives(home: Path, key: CaseKey) -> list[Path]:
    """Five archives of the home."""
    place = home / "archive" / "2026"
    place.mkdir(parents=True)
    signing = open_signing(Settings(home=home))
    return [make_archive(place, signing, key, contents(f"C-000000000{number}"))[0] for number in range(1, 6)]


def test_what_is_whole_is_said_to_be(home: Path, archives: list[Path]) -> None:
    done = run(str(archives[0]), "--home", str(home))
    assert done.exit_code == 0
    assert "C-0000000001" in done.output
    assert "1 archive verified, nothing found" in done.output


def test_a_folder_and_a_case_number_name_archives(home: Path, archives: list[Path]) -> None:
    assert "5 archives verified, nothing found" in run(str(home / "archive"), "--home", str(home)).output
    assert run("C-0000000003", "--home", str(home)).output.startswith("C-0000000003: nothing found")
    refused = run("C-0000000009", "--home", str(home))
    assert refused.exit_code == 1
    assert "C-0000000009: has no archive here" in refused.output
    assert run(str(home), "--home", str(home)).exit_code == 0


def test_a_folder_without_archives_is_refused(home: Path, tmp_path: Path) -> None:
    assert "holds no archive" in str(run(str(home), "--home", str(home)).exception)


def test_no_file_at_all_is_wrong_usage(home: Path) -> None:
    assert run("--home", str(home)).exit_code == 2


def test_findings_end_with_status_one_and_name_the_file(home: Path, archives: list[Path]) -> None:
    whole = archives[2].read_bytes()
    archives[2].write_bytes(whole[:4000] + b"!" + whole[4001:])
    done = run(*map(str, archives), "--home", str(home))
    assert done.exit_code == 1
    assert f"C-0000000003 ({archives[2]}): 1 finding" in done.output
    assert "5 archives verified, 1 with findings" in done.output


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(
    home: Path, archives: list[Path], tmp_path: Path
) -> None:
    done = run(str(tmp_path / "nowhere.aftercare"), str(archives[0]), "--home", str(home))
    assert done.exit_code == 1
    assert "nowhere.aftercare: cannot be read: No such file or directory" in done.output
    assert "2 archives verified, 1 with findings" in done.output


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_json_is_a_line_a_file_with_the_same_outcome_by_any_number_of_processes(
    home: Path, archives: list[Path], jobs: str
) -> None:
    archives[1].write_bytes(archives[1].read_bytes()[:900])
    done = run(str(home / "archive"), "--home", str(home), "--json", "-j", jobs)
    lines = [json.loads(line) for line in done.output.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in archives]
    assert [line["passed"] for line in lines] == [True, False, True, True, True]
    assert {line["kind"] for line in lines} == {"verify"}
    assert done.exit_code == 1


def test_keys_to_trust_come_from_the_home_or_from_a_file(home: Path, archives: list[Path], tmp_path: Path) -> None:
    elsewhere, trusted = tmp_path / "elsewhere", tmp_path / "trusted.json"
    archive = str(archives[0])
    nobody = run(archive, "--home", str(elsewhere))
    assert nobody.exit_code == 1
    assert "no key is known to trust" in nobody.output
    trusted.write_text(json.dumps(public_json(open_signing(Settings(home=home)).known)))
    assert run(archive, "--home", str(elsewhere), "--trust", str(trusted)).exit_code == 0
    trusted.write_text(json.dumps(public_json(SigningKeys.first().known)))
    assert "none of the trusted keys stands behind" in run(archive, "--trust", str(trusted)).output


def test_whoever_trusts_the_key_of_before_trusts_what_a_new_key_signs(home: Path, tmp_path: Path, key: CaseKey) -> None:
    trusted = tmp_path / "trusted.json"
    trusted.write_text(json.dumps(public_json(open_signing(Settings(home=home)).known)))
    path, manifest = make_archive(tmp_path, rotate(Settings(home=home)), key)
    assert manifest.signed_by not in trusted.read_text()
    assert run(str(path), "--trust", str(trusted)).exit_code == 0


def test_progress_is_told_on_standard_error(home: Path, archives: list[Path]) -> None:
    done = run(str(home / "archive"), "--home", str(home), "--progress", "--json")
    assert "verified: 5 of 5" in done.stderr
    assert "verified" not in done.stdout
