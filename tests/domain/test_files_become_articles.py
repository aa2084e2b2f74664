"""A file of product knowledge becomes an article: by its place, its headings and its lists."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from api.commands.knowledge import read_folder
from core.errors import AftercareError, Invalid
from domain.case import FaultCategory
from domain.knowledge import PageInvalid, article_of_page, families

PAGES = Path(__file__).parents[2] / "plans" / "knowledge"


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("AX-200", ("ax-200", "ax")),
        (" ax 200 / B", ("ax-200-b", "ax-200", "ax")),
        ("ＡＸ－２００", ("ax-200", "ax")),
        ("示例 型号（二）", ("示例-型号-二", "示例-型号", "示例")),
        ("...", ()),
        ("../../etc", ("etc",)),
    ],
)
def test_a_model_belongs_to_its_families(model: str, expected: tuple[str, ...]) -> None:
    assert families(model) == expected


def test_folder_file_headings_and_lists_say_what_the_article_holds() -> None:
    text = "# AX-200 spindle · 主轴\n\n## Use\n\n- Warm up.\n\n"
    text += "## Self-check\n\n1. Listen.\n   听。\n2. Stop **now**.\n\n## Visit\n\n- Hot.\n"
    article = article_of_page(PurePosixPath("rapid-response/ax-200.md"), text)
    assert (article.title, article.models, article.plan) == ("AX-200 spindle · 主轴", ("AX-200",), "rapid-response")
    assert article.steps == ("Listen.\n听。", "Stop now.")
    assert article.text == "## Use\n\n- Warm up.\n\n## Visit\n\n- Hot."


def test_a_head_says_what_the_place_cannot() -> None:
    head = '+++\nmodels = ["AX", "BX-1"]\ncategory = "noise"\nsymptom = "It rattles"\n+++\n'
    article = article_of_page(PurePosixPath("rattling.md"), f"{head}# It rattles\n\n1. Tighten it.\n")
    assert (article.models, article.category, article.plan) == (("AX", "BX-1"), FaultCategory.NOISE, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("+++\ncategory = 'rattle'\n+++\n# X\n\ntext", "category"),
        ("+++\nmodel = 'X'\n+++\n# X\n\ntext", "known are"),
        ("+++\n# X", "no end"),
        ("+++\n===\n+++\ntext", "not TOML"),
        ("# " + "x" * 300, "title"),
        ("# X\n\n\x07", "control character"),
    ],
)
def test_a_file_that_cannot_become_one_says_why(text: str, says: str) -> None:
    with pytest.raises(PageInvalid, match=says):
        article_of_page(PurePosixPath("x.md"), text)


def test_what_comes_with_the_product_is_readable_and_about_something() -> None:
    pages = read_folder(PAGES)
    assert len(pages) >= 5
    for content in pages.values():
        assert content.steps
        assert content.models
    assert pages["rapid-response/ax-200.md"].models == ("AX-200",)


def test_links_out_of_the_folder_are_not_followed_and_a_wrong_file_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# secret\n\ntext")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "x-1.md").symlink_to(secret)
    assert read_folder(folder) == {}
    (folder / "bad.md").write_bytes(b"# \xff\xfe")
    with pytest.raises(Invalid, match=r"bad\.md"):
        read_folder(folder)
    with pytest.raises(AftercareError, match="no folder"):
        read_folder(tmp_path / "nowhere")
