"""Plays the sample cases against the running product, as people would work them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from api.commands import people
from api.samples import play_samples
from core.errors import NotFound
from core.settings import Settings

_LONG_ENOUGH = timedelta(hours=2)


async def play(settings: Settings, tell: Callable[[str], None]) -> None:
    """Open and work the sample cases; what was played before is not played twice.

    Raises:
        AftercareError: the API cannot be reached, or refused a step.
    """
    tokens = await people.tokens(settings, None, _LONG_ENOUGH)

    def token_for(user: str) -> str:
        if user not in tokens:
            raise NotFound(f"the samples need the user {user}")
        return tokens[user]

    base = f"http://{settings.host}:{settings.port}"
    await play_samples(base, token_for, settings.plans_dir / "samples", tell)
