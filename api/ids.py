"""Identifiers: what one looks like, a new one, and one that follows from an idempotency key."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from core.errors import NotFound

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ARTICLE = re.compile(r"A-[0-9A-HJKMNP-TV-Z]{12}")
_CASE = re.compile(r"C-[0-9A-HJKMNP-TV-Z]{10}")
_ACTION = re.compile(r"A-[0-9A-HJKMNP-TV-Z]{10}")
_TASK = re.compile(r"(C-[0-9A-HJKMNP-TV-Z]{10})\.([a-z][a-z_]{1,39}(?:-[0-9]{1,4})?)")


def _letters(number: int, length: int) -> str:
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(length))


def new_case_id() -> str:
    """Returns a random case id, 50 bits."""
    return "C-" + _letters(secrets.randbits(50), 10)


def derived_case_id(secret: str, *parts: str) -> str:
    """Returns the case id that belongs to these parts (user, idempotency key): always the same, and not guessable."""
    content = "\0".join(parts).encode("utf-8", "replace")
    digest = hmac.digest(hashlib.sha256(b"case\0" + secret.encode()).digest(), content, "sha256")
    return "C-" + _letters(int.from_bytes(digest[:8], "big"), 10)


def new_action_id() -> str:
    """Returns a random id of an action, 50 bits."""
    return "A-" + _letters(secrets.randbits(50), 10)


def known_action_id(action_id: str) -> str:
    """Returns the id when it has the form of one. Raises NotFound: no other can belong to an action."""
    if _ACTION.fullmatch(action_id) is None:
        raise NotFound("there is no such action")
    return action_id


def new_id() -> str:
    """Returns a random id of a message."""
    return secrets.token_urlsafe(16)


def known_case_id(case_id: str) -> str:
    """Returns the id when it has the form of one. Raises NotFound: no other can belong to a case."""
    if _CASE.fullmatch(case_id) is None:
        raise NotFound("there is no such case")
    return case_id


def case_id_or_none(text: str) -> str | None:
    """Returns what has the form of a case's id, None for anything else."""
    return text if _CASE.fullmatch(text) else None


def known_article_id(article_id: str) -> str:
    """Returns the id when it has the form of an article's. Raises NotFound: no other can belong to one."""
    if _ARTICLE.fullmatch(article_id) is None:
        raise NotFound("there is no such article")
    return article_id


def split_task_id(task_id: str) -> tuple[str, str]:
    """Returns case id and key of a task. Raises NotFound when it has not the form of a task id."""
    shape = _TASK.fullmatch(task_id)
    if shape is None:
        raise NotFound("there is no such task")
    return shape[1], shape[2]
