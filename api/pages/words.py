"""The words of the pages for names that the domain keeps short."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal, format_percent

from api.languages import _, lazy, locale, say
from api.languages import language as language_of_reader
from domain.case import CaseState, CaseStatus, FaultCategory, Result
from domain.case.shipments import TITLES
from domain.dispatch import knows_category
from domain.documents.kinds import DocumentKind
from domain.events import Actor
from domain.plan import Plan, Resolution, Stage
from domain.plan.describe import INSTANTS
from domain.statistics.told import Names
from domain.tasks import TASKS
from domain.tasks.parts import Payer

STAGES = {
    Stage.REGISTER: lazy("Register"),
    Stage.DIAGNOSE: lazy("Diagnose"),
    Stage.DISPATCH: lazy("Dispatch"),
    Stage.RECORD: lazy("Record"),
    Stage.CHOOSE_MODE: lazy("Choose the mode"),
    Stage.CONTRACT: lazy("Contract"),
    Stage.VERIFY: lazy("Verify"),
    Stage.ANALYSE: lazy("Analyse"),
    Stage.AGREE: lazy("Agree"),
    Stage.COLLECT: lazy("Collect"),
    Stage.HAND_OVER: lazy("Hand over"),
    Stage.RESOLVE: lazy("Resolve"),
    Stage.ACCEPT: lazy("Accept"),
    Stage.RECEIPT: lazy("Receipt"),
    Stage.SETTLE: lazy("Settle"),
    Stage.FOLLOW_UP: lazy("Follow up"),
    Stage.REQUEST: lazy("Request"),
    Stage.EVALUATE: lazy("Evaluate"),
    Stage.CALL_AHEAD: lazy("Call ahead"),
    Stage.INVOICE: lazy("Invoice"),
    Stage.APPROVE: lazy("Approve"),
    Stage.GIVE_BACK: lazy("Give back"),
    Stage.ARCHIVE: lazy("Archive"),
}
RESOLUTIONS = {
    Resolution.REMOTE: lazy("solved remotely"),
    Resolution.ON_SITE: lazy("on site"),
    Resolution.DELIVERY: lazy("by delivery"),
    Resolution.FACTORY_RETURN: lazy("return to factory"),
    Resolution.REPLACEMENT: lazy("replacement"),
    Resolution.CONSULTATION: lazy("by consultation"),
    Resolution.REMOTE_GUIDANCE: lazy("by remote guidance"),
    Resolution.VISIT: lazy("by a visit"),
    Resolution.WARRANTY_REPAIR: lazy("repair of the returned item"),
    Resolution.VIDEO: lazy("video support"),
    Resolution.TELEPHONE: lazy("telephone support"),
    Resolution.EMAIL: lazy("support by e-mail"),
    Resolution.PARTS: lazy("replacement of parts"),
    Resolution.REPLACEMENT_ORDER: lazy("replacement of the equipment"),
    Resolution.FIELD_SERVICE: lazy("field service"),
}
RESULTS = {
    Result.RESOLVED: lazy("resolved"),
    Result.UNRESOLVED: lazy("unresolved"),
    Result.DECLINED: lazy("declined by the customer"),
    Result.REJECTED: lazy("rejected"),
    Result.WITHDRAWN: lazy("withdrawn"),
    Result.REPLACED: lazy("replaced"),
}
STATUSES = {CaseStatus.ACTIVE: lazy("active"), CaseStatus.SUSPENDED: lazy("paused"), CaseStatus.CLOSED: lazy("closed")}
CHANNELS = {
    "phone": lazy("Phone"),
    "wechat": lazy("WeChat Work"),
    "chat": lazy("Online chat"),
    "email": lazy("E-mail"),
    "sales_contact": lazy("Regional sales contact"),
    "app": lazy("Ordering app"),
    "document": lazy("Document"),
    "web": lazy("Request form"),
}
ANCHORS = {
    **{name: lazy(text) for name, text in INSTANTS.items()},
    "breach": lazy("the missed deadline"),
    "attempt": lazy("the last attempt"),
    "agreement": lazy("the agreement"),
    "promise": lazy("the promise to the customer"),
    "appointment": lazy("the appointment"),
    "resumption": lazy("the end of the pause"),
}
SHIPMENTS = {(direction.value, state.value): lazy(title) for (direction, state), title in TITLES.items()}
"""What is known of a shipment, by its direction and state as the record names them."""
DOCUMENTS = {kind.value: lazy(kind.title_text) for kind in DocumentKind}
PARTIES = {"customer": lazy("customer"), "factory": lazy("factory")}
_ROLES = {"admin": lazy("Administrator"), "auditor": lazy("Auditor"), "system": lazy("Aftercare")}


def spoken(name: str) -> str:
    """A short name as words: `sales_contact` becomes "sales contact"."""
    return name.replace("_", " ")


def skill(name: str) -> str:
    """A skill of an engineer: a kind of issue by its title, a model or its family as it was entered."""
    known = next((kind for kind in FaultCategory if knows_category(name, kind.value)), None)
    return say(known.title_text).lower() if known else name


def role_title(role: str, plan: Plan | None = None) -> str:
    """The title of a role, from the plan where it is one of the plan's."""
    if plan is not None and role in plan.roles:
        return say(plan.roles[role].title)
    return str(_ROLES[role]) if role in _ROLES else say(spoken(role).capitalize())


