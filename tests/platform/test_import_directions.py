"""The positive form of what import-linter forbids by name."""

from __future__ import annotations

import sys
from pathlib import Path

import grimp
import pytest

OURS = {"core", "domain", "store", "activities", "workflows", "api"}
REPLAYING = "workflows.replaying"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*sorted(OURS), include_external_packages=True, cache_dir=None)


def imported_from_outside(graph: grimp.ImportGraph, layer: str) -> set[str]:
    modules = [module for module in graph.modules if module.split(".")[0] == layer]
    found = {target.split(".")[0] for module in modules for target in graph.find_modules_directly_imported_by(module)}
    return found - {layer} - set(sys.stdlib_module_names)


def test_the_domain_imports_the_standard_library_and_pydantic_alone(graph: grimp.ImportGraph) -> None:
    assert imported_from_outside(graph, "domain") <= {"pydantic", "pydantic_core", "annotated_types"}


def test_core_imports_nothing_of_ours(graph: grimp.ImportGraph) -> None:
    assert not imported_from_outside(graph, "core") & OURS


def test_workflows_import_temporal_and_what_is_pure(graph: grimp.ImportGraph) -> None:
    assert imported_from_outside(graph, "workflows") <= {"temporalio", "pydantic", "domain", "activities", "core"}
    reached = {
        target
        for module in graph.modules
        if module.split(".")[0] == "workflows" and not module.startswith(REPLAYING)
        for target in graph.find_modules_directly_imported_by(module)
        if target.split(".")[0] == "core"
    }
    assert reached <= {"core.search_attributes"}


def test_no_workflow_knows_of_its_replay(graph: grimp.ImportGraph) -> None:
    replaying = {module for module in graph.modules if module.startswith(REPLAYING)}
    importing = {one for module in replaying for one in graph.find_modules_that_directly_import(module)}
    assert replaying
    assert not {one for one in importing - replaying if one.split(".")[0] in ("workflows", "activities")}


def test_every_file_reads_in_one_sitting() -> None:
    files = [path for layer in OURS for path in (ROOT / layer).rglob("*.py")] + list(ROOT.glob("*.py"))
    long = {str(path.relative_to(ROOT)): lines for path in files if (lines := len(path.read_text().splitlines())) > 400}
    assert not long
