"""What is known of a case by the time a task comes up: the latest word of each kind, in the words that were entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.pages import words
from api.pages.languages import _, lazy, say
from api.pages.times import day_and_time, length
from api.pages.views import promised_due
from domain.case import CaseState, TaskState
from domain.tasks import Choice
from domain.tasks.feedback import Mode, Subject, Urgency, WarrantyPeriod
from domain.tasks.on_site import Proposal
from domain.tasks.parts import Conditions, Cover, Responsibility
from store.queries.tasks import TaskView

INSPECTIONS = (
    "site_visit", "workshop_inspection", "factory_inspection", "determine_problem", "inspect_returned", "field_visit",
    "centre_inspection",
)  # fmt: skip
"""Tasks in which a product is looked at."""
_REPAIRS = ("site_repair", "workshop_repair", "factory_repair", "repair_returned", "repair_as_promised")
_CALLS = ("engineer_call", "call_ahead", "confirm_visit", "agree_installation", "arrange_visit")
_KNOWN: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (("contact_customer", "register_request", "record_order"), (("requirement", lazy("The customer needs")),)),
    (("evaluate_fault",), (("assessment", lazy("Probably")), ("bring", lazy("To bring")))),
    (("call_ahead", "confirm_visit"), (("checked", lazy("Checked in the call")),)),
    (
        ("record_feedback",),
        (
            ("feedback", lazy("The customer says")),
            ("subject", lazy("It is about")),
            ("urgency", lazy("How urgent")),
            ("period", lazy("Warranty period")),
            ("basis", lazy("Judged by")),
        ),
    ),
    (("choose_mode",), (("mode", lazy("Service mode")), ("reason", lazy("Why this mode")))),
    (("sign_contract",), (("number", lazy("Service contract")), ("valid_to", lazy("Valid to")))),
    (("consultation", "remote_guidance"), (("solution", lazy("Solution given")), ("steps", lazy("Guided through")))),
    (("consultation", "remote_guidance"), (("open_points", lazy("Left open from afar")),)),
    (
        ("service_visit",),
        (
            ("report", lazy("Report of the visit")),
            ("work_done", lazy("Work done")),
            ("met", lazy("Met at the customer's")),
        ),
    ),
    (("training_record",), (("topics", lazy("Taught")), ("attendees", lazy("Attended")))),
    (
        ("update_document",),
        (("number", lazy("Document")), ("version", lazy("New version")), ("changes", lazy("What changed"))),
    ),
    (("forward_quality_issue",), (("finding", lazy("Found")), ("extent", lazy("Affected")))),
    (
        ("assess_quality_issue",),
        (
            ("questions", lazy("Asked by the technical department")),
            ("cause", lazy("Cause assessed")),
            ("measures", lazy("Measures")),
        ),
    ),
    (("carry_out_measures",), (("corrective", lazy("Corrective action")), ("preventive", lazy("Preventive action")))),
    (("verify_measures",), (("missing", lazy("Still missing")), ("evidence", lazy("How the measures were checked")))),
    (("bring_receipt",), (("number", lazy("Receipt")), ("handed_to", lazy("Handed to")))),
    (
        ("remote_diagnosis",),
        (
            ("checks", lazy("Checked")),
            ("findings", lazy("Found in the diagnosis")),
            ("explanation", lazy("Told the customer then")),
        ),
    ),
    (
        ("verify_product",),
        (
            ("fault", lazy("Fault as verified")),
            ("delivery_date", lazy("Delivered")),
            ("warranty", lazy("Warranty")),
            ("conditions_of_use", lazy("Conditions of use")),
            ("responsibility", lazy("Responsibility")),
        ),
    ),
    (("report_problem",), (("problem", lazy("The problem as reported")), ("since_when", lazy("Since when")))),
    (("collect_material",), (("sorted", lazy("The customer's material")),)),
    (
        ("propose_solution",),
        (
            ("cause", lazy("Cause, says the factory")),
            ("solution", lazy("Solution")),
            ("items", lazy("Parts or equipment")),
        ),
    ),
    (
        ("video_session", "telephone_session", "guided_installation"),
        (("work_done", lazy("Done with the customer")), ("instructions", lazy("Shown and explained"))),
    ),
    (("analyse_problem",), (("findings", lazy("Found in the analysis")),)),
    (("solve_problem",), (("determination", lazy("Determined with the customer")),)),
    (
        INSPECTIONS,
        (
            ("cause", lazy("Cause")),
            ("report", lazy("Report")),
            ("proposal", lazy("Proposal")),
            ("explanation", lazy("Told the customer")),
        ),
    ),
    (
        _REPAIRS,
        (
            ("work_done", lazy("Work done")),
            ("instructions", lazy("Shown and explained")),
            ("preliminary_solution", lazy("Preliminary solution told")),
            ("missing_parts", lazy("Parts missing")),
        ),
    ),
    (("talk_to_customer",), (("answer", lazy("The customer said")), ("circumstances", lazy("Special circumstances")))),
    (("reinspect",), (("standards", lazy("Standards")),)),
    (("hand_over",), (("items", lazy("Taken back")), ("missing_parts", lazy("Parts to fetch")))),
    (("install_again",), (("adjusted", lazy("Installed and adjusted")),)),
    (("approval",), (("reason", lazy("Why the approval was refused")),)),
    (("await_parts",), (("order_reference", lazy("Order of the parts")),)),
)
"""Which tasks tell what, in the order of the procedure; of a group's tasks the one done last speaks."""
_ANSWERS: Mapping[str, type[Choice]] = {
    "proposal": Proposal,
    "warranty": Cover,
    "conditions_of_use": Conditions,
    "responsibility": Responsibility,
    "subject": Subject,
    "urgency": Urgency,
    "period": WarrantyPeriod,
    "mode": Mode,
}
"""What is chosen rather than typed; a word outside the list stands as it was entered."""
PAYS = frozenset(
    {"confirm_plan", "talk_to_customer", "settlement", "prepare_invoice", "issue_invoice", "panel_word", "special_case"}
).union(INSPECTIONS)
"""The tasks whose doer must know who pays what."""


