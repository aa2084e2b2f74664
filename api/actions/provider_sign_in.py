"""Signing in by the provider's word: who that is here, which roles its claims give, and what is said when none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Never

from sqlalchemy.ext.asyncio import AsyncSession

from api.actions.signing_in import NewSession, begin_session
from api.parts import Parts
from api.rights import ADMIN, AUDITOR
from core.errors import Forbidden
from core.logging import get_logger
from domain.plan import Plan
from store.identities import Identity, find_identity, identities_of, keep_identity
from store.users import User, UserExists, change_user, create_user, find_user

_MOST_WORDS = 50
_LONGEST_WORD = 100
_LONGEST_NAME = 30
_RESERVED = frozenset({ADMIN, AUDITOR})
_log = get_logger(__name__)


class NoRole(Forbidden):
    """The provider knows the person, and nothing they could do here."""

    title = "No role here"


@dataclass(frozen=True)
class Told:
    """What a provider's claims say of a person. `roles` is None where roles are given here, not there."""

    subject: str
    name: str
    wanted: str
    email: str | None
    roles: tuple[str, ...] | None
    ignored: tuple[str, ...]


def unknown_roles(role_map: Mapping[str, tuple[str, ...]], plans: Mapping[str, Plan]) -> list[str]:
    """Returns the roles of a mapping that no plan has."""
    known = {ADMIN, AUDITOR}.union(*(plan.roles for plan in plans.values()))
    return sorted({role for roles in role_map.values() for role in roles} - known)


def read_claims(claims: Mapping[str, Any], claim: str, role_map: Mapping[str, tuple[str, ...]]) -> Told:
    """Reads what matters here out of claims; what nobody mapped to a role is ignored, and told."""
    words = _words(claims, claim)
    wanted = str(claims.get("preferred_username") or str(claims.get("email") or "").partition("@")[0] or "")
    roles = tuple(dict.fromkeys(role for word in words for role in role_map.get(word, ())))
    return Told(
        subject=str(claims["sub"]),
        name=str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or claims["sub"])[:200],
        wanted=_sign_in_name(wanted),
        email=str(claims["email"])[:200] if claims.get("email") and claims.get("email_verified") is not False else None,
        roles=roles if role_map else None,
        ignored=tuple(word for word in words if word not in role_map) if role_map else (),
    )


def _words(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The provider's words for roles: a list, or one text with blanks between them."""
    found: Any = claims.get(claim)  # a name with dots may be meant as it is
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = found.split()
    if not isinstance(found, list):
        return []
    return list(dict.fromkeys(str(one)[:_LONGEST_WORD] for one in found[:_MOST_WORDS] if isinstance(one, str)))


def _sign_in_name(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "", plain).strip("._-")[:_LONGEST_NAME]


async def sign_in_by_provider(
    parts: Parts, issuer: str, claims: Mapping[str, Any], *, device: str = "", before: str | None = None
) -> NewSession:
    """Begins a session of the person whom the claims describe; roles are taken from them anew each time.

    Raises Forbidden when the account is disabled here, NoRole.
    """
    settings = parts.settings
    told = read_claims(claims, settings.oidc_roles_claim, settings.role_map)
    now = datetime.now(UTC)
    async with parts.database.session() as session:
        user = await _user(session, issuer, told, now, link_names=settings.oidc_link_names)
        await keep_identity(session, Identity(issuer, told.subject, user.user_id, now, told.ignored))
    if told.ignored:
        _log.info("roles of the provider without a role here", user=user.user_id, words=list(told.ignored))
    if not user.active:
        raise Forbidden("this account is disabled here; an administrator can enable it")
    if not user.roles:
        _refuse_without_role(settings.oidc_name, user, told)
    return await begin_session(parts, user.user_id, device=device, before=before)


def _refuse_without_role(account: str, user: User, told: Told) -> Never:
    if told.ignored:
        raise NoRole(
            f"your {account} told us who you are ({user.name}), but you have no role here yet; what it says of you "
            f"gives none: {', '.join(told.ignored[:10])}. Ask an administrator, and name yourself as {user.user_id}"
        )
    raise NoRole(
        f"your {account} told us who you are ({user.name}), but you have no role here yet. "
        f"Ask an administrator, and name yourself as {user.user_id}"
    )


async def _user(session: AsyncSession, issuer: str, told: Told, now: datetime, *, link_names: bool) -> User:
    """The person as they stand here, made at the first sign-in."""
    known = await find_identity(session, issuer, told.subject)
    user = await find_user(session, known.user_id) if known is not None else None
    if user is None and link_names and told.wanted:
        same = await find_user(session, told.wanted)
        if same is not None and not await identities_of(session, same.user_id):
            user = same
    if user is None:
        return await _new_user(session, told, now)
    changed = replace(
        user,
        name=told.name,
        email=user.email or told.email,
        roles=user.roles if told.roles is None else told.roles,
    )
    if changed != user:
        await change_user(session, changed)
    return changed


async def _new_user(session: AsyncSession, told: Told, now: datetime) -> User:
    base = told.wanted or "person"
    number = 2 if base in _RESERVED else 1
    while True:
        user_id = base if number == 1 else f"{base}-{number}"
        user = User(user_id, told.name, told.roles or (), now, email=told.email)
        try:
            await create_user(session, user)
        except UserExists:
            number += 1
        else:
            return user
