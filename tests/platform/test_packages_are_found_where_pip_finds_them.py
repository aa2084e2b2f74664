"""Setting up installs by uv, which reads none of pip's settings: it is told where packages are, and pip stands in."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parents[2] / ".ci" / "install.py"


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_uv_looks_where_pip_would(install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://one.example/simple\nextra-index-url =\n  https://two.example/simple\n"
        "  https://three.example/simple\nfind-links = wheels\ntrusted-host = two.example\n"
        "[install]\nfind-links = more\n[download]\nfind-links = none\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    for name in ("INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "CERT", "TRUSTED_HOST", "NO_INDEX"):
        monkeypatch.delenv(f"PIP_{name}", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://four.example/simple")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    options, variables = install.for_uv(install.settings_of_pip())
    assert options == ["--find-links", "more", "--allow-insecure-host", "two.example", "--no-index"]
    assert variables["UV_DEFAULT_INDEX"] == "https://four.example/simple"
    assert variables["UV_INDEX"] == "https://two.example/simple https://three.example/simple"


@pytest.mark.parametrize("failing", ["pip brings no uv", "uv installs nothing"])
def test_pip_stands_in_and_says_so(
    install: ModuleType, failing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        fails = "uv" in command if failing == "uv installs nothing" else command[-1].endswith("uv.lock")
        return subprocess.CompletedProcess(command, int(fails), stdout="")

    monkeypatch.setattr(subprocess, "run", run)
    lock = FILE.parents[1] / "requirements.lock"
    assert install.main(lock) == 0
    assert "pip takes over" in capsys.readouterr().err
    assert asked[-1] == [sys.executable, "-m", "pip", "install", "--quiet", *install.RULES, "-r", str(lock)]
    assert all("--require-hashes" in one for one in asked if "install" in one)


def test_uv_comes_from_the_lock_with_its_hashes(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = ""

    def run(command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
        nonlocal alone
        if command[-1].endswith("uv.lock"):
            alone = Path(command[-1]).read_text()
        return subprocess.CompletedProcess(command, 0, stdout="")

    monkeypatch.setattr(subprocess, "run", run)
    assert install.main(FILE.parents[1] / "requirements.lock") == 0
    named = [line for line in alone.splitlines() if "==" in line]
    assert len(named) == 1
    assert named[0].startswith("uv==")
    assert alone.count("--hash=sha256:") > 5
