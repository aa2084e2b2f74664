"""The product knowledge base in its simple form: a page of text per product, read while guiding a self-check (R4)."""

from __future__ import annotations

import re
from pathlib import Path

_PLAN = re.compile(r"[a-z][a-z0-9-]{2,39}")
_BETWEEN = re.compile(r"[\W_]+")
_LONGEST = 80


def page_name(model: str) -> str:
    """Returns the name of a model's page without its ending: “AX-200 / B” is `ax-200-b`; empty when nothing is left."""
    return _BETWEEN.sub("-", model.casefold())[:_LONGEST].strip("-")


def knowledge_for(folder: Path, plan: str, model: str) -> str | None:
    """Returns what is known of a model under a plan, or None.

    `folder/<plan>/<model>.md` is the page. A variant without one of its own gets its family's: AX-200-B that of
    AX-200. Model names are typed by customers, so only letters and digits of them reach the path, and a page that
    lies elsewhere (a link out of the folder) is not read. Raises OSError when a page exists and cannot be read.
    """
    if not _PLAN.fullmatch(plan):
        return None
    home = (folder / plan).resolve()
    name = page_name(model)
    while name:
        page = (home / f"{name}.md").resolve()
        if page.is_file() and page.is_relative_to(home):
            return page.read_text(encoding="utf-8")
        name = name.rpartition("-")[0]
    return None
