"""Customer service requirement form and service confirmation: what was asked, what was done, and the acceptance."""

from __future__ import annotations

from collections.abc import Iterable

from activities.document_content.entered import words
from activities.document_content.signing import room_to_sign, signed
from activities.document_content.writer import Block, Row, Writer
from domain.tasks import TASKS

WORK = (
    "cause", "report", "proposal", "explanation", "solution", "steps", "text", "work_done", "adjusted", "topics",
    "changes", "measures", "instructions",
)  # fmt: skip
"""Fields of an outcome that say what was found and done, for the customer to read."""
SOLVED_REMOTELY = ("findings", "checks")
REGISTERED = {
    "register_request": ("desk", "branch", "requirement", "notes"),
    "record_order": ("requirement", "notes"),
    "contact_customer": ("requirement", "notes"),
    "record_feedback": ("subject", "feedback", "urgency", "period"),
    "report_problem": ("problem", "since_when"),
    "verify_product": ("fault", "warranty", "conditions_of_use", "responsibility"),
}
"""The task that registers a request in each procedure, and what of it the form repeats."""
_CHANNELS = {
    "email": "E-mail",
    "wechat": "WeChat Work",
    "app": "Ordering app",
    "chat": "Online chat",
    "web": "Request form",
}
STATEMENT = "The customer checked the functions and accepts the service"


def requirement_form(writer: Writer) -> Iterable[Block]:
    """What the customer needs, as registered; work, costs and signature once there are any (M1, M8)."""
    yield writer.request()
    yield _registration(writer)
    work = list(_work(writer))
    yield writer.pairs("Work", work)
    yield writer.costs()
    if work or writer.last_done("acceptance"):
        yield _acceptance(writer)


def confirmation(writer: Writer) -> Iterable[Block]:
    """The paper a customer accepts and signs: what was asked, what was done, what it costs (R8)."""
    yield writer.request()
    work = list(_work(writer))
    yield writer.pairs("Work", work or (writer.need("Work done", None),))
    yield writer.costs()
    yield writer.consents()
    yield _acceptance(writer)


def _registration(writer: Writer) -> Block:
    """How and when the request came in, and what was understood of it."""
    case, instant, channel = writer.case, writer.texts.instant, writer.case.application.channel
    task = next((one for one in writer.tasks if one.kind in REGISTERED and one.done), None)
    told: list[Row] = []
    if task:
        outcome = {name: value for name, value in (task.outcome or {}).items() if name in REGISTERED[task.kind]}
        told = [writer.row(label, value) for label, value in writer.entered.fields(task.kind, outcome)]
        told.append(
            writer.row(
                "Registered", f"{instant(task.done.happened_at)} · {writer.entered.who(task)}" if task.done else ""
            )
        )
    rows = (
        writer.row("Applied", instant(case.applied_at)),
        writer.row("Came in by", writer.say(_CHANNELS.get(channel, words(channel)))),
        *(told or (writer.need("What the customer needs", None),)),
    )
    return writer.pairs("Registration", rows)


def _work(writer: Writer) -> Iterable[Row]:
    """What was found and done, from the completed tasks in their order."""
    for task in writer.tasks:
        outcome = task.outcome or {}
        told: tuple[str, ...] = WORK
        if task.kind == "remote_diagnosis":  # its explanation is about what comes next
            told = SOLVED_REMOTELY if outcome.get("result") == "solved" else ()
        if task.done and task.kind in TASKS and task.kind not in REGISTERED:
            for name in told:
                if outcome.get(name) and name in TASKS[task.kind].form.model_fields:
                    yield writer.row(
                        writer.entered.label(task.kind, name), writer.entered.value(task.kind, name, outcome[name])
                    )


def _acceptance(writer: Writer) -> Block:
    """The customer's acceptance as recorded, or room to sign on paper while there is none."""
    task = writer.last_done("acceptance", decision="accepted")
    if task is None:
        return room_to_sign(writer, "Acceptance", STATEMENT)
    return signed(writer, "Acceptance", STATEMENT, task, by="", without=("decision",))
