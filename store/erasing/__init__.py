"""Erasing a case: its key, then every personal value in the database and the files, then the traces of both."""

from store.erasing.erase import BesideCases, Erased, Eraser, UnderHold, WhileOpen, erasure_of, require_content
from store.erasing.holds import AlreadyErased, CaseUnknown, Hold, NotHeld, hold_of, holds_of, lift_hold, place_hold

__all__ = [
    "AlreadyErased",
    "BesideCases",
    "CaseUnknown",
    "Erased",
    "Eraser",
    "Hold",
    "NotHeld",
    "UnderHold",
    "WhileOpen",
    "erasure_of",
    "hold_of",
    "holds_of",
    "lift_hold",
    "place_hold",
    "require_content",
]
