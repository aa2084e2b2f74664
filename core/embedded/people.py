"""The people of the embedded default and their first passwords."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.settings import write_private

# Easy to read aloud and to type; 12 characters of 31 are 59 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in, with the password made at the first start."""

    user: str
    roles: tuple[str, ...]
    password: str


def new_password() -> str:
    """A random password in three groups of four."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def keep(path: Path, people: Sequence[SignIn]) -> None:
    """Write the first passwords where their owner alone can read them."""
    lines = [f"{person.user}\t{person.password}\t{', '.join(person.roles)}" for person in people]
    write_private(path, "\n".join(["# sign-in name, first password, roles", *lines]) + "\n")


def kept(path: Path) -> list[SignIn]:
    """The first passwords as kept, an empty list when there is no such file."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [SignIn(user, tuple(roles.split(", ")), password) for user, password, roles in rows]
