"""A file of product knowledge as an article: `<plan>/<model>.md`, or with a head of TOML that says more."""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from domain.knowledge.article import ArticleContent, families
from domain.tasks import field_errors

_FENCE = "+++"
_STEP = re.compile(r"\d{1,3}[.)]\s+")
_HEAD = frozenset({"title", "models", "plan", "category", "symptom"})


class PageInvalid(ValueError):
    """A file that cannot become an article; says what is wrong with it."""


def article_of_page(path: PurePosixPath, text: str) -> ArticleContent:
    """Returns the article that a file holds; `path` is its place in the folder of knowledge.

    The folder is the service plan, the name of the file the model, the first heading the title, the first numbered list
    the self-check steps, and the rest what to know. A head between two lines of `+++` can say `title`, `models`,
    `plan`, `category` and `symptom` instead. Raises PageInvalid.
    """
    head, body = _split(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    title, body = _title(body)
    steps, rest = _steps(body)
    plan = path.parts[0] if len(path.parts) > 1 else None
    name = title or path.stem
    said: dict[str, Any] = {"title": name, "plan": plan, "models": [_model(path.stem, name)], **head}
    try:
        return ArticleContent.model_validate({**said, "steps": steps, "text": rest or None})
    except ValidationError as invalid:
        found = "; ".join(f"{error.path}: {error.message}" for error in field_errors(invalid))
        raise PageInvalid(found) from None


def _split(text: str) -> tuple[dict[str, Any], str]:
    lines = text.lstrip().splitlines()
    if not lines or lines[0].strip() != _FENCE:
        return {}, text
    try:
        end = next(place for place, line in enumerate(lines[1:], 1) if line.strip() == _FENCE)
        head = tomllib.loads("\n".join(lines[1:end]))
    except StopIteration:
        raise PageInvalid("the head has no end: a second line of +++ is missing") from None
    except tomllib.TOMLDecodeError as error:
        raise PageInvalid(f"the head is not TOML: {error}") from None
    if unknown := sorted(head.keys() - _HEAD):
        raise PageInvalid(f"the head says {', '.join(unknown)}; known are {', '.join(sorted(_HEAD))}")
    return head, "\n".join(lines[end + 1 :])


def _title(body: str) -> tuple[str, str]:
    lines = body.strip().splitlines()
    if lines and lines[0].startswith("#"):
        return lines[0].lstrip("# ").strip(), "\n".join(lines[1:])
    return "", body


def _model(stem: str, title: str) -> str:
    """The model as the title writes it, where it begins with it: `ax-200` is AX-200 of “AX-200 high-speed spindle”."""
    words = title.split()
    for count in range(1, len(words) + 1):
        start = " ".join(words[:count])
        if families(start)[:1] == families(stem)[:1]:
            return start
    return stem


def _steps(body: str) -> tuple[list[str], str]:
    """The first numbered list, and the text without it; a heading that is left with nothing under it goes too."""
    steps: list[str] = []
    rest: list[str] = []
    inside, over = False, False
    for line in body.splitlines():
        plain = line.strip()
        if not over and _STEP.match(plain):
            inside = True
            steps.append(_plain(_STEP.sub("", plain, count=1)))
        elif inside and plain and line[:1].isspace():
            steps[-1] += f"\n{_plain(plain)}"
        elif inside and not plain:
            continue
        else:
            over = over or inside
            inside = False
            rest.append(line.rstrip())
    return steps, _without_empty_headings(rest)


def _plain(text: str) -> str:
    return text.replace("**", "").replace("`", "")


def _without_empty_headings(lines: list[str]) -> str:
    kept: list[str] = []
    for line in [*lines, "#"]:
        if line.startswith("#"):
            while kept and (not kept[-1].strip() or kept[-1].startswith("#")):
                kept.pop()
            kept += ["", line]
        else:
            kept.append(line)
    return "\n".join(kept[:-1]).strip()
