"""The durable process: the case, its stages, how a user task waits."""

from __future__ import annotations

from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.archiving import ArchiveCases
from workflows.auditing import AuditCase
from workflows.corrective_action import CorrectiveAction
from workflows.issuing_again import IssueDocumentAgain
from workflows.notice import Notice
from workflows.periodic_report import PeriodicReport
from workflows.retention import EnforceRetention
from workflows.service_case import ServiceCase

WORKFLOWS = [
    ServiceCase,
    CorrectiveAction,
    PeriodicReport,
    IssueDocumentAgain,
    Notice,
    ArchiveCases,
    AuditCase,
    EnforceRetention,
]
"""Every workflow a worker serves."""


def worker_runner() -> WorkflowRunner:
    """Returns what a worker runs workflows with: no sandbox.

    The sandbox finds code that would not replay; it imports every module anew for each case and enters its guard for
    each payload, which costs a worker a third of its time and megabytes a case (docs/performance.md). So the
    history that a test leaves is replayed in it, and a worker runs the code that passed.
    """
    return UnsandboxedWorkflowRunner()


class _CheckedOnce(SandboxedWorkflowRunner):
    """The sandbox, which imports each workflow on trial once in a process and not for every worker and replay anew."""

    def prepare_workflow(self, defn: workflow._Definition) -> None:
        """Lets a workflow be imported in the sandbox as if it ran there, unless one of this process has been."""
        if defn.cls not in _CHECKED:
            super().prepare_workflow(defn)
            _CHECKED.add(defn.cls)


_CHECKED: set[type] = set()


def runner() -> SandboxedWorkflowRunner:
    """Returns the sandbox, for tests and audits: pure rules and typed references pass through, nothing else."""
    passed = SandboxRestrictions.default.with_passthrough_modules("domain", "activities", "core", "annotated_types")
    return _CheckedOnce(restrictions=passed)
