"""Passwords of tests are hashed in a hundredth of the time: hundreds of sign-ins ask who signs in, not what it costs.

The product's own processes hash as always, and so do the tests about the hash itself, by `hashed_at_full_cost`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from store import users

_full = users._passwords
_quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1),))


def hash_quickly() -> None:
    """Has every password that is hashed or checked in this process from now on take milliseconds."""
    _take(lambda: _quick)


@contextmanager
def hashed_at_full_cost() -> Iterator[None]:
    """Hashes as the product does."""
    _take(_full)
    try:
        yield
    finally:
        hash_quickly()


def _take(passwords: object) -> None:
    setattr(users, "_passwords", passwords)  # noqa: B010 - of another type than the cached function
    users._nobodys_hash.cache_clear()
    users._cost.cache_clear()
