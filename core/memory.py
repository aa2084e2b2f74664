"""What a process keeps for as long as it lives, and the collection of garbage."""

from __future__ import annotations

import gc

_OBJECTS = 5_000
"""New objects that are looked through at a time: more would make it rarer, and a pause that one request waits for."""


def settle() -> None:
    """Takes everything that was imported and made up to now out of the collection of garbage.

    It stays until the process ends; looking through it again and again took a twentieth of every request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, 20, 50)
