"""What all tests share: no setting of the machine leaks in, and the SDK's threads get a moment at the end."""

from __future__ import annotations

import os
import sys
import time

import pytest
from hypothesis import settings
from xdist.remote import Producer

from core import memory
from tests.support.compiled_once import share_compiled_statements
from tests.support.quick_passwords import hash_quickly
from tests.support.sharing_out import Units, in_order_of_length


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("patient", deadline=None)  # machines are busy: time decides no test
    settings.load_profile("patient")
    for name in [name for name in os.environ if name.startswith("AFTERCARE_")]:
        del os.environ[name]
    share_compiled_statements()
    hash_quickly()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts long units first where several processes take them."""
    if hasattr(config, "workerinput"):
        in_order_of_length(items)


def pytest_collection_finish() -> None:
    """Takes what is imported by now out of every later collection of garbage: it stays, and a sandbox adds its own."""
    memory.settle()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Units | None:
    """Shares tests out by units with `--dist loadscope`."""
    return Units(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> None:
    """Limits that a process keeps begin anew with each test."""
    for module in ("api.actions.requests", "api.pages.tracking_acts", "api.routes.codec"):
        for known in vars(sys.modules.get(module, sys)).values():
            if type(known).__name__ == "Throttle":
                known.forget()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if "temporalio.worker" in sys.modules:
        # Processes that ran a worker and ended at once crashed now and then while Python finalised.
        time.sleep(0.5)
