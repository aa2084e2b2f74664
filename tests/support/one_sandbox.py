"""What the sandbox imports, kept from one replay to the next: each test's replay imported every workflow anew.

That took a sixth of the time of a test of the process. Nothing is looked at less: the first replay of a process imports
under the sandbox's guard, and each runs under it. What a workflow left in its module would even be found, by the next.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from temporalio.worker.workflow_sandbox import SandboxRestrictions, _runner
from temporalio.worker.workflow_sandbox._importer import Importer
from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext

_KEPT: Final[list[tuple[SandboxRestrictions, str, Importer]]] = []


@contextmanager
def imported_once() -> Iterator[None]:
    """Replays within import the workflows of a module once in this process for each set of restrictions.

    For replays that run in the main thread, as those of the product do: a worker's threads, which would disturb each
    other, get importers of their own as always.
    """

    def kept(restrictions: SandboxRestrictions, context: RestrictionContext, workflow_module_name: str) -> Importer:
        if threading.current_thread() is not threading.main_thread():
            return Importer(restrictions, context, workflow_module_name=workflow_module_name)
        for known, name, importer in _KEPT:
            if name == workflow_module_name and known == restrictions:
                return importer
        importer = Importer(restrictions, context, workflow_module_name=workflow_module_name)
        _KEPT.append((restrictions, workflow_module_name, importer))
        return importer

    setattr(_runner, "Importer", kept)  # noqa: B010 - the module imports it for itself
    try:
        yield
    finally:
        setattr(_runner, "Importer", Importer)  # noqa: B010 - likewise
