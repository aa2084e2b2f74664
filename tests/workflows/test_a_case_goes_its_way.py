"""The ways a case can take, from application to archive."""

from __future__ import annotations

import pytest

from tests.support.people import (
    accepted,
    agreed,
    assigned,
    complex_issue,
    confirmed,
    contacted,
    followed_up,
    repaired_on_site,
    settled,
    solved_remotely,
    visited,
)
from tests.workflows.conftest import Opener


async def test_a_simple_issue_is_solved_from_a_distance_and_accepted(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await accepted(scene)
    await settled(scene)
    await followed_up(scene)
    end = await scene.end()
    assert end.result == "resolved"
    state = scene.memory.case(scene.case_id)
    assert (state.status, state.result, state.resolution) == ("closed", "resolved", "remote")


@pytest.mark.clause("R5", "R6", "R8")
async def test_a_complex_issue_is_dispatched_visited_confirmed_and_repaired(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await complex_issue(scene)
    await assigned(scene)
    await agreed(scene, "on_site")
    await visited(scene)
    await confirmed(scene)
    await repaired_on_site(scene)
    await accepted(scene)
    await settled(scene)
    await followed_up(scene)
    assert (await scene.end()).result == "resolved"
