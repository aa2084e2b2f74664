"""A plan on the terminal: tables there, plain columns when the output goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.plan.clauses import HOUSE
from domain.plan.shown import PlanShown, StageShown, TaskShown

OURS = "ours"
_TASK_COLUMNS = ("task", "who", "by when", "source", "chased by")


@dataclass(frozen=True)
class Section:
    """A titled part: rows of cells under column names, or lines when there are no columns."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()


def print_plan(plan: PlanShown, console: Console) -> None:
    """Prints the whole plan."""
    draw = _tables if console.is_terminal else _plain
    draw(f"{plan.title} ({plan.name}, version {plan.version})", sections(plan), console)


def sections(plan: PlanShown) -> tuple[Section, ...]:
    """The parts of a plan in the order in which one asks for them."""
    facts = (
        ("Company", plan.company),
        ("Calendar", plan.calendar),
        ("Languages", ", ".join(plan.languages)),
        ("Currency", plan.currency),
        ("Requests by", ", ".join(plan.channels)),
        ("Special cases", ", ".join(plan.panel)),
    )
    roles = tuple((role.title, role.superior or "nobody above") for role in plan.roles)
    choices = tuple((one.title, one.value, ", ".join(one.others), OURS) for one in plan.choices)
    rules = tuple((one.title, one.when, one.pays, one.may_be_waived, _source(one.source)) for one in plan.coverage)
    settings = tuple((one.title, one.value, _source(one.source)) for one in plan.settings)
    found = (
        Section("In short", facts),
        Section("Roles", roles, ("role", "reports to")),
        *(section for stage in plan.stages for section in _stage(stage, "")),
        *(section for stage in plan.aside for section in _stage(stage, ", for a case that ends early")),
        Section("At any stage", _tasks(plan.always), _TASK_COLUMNS),
        Section("What the documents leave open", choices, ("point", "choice", "could also be", "source")),
        Section("Who pays what", rules, ("rule", "when", "pays", "may be waived", "source")),
        Section("No rule says who pays, so it is a special case", tuple((line,) for line in plan.left_open)),
        Section(
            f"When something is late ({_source(plan.escalation_source)})", tuple((line,) for line in plan.escalation)
        ),
        Section(f"When nobody answers ({_source(plan.attempts_source)})", tuple((line,) for line in plan.attempts)),
        Section(f"Reopening ({_source(plan.reopening_source)})", ((plan.reopening,),)),
        Section(
            f"How long things are kept ({_source(plan.retention_source)})", tuple((one,) for one in plan.retention)
        ),
        Section("Other settings", settings, ("setting", "value", "source")),
    )
    return tuple(section for section in found if section.rows)


def _stage(stage: StageShown, about: str) -> Iterator[Section]:
    title = f"Stage: {stage.title}{about}"
    if stage.leads_to:
        title += f" (can also lead to {', '.join(stage.leads_to)})".replace("_", " ")
    if stage.tasks or not stage.ways:
        nothing = (("no task for anybody; Aftercare does it",),)
        yield Section(title, _tasks(stage.tasks), _TASK_COLUMNS) if stage.tasks else Section(title, nothing)
    for way in stage.ways:
        yield Section(f"{title}, {way.title.lower()}", _tasks(way.tasks), _TASK_COLUMNS)


def _tasks(tasks: Iterable[TaskShown]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            task.title,
            f"{task.role}, else {task.otherwise}" if task.otherwise else task.role,
            f"{task.within} from {task.counted_from}" if task.counted_from else task.within,
            f"{_source(task.source)}; {task.reading}" if task.reading else _source(task.source),
            task.chased_by or "",
        )
        for task in tasks
    )


def _source(source: str) -> str:
    return OURS if source == HOUSE else source


def _tables(title: str, parts: Sequence[Section], console: Console) -> None:
    console.print(Text(title, style="bold"))
    for part in parts:
        console.print()
        console.print(Text(part.title, style="bold cyan"))
        table = Table(box=None, show_header=bool(part.columns), header_style="dim", pad_edge=False)
        for name in part.columns or part.rows[0]:
            table.add_column(Text(name if part.columns else ""))
        for row in part.rows:
            table.add_row(*(Text(cell, style="dim" if cell == OURS else "") for cell in row))
        console.print(table)


def _plain(title: str, parts: Sequence[Section], console: Console) -> None:
    lines = [title]
    for part in parts:
        rows = ([part.columns] if part.columns else []) + list(part.rows)
        widths = [max(cell_len(row[number]) for row in rows) for number in range(len(rows[0]))]
        lines += ["", part.title]
        for row in rows:
            cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
            lines.append(("  " + "  ".join(cells)).rstrip())
    console.file.write("\n".join(lines) + "\n")