@dataclass(frozen=True)
class LateTask:
    """An open task whose first deadline has passed."""

    title: str
    href: str
    late: str
    holder: str


def so_far(
    task: TaskState, tasks: Iterable[TaskState], case: CaseState, names: Mapping[str, str], now: datetime
) -> tuple[tuple[str, str], ...]:
    """What was found, proposed, done and agreed before a task, by name; only what exists, the latest of each.

    `names` are people's names by sign-in name.
    """
    done = [one for one in tasks if one.done is not None and one.outcome and one.key != task.key]
    done.sort(key=lambda one: one.done.entered_at if one.done else case.applied_at)
    found: list[tuple[str, str]] = []
    for kinds, fields in _KNOWN:
        last = _last(done, kinds, [name for name, _ in fields])
        found += [(_title(done, name, title), _told(name, last[name])) for name, title in fields if last.get(name)]
    if case.engineer:
        found.append((_("Engineer"), names.get(case.engineer, case.engineer)))
    if case.promised_for:
        found.append((_("Promised to the customer"), day_and_time(case.promised_for, case.time_zone, now)))
    if case.appointment:
        found.append((_("Appointment"), day_and_time(case.appointment, case.time_zone, now)))
        if place := _last(done, _CALLS, ["place"]).get("place"):
            found.append((_("Place"), str(place)))
    return tuple(found)


def files_so_far(task: TaskState, tasks: Iterable[TaskState]) -> list[str]:
    """The files that came with the tasks done beside this one, by their identifiers, the earliest first."""
    done = [(one.done.entered_at, one.outcome) for one in tasks if one.done and one.outcome and one.key != task.key]
    files = [outcome.get("attachments") for _, outcome in sorted(done, key=lambda pair: pair[0])]
    return list(dict.fromkeys(str(file) for some in files if isinstance(some, list) for file in some))


def _last(done: list[TaskState], kinds: tuple[str, ...], names: list[str]) -> Mapping[str, object]:
    """The outcome of the task done last that says any of it: a visit that met nobody does not hide the one before."""
    for one in reversed(done):
        if one.kind in kinds and one.outcome and any(one.outcome.get(name) for name in names):
            return one.outcome
    return {}


def _title(done: list[TaskState], name: str, title: str) -> str:
    """The title of a word; parts that came are not missing any more."""
    if name != "missing_parts":
        return title
    about = next((one for one in reversed(done) if one.kind in ("await_parts", *_REPAIRS)), None)
    came = about is not None and about.kind == "await_parts" and (about.outcome or {}).get("result") == "arrived"
    return _("Parts that arrived") if came else title


def _told(name: str, value: object) -> str:
    if isinstance(value, list):
        rows = (" · ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in value)
        return "; ".join(rows)
    return next((say(one.title_text) for one in _ANSWERS.get(name, ()) if one.value == value), str(value))


def late_tasks(task: TaskState, views: Iterable[TaskView], names: Mapping[str, str], now: datetime) -> list[LateTask]:
    """The other open tasks that are late, the latest first, with by how much: what a special case is decided on."""
    late = [
        (due, view)
        for view in views
        if view.is_open and view.task.key != task.key and (due := promised_due(view.task)) is not None and due < now
    ]
    late.sort(key=lambda pair: pair[0])
    return [
        LateTask(
            title=words.task_of_key(view.task.key),
            href=f"/tasks/{view.task_id}",
            late=_("late %(by)s", by=length(now - due)),
            holder=names.get(view.assignee or "", view.assignee or "") or _("nobody yet"),
        )
        for due, view in late
    ]
