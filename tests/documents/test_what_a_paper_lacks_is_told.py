"""Missing values, characters without a glyph and pictures that cannot be shown are told, on the paper and beside it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from activities.document_content import content
from activities.document_content.glyphs import Printable, glyphs
from activities.document_content.writer import Material, Picture
from activities.document_pictures import BROKEN, GONE, NO_PICTURE, pictures_of
from activities.document_setting import render
from activities.documents import HandedIn
from domain.documents.kinds import DocumentKind
from domain.documents.order import WRITTEN, DocumentOrder, languages_of
from domain.texts import LANGUAGES, translations
from store.disk_files import DiskFiles
from tests.documents.gallery_cases import SCAN, printed
from tests.documents.test_papers_say_what_the_case_says import block, paper, said


def test_a_value_that_is_not_on_record_is_named_and_never_left_blank(order: DocumentOrder) -> None:
    customer = order.case.application.customer.model_copy(update={"phone": None, "email": None})
    application = order.case.application.model_copy(update={"customer": customer})
    lacking = order.model_copy(update={"case": order.case.model_copy(update={"application": application})})
    [row] = [row for row in block(lacking, "Request")["rows"] if row[1] == "Phone"]
    assert row[2:] == ["无记录", True]
    assert content(lacking, "zh-CN", "D-1").remarks == ("Not on record: Phone",)
    assert "无记录: 电话" in said(paper(lacking)["remarks"])


def test_a_character_without_a_glyph_stands_as_its_code_and_is_told(order: DocumentOrder) -> None:
    problem = order.case.application.problem.model_copy(update={"description": "坏了 😀 e\u0301"})
    application = order.case.application.model_copy(update={"problem": problem})
    typed = order.model_copy(update={"case": order.case.model_copy(update={"application": application})})
    made = content(typed, "zh-CN", "D-1")
    assert "坏了 [U+1F600] é" in said(made.data["blocks"])
    assert made.remarks == ("Cannot be printed: U+1F600 GRINNING FACE",)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_the_font_has_every_character_of_our_own_texts(language: str) -> None:
    printable = Printable()
    printable.made(dict(translations(language)))
    assert printable.lacking == []
    assert len(glyphs()) > 20_000


@pytest.mark.parametrize("language", ["zh", "en", "it"])
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_is_set_whole_in_every_language(language: str, kind: DocumentKind) -> None:
    case = printed(language)
    made = render(case.order(kind), case.language, "D-1", case.material, case.pictures)
    assert made.file.startswith(b"%PDF-")
    assert not [one for one in made.remarks if not one.startswith("Cannot be shown: form-17")]


def test_a_picture_that_breaks_the_setting_costs_the_picture_and_not_the_paper() -> None:
    case = printed("en")
    made = render(
        case.order(DocumentKind.HANDOVER_FORM), "en", "D-1", case.material, {"signature-1.png": b"no picture"}
    )
    assert f"Cannot be shown: signature-0042.png: {BROKEN}" in made.remarks


async def test_a_signature_is_shown_small_and_without_what_the_camera_wrote(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "at the customer's"
    Image.new("RGB", (3000, 2000), "white").save(out, "JPEG", exif=exif)
    stored = {
        "F-1": HandedIn("a.jpg", "image/jpeg", (await files.write(out.getvalue())).sha256),
        "F-2": HandedIn("b.jpg", "image/jpeg", (await files.write(b"\xff\xd8\xffnothing")).sha256),
        "F-3": HandedIn("c.mp4", "video/mp4", "0" * 64),
        "F-4": HandedIn("d.jpg", "image/jpeg", "0" * 64),
    }
    shown, contents = await pictures_of(stored, files)
    assert {one: picture.reason for one, picture in shown.items()} == {
        "F-1": None, "F-2": BROKEN, "F-3": NO_PICTURE, "F-4": GONE,
    }  # fmt: skip
    [made] = contents.values()
    with Image.open(io.BytesIO(made)) as picture:
        assert max(picture.size) == 1200
        assert not picture.getexif()


def test_the_signed_paper_names_signer_time_and_the_record_it_confirms() -> None:
    case = printed("en")
    order = case.order(DocumentKind.SERVICE_CONFIRMATION)
    made = content(order, "en", "D-1", Material({SCAN: Picture("s.png", "s.png")})).data
    [signed] = [one for one in made["blocks"] if one["kind"] == "signed"]
    rows = {row[0]: row[2] for row in signed["rows"]}
    assert rows["Signed by"] == "Harriet Marlowe"
    assert rows["Signed at"]
    assert signed["pictures"][0]["path"] == "s.png"
    assert order.record.hash in said(signed["record"])


@pytest.mark.parametrize(
    ("asked", "given"),
    [(None, ("zh-CN", "en")), ("it", ("zh-CN", "it", "en")), ("en", ("zh-CN", "en")), ("fi", ("zh-CN", "en"))],
)
def test_papers_are_in_the_plans_language_the_customers_and_english(
    order: DocumentOrder, asked: str | None, given: tuple[str, ...]
) -> None:
    customer = order.case.application.customer.model_copy(update={"language": asked})
    application = order.case.application.model_copy(update={"customer": customer})
    assert languages_of(order.case.model_copy(update={"application": application})) == given
    assert {one.partition("-")[0] for one in LANGUAGES} == set(WRITTEN)
