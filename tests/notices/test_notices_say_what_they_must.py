"""Every notice has its words in every language; what is missing is told, and what people typed stays text."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.notice_texts import FOLDER, MissingText, mail_of, templates
from activities.notices import Reader
from domain.case import Result
from domain.notices import NoticeKind
from domain.texts import LANGUAGES
from tests.notices.conftest import Order

SENDER = "s@example.com"
ITALIAN = Reader("x@example.com", "X", "it", "Europe/Rome")
READER = Reader("zhou@example.com", "Ms Zhou", "en", "Asia/Shanghai")
PAGE = "https://service.example.com/t/1"


def test_every_language_has_every_notice_and_no_other() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(templates(language)) == {"frame", *(kind.value for kind in NoticeKind)}, language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_can_be_written(order: Order, kind: NoticeKind, language: str) -> None:
    mail = mail_of(order(kind), Reader("zhou@example.com", "Ms Zhou", language, "Asia/Shanghai"), PAGE, SENDER)
    text = mail.get_content()
    assert "{" not in text + mail["Subject"]
    assert "RR-2026-000418" in text
    assert PAGE in text


def test_a_missing_value_is_named_not_printed_as_a_blank(order: Order) -> None:
    with pytest.raises(MissingText, match="no value for “promised_for”"):
        mail_of(order(NoticeKind.DATE_PROMISED, instants={}), READER, PAGE, SENDER)


def test_what_was_typed_begins_no_header_and_fills_no_place(order: Order) -> None:
    texts = {"product": "PX\r\nBcc: everybody@example.com {page}"}
    mail = mail_of(
        order(NoticeKind.SOLUTION, texts={**texts, "told": "{company} {nothing}"}), READER, PAGE, "s@example.com"
    )
    assert mail["Bcc"] is None
    assert "Bcc: everybody@example.com {page}" in mail["Subject"]
    assert "{company} {nothing}" in mail.get_content()


def test_times_and_money_are_written_as_the_reader_writes_them(order: Order) -> None:
    quoted = mail_of(order(NoticeKind.QUOTATION), ITALIAN, PAGE, SENDER)
    assert "1.234,50" in quoted.get_content()
    due = mail_of(order(NoticeKind.REMINDER), ITALIAN, PAGE, SENDER)
    assert due["Subject"].startswith("Scade il 18/11/2026 02:30")


@pytest.mark.parametrize("result", Result)
def test_how_a_case_ended_is_said_in_the_readers_language(order: Order, result: Result) -> None:
    told = order(NoticeKind.CLOSED, texts={"product": "PX-200", "result": result.value})
    assert result.value not in mail_of(told, ITALIAN, PAGE, SENDER).get_content().casefold()


def test_a_plan_can_say_it_in_its_own_words(order: Order, tmp_path: Path) -> None:
    (tmp_path / "notices").mkdir()
    own = tmp_path / "notices" / "pump-service.en.toml"
    own.write_text('[received]\nsubject = "Pump case {number}"\ntext = "Your pump {product} is in good hands."\n')
    ours = mail_of(order(plan="pump-service"), READER, PAGE, SENDER, tmp_path)
    assert ours["Subject"] == "Pump case RR-2026-000418"
    assert "in good hands" in ours.get_content()
    assert "Dear Ms Zhou" in ours.get_content()
    other = mail_of(order(plan="rapid-response"), READER, PAGE, SENDER, tmp_path)
    assert other["Subject"] == "We have your request RR-2026-000418"
    own.write_text('[received]\nsubject = "Pump case"\n')
    with pytest.raises(MissingText, match="needs a subject and a text"):
        mail_of(order(plan="pump-service"), READER, PAGE, SENDER, tmp_path)
