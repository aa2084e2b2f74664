from __future__ import annotations

from api.throttle import Throttle


def test_waiting_ends_and_memory_is_bounded() -> None:
    now = 0.0
    throttle = Throttle(limit=2, seconds=10, clock=lambda: now)
    throttle.count("a")
    now = 4
    throttle.count("a")
    assert throttle.seconds_to_wait("a") == 6
    now = 11
    assert throttle.seconds_to_wait("a") == 0
    for key in range(11_000):
        throttle.count(key)
    assert len(throttle._failures) == 10_000
