"""`aftercare up` for real: one run is shared by the tests that leave it running, the others start their own."""

from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

import httpx
import pytest

from core.embedded import people
from tests.platform.product import REQUEST, Product, eventually, gone, run

pytestmark = pytest.mark.stack


def test_it_says_each_part_where_to_go_and_who_can_sign_in(product: Product) -> None:
    for part in ("engine (Temporal)", "database", "worker", "pages and API", product.address, "admin"):
        assert part in product.text
    first = people.kept(product.home / "initial-passwords")
    assert {"admin"} <= {person.user for person in first}
    assert all(person.password in product.text for person in first)


def test_it_is_ready_when_it_says_so(product: Product) -> None:
    assert httpx.get(f"{product.address}/readyz", trust_env=False).status_code == 200


def test_its_processes_share_one_group(product: Product) -> None:
    assert len({os.getpgid(pid) for pid in product.children}) == 1
    assert len(product.children) == 3


def test_it_listens_on_this_machine_alone(product: Product) -> None:
    remembered = json.loads((product.home / "settings.json").read_text())
    assert remembered["temporal_address"].startswith("127.0.0.1:")
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        if state == "0A" and int(local.split(":")[1], 16) in {
            int(remembered["temporal_address"].split(":")[1]),
            remembered["temporal_ui_port"],
            remembered["port"],
        }:
            assert local.startswith("0100007F:")


def test_a_second_run_on_the_same_home_is_refused(product: Product) -> None:
    refused = run("up", "--home", product.home, "--port", "0")
    assert refused.returncode == 1
    assert refused.stderr == (
        f"aftercare: {product.home} is in use by another run (process {product.pid}, {product.address}): "
        "stop it, or choose another --home\n"
    )


def test_a_busy_port_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run("up", "--home", tmp_path / "home", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"aftercare: port {port} is in use: choose another with --port")
    assert refused.stderr.count("\n") == 1


def test_a_case_is_opened_shown_and_exported_from_the_command_line(product: Product, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(REQUEST))
    opened = run("case", "open", file, "--home", product.home)
    assert opened.returncode == 0, opened.stderr
    case_id = json.loads(opened.stdout)["case_id"]
    shown = run("case", "show", case_id, "--home", product.home)
    assert json.loads(shown.stdout)["state"] == "active"
    history = run("case", "history", case_id, "--home", product.home)
    assert json.loads(history.stdout)["events"][0]["eventType"] == "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"


def test_a_wrong_field_is_named_on_the_command_line(product: Product, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**REQUEST, "plan": "no-such-plan"}))
    refused = run("case", "open", file, "--home", product.home)
    assert refused.returncode == 1
    assert "plan" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_killed_worker_comes_back_and_the_case_goes_on(product: Product) -> None:
    api = product.api()
    case_id = api.post("/cases", REQUEST)["case_id"]
    task = api.open_task(case_id, "contact_customer")
    before = product.children
    worker = next(pid for pid in before if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(worker, signal.SIGKILL)
    api.complete(task, {"reached": "yes", "requirement": "Wants the seal repaired."})
    api.open_task(case_id, "remote_diagnosis")
    assert "The worker stopped (killed by SIGKILL) and is started again" in product.text
    assert len(product.children) == 3
    assert set(product.children) & set(before) == set(before) - {worker}


def test_a_killed_api_process_comes_back_on_the_same_port_and_requests_wait(product: Product) -> None:
    server = next(pid for pid in product.children if b"server\0" in Path(f"/proc/{pid}/cmdline").read_bytes()[-8:])
    os.kill(server, signal.SIGKILL)
    assert httpx.get(f"{product.address}/healthz", trust_env=False, timeout=30).status_code == 200


def test_a_token_is_printed_alone(product: Product) -> None:
    made = run("token", "admin", "--home", product.home)
    assert made.returncode == 0
    assert made.stdout.startswith("aft_")
    assert made.stdout.count("\n") == 1


def test_a_killed_run_leaves_no_process_and_its_state_is_there_at_the_next_start(tmp_path: Path) -> None:
    product = Product(tmp_path / "home", "--speed", "60").start()
    case_id = product.api().post("/cases", REQUEST)["case_id"]
    product.api().open_task(case_id, "contact_customer")
    processes, killed = product.children, product.pid
    assert product.send(signal.SIGKILL) == -signal.SIGKILL
    eventually(lambda: gone(processes), within=30)

    other_pace = run("up", "--home", product.home, "--port", "0", "--speed", "1")
    assert other_pace.returncode == 1
    assert f"An earlier run (process {killed}) did not stop cleanly; its lock is taken over." in other_pace.stdout
    assert other_pace.stderr.startswith(f"aftercare: {product.home} runs at speed 60 for good")

    again = Product(tmp_path / "home").start()
    try:
        assert "clock runs 60 times" in again.text
        api = again.api()
        api.complete(api.open_task(case_id, "contact_customer"), {"reached": "yes", "requirement": "Repair."})
        api.open_task(case_id, "remote_diagnosis")
        processes = again.children
        assert again.send(signal.SIGINT) == 0  # Ctrl-C
        assert gone(processes)
        assert (again.home / "lock").read_text() == ""
    finally:
        again.stop()
