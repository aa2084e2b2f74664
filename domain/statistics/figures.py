"""Figures beside the counts: satisfaction, and how deadlines were kept."""

from __future__ import annotations

from collections.abc import Iterable

from domain.model import Frozen
from domain.tasks.special import ACKNOWLEDGE_BREACH, CHASE, PANEL_WORD, SPECIAL_CASE

NOT_STEPS = frozenset({ACKNOWLEDGE_BREACH.name, CHASE.name, PANEL_WORD.name, SPECIAL_CASE.name})
"""Tasks that watch over the steps and are none themselves."""


class Satisfaction(Frozen):
    """Answers at the follow-up; `answers` counts them from 1 to 5."""

    answers: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def asked(self) -> int:
        """How many customers answered."""
        return sum(self.answers)

    @property
    def mean(self) -> float | None:
        """The mean answer, None when nobody answered."""
        if not self.asked:
            return None
        return round(sum(mark * count for mark, count in enumerate(self.answers, start=1)) / self.asked, 2)

    @classmethod
    def of(cls, marks: Iterable[int]) -> Satisfaction:
        """Counts marks of 1 to 5; others are no answers."""
        given = list(marks)
        one, two, three, four, five = (given.count(mark) for mark in range(1, 6))
        return cls(answers=(one, two, three, four, five))


class StepFigures(Frozen):
    """How the deadlines of one kind of step were kept by one role."""

    kind: str
    role: str
    kept: int
    late: int

    @property
    def counted(self) -> int:
        """How many steps."""
        return self.kept + self.late

    @property
    def share_kept(self) -> float:
        """Share that was in time, 0 to 1."""
        return round(self.kept / self.counted, 4) if self.counted else 0.0


class DeadlineFigures(Frozen):
    """How deadlines were kept, the steps most often late first."""

    steps: tuple[StepFigures, ...] = ()

    @property
    def kept(self) -> int:
        """Steps in time."""
        return sum(step.kept for step in self.steps)

    @property
    def late(self) -> int:
        """Late steps."""
        return sum(step.late for step in self.steps)

    @property
    def share_kept(self) -> float | None:
        """Share of all steps that was in time, 0 to 1; None when there was none."""
        return round(self.kept / (self.kept + self.late), 4) if self.steps else None
