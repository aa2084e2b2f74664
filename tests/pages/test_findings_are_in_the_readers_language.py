"""What a check of a case finds and notes is said in the auditor's language; places and values stay as they are."""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from domain.record import Audited, AuditKind, Finding
from domain.record.auditing import AuditOrder
from domain.texts import told
from store.audits import keep_audit
from tests.pages.making import FakeEngine, MadeCase
from tests.pages.strict_client import Browser
from tests.support.told_texts import ROOT, _with_values
from workflows.replaying.findings import Wording

Browse = Callable[[str], Awaitable[Browser]]
MODULES = (
    "domain/record/chain.py", "store/archives/checking.py", "store/archives/content.py", "store/archives/histories.py",
    "store/archives/packing.py", "store/archives/reading.py", "store/projected.py", "workflows/replaying/findings.py",
    "workflows/replaying/kept.py", "api/commands/audit/comparing.py", "api/commands/audit/on_worker.py",
    "api/commands/audit/replaying.py", "api/commands/audit/verifying.py", "activities/auditing.py",
)  # fmt: skip
"""Whatever finds or notes something."""
_SAY = frozenset({"found", "_found_once", "append", "NotReadable", "NotPacked", "NotFound", "_failed"})
_NAMES = frozenset({"what", "_NO_KEY", "NOWHERE", "notes", "LACKS", "ONLY_HERE", "OTHER"})


def _sentences(file: Path) -> Iterator[str]:
    """The sentences of a module that go into findings and notes, with `7` in place of each value."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for given in _said(node, gives="archives" in str(file)):
            for part in _parts(given):
                text = _with_values(part)
                if text.count(" ") >= 2 and not text.startswith(("7", " (", "packing of")):
                    yield text


def _said(node: ast.AST, *, gives: bool) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield from node.args if name in _SAY else ()
        yield from (one.value for one in node.keywords if one.arg == "what")
    named = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _NAMES
    given = gives and isinstance(node, ast.Return | ast.Yield)
    if (named or given) and isinstance(value := getattr(node, "value", None), ast.expr):
        yield value


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from (*_parts(node.body), *_parts(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from node.elts
    else:
        yield node


SENTENCES = sorted({text for name in MODULES for text in _sentences(ROOT / name)})


@pytest.mark.parametrize("language", ["zh-CN", "it"])
def test_whatever_a_check_finds_or_notes_has_its_words(language: str) -> None:
    assert len(SENTENCES) > 60
    wording = [text for name, text in vars(Wording).items() if name.isupper()]
    more = [f"{Wording.OTHER_VALUE} (first told in event 7, and in 2 later ones)", f"{Wording.STANDS_STILL}: Boom"]
    assert [text for text in (*SENTENCES, *wording, *more) if told(text, language) == text] == []


@pytest.mark.parametrize(
    ("language", "finding", "note"),
    [
        ("it", "ha una lunghezza in byte diversa da quella del manifesto", "nulla in questo file è sigillato"),
        ("zh-CN", "字节数与清单所述不同", "此文件未加密"),
        ("en", "has another length in bytes than the manifest says", "nothing in this file is sealed"),
    ],
)
async def test_an_auditor_reads_findings_in_their_language_and_values_as_they_are(
    browse: Browse,
    app: FastAPI,
    engine: FakeEngine,
    made_case: Callable[..., MadeCase],
    project: Callable[[MadeCase], Awaitable[None]],
    *,
    language: str,
    finding: str,
    note: str,
) -> None:
    made = made_case(1)
    made.close()
    await project(made)
    audra, address = await browse("audra"), f"/cases/{made.case_id}/record"
    await audra.post(address, (await audra.get(address)).form(address) | {"kind": "verify"})
    (order,) = [one for one in engine.begun.values() if isinstance(one, AuditOrder)]
    what = "has another length in bytes than the manifest says"
    found = Finding(place="history.json", what=what, recorded="is in the file", found=7)
    audited = Audited.of(
        made.case_id,
        AuditKind.VERIFY,
        (found,),
        notes=("nothing in this file is sealed: whoever has it can read it",),
        code_version="1",
        at=datetime.now(UTC),
    )
    async with app.state.parts.database.session() as session:
        await keep_audit(session, order.audit_id, audited)
    audra.client.headers["Accept-Language"] = language
    text = (await audra.get(address)).text
    assert f"history.json {finding}" in text
    assert note in text
    assert "is in the file" in text
