"""Virtual time: the product's clock, which can run faster than the wall's."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from domain.model import Frozen, Instant, to_utc


class Pace(Frozen):
    """How the product's clock runs: from `epoch` on, `speed` virtual seconds pass in a real one.

    At speed 1 virtual time is real time, exactly. Everything stored, shown or compared is virtual;
    only timers and timeouts given to the engine are real.
    """

    epoch: Instant
    speed: float = Field(default=1.0, gt=0, le=1_000_000, allow_inf_nan=False)

    def virtual(self, real: datetime) -> datetime:
        """The virtual instant (UTC) at a real one. Raises OverflowError when the clock ran past the calendar."""
        real = to_utc(real)
        return real if self.speed == 1 else self.epoch + (real - self.epoch) * self.speed

    def real(self, virtual: datetime) -> datetime:
        """The real instant (UTC) at which a virtual one is reached."""
        virtual = to_utc(virtual)
        return virtual if self.speed == 1 else self.epoch + (virtual - self.epoch) / self.speed

    def real_seconds(self, virtual_seconds: float) -> float:
        """The real seconds that so many virtual seconds take."""
        return virtual_seconds / self.speed

    def real_length(self, virtual: timedelta) -> timedelta:
        """The real time that a length of virtual time takes."""
        return virtual if self.speed == 1 else virtual / self.speed
