"""The keys of cases, from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.keys import open_keys
from core.keys.master import add_master_key, keep_master_keys

if TYPE_CHECKING:
    from core.settings import Settings

_KEPT = 2
"""Processes that run wrap with the key they began with: it stays until the rotation after."""


@dataclass(frozen=True)
class Rotated:
    """Which master key wraps from now on, None where the setting keeps them, and how many keys were wrapped anew."""

    added: str | None
    wrapped: int


async def rotate(settings: Settings) -> Rotated:
    """Wraps every key of a case by a new master key.

    A home makes the new one itself and keeps the one before it; where the setting holds them, its first one is taken.

    Raises:
        NotConfigured: a master key that still wraps something is missing.
        Unavailable: the keys cannot be reached.
    """
    wrapped = await _wrap(settings)
    if settings.master_keys_in_home is None:
        return Rotated(None, wrapped)
    added = add_master_key(settings.home)
    again = await _wrap(settings)
    keep_master_keys(settings.home, _KEPT)
    return Rotated(added, again)


async def _wrap(settings: Settings) -> int:
    async with open_keys(settings) as keys:
        return await keys.wrap_anew()
