"""What a worker is asked to check of one case."""

from __future__ import annotations

from typing import Literal

from domain.model import Frozen
from domain.record.findings import AuditKind


class AuditOrder(Frozen):
    """One check: `verify` looks at the archive of the case, `replay` lets today's code make the case again."""

    audit_id: str
    case_id: str
    kind: Literal[AuditKind.VERIFY, AuditKind.REPLAY]


class AuditDone(Frozen):
    """What stays in the engine of a check: findings are kept by the database, where an erasure reaches them."""

    passed: bool | None
    findings: int
