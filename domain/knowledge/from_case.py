"""A solved case as the draft of an article: what was checked and found, without the people it was about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from domain.case import CaseState, Result, TaskState, TaskStatus
from domain.knowledge.article import MOST_STEPS, ArticleContent

LEFT_OUT = "[…]"
"""Stands where something was left out."""
_CHECKED = ("checks", "checked", "steps")
_FOUND = ("findings", "fault", "cause", "determination", "finding", "assessment")
_DONE = ("solution", "work_done", "operations", "adjusted", "report")
_PEOPLE = frozenset(
    {"spoken_with", "spoke_with", "met", "signed_by", "given_by", "trainer", "customer", "confirmed_by", "handed_to",
     "forwarded_to", "reported_to", "sent_to", "technician", "returned_to"}
)  # fmt: skip
"""Answers that name somebody."""
_NUMBERS = frozenset({"serial_number", "tracking_number", "claim_number", "contract_number", "order_reference"})
_ADVISED = ("instructions",)
_NOT_A_CHECK = frozenset({"acceptance"})
"""Tasks whose checks tell that it works again, not what was wrong."""
_HEADINGS = {
    "en": ("What was found", "What was done", "How to avoid it"),
    "zh": ("发现的问题", "处理方法", "如何避免"),
    "it": ("Che cosa si è trovato", "Che cosa si è fatto", "Come evitarlo"),
}
_MOST = 3800
_ADDRESS = re.compile(r"[^\s@<>,;，；。]+@[^\s@<>,;，；。]+\.[^\s@<>,;，；。]+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[ \-/().]?\d){6,}(?![\w])")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)、]|[-*•])\s*")
_TITLED = r"(?:先生|女士|小姐|太太|经理|主任|师傅|总|工|老师|科长|厂长|老板)"
_CALLED = r"(?:Mr|Mrs|Ms|Miss|Dr|Sig|Sigg|Signor|Signora|Sig\.ra|Dott|Ing)\.?"


def is_solved(case: CaseState) -> bool:
    """True when something can be learned from how a case was solved: it ended so, or its work is done."""
    return case.result is Result.RESOLVED or (case.result is None and "completion" in case.instants)


def draft_of(case: CaseState, tasks: Iterable[TaskState], colleagues: Iterable[str] = ()) -> ArticleContent:
    """Returns the draft that a case makes: model, kind of issue, symptom, what was checked, found and done.

    Left out are the customer and everybody who acted, `colleagues` by name too, numbers of the case and of the item,
    and whatever looks like an address, a link or a telephone number. What is left is read by a person before it is
    published: a name that nobody entered as one cannot be told from another word.
    """
    done = [task for task in tasks if task.status is TaskStatus.COMPLETED and task.outcome]
    hide = _Hide(case, done, colleagues)
    problem, model = case.application.problem, case.application.product.model
    symptom = hide(problem.description)
    checking = [task for task in done if task.kind not in _NOT_A_CHECK]
    steps = [step for text in _said(checking, _CHECKED) for step in _steps(hide(text))]
    headings = _HEADINGS.get(case.locale[:2], _HEADINGS["en"])
    parts = zip(headings, (_FOUND, _DONE, _ADVISED), strict=True)
    said = [(title, [hide(text) for text in _said(done, names)]) for title, names in parts]
    text = "\n\n".join(f"# {title}\n\n" + "\n\n".join(texts) for title, texts in said if texts)
    first = symptom.splitlines()[0] if symptom else problem.category.title_text
    return ArticleContent(
        title=f"{model}: {first}"[:160],
        models=(model,) if any(sign.isalnum() for sign in model) else (),
        plan=case.plan,
        category=problem.category,
        symptom=symptom[:_MOST] or None,
        steps=tuple(steps[:MOST_STEPS]),
        text=text[:18_000] or None,
    )


def _said(tasks: Iterable[TaskState], names: tuple[str, ...]) -> Iterator[str]:
    seen = set()
    for task in tasks:
        for name in names:
            text = (task.outcome or {}).get(name)
            if isinstance(text, str) and text.strip() and text not in seen:
                seen.add(text)
                yield text.strip()


def _steps(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if step := _NUMBERED.sub("", line).strip():
            yield step[:900]


class _Hide:
    """Leaves out of a text what could tell whom a case was about."""

    def __init__(self, case: CaseState, tasks: Sequence[TaskState], colleagues: Iterable[str]) -> None:
        customer, product = case.application.customer, case.application.product
        people = [customer.contact_name, case.opened_by.name, *_named(tasks)]
        known: list[str | None] = [
            customer.name, customer.phone, customer.email, customer.address, case.case_id, case.work_order,
            case.reopened_from, product.serial_number, *(one.tracking_number for one in case.shipments), *people,
            *colleagues, *_texts_of(tasks, _NUMBERS),
        ]  # fmt: skip
        known += [line for line in (customer.address or "").splitlines() if len(line.strip()) > 3]
        whole = {text.strip() for text in known if text and len(text.strip()) > 1}
        patterns = [_bounded(text) for text in sorted(whole, key=len, reverse=True)]
        patterns += [part for name in people if name for part in _parts(name)]
        self._known = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def __call__(self, text: str) -> str:
        for pattern in (_ADDRESS, _LINK, self._known, _NUMBER):
            if pattern is not None:
                text = pattern.sub(LEFT_OUT, text)
        return text.strip()


def _named(tasks: Sequence[TaskState]) -> Iterator[str]:
    """The people that tasks name: who completed them, on whose behalf, and with whom was spoken."""
    for task in tasks:
        if task.done is not None:
            yield task.done.by.name
            if task.done.on_behalf_of is not None:
                yield task.done.on_behalf_of.name
    yield from _texts_of(tasks, _PEOPLE)


def _texts_of(tasks: Iterable[TaskState], names: frozenset[str]) -> Iterator[str]:
    for task in tasks:
        for name, value in (task.outcome or {}).items():
            if name in names and isinstance(value, str):
                yield value


def _bounded(text: str) -> str:
    """A pattern for the whole of a text, not for a part of a longer word; blanks of any kind agree."""
    body = r"\s+".join(re.escape(word) for word in text.split())
    before = r"(?<!\w)" if _is_latin(text[0]) else ""
    after = r"(?!\w)" if _is_latin(text[-1]) else ""
    return f"{before}{body}{after}"


def _parts(name: str) -> Iterator[str]:
    """Patterns for how people are called by a part of their name: Mr Rossi, Rossi; 陈经理."""
    words = [word.strip(".,;:()") for word in name.split()]
    for word in words:
        if len(word) > 2 and _is_latin(word[0]) and word[0].isupper():
            yield rf"(?-i:(?:{_CALLED}\s+)?(?<!\w){re.escape(word)}(?!\w))"
        elif len(word) == 2 and len(words) > 1 and _is_latin(word[0]):
            yield rf"{_CALLED}\s+{re.escape(word)}(?!\w)"
    if name and not _is_latin(name[0]):
        yield rf"{re.escape(name[0])}{_TITLED}"


def _is_latin(sign: str) -> bool:
    return sign.isalnum() and ord(sign) < 0x2E80
