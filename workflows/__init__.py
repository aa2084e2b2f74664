"""The durable process: the case, its stages, how a user task waits."""

from __future__ import annotations

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.service_case import ServiceCase

WORKFLOWS = [ServiceCase]
"""Every workflow a worker serves."""


def runner() -> SandboxedWorkflowRunner:
    """Returns the sandbox for workflows: the pure rules and the typed references to activities pass through, nothing else."""
    passed = SandboxRestrictions.default.with_passthrough_modules("domain", "activities", "core", "annotated_types")
    return SandboxedWorkflowRunner(restrictions=passed)
