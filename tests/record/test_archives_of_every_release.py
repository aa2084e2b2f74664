"""An archive of every release is verified and replayed by the code of today, with nothing of its installation left.

`tests/goldens/<version>/archives.zip` is a bundle that this release exported with its keys, of invented sample cases;
neither the engine nor the database that it came from exists any more.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from cli import app

GOLDENS = Path(__file__).parents[1] / "goldens"
BUNDLES = sorted(GOLDENS.glob("*/archives.zip"))


@pytest.fixture(params=BUNDLES, ids=lambda bundle: str(bundle.parent.name))
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A bundle unpacked on a machine that has never seen the installation."""
    ZipFile(request.param).extractall(tmp_path / "bundle")
    return tmp_path / "bundle"


def audit(*arguments: str, home: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["audit", *arguments, "--home", str(home)])
    return done.exit_code, done.output


def test_every_release_left_archives_behind() -> None:
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## \[?([1-9]\d*\.\d+(?:\.\d+)?)\b", changelog, re.MULTILINE)
    assert {bundle.parent.name for bundle in BUNDLES} == set(released)


def test_it_is_verified_and_replayed_without_server_and_database(bundle: Path, tmp_path: Path) -> None:
    home, archives = tmp_path / "auditor", str(bundle / "archives")
    trust = ("--trust", str(bundle / "public-keys.json"))
    count = len(json.loads((bundle / "index.json").read_text("utf-8"))["cases"])
    assert count >= 2
    sealed, told = audit("verify", archives, *trust, home=home)
    assert sealed == 0, told
    assert f"{count} archives verified, nothing found" in told
    assert "what is sealed was not opened" in told, "without the keys it says what it could not see"
    assert audit("keys", "import", str(bundle / "SECRET-case-keys.json"), home=home)[0] == 0
    opened, told = audit("verify", archives, *trust, home=home)
    assert opened == 0, told
    assert "not opened" not in told
    replayed, told = audit("replay", archives, home=home)
    assert replayed == 0, told
    assert f"{count} histories replayed, nothing found" in told


def test_a_result_doctored_years_later_is_found(bundle: Path, tmp_path: Path) -> None:
    home = tmp_path / "auditor"
    (first, *_) = sorted((bundle / "archives").rglob("*.aftercare"))
    with ZipFile(first) as before:
        kept = {name: before.read(name) for name in before.namelist()}
    manifest = json.loads(kept["manifest.json"])
    manifest["result"] = "rejected" if manifest["result"] != "rejected" else "resolved"
    kept["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(first, "w") as after:
        for name, content in kept.items():
            after.writestr(name, content)
    status, told = audit("verify", str(first), "--trust", str(bundle / "public-keys.json"), home=home)
    assert status == 1
    assert "signature.json: is not the signature of key" in told, told
