"""What the product refuses or tells in plain English, found in its sources: texts with `7` in place of each value.

Code outside the pages says things in English: why an outcome is not taken, why a rule holds, how a figure came about.
Pages find such a text again by its pattern (`domain.texts.told`). Here these texts are read out of the syntax, so that
none is forgotten: what is raised, what is handed to the errors of fields, and every sentence in the modules of `TELL`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TELL = (
    "api/checks.py",
    "domain/case/checks.py",
    "domain/case/checks_by_departments.py",
    "domain/case/field_checks.py",
    "domain/case/judging.py",
    "domain/case/money.py",
    "domain/case/remote_checks.py",
)
"""Modules whose every sentence is a finding that people read."""
_FOLDERS = (
    "api", "domain/actions.py", "domain/case", "domain/knowledge/article.py", "domain/tasks", "store/erasing",
    "store/queries/events.py",
)  # fmt: skip
_NOT_FOR_PAGES = (
    "api/pages/", "api/commands/", "api/openapi.py", "api/bodies.py", "api/engine.py", "api/samples.py",
    "api/routes/query.py", "api/routes/resumable.py", "api/routes/notices.py", "api/actions/resumable.py",
    "api/uploads.py",
)  # fmt: skip
"""Pages say their texts by `_`; the others answer programs alone."""
_ERRORS = frozenset(
    {
        "FieldError",
        "at",
        "Refused",
        "NotFound",
        "Invalid",
        "Forbidden",
        "Unavailable",
        "TooManyRequests",
        "ValueError",
        "NameLocked",
        "SignInRefused",
        "NoRole",
        "Gone",
        "UnderHold",
        "WhileOpen",
        "ProviderAway",
        "ProviderRefused",
    }
)
_FOR_PROGRAMS = re.compile(r"Bearer|Idempotency-Key|visible ASCII|X-HTTP")


def told_texts(root: Path = ROOT) -> dict[str, str]:
    """Returns each text that is told outside the pages, with the file that tells it first."""
    found: dict[str, str] = {}
    for place in _FOLDERS:
        for file in sorted((root / place).rglob("*.py")) if (root / place).is_dir() else sorted(root.glob(place)):
            name = str(file.relative_to(root))
            if not name.startswith(_NOT_FOR_PAGES):
                for text in _texts(ast.parse(file.read_text(encoding="utf-8")), every=name in TELL):
                    found.setdefault(text, name)
    return found


def _texts(tree: ast.Module, *, every: bool) -> Iterator[str]:
    told = [
        one for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in _ERRORS for one in _given(node)
    ]
    if every:
        told = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        parts = {id(part) for node in told if isinstance(node, ast.JoinedStr) for part in node.values}
        told = [node for node in told if id(node) not in docs | parts]
    for node in told:
        text = _with_values(node)
        if re.search(r"[a-z]{2} |^is [a-z]+$", text) and not _FOR_PROGRAMS.search(text):
            yield text


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _given(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (one.value for one in call.keywords if one.arg in ("message", "detail"))


def _with_values(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
