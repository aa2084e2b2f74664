"""When two people mean the same serial number, model or customer although they typed it differently."""

from __future__ import annotations

import unicodedata


def serial_key(serial_number: str) -> str:
    """Returns a serial number without what people type differently: width, case, blanks and invisible signs.

    Hyphens stay: "AB-1" and "AB1" can be two products.
    """
    return "".join(sign for sign in _folded(serial_number) if not sign.isspace())


def model_key(model: str) -> str:
    """Returns a model's name with blanks made one, and width and case made equal; customers' names are alike."""
    return " ".join(_folded(model).split())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
