"""The check of texts is clean, and it names what is planted: a missing text, an unused one, other placeholders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.languages import FOLDER, LANGUAGES, reading, say
from domain.case import FaultCategory
from domain.knowledge.relevance import Candidate, ranked
from domain.texts import told, translations
from tests.support.domain_texts import domain_texts
from tests.support.texts import problems, read_catalog
from tests.support.told_texts import told_texts


def planted(folder: Path, code: str) -> tuple[Path, Path]:
    """A product of one page, with our catalogs beside it."""
    (folder / "api").mkdir()
    (folder / "api" / "page.py").write_text(code, encoding="utf-8")
    shutil.copytree(FOLDER, folder / "locale")
    return folder, folder / "locale"


def found(folder: Path, code: str) -> list[str]:
    return [line for line in problems(*planted(folder, code)) if "nobody says" not in line]


def test_every_text_of_pages_and_domain_is_there_in_every_language() -> None:
    assert list(problems()) == []


def test_a_text_that_nobody_translated_is_named_with_its_file(tmp_path: Path) -> None:
    lines = found(tmp_path, 'title = _("A planted text")\n')
    assert lines == [f"{code}: missing: 'A planted text' (api/page.py)" for code in ("zh-CN", "it")]


def test_a_text_said_inside_another_is_named_too(tmp_path: Path) -> None:
    lines = found(
        tmp_path, """title = f"{name}: {_('A planted text')} {ngettext('%(num)s planted', 'many planted', 2)}"\n"""
    )
    assert lines == [
        f"{code}: missing: {text!r} (api/page.py)"
        for code in ("zh-CN", "it")
        for text in ("A planted text", "%(num)s planted")
    ]


@pytest.mark.parametrize("code", ["zh-CN", "it"])
def test_why_an_article_is_shown_is_told_in_every_language(code: str) -> None:
    candidates = [
        Candidate("a", "Runs hot", ("AX-200",), FaultCategory.WEAR, 0.9),
        Candidate("b", "The family", ("AX",), FaultCategory.WEAR, 0.0),
        Candidate("c", "Of another", ("KT-80",), FaultCategory.WEAR, 0.9),
        Candidate("d", "For all", (), None, 0.0),
    ]
    reasons = {one for found in ranked(candidates, "AX-200", FaultCategory.WEAR) for one in found.reasons}
    assert len(reasons) >= 5
    with reading(code):
        assert [one for one in reasons if say(one) == one] == []


def test_a_plural_that_nobody_translated_is_named(tmp_path: Path) -> None:
    lines = found(tmp_path, 'title = ngettext("%(num)s planted", "%(num)s planted ones", 2)\n')
    assert lines == [f"{code}: missing: '%(num)s planted' (api/page.py)" for code in ("zh-CN", "it")]


def test_a_translation_with_another_placeholder_is_named(tmp_path: Path) -> None:
    root, folder = planted(tmp_path, 'title = _("late %(time)s")\n')
    file = folder / "it.po"
    file.write_text(file.read_text("utf-8").replace('"in ritardo di %(time)s"', '"in ritardo di %(tempo)s"'), "utf-8")
    assert "it: other placeholders: 'late %(time)s' (api/page.py)" in list(problems(root, folder))


def test_an_entry_that_nobody_says_is_named(tmp_path: Path) -> None:
    root, folder = planted(tmp_path, 'title = _("Cases")\n')
    assert "it: nobody says this any more: 'Engineers'" in list(problems(root, folder))


def test_a_refusal_that_nobody_translated_is_named(tmp_path: Path) -> None:
    lines = found(tmp_path, 'raise Refused(f"the moon is {phase} today")\n')
    assert lines == [
        f"{code}: missing in domain/texts: 'the moon is 7 today' (api/page.py)" for code in ("zh-CN", "it")
    ]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_catalogs_hold_no_places_and_stand_by_text(language: str) -> None:
    source = (FOLDER / f"{language}.po").read_text(encoding="utf-8")
    assert "#:" not in source
    texts = [entry.id if isinstance(entry.id, str) else entry.id[0] for entry in read_catalog(language) if entry.id]
    assert texts == sorted(texts, key=lambda text: (text.lower(), text))


def test_there_is_much_to_translate() -> None:
    assert len(domain_texts()) > 1000
    assert len(told_texts()) > 100


def test_what_was_told_with_values_is_found_again_by_its_pattern() -> None:
    assert told("this task is held by 林悦", "it") == "questo compito è di 林悦"
    assert told("is needed when reached is “no_answer”", "zh-CN") == "选择“no_answer”时必填"
    assert told("parts: the company; labour: the customer", "it") == "componenti: l'azienda; manodopera: il cliente"
    assert told("everything (warranty: contract or unknown)", "zh-CN") == "全部 (保修: 合同或未知)"


def test_what_is_not_ours_stays_as_it_is() -> None:
    for text in ("Rattles since Monday", "", "AX-200", "<script>"):
        assert told(text, "zh-CN") == text
    assert told("this task is held by Wei", "en") == "this task is held by Wei"


def test_a_text_of_the_domain_is_said_to_the_reader() -> None:
    title = next(text for text, where in domain_texts().items() if where == "the task site_visit")
    with reading("it"):
        assert say(title) == translations("it")[title]
    assert say(title) == title
