"""The stages of a plan as a picture: boxes from top to bottom, ways of resolving as branches, lines for other routes.

Narrow enough for a telephone, so that the same picture serves everywhere; colours come from the stylesheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.pages.languages import _, ngettext, say
from domain.plan.shown import PlanShown, StageShown

_STAGE_WIDTH, _STAGE_HEIGHT, _GAP = 122, 46, 24
_LANE = 13
_BRANCH_WIDTH, _BRANCH_HEIGHT, _BRANCH_GAP = 160, 32, 8
_ROOM = 40
"""Between a stage and what branches off it."""


@dataclass(frozen=True)
class Box:
    """A box with its text; `kind` is stage, way or aside."""

    x: int
    y: int
    width: int
    height: int
    title: str
    small: str
    kind: str

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + self.height // 2


@dataclass(frozen=True)
class Line:
    """A line as an SVG path; `kind` is next, way, on (a short cut), back or aside."""

    path: str
    kind: str


@dataclass(frozen=True)
class Diagram:
    """The picture, and the same in words."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    words: tuple[str, ...]


def diagram_of(plan: PlanShown) -> Diagram:
    """Returns the picture of a plan's stages."""
    routes = [(stage, other) for stage in plan.stages for other in stage.leads_to]
    left = _LANE * (len(routes) + 1)
    right = left + _STAGE_WIDTH + _ROOM
    stages: dict[str, Box] = {}
    branches: list[Box] = []
    lines: list[Line] = []
    y, room_ends = 2, 0
    for stage in plan.stages:
        if stage is plan.stages[-1] and plan.aside:
            stack = len(plan.aside) * (_BRANCH_HEIGHT + _BRANCH_GAP)
            y = max(y, room_ends + stack - _STAGE_HEIGHT + _BRANCH_GAP)
        box = Box(left, y, _STAGE_WIDTH, _STAGE_HEIGHT, say(stage.title), _counted(stage), "stage")
        if stages:
            above = list(stages.values())[-1]
            x = left + _STAGE_WIDTH // 2
            lines.append(Line(f"M{x} {above.y + above.height}V{y - 3}", "next"))
        stages[stage.stage] = box
        for number, way in enumerate(stage.ways):
            at = y + number * (_BRANCH_HEIGHT + _BRANCH_GAP)
            branches.append(Box(right, at, _BRANCH_WIDTH, _BRANCH_HEIGHT, say(way.title), "", "way"))
            lines.append(_branch(box, branches[-1], "way"))
            room_ends = at + _BRANCH_HEIGHT
        y += _STAGE_HEIGHT + _GAP
    last = list(stages.values())[-1]
    for number, one in enumerate(reversed(plan.aside)):
        at = last.y + last.height - _BRANCH_HEIGHT - number * (_BRANCH_HEIGHT + _BRANCH_GAP)
        branches.append(Box(right, at, _BRANCH_WIDTH, _BRANCH_HEIGHT, say(one.title), "", "aside"))
        lines.append(_branch(last, branches[-1], "aside"))
    routes.sort(key=lambda route: abs(stages[route[0].stage].y - stages[route[1]].y))  # the longest farthest out
    for number, (stage, other) in enumerate(routes):
        lines.append(_route(stages[stage.stage], stages[other], left - _LANE * (number + 1)))
    height = max(box.y + box.height for box in (*stages.values(), *branches)) + 2
    width = right + _BRANCH_WIDTH + 2
    return Diagram(width, height, (*stages.values(), *branches), tuple(lines), tuple(_words(plan)))


def _counted(stage: StageShown) -> str:
    count = len({task.task for task in (*stage.tasks, *(task for way in stage.ways for task in way.tasks))})
    return ngettext("%(num)s task", "%(num)s tasks", count) if count else ""


def _branch(stage: Box, branch: Box, kind: str) -> Line:
    """From the right edge of a stage to the left edge of what branches off, over a common upright."""
    upright, start = stage.x + stage.width + _ROOM // 2, stage.middle
    return Line(f"M{stage.x + stage.width} {start}H{upright}V{branch.middle}H{branch.x}", kind)


def _route(stage: Box, other: Box, lane: int) -> Line:
    """From the left edge of a stage over a lane of its own to another; it leaves high and arrives low."""
    kind = "back" if other.y < stage.y else "on"
    return Line(f"M{stage.x} {stage.middle - 8}H{lane}V{other.middle + 8}H{other.x - 3}", kind)


def _words(plan: PlanShown) -> Iterator[str]:
    titles = {stage.stage: say(stage.title).lower() for stage in plan.stages}
    yield _("The stages are %(stages)s.", stages=", ".join(titles.values()))
    order = list(titles)
    for stage in plan.stages:
        named = say(stage.title)
        if stage.ways:
            ways = ", ".join(say(way.title).lower() for way in stage.ways)
            yield _("%(stage)s branches: %(ways)s.", stage=named, ways=ways)
        for other in stage.leads_to:
            where = {"stage": named.lower(), "other": titles[other]}
            if order.index(other) < order.index(stage.stage):
                yield _("From %(stage)s, what is refused there goes back to %(other)s.", **where)
            else:
                yield _("From %(stage)s, what is solved there goes straight on to %(other)s.", **where)
    if plan.aside:
        sides = ", ".join(say(stage.title).lower() for stage in plan.aside)
        yield _("A case that ends early goes by %(sides)s to the end.", sides=sides)
