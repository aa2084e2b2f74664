"""What a replay found, in the words of an auditor: one finding for each cause, where it shows first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from domain.record.comparing import Difference, differing
from domain.record.findings import Finding
from workflows.replaying.replay import Refusal, Replayed
from workflows.replaying.story import Story
from workflows.replaying.strict import Divergence

_LINKS = frozenset({"hash", "previous", "digest"})
_NAMES = {
    "schedule_to_close_timeout": "time allowed until it is done",
    "schedule_to_start_timeout": "time allowed until it begins",
    "start_to_close_timeout": "time allowed for one try",
    "heartbeat_timeout": "time allowed without a sign of life",
    "length": "length",
}
_CLOCKED = frozenset(_NAMES)


def findings_of(replayed: Replayed) -> tuple[Finding, ...]:
    """Returns everything at which today's code does otherwise than the history says; nothing when it is the same."""
    found: list[Finding] = []
    if replayed.refusal:
        found.append(_refused(replayed.refusal))
    found += _grouped(replayed.divergences)
    found += [
        Finding(place=f"event {one.event_id}, {one.label}", what="the history has it, the code does not ask for it")
        for one in replayed.missing
    ]
    found += [
        Finding(place=f"{one.label}{_at(one.place)}", what="the code asks for it, the history does not have it")
        for one in replayed.surplus
    ]
    found += [
        Finding(place=label, what="its answer may have been taken up at another moment of the run than in a replay")
        for label in replayed.local
    ]
    return tuple(found)


def story_findings(recorded: Story, replayed: Story, source: str) -> tuple[Finding, ...]:
    """Returns where what was kept of a case differs from what its history makes of it; `source` names the keeper."""
    found = [*differing(recorded.case, replayed.case, "case"), *differing(recorded.tasks, replayed.tasks, "tasks")]
    then, now = ({str(no): event for no, event in story.events.items()} for story in (recorded, replayed))
    found += differing(then, now, "record")
    found += differing(recorded.result, replayed.result, "result")
    kept = _without_links(found)
    return tuple(
        Finding(place=f"{source}: {one.place}", what=_of_keeper(one), recorded=one.recorded, found=one.found)
        for one in kept
    )


class Wording:
    """Words that tests and pages look for."""

    STANDS_STILL = "the code of today cannot replay this history: an open case would stand still here"
    OTHER_VALUE = "replayed with today's code it is another value"
    ONLY_RECORDED = "today's code does not have it"
    ONLY_FOUND = "the record does not have it"
    KEPT_OTHER = "the history makes it another value"
    KEPT_ONLY = "it stands there, and the history does not make it"
    KEPT_LACKS = "it is missing there, and the history makes it"


def _refused(refusal: Refusal) -> Finding:
    place = f"event {refusal.event_id}, {refusal.recorded}" if refusal.event_id else "the end of what is recorded"
    if refusal.raised:
        return Finding(place=f"{place}{_at(refusal.place)}", what=f"{Wording.STANDS_STILL}: {refusal.words}")
    return Finding(
        place=f"{place}{_at(refusal.place)}",
        what=f"{Wording.STANDS_STILL}. The engine says: {refusal.words}",
        recorded=refusal.recorded or None,
        found=refusal.given or None,
    )


def _at(place: str) -> str:
    return f" ({place})" if place else ""


def _grouped(divergences: Iterable[Divergence]) -> list[Finding]:
    """One finding for each place of the case, with the event that shows it first: every later write repeats it."""
    seen: dict[tuple[str, str], list[Divergence]] = defaultdict(list)
    for one in divergences:
        seen[one.activity or one.command, one.difference.place].append(one)
    of_case = [same[0].difference for same in seen.values() if same[0].of_case]
    kept = {id(one) for one in _without_links(of_case)}
    told = {one.place for one in of_case}
    found = []
    for (_, place), same in seen.items():
        first = same[0]
        # a link that follows from an entry before it, or the order of a paper, which repeats the case
        repeated = (
            id(first.difference) not in kept if first.of_case else place in told or (told and place == "record.hash")
        )
        if not repeated:
            found.append(_of(first, len(same) - 1))
    return found


def _of(first: Divergence, later: int) -> Finding:
    difference = first.difference
    again = f", and in {later} later one{'s' if later > 1 else ''}" if later else ""
    if first.of_case:
        place, shown = _of_story(difference.place), f" (first told in event {first.event_id}{again})"
    else:
        name = _NAMES.get(difference.place, difference.place)
        place, shown = f"event {first.event_id}, {first.command}{_at(first.place)}: {name}", again
    return Finding(
        place=place,
        what=f"{_missing_or_other(difference)}{shown}",
        recorded=_told(difference.place, difference.recorded),
        found=_told(difference.place, difference.found),
    )


def _of_story(path: str) -> str:
    return f"record.{path.removeprefix('events.')}" if path.startswith("events.") else path


def _told(name: str, value: Any) -> Any:
    return f"{value:.3f} s" if name in _CLOCKED and isinstance(value, int | float) else value


def _missing_or_other(difference: Difference) -> str:
    if difference.found is None:
        return Wording.ONLY_RECORDED
    return Wording.ONLY_FOUND if difference.recorded is None else Wording.OTHER_VALUE


def _of_keeper(difference: Difference) -> str:
    if difference.found is None:
        return Wording.KEPT_ONLY
    return Wording.KEPT_LACKS if difference.recorded is None else Wording.KEPT_OTHER


def _without_links(differences: Iterable[Difference]) -> list[Difference]:
    """Leaves out what differs only because an earlier entry of the record does: the links of the chain after it."""
    ordered = sorted(differences, key=_number)
    changed = next((_number(one) for one in ordered if _number(one) and not _is_link(one)), 0)
    broken = next((_number(one) for one in ordered if _number(one)), 0)

    def follows(one: Difference) -> bool:
        return _is_link(one) and (_number(one) != broken or changed == broken)

    return [one for one in ordered if not (broken and follows(one))]


def _is_link(difference: Difference) -> bool:
    name = difference.place.rpartition(".")[2]
    return name == "record_hash" if not _number(difference) else name in _LINKS and difference.place.count(".") == 2


def _number(difference: Difference) -> int:
    head, _, rest = difference.place.partition(".")
    number = rest.partition(".")[0]
    return int(number) if head in ("events", "record") and number.isdigit() else 0
