"""Our fixed texts in the languages we write. The English text is the key, so that an untranslated one still reads.

Papers, notices and pages all say what the domain declares: titles of tasks and fields, answers of choices, rules of
coverage. They stand here once, for whoever speaks to people: titles and answers in `zh-CN.toml`, help for whoever fills
in a form in `help.zh-CN.toml`, what is told with values in it in `told.zh-CN.toml`, and so for each language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = ("zh-CN", "en", "it")
_NUMBERS = dict.fromkeys(("n", "hours", "minutes", "opens", "closes", "mean"), r"[\d:.,]+")
_ASIDE = re.compile(r"(.+?) \((.+)\)", re.DOTALL)
_VALUE = re.compile(r"\{([a-z_]+)\}")


@cache
def translations(language: str) -> Mapping[str, str]:
    """Returns the texts of one of `LANGUAGES` by their English; none for English itself."""
    texts: dict[str, str] = {}
    for file in (FOLDER / f"{language}.toml", *sorted(FOLDER.glob(f"*.{language}.toml"))):
        texts |= tomllib.loads(file.read_text(encoding="utf-8"))["texts"] if file.is_file() else {}
    return texts


@cache
def _sentences(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The texts with values in them, such as `is needed when {field} is “{answer}”`, as patterns, the longest first."""
    found = [(english, here) for english, here in translations(language).items() if _VALUE.search(english)]
    found.sort(key=lambda pair: -len(_VALUE.sub("", pair[0])))
    return tuple((_pattern(english), here) for english, here in found)


def _pattern(english: str) -> re.Pattern[str]:
    parts = _VALUE.split(english)  # text, name, text, name, ..., text
    named = [
        re.escape(part) if at % 2 == 0 else f"(?P<{part}>{_NUMBERS.get(part, '.+?')})" for at, part in enumerate(parts)
    ]
    return re.compile("".join(named), re.DOTALL)


@lru_cache(maxsize=8192)
def told(english: str, language: str) -> str:
    """Returns a text of ours that may have values in it, in another language; one that is not ours comes back as it is.

    What the domain told once, in a message or on record, is English; its pattern is found again, and its values, which
    may be texts of ours themselves, are put into the translation. Lists, pairs and choices are put together of their
    parts: `parts: the company; travel: the customer`.
    """
    if language == "en" or not english:
        return english
    if (known := _known(english, language)) is not None:
        return known
    for pattern, here in _sentences(language):
        if match := pattern.fullmatch(english):
            values = {name: told(value, language) for name, value in match.groupdict().items()}
            return _filled(here, values)
    if (aside := _ASIDE.fullmatch(english)) is not None:
        return f"{told(aside[1], language)} ({told(aside[2], language)})"
    for between in ("; ", ", ", ": ", " or "):
        if between in english:
            joined = _known(between, language) or between
            return joined.join(told(part, language) for part in english.split(between))
    return english


def _known(english: str, language: str) -> str | None:
    """A text without values; a title that stands inside a sentence is written small."""
    texts = translations(language)
    if english in texts:
        return texts[english]
    titled = texts.get(english[:1].upper() + english[1:])
    return titled[:1].lower() + titled[1:] if titled is not None else None


def _filled(here: str, values: Mapping[str, str]) -> str:
    return _VALUE.sub(lambda found: values[found[1]], here)


def nearest(language: str) -> str:
    """Returns the language we write that serves a reader of `language`: `it-IT` gives `it`, an unknown one English."""
    spoken = language.replace("_", "-").partition("-")[0].lower()
    return next((known for known in LANGUAGES if known.partition("-")[0] == spoken), "en")
