"""Scenes of the procedure by departments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.scene import Scene
from tests.support.ways import published
from tests.workflows.conftest import Opener


@pytest.fixture
def open_feedback(open_case: Opener) -> Opener:
    """Opens cases of the plan; `choices` changes what the documents leave open."""

    async def opened(choices: dict[str, Any] | None = None, **how: Any) -> Scene:
        plan = published("quality-procedure")
        changed = plan.choices.model_copy(update=choices or {})
        return await open_case(plan=plan.model_copy(update={"choices": changed}), channel="email", **how)

    return opened
