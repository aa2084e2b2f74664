"""The record of a case as it is kept for later: what its archive says of itself, and what an audit found."""

from domain.record.findings import Audited, AuditKind, Finding

__all__ = ["AuditKind", "Audited", "Finding"]
