"""An article of the knowledge base: what it holds, the states it goes through, and the products it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from domain.case import FaultCategory
from domain.model import Frozen, Line, Prose, printable
from domain.tasks import FieldError

_BETWEEN = re.compile(r"[\W_]+")
_LONGEST_KEY = 80
_LONGEST_TEXT = 20_000
MOST_STEPS = 40


class ArticleState(StrEnum):
    """Where an article stands. A published one stays shown as it was published while a newer draft is written."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Act(StrEnum):
    """What made a version of an article."""

    WRITTEN = "written"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    IMPORTED = "imported"
    """Published from a file."""

    @property
    def publishes(self) -> bool:
        """True when what the version holds is shown to everybody from then on."""
        return self in (Act.PUBLISHED, Act.IMPORTED)


def families(model: str) -> tuple[str, ...]:
    """Returns a model and the families it belongs to, as they are compared, the nearest first.

    “AX-200 / B” is `ax-200-b`, of the families `ax-200` and `ax`. Empty when nothing of the name can be compared.
    """
    plain = unicodedata.normalize("NFKC", model).casefold()
    name = _BETWEEN.sub("-", plain)[:_LONGEST_KEY].strip("-")
    found = []
    while name:
        found.append(name)
        name = name.rpartition("-")[0]
    return tuple(found)


def _names_a_model(model: str) -> str:
    if not families(model):
        raise ValueError("has neither a letter nor a digit")
    return model


Model = Annotated[Line, AfterValidator(_names_a_model)]
Step = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), AfterValidator(printable)
]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_TEXT), AfterValidator(printable)
]


class ArticleContent(Frozen):
    """What an article says. A draft may lack anything but its title."""

    title: Line = Field(title="Title", description="As a colleague would look for it, up to 200 characters.")
    models: Annotated[tuple[Model, ...], Field(max_length=30)] = Field(
        (),
        title="Models",
        description="Models or families, 30 at most: AX-200 stands for its variants too. None for every product.",
    )
    plan: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,39}$")] | None = Field(
        None, title="Procedure", description="Name of the service plan whose cases it is for; none for every one."
    )
    category: FaultCategory | None = Field(
        None, title="Kind of issue", description="The kind it helps with; none for all that is known of a product."
    )
    symptom: Prose | None = Field(
        None, title="Symptom", description="What customers say, in their words and languages, up to 4,000 characters."
    )
    steps: Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)] = Field(
        (), title="Self-check steps", description="In order, each up to 1,000 characters, 40 at most."
    )
    text: LongText | None = Field(
        None,
        title="What to know",
        description="Correct operation, conditions of use, cause, when it takes a visit, up to 20,000 characters. "
        "A line with # is a heading, with - or 1. an entry of a list.",
    )

    @field_validator("models")
    @classmethod
    def _each_model_once(cls, models: tuple[str, ...]) -> tuple[str, ...]:
        if len({families(model)[0] for model in models}) != len(models):
            raise ValueError("name a model twice")
        return models


def missing_for_publication(content: ArticleContent) -> Iterator[FieldError]:
    """Names what an article lacks to be of use to anybody."""
    if not content.steps and not content.text:
        yield FieldError(path="steps", message="are needed before it is published, or something to know")


def lines_of(content: ArticleContent) -> list[str]:
    """Returns an article line by line, so that two versions can be compared."""
    lines = [f"Title: {content.title}", f"Models: {', '.join(content.models) or 'every product'}"]
    lines += [f"Procedure: {content.plan or 'every one'}"]
    lines += [f"Kind of issue: {content.category.title_text if content.category else 'any'}"]
    lines += [f"Symptom: {line}" for line in (content.symptom or "").splitlines()]
    lines += [f"Step: {step}" for step in content.steps]
    return lines + [line for line in (content.text or "").splitlines() if line.strip()]
