"""Whether an engineer's regions and skills fit a need. Names are compared as people write them."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[,，;；、/|·]+")
_SUFFIXES = ("省", "市", "自治区", " province", " region", " county")
_IDEOGRAPHS = re.compile(r"^[\u4e00-\u9fff]{2,}$")
_SHORTEST_FAMILY = 2


def plain(name: str) -> str:
    """Returns a name without case, blanks around it, and the word for its kind: `浙江省` and `浙江` are one region."""
    text = " ".join(name.split()).casefold()
    for suffix in _SUFFIXES:
        if text.endswith(suffix) and len(text) > len(suffix) + 1:
            return text.removesuffix(suffix)
    return text


def covers(region: str, customers: str) -> bool:
    """True when a region that an engineer serves is the customer's, or one that the customer's address of it names.

    "Hangzhou, Zhejiang" lies in Zhejiang; 浙江杭州 lies in 浙江.
    """
    served = plain(region)
    if not served:
        return False
    for part in (customers, *_PARTS.split(customers)):
        found = plain(part)
        if found == served or (_IDEOGRAPHS.match(served) and found.startswith(served)):
            return True
    return False


def knows_model(skill: str, model: str) -> bool:
    """True when a skill is a product's model or its family: `AX` and `AX-200` both know the model AX-200, `A` none."""
    wanted = plain(skill)
    if len(wanted) < _SHORTEST_FAMILY:
        return False
    whole = plain(model)
    for start in (match.start() for match in re.finditer(r"(?<!\w)\w", whole)):
        rest = whole[start:]
        if rest.startswith(wanted):
            after = rest[len(wanted) :]
            # AX is the family of AX-200 and AX200, neither of AXEL; HP-4 is another product than HP-40
            if not after or not (_kind(after[0]) == _kind(wanted[-1]) != ""):
                return True
    return False


def _kind(sign: str) -> str:
    return "digit" if sign.isdigit() else "letter" if sign.isalpha() else ""


def knows_category(skill: str, category: str) -> bool:
    """True when a skill names a kind of issue: `abnormal_wear` and "Abnormal wear" are one."""
    return plain(skill).replace(" ", "_") == category.casefold()
