"""The texts of the product and their translations: `python -m tests.support.texts check`, or `update` the catalogs.

Texts of pages are found by Babel in code and templates, those of the domain by looking at what it declares and tells.
`check` names each text that a language lacks, each entry that nobody uses, and each translation whose placeholders
differ. `update` adds what is new to the catalogs and removes what is gone; entries stand by text, without places, so
that two people who add texts seldom meet.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from api.languages import FOLDER, LANGUAGES
from domain.texts import told, translations
from tests.support.domain_texts import domain_texts
from tests.support.told_texts import told_texts

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
Text = str | tuple[str, str]
_KEYWORDS = {"_": None, "lazy": None, "ngettext": (1, 2), "gettext": None}
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
_NAMED = re.compile(r"\{\w+\}")


def page_texts(root: Path = ROOT) -> dict[Text, str]:
    """Returns each text that pages say, with the file that says it first."""
    found: dict[Text, str] = {}
    for file, _line, text, _notes, _context in extract_from_dir(root / "api", _METHODS, _OPTIONS, _KEYWORDS):
        one = (text[0], text[1]) if isinstance(text, tuple | list) else text
        if one:
            found.setdefault(one, f"api/{file}")
    for path in sorted((root / "api").rglob("*.py")):
        for one in _within_strings(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(one, str(path.relative_to(root)))
    return found


def _within_strings(tree: ast.Module) -> Iterator[Text]:
    """The texts said inside f-strings, which Babel does not look into."""
    for whole in ast.walk(tree):
        for node in ast.walk(whole) if isinstance(whole, ast.JoinedStr) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
                texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                if _KEYWORDS[node.func.id]:
                    yield str(texts[0]), str(texts[1])
                elif texts:
                    yield str(texts[0])


def read_catalog(language: str, folder: Path = FOLDER) -> Catalog:
    """Returns the catalog of a language, an empty one where there is no file yet."""
    file = folder / f"{language}.po"
    locale = language.replace("-", "_")
    return read_po(BytesIO(file.read_bytes()), locale=locale) if file.is_file() else Catalog(locale=locale)


def problems(root: Path = ROOT, folder: Path = FOLDER) -> Iterator[str]:
    """Says what is wrong with the translations, one line each."""
    wanted, declared = page_texts(root), domain_texts()
    for language in TRANSLATED:
        known, catalog = translations(language), read_catalog(language, folder)
        for text, where in declared.items():
            here = known.get(text)
            if not here:
                yield f"{language}: missing in domain/texts: {text!r} ({where})"
            elif set(_NAMED.findall(here)) != set(_NAMED.findall(text)):
                yield f"{language}: other placeholders in domain/texts: {text!r}"
        for text, where in told_texts(root).items():
            if told(text, language) == text:
                yield f"{language}: missing in domain/texts: {text!r} ({where})"
        for said, where in wanted.items():
            yield from _wrong(language, said, where, catalog, known)
        yield from (
            f"{language}: nobody says this any more: {_first(entry.id)!r}"
            for entry in catalog
            if entry.id and _key(entry.id) not in wanted
        )


def _wrong(language: str, text: Text, where: str, catalog: Catalog, known: Mapping[str, str]) -> Iterator[str]:
    entry = catalog.get(text)
    said = entry.string if entry is not None else None
    if said is None or not _whole(said):
        if isinstance(text, tuple) or text not in known:
            yield f"{language}: missing: {_first(text)!r} ({where})"
    elif not _same_placeholders(text, said):
        yield f"{language}: other placeholders: {_first(text)!r} ({where})"


def update(folder: Path = FOLDER) -> None:
    """Adds new texts to every catalog and removes those that nobody says; what is translated stays."""
    wanted = page_texts()
    for language in TRANSLATED:
        before, known = read_catalog(language, folder), translations(language)
        after = Catalog(locale=before.locale, fuzzy=False, header_comment=f"# Texts of the pages: {language}")
        for text in sorted(wanted, key=lambda one: (_first(one).lower(), _first(one))):
            entry = before.get(text)
            said = entry.string if entry is not None else ""
            if isinstance(text, tuple) or text not in known or said:
                after.add(text, said)
        written = BytesIO()
        write_po(written, after, width=120, no_location=True, omit_header=True)
        header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        plural = f'"Plural-Forms: {after.plural_forms}\\n"\n\n'
        (folder / f"{language}.po").write_text(header + plural + written.getvalue().decode().strip() + "\n", "utf-8")


def _key(entry: str | list[str] | tuple[str, ...]) -> Text:
    return entry if isinstance(entry, str) else (entry[0], entry[1])


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _whole(said: str | list[str] | tuple[str, ...]) -> bool:
    return bool(said) and (isinstance(said, str) or all(said))


def _same_placeholders(text: Text, said: str | list[str] | tuple[str, ...]) -> bool:
    """True when a translation has the placeholders of its text; the form for one may leave the number out."""
    wanted = set(_PLACEHOLDER.findall(text if isinstance(text, str) else text[1])) - {"%%"}
    for one in [said] if isinstance(said, str) else said:
        missing = wanted ^ (set(_PLACEHOLDER.findall(one)) - {"%%"})
        if missing - (set() if isinstance(text, str) else {"%(num)s", "%(num)d"}):
            return False
        if re.search(r"%(?!\(\w+\)[sd]|%)", one) and wanted:
            return False
    return True


def main() -> int:
    """Runs `check` or `update`; returns the exit code."""
    if sys.argv[1:] == ["update"]:
        update()
        return 0
    found = list(problems())
    done = f"{len(page_texts())} texts of pages and {len(domain_texts())} of the domain are complete"
    print("\n".join(found) or done)  # noqa: T201 - a command tells
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
