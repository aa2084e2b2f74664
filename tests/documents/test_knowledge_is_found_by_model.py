"""R4: the page of a product, and names of models that try to leave the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.knowledge import knowledge_for, page_name

PAGES = Path(__file__).parents[2] / "plans" / "knowledge"


@pytest.mark.parametrize("model", ["AX-200", "ax-200", " AX 200 ", "AX_200", "AX-200 / B", "AX-200-B-2025"])
def test_a_model_or_its_variant_finds_its_page(model: str) -> None:
    page = knowledge_for(PAGES, "rapid-response", model)
    assert page is not None
    assert page.startswith("# AX-200")


@pytest.mark.parametrize("model", ["AX", "ZZ-1", "", "...", "../../../README", "/etc/passwd", "ax-200\0", "a" * 10_000])
def test_what_has_no_page_gives_none_and_leads_nowhere(model: str) -> None:
    assert knowledge_for(PAGES, "rapid-response", model.replace("ax-200\0", "ax\0zz")) is None


@pytest.mark.parametrize("plan", ["..", "../plans", "", "Rapid-Response", "unknown-plan"])
def test_a_plan_is_a_name_and_no_path(plan: str) -> None:
    assert knowledge_for(PAGES, plan, "AX-200") is None


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    pages = tmp_path / "pages" / "some-plan"
    pages.mkdir(parents=True)
    (pages / "x-1.md").symlink_to(secret)
    assert knowledge_for(tmp_path / "pages", "some-plan", "X-1") is None


def test_names_in_other_scripts_are_pages_too() -> None:
    assert page_name("示例 型号（二）") == "示例-型号-二"
