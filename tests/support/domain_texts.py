"""The texts that the domain declares for people: titles of tasks and fields, answers of choices, rules of plans.

What the product tells with values in it (reasons, refusals) is found in its sources, see `tests.support.told_texts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel

from api.actions.articles import DONE
from api.article_bodies import ArticleBody
from api.languages import reading
from api.pages.fields import Field, Kind, fields_of
from api.registry_bodies import CardEntryBody, ContractBody, ProductBody, ProductChangeBody, TermsBody
from domain.actions import ACTION_TASKS, ActionOrder
from domain.case import Application, Customer, ProblemReport, Product
from domain.case.application import FaultCategory, Wish
from domain.case.shipments import TITLES as SHIPMENTS
from domain.documents.kinds import DocumentKind
from domain.factories import Factory
from domain.notices import NoticeKind
from domain.plan import Plan, read_plans
from domain.plan.clauses import clauses
from domain.plan.describe import INSTANTS, describe
from domain.plan.shown import TaskShown
from domain.statistics.used_time import Party
from domain.statistics.words import DEFINITIONS, SORTED_BY, Counted, Sorted
from domain.tasks import TASKS, Choice
from domain.tasks.feedback import Subject
from domain.tasks.parts import CostKind, Cover, Payer, Responsibility

PLANS = Path(__file__).resolve().parents[2] / "plans"
_CHOICES: tuple[type[Choice], ...] = (
    DocumentKind, FaultCategory, Wish, NoticeKind, Counted, Sorted, Subject, CostKind, Cover, Payer, Responsibility,
    Party,
)  # fmt: skip
_FORMS: tuple[type[BaseModel], ...] = (
    Application, Customer, Product, ProblemReport, ActionOrder, ArticleBody, Factory, TermsBody, CardEntryBody,
    ContractBody, ProductBody, ProductChangeBody,
)  # fmt: skip


def domain_texts() -> dict[str, str]:
    """Returns each text the domain declares, with what declares it."""
    found: dict[str, str] = {}
    with reading("en"):
        for text, where in _all():
            if any(one.isalpha() for one in text):
                found.setdefault(text, where)
    return found


def _all() -> Iterator[tuple[str, str]]:
    for choice in _CHOICES:
        yield from ((member.title_text, f"the choice {choice.__name__}") for member in choice)
    for task in (*TASKS.values(), *ACTION_TASKS.values()):
        where = f"the task {task.name}"
        yield from ((text, where) for text in (task.title, task.guidance))
        if own := task.by_customer:
            asked = [text for one in own.asks.values() for text in (one.title, one.hint, *one.answers.values())]
            yield from ((text, f"what a customer is asked in {task.name}") for text in (own.question, *asked))
        yield from ((text, where) for text in _said(fields_of(task.form.schema_for_people_and_programs())))
    for form in _FORMS:
        yield from ((text, f"the form {form.__name__}") for text in _said(fields_of(form.model_json_schema())))
    for texts in (SHIPMENTS, INSTANTS, DEFINITIONS, SORTED_BY, DONE):
        yield from ((text, "a table of words") for text in texts.values())
    yield from ((clause.text, f"the clause {clause.id}") for clause in clauses().values())
    for plan in read_plans(PLANS).values():
        yield from ((text, f"the plan {plan.name}") for text in _of_plan(plan))


def _said(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        hint = "" if field.kind is Kind.FILES else field.hint.removesuffix("One in each line.").strip()
        yield from (field.title, hint, *(option.title for option in field.options))
        yield from _said(field.columns)


def _of_plan(plan: Plan) -> Iterator[str]:
    shown = describe(plan)
    yield plan.title
    yield from (role.title for role in plan.roles.values())
    for stage in (*shown.stages, *shown.aside):
        yield stage.title
        yield from (way.title for way in stage.ways)
        for task in (*stage.tasks, *(one for way in stage.ways for one in way.tasks)):
            yield from _of_task(task)
    for task in shown.always:
        yield from _of_task(task)
    yield from (duty for role in shown.roles for duty in role.duties)
    for setting in (*shown.choices, *shown.settings):
        yield from (setting.title, setting.about)
    yield from (rule.title for rule in shown.coverage)
    if plan.warranty:
        yield from (*plan.warranty.conditions, *plan.warranty.voids)


def _of_task(task: TaskShown) -> Iterator[str]:
    yield from (task.counted_from or "", task.reading or "")
