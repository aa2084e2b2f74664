"""The words of the pages for names that the domain keeps short."""

from __future__ import annotations

from domain.case import CaseState, CaseStatus, Result
from domain.case.shipments import TITLES
from domain.documents.kinds import DocumentKind
from domain.events import Actor
from domain.plan import Plan, Resolution, Stage
from domain.plan.describe import INSTANTS
from domain.tasks import TASKS
from domain.tasks.parts import Payer

STAGES = {
    Stage.REGISTER: "Register",
    Stage.DIAGNOSE: "Diagnose",
    Stage.DISPATCH: "Dispatch",
    Stage.RECORD: "Record",
    Stage.CHOOSE_MODE: "Choose the mode",
    Stage.CONTRACT: "Contract",
    Stage.VERIFY: "Verify",
    Stage.ANALYSE: "Analyse",
    Stage.AGREE: "Agree",
    Stage.COLLECT: "Collect",
    Stage.HAND_OVER: "Hand over",
    Stage.RESOLVE: "Resolve",
    Stage.ACCEPT: "Accept",
    Stage.RECEIPT: "Receipt",
    Stage.SETTLE: "Settle",
    Stage.FOLLOW_UP: "Follow up",
    Stage.REQUEST: "Request",
    Stage.EVALUATE: "Evaluate",
    Stage.CALL_AHEAD: "Call ahead",
    Stage.INVOICE: "Invoice",
    Stage.APPROVE: "Approve",
    Stage.GIVE_BACK: "Give back",
    Stage.ARCHIVE: "Archive",
}
RESOLUTIONS = {
    Resolution.REMOTE: "solved remotely",
    Resolution.ON_SITE: "on site",
    Resolution.DELIVERY: "by delivery",
    Resolution.FACTORY_RETURN: "return to factory",
    Resolution.REPLACEMENT: "replacement",
    Resolution.CONSULTATION: "by consultation",
    Resolution.REMOTE_GUIDANCE: "by remote guidance",
    Resolution.VISIT: "by a visit",
    Resolution.WARRANTY_REPAIR: "repair of the returned item",
    Resolution.VIDEO: "video support",
    Resolution.TELEPHONE: "telephone support",
    Resolution.EMAIL: "support by e-mail",
    Resolution.PARTS: "replacement of parts",
    Resolution.REPLACEMENT_ORDER: "replacement of the equipment",
    Resolution.FIELD_SERVICE: "field service",
}
RESULTS = {
    Result.RESOLVED: "resolved",
    Result.UNRESOLVED: "unresolved",
    Result.DECLINED: "declined by the customer",
    Result.REJECTED: "rejected",
    Result.WITHDRAWN: "withdrawn",
    Result.REPLACED: "replaced",
}
STATUSES = {CaseStatus.ACTIVE: "active", CaseStatus.SUSPENDED: "paused", CaseStatus.CLOSED: "closed"}
CHANNELS = {
    "phone": "Phone",
    "wechat": "WeChat Work",
    "chat": "Online chat",
    "email": "E-mail",
    "sales_contact": "Regional sales contact",
    "app": "Ordering app",
    "document": "Document",
}
ANCHORS = {
    **INSTANTS,
    "breach": "the missed deadline",
    "attempt": "the last attempt",
    "agreement": "the agreement",
    "promise": "the promise to the customer",
    "appointment": "the appointment",
    "resumption": "the end of the pause",
}
SHIPMENTS = {(direction.value, state.value): title for (direction, state), title in TITLES.items()}
"""What is known of a shipment, by its direction and state as the record names them."""
DOCUMENTS = {kind.value: kind.title_text for kind in DocumentKind}
LANGUAGES = {"zh-CN": "Chinese", "zh": "Chinese", "en": "English", "it": "Italian", "de": "German", "fr": "French"}
PARTIES = {"customer": "customer", "factory": "factory"}
_ROLES = {"admin": "Administrator", "auditor": "Auditor", "system": "Aftercare"}


def spoken(name: str) -> str:
    """A short name as words: `sales_contact` becomes "sales contact"."""
    return name.replace("_", " ")


def role_title(role: str, plan: Plan | None = None) -> str:
    """The title of a role, from the plan where it is one of the plan's."""
    if plan is not None and role in plan.roles:
        return plan.roles[role].title
    return _ROLES.get(role) or spoken(role).capitalize()


def language(code: str) -> str:
    """A language by its name, whatever the region: "Italian" for `it-IT`; of one without a name here its code."""
    return LANGUAGES.get(code) or LANGUAGES.get(code.partition("-")[0]) or code


def panel(plan: Plan | None) -> str:
    """Who decides special cases: "the general manager", or "the panel" where several do it jointly (T11)."""
    if plan is None or len(plan.panel) > 1:
        return "the panel"
    return f"the {role_title(plan.panel[0], plan).lower()}"


def task_title(kind: str) -> str:
    """The title of a user task; of one that is no longer declared its name."""
    task = TASKS.get(kind)
    return task.title if task else spoken(kind).capitalize()


def task_of_key(key: str) -> str:
    """The title of a task by its key in a case: `site_visit-2` becomes "Visit the customer (2)"."""
    kind, _, number = key.partition("-")
    return f"{task_title(kind)} ({number})" if number else task_title(kind)


def who(actor: Actor, plan: Plan | None = None) -> str:
    """Who did something, and in which role, also when it was not their own."""
    if actor.role == "system":
        return "Aftercare"
    role = role_title(actor.role, plan)
    if actor.acting_for:
        own = "" if actor.name == role else f"{role} "
        return f"{actor.name}, {own}acting for {role_title(actor.acting_for, plan)}"
    return f"{actor.name}, {role}" + (f", {actor.ground}" if actor.ground else "")


def case_number(case: CaseState) -> str:
    """What a case is called by people: the work order number once there is one, else the case number."""
    return case.work_order or case.case_id


def case_title(case: CaseState) -> str:
    """The heading of a case: model and kind of issue."""
    return f"{case.application.product.model}: {case.application.problem.category.title_text.lower()}"


def money(amount: object, currency: str) -> str:
    """An amount with its currency: "CNY 1,280.00"."""
    return f"{currency} {amount:,.2f}"


def payer(who_pays: Payer) -> str:
    """Who bears a cost."""
    return who_pays.title_text.lower().removeprefix("the ")