def role_titles(role: str, plans: Iterable[Plan]) -> str:
    """The title of a role wherever it is used; one that plans call differently has all of its titles."""
    titles = dict.fromkeys(role_title(role, plan) for plan in plans if role in plan.roles)
    return " / ".join(titles) or role_title(role)


def language(code: str) -> str:
    """A language by its name, whatever the region: "Italian" for `it-IT`; of one without a name here its code."""
    try:
        named = Locale.parse(code.partition("-")[0]).get_display_name(locale())
    except (UnknownLocaleError, ValueError, TypeError):
        return code
    return named or code


def panel(plan: Plan | None) -> str:
    """Who decides special cases: "the general manager", or "the panel" where several do it jointly (T11)."""
    if plan is None or len(plan.panel) > 1:
        return _("the panel")
    return _("the %(role)s", role=role_title(plan.panel[0], plan).lower())


def task_title(kind: str) -> str:
    """The title of a user task; of one that is no longer declared its name."""
    task = TASKS.get(kind)
    return say(task.title) if task else spoken(kind).capitalize()


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
        acting = _("acting for %(role)s", role=role_title(actor.acting_for, plan))
        return f"{actor.name}, {acting}" if actor.name == role else f"{actor.name}, {role} {acting}"
    return f"{actor.name}, {role}" + (f", {say(actor.ground)}" if actor.ground else "")


def case_number(case: CaseState) -> str:
    """What a case is called by people: the work order number once there is one, else the case number."""
    return case.work_order or case.case_id


def case_title(case: CaseState) -> str:
    """The heading of a case: model and kind of issue."""
    return f"{case.application.product.model}: {say(case.application.problem.category.title_text).lower()}"


def money(amount: Decimal | float, currency: str) -> str:
    """An amount with its currency, as the reader writes it: "CNY 1,280.00", "¥1,280.00", "1.280,00 €"."""
    pattern = "¤¤ #,##0.00" if language_of_reader() == "en" else None
    return str(format_currency(amount, currency, format=pattern, locale=locale())).replace("\xa0", " ")


def payer(who_pays: Payer) -> str:
    """Who bears a cost."""
    return say(who_pays.title_text).lower().removeprefix("the ")


def number(value: Decimal | float) -> str:
    """A number as the reader writes it, without needless decimals."""
    return str(format_decimal(value, locale=locale()))


def mean(value: float) -> str:
    """A mean with two decimals, as the reader writes it."""
    return str(format_decimal(value, format="0.00", locale=locale()))


def percent(share: float, decimals: int = 1) -> str:
    """A share (0 to 1) in percent, as the reader writes it."""
    return _percent(share, decimals, language_of_reader())


@lru_cache(maxsize=4096)
def _percent(share: float, decimals: int, _code: str) -> str:
    """Reports say the same few shares again and again."""
    pattern = f"#,##0.{'0' * decimals}%" if decimals else "#,##0%"
    return str(format_percent(share, format=pattern, locale=locale()))


def result(name: str | None) -> str:
    """How a case ended, by the name on record; of an unknown one its name in words."""
    known = {one.value: text for one, text in RESULTS.items()}
    return str(known.get(name or "") or spoken(name or ""))


def role_of(names: Names, role: str, plan: str | None = None) -> str:
    """The title of a department in the reader's language, as the procedure calls it or else the first that has it."""
    return say(names.role(role, plan))
