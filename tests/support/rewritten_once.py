"""Test files made ready once before several processes read them, each of which would make all of them ready by itself.

pytest rewrites the assertions of every test file and keeps what it made beside it. In a fresh checkout nothing is kept,
and processes that start together do this side by side: a third of what it takes them to find their tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from _pytest.assertion import rewrite
from _pytest.assertion.rewrite import assertstate_key

TESTS = Path(__file__).parents[1]


def kept_at(file: Path) -> Path:
    """Where pytest looks for the rewritten file."""
    return rewrite.get_cache_dir(file) / f"{file.stem}{rewrite.PYC_TAIL}"


def rewrite_once(config: pytest.Config, tests: Path = TESTS) -> None:
    """Rewrites the test files that never were; a file that was changed since is left to who reads it."""
    missing = [file for file in _files(tests) if not kept_at(file).exists()]
    if len(missing) < 2 or config.getoption("assertmode") != "rewrite":
        return
    global _config  # noqa: PLW0603 - a configuration goes to other processes by forking alone
    _config = config
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(_rewrite, missing, chunksize=8))


def _files(tests: Path) -> Iterator[Path]:
    for name in ("conftest.py", "test_*.py"):
        yield from tests.rglob(name)


def _rewrite(file: Path) -> None:
    kept = kept_at(file)
    kept.parent.mkdir(parents=True, exist_ok=True)
    read, code = rewrite._rewrite_test(file, _config)
    rewrite._write_pyc(_config.stash[assertstate_key], code, read, kept)


_config: pytest.Config
