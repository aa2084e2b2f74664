"""Keys that protect what a case knows about people: one for each case, wrapped by a master key that is kept apart.

Whoever destroys the key of a case makes everything sealed with it unreadable, wherever a copy lies: in the engine's
histories, in archives, in backups of both.
"""

from core.keys.ring import KeyRing, open_keys
from core.keys.sealing import CaseKey, KeyDestroyed, KeyUnknown, Tampered
from core.keys.subjects import INSTALLATION, subject_of

__all__ = [
    "INSTALLATION",
    "CaseKey",
    "KeyDestroyed",
    "KeyRing",
    "KeyUnknown",
    "Tampered",
    "open_keys",
    "subject_of",
]
