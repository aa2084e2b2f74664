"""The words of notices: one file a language, a subject and a text for each kind; a missing value is an error."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from activities.notices import Reader

from activities.document_texts import Texts
from domain.notices import Audience, NoticeOrder
from domain.texts import nearest, translations

FOLDER = Path(__file__).parent / "notice_templates"
_LONGEST_SUBJECT = 150


class MissingText(ValueError):
    """A template names a value that the notice does not have, or there is no template."""


@cache
def templates(language: str) -> Mapping[str, Mapping[str, str]]:
    """Returns subject and text of each kind of notice in a language."""
    found: dict[str, dict[str, str]] = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return found


def own_words(plans: Path | None, plan: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """Returns what a plan says in its own words: `notices/<plan>.<language>.toml` beside the plans, if it is there.

    It has the form of our own files, and only the notices that are worded differently. Raises MissingText when it
    cannot be read.
    """
    file = plans / "notices" / f"{plan}.{language}.toml" if plans and plan else None
    if file is None or not file.is_file():
        return {}
    try:
        found: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise MissingText(f"{file.name}: {wrong}") from None
    return found


def mail_of(order: NoticeOrder, reader: Reader, page: str, sender: str, plans: Path | None = None) -> EmailMessage:
    """Returns the mail of a notice for one reader, in their language and zone, in the plan's own words if it has some.

    Raises MissingText.
    """
    language = nearest(reader.language or order.language)
    words = {**templates(language), **own_words(plans, order.plan, language)}
    texts = Texts(language=language, zone=ZoneInfo(reader.time_zone or order.time_zone), currency=order.currency)
    values = _values(order, reader, page, texts)
    kind = words.get(order.kind.value)
    if kind is None:
        raise MissingText(f"there is no {order.kind.value} notice in {language}")
    if not {"subject", "text"} <= kind.keys():
        raise MissingText(f"the {order.kind.value} notice in {language} needs a subject and a text")
    frame = templates(language)["frame"]["customer" if order.audience is Audience.CUSTOMER else "colleague"]
    text = frame.format_map(_Known(values) | {"text": _filled(kind["text"], values).strip()})
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=_line(order.company), addr_spec=sender)
    mail["To"] = reader.address
    mail["Subject"] = _line(_filled(kind["subject"], values))[:_LONGEST_SUBJECT]
    mail["Date"] = format_datetime(order.ordered_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


def _values(order: NoticeOrder, reader: Reader, page: str, texts: Texts) -> dict[str, str]:
    from decimal import Decimal

    values = {"number": order.number, "company": order.company, "name": reader.name, "page": page}
    values |= order.texts
    values |= {name: texts.instant(instant) for name, instant in order.instants.items()}
    values |= {name: texts.money(Decimal(amount)) for name, amount in order.amounts.items()}
    told = translations(texts.language)
    if "task" in values:
        values["task"] = told.get(values["task"], values["task"])
    if "result" in values:
        result = values["result"].capitalize()
        values["result"] = told.get(result, result)
    return values


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        raise MissingText(f"the notice has no value for “{name}”")


def _filled(template: str, values: Mapping[str, str]) -> str:
    return template.format_map(_Known(values))


def _line(text: str) -> str:
    """One line of a header: what a person typed must not begin another header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
