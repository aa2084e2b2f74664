"""Cases of the maintenance-center plan."""

from __future__ import annotations

from typing import Any

import pytest

from domain.plan import Plan
from tests.support.scene import Scene
from tests.support.ways import published
from tests.workflows.conftest import Opener


@pytest.fixture
def plan() -> Plan:
    """The plan as it is published."""
    return published("maintenance-center")


@pytest.fixture
def open_request(open_case: Opener, plan: Plan) -> Opener:
    """Opens a case of the plan; `channel="app"` makes it an order from the app."""

    async def opened(**how: Any) -> Scene:
        return await open_case(**{"plan": plan, **how})

    return opened
