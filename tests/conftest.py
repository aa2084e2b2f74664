"""What all tests share: no setting of the machine leaks in, and the SDK's threads get a moment at the end."""

from __future__ import annotations

import os
import sys
import time

import pytest


def pytest_configure() -> None:
    for name in [name for name in os.environ if name.startswith("AFTERCARE_")]:
        del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if "temporalio.worker" in sys.modules:
        # Processes that ran a worker and ended at once crashed now and then while Python finalised.
        time.sleep(0.5)
