"""What a case by departments knows beyond its tasks: the sorted feedback, its contract, its receipt (Q4, Q6, Q7)."""

from __future__ import annotations

import hashlib
from datetime import date

from domain.model import Frozen, Instant
from domain.tasks.feedback import Subject, WarrantyPeriod


class ContractSigned(Frozen):
    """The after-sales service contract that a case goes by (Q6). Dates and `task` are empty for an earlier one."""

    number: str
    signed_by: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    task: str | None = None


class StoredReceipt(Frozen):
    """The customer's signed receipt, stored by finance (Q7)."""

    number: str
    place: str
    stored_at: Instant
    verify: bool
    """True when finance wants the visit verified."""


class SortedFeedback(Frozen):
    """Feedback as sales sorted it, with what came of it."""

    subject: Subject
    period: WarrantyPeriod
    contract: ContractSigned | None = None
    receipt: StoredReceipt | None = None

    @property
    def contract_missing(self) -> bool:
        """True when the service has to wait for a contract (Q6)."""
        return self.period is WarrantyPeriod.BEYOND and self.contract is None


def drawn(case_id: str, share: int) -> bool:
    """True for about `share` percent of all cases, decided by its number: the same answer each time."""
    return int(hashlib.sha256(case_id.encode()).hexdigest(), 16) % 100 < share
