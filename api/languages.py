"""The language and zone of whoever reads, chosen for each request, and the one door all texts of ours go through.

A text is written in English where it is used: `_("Claimed by %(name)s", name=...)`, `ngettext` where a number
decides, `lazy` for what is made at import and shown later, `say` for what the domain declares or tells (titles of
tasks, answers of choices, reasons). Catalogs are the `.po` files of `api/locale`, read once; what they lack is looked
up in the texts of the domain, which papers use too. What nobody translated stays English, and the check names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup, escape
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.texts import nearest, told, translations

FOLDER = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "zh-CN": "简体中文", "it": "Italiano"}
"""The languages the pages are written in, each by its own name."""
_LOCALES = {"en": "en_GB", "zh-CN": "zh_Hans_CN", "it": "it_IT"}


@dataclass(frozen=True)
class Reader:
    """Who reads: in one of `LANGUAGES`; in the time zone they chose, None for that of the case they look at."""

    language: str = "en"
    time_zone: str | None = None


_NOBODY = Reader()
_reader: ContextVar[Reader] = ContextVar("reader", default=_NOBODY)


class _Declared(NullTranslations):
    """The texts that the domain declares, for what a catalog does not have."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._texts = translations(language)

    def gettext(self, message: str) -> str:
        return self._texts.get(message, message)


@cache
def catalog(language: str) -> NullTranslations:
    """Returns the texts of one of `LANGUAGES`; of English those that were written."""
    file = FOLDER / f"{language}.po"
    if not file.is_file():
        return _Declared(language)
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=_LOCALES[language]))
    compiled.seek(0)
    found = Translations(compiled)
    found.add_fallback(_Declared(language))
    return found


def speak(language: str | None, time_zone: str | None = None) -> None:
    """Sets who reads the answer to the present request; what is None, or no zone, follows the browser and the case."""
    chosen = nearest(language) if language else _reader.get().language
    _reader.set(Reader(chosen, time_zone if time_zone and _is_zone(time_zone) else None))


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


@contextmanager
def reading(language: str, time_zone: str | None = None) -> Iterator[None]:
    """Speaks to another reader for a while."""
    before = _reader.set(Reader(nearest(language), time_zone))
    try:
        yield
    finally:
        _reader.reset(before)


def language() -> str:
    """Returns the reader's language as it stands in `<html lang>`."""
    return _reader.get().language


def locale() -> Locale:
    """Returns how the reader writes dates, numbers and money."""
    return _locale(language())


@cache
def _locale(of: str) -> Locale:
    return Locale.parse(_LOCALES.get(of, _LOCALES["en"]))


def zone(otherwise: str) -> str:
    """Returns the time zone the reader chose, else the one of what is shown."""
    return _reader.get().time_zone or otherwise


def looked_up(text: str) -> str:
    """Returns a text of ours in the reader's language, its placeholders untouched."""
    raw = str.__str__(text)
    return catalog(language()).gettext(raw) if raw else ""


def looked_up_for(one: str, many: str, number: int) -> str:
    """Returns the form that goes with a number, its placeholders untouched."""
    return catalog(language()).ngettext(one, many, number)


def _(text: str, **values: Any) -> str:
    """Returns a text of ours in the reader's language; `%(name)s` in it stand for the values."""
    return looked_up(text) % values if values else looked_up(text)


def ngettext(one: str, many: str, number: int, **values: Any) -> str:
    """Returns the form of a text that goes with a number, which `%(num)s` stands for."""
    return looked_up_for(one, many, number) % {"num": number, **values}


def say(english: str) -> str:
    """Returns what the domain declares or tells in the reader's language; what it does not know stays as it is."""
    known = looked_up(english)
    return known if known != english else told(english, language())


class Lazy(str):
    """A text of ours that is put into the reader's language whenever it is shown; as a key it is its English."""

    __slots__ = ()

    def __str__(self) -> str:
        return looked_up(self)

    def __format__(self, spec: str) -> str:
        return format(looked_up(self), spec)

    def __html__(self) -> Markup:
        return escape(looked_up(self))

    def __add__(self, other: str) -> str:
        return looked_up(self) + str(other)

    def __radd__(self, other: str) -> str:
        return str(other) + looked_up(self)

    def __mod__(self, values: Any) -> str:
        return str(looked_up(self) % values)

    def lower(self) -> str:
        """Returns the text as it is shown, in small letters."""
        return looked_up(self).lower()

    def capitalize(self) -> str:
        """Returns the text as it is shown, with a capital."""
        return looked_up(self).capitalize()


def lazy(text: str) -> str:
    """Marks a text that is made at import; it is translated when a page shows it. To join several, call `_` on each."""
    return Lazy(text)


def preferred(header: str) -> str:
    """Returns the one of `LANGUAGES` that an `Accept-Language` header asks for first; English when it asks for none."""
    wanted: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        code, _sep, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), code.strip()))
        except ValueError:
            continue
    for _weight, code in sorted(wanted, key=lambda one: one[0]):
        found = nearest(code)
        if found != "en" or code.lower().startswith("en"):
            return found
    return "en"


class ReadersLanguage:
    """Answers each request in the language its browser asks for; whoever is known chooses again with `speak`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers the request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
        with reading(preferred(asked)):
            await self.app(scope, receive, send)
