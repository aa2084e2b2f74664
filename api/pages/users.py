"""Administering people: the list, one person with all they are signed in with, and what can be done about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.actions.people import (
    add_person,
    change_person,
    enable_person,
    end_everything,
    end_token_of,
    known_roles,
    password_link,
    unlock_person,
)
from api.actions.signing_in import name_key, name_limit
from api.languages import LANGUAGES
from api.pages import words
from api.pages.languages import _, language, lazy
from api.pages.me import zone_groups
from api.pages.sign_ins import browser_words
from api.pages.times import day_and_time
from api.pages.visit import Visit, VisitDep, go_to, problem_text
from api.problems import errors_of
from api.rights import ADMIN, AUDITOR, Right, require
from core.errors import AftercareError, NotFound
from store.accounts import UserChange, changes_of_user
from store.guesses import resting
from store.identities import identities_of
from store.sign_ins import sessions_of, tokens_of
from store.users import ENGINEER, User, find_user, list_users, open_loads

router = APIRouter()
_FIELDS = ("user_id", "name", "email", "language", "time_zone")
_WHAT: Mapping[str, str] = {
    "added": lazy("Added"),
    "changed": lazy("Changed"),
    "enabled": lazy("Enabled"),
    "disabled": lazy("Disabled"),
    "unlocked": lazy("Unlocked"),
    "password link": lazy("Link for a new password made"),
    "password set": lazy("New password set by the link"),
    "signed out everywhere": lazy("Signed out everywhere"),
    "token ended": lazy("Token ended"),
}


@router.get("/users")
async def show_users(visit: VisitDep) -> Response:
    """Everybody who can sign in or could, by name."""
    require(visit.person, Right.ADMINISTER)
    now = datetime.now(UTC)
    async with visit.parts.database.reading() as session:
        users = await list_users(session, active=None)
        keys = {name_key(one.user_id): one.user_id for one in users}
        locked = {keys[key] for key in await resting(session, keys, name_limit(visit.parts), now=now)}
    return visit.page(
        "users.html",
        users=[(one, _roles(visit, one), one.user_id in locked) for one in users],
        without_role=[one.name for one in users if one.active and not one.roles],
    )


@router.get("/users/new")
async def show_new_user(visit: VisitDep) -> Response:
    """An empty form."""
    require(visit.person, Right.ADMINISTER)
    return _new(visit, {}, {})


@router.post("/users/new")
async def add(visit: VisitDep) -> Response:
    """Adds a person, and shows the link with which they choose their password: this once."""
    form = await visit.form()
    entered = _entered(form)
    try:
        added = await add_person(visit.parts, visit.person, _sent(entered))
    except AftercareError as refused:
        if refused.status != 422:
            raise
        return _new(visit, entered, _problems(refused), 422)
    return await _page(visit, added.user_id, link=added.link)


@router.get("/users/{user_id}")
async def show_user(visit: VisitDep, user_id: str) -> Response:
    """One person. Raises NotFound."""
    require(visit.person, Right.ADMINISTER)
    return await _page(visit, user_id)


@router.post("/users/{user_id}")
async def change(visit: VisitDep, user_id: str) -> Response:
    """Changes what is known of a person. Raises NotFound."""
    entered = _entered(await visit.form())
    entered.pop("user_id")
    try:
        await change_person(visit.parts, visit.person, user_id, _sent(entered))
    except AftercareError as refused:
        if refused.status not in (409, 422):
            raise
        return await _page(visit, user_id, entered=entered, errors=_problems(refused), status=refused.status)
    return go_to(f"/users/{user_id}", "person_changed")


@router.post("/users/{user_id}/{act}")
async def act_on(visit: VisitDep, user_id: str, act: str) -> Response:
    """Enables, disables, unlocks, makes a link for a password, signs out, ends a token. Raises NotFound."""
    form, parts, person = await visit.form(), visit.parts, visit.person
    try:
        match act:
            case "enable" | "disable":
                await enable_person(parts, person, user_id, active=act == "enable")
            case "unlock":
                await unlock_person(parts, person, user_id)
            case "link":
                return await _page(visit, user_id, link=await password_link(parts, person, user_id))
            case "sign-out":
                await end_everything(parts, person, user_id)
            case "token":
                await end_token_of(parts, person, user_id, str(form.get("token") or ""))
            case _:
                raise NotFound("there is no such page")
    except AftercareError as refused:
        if refused.status != 409:
            raise
        return await _page(visit, user_id, errors=_problems(refused), status=refused.status)
    return go_to(f"/users/{user_id}", "person_changed")


def _entered(form: FormData) -> dict[str, Any]:
    """What was typed; an empty text is no answer."""
    texts: dict[str, Any] = {name: str(form.get(name) or "").strip() for name in _FIELDS}
    return texts | {"roles": [str(one) for one in form.getlist("roles")]}


def _sent(entered: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entered.items() if value}


def _problems(refused: AftercareError) -> dict[str, str]:
    found = {error.path.partition(".")[0]: error.message for error in errors_of(refused)}
    return found or {"": problem_text(refused)}


def _roles(visit: Visit, user: User) -> str:
    return ", ".join(_role(visit, role) for role in user.roles)


def _role(visit: Visit, role: str) -> str:
    return words.role_titles(role, visit.parts.plans.values())


def _choices(visit: Visit, chosen: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """What a form about a person offers; a role that no plan has any more stays to be seen."""
    known = known_roles(visit.parts)
    offered = [*known, *(role for role in chosen if role not in known)]
    hour = visit.now.replace(minute=0, second=0, microsecond=0)
    titled = [(role, _role(visit, role), role in chosen) for role in offered]
    return {
        "roles": sorted(titled, key=lambda one: (one[0] in {AUDITOR, ADMIN}, one[1].casefold())),
        "languages": list(LANGUAGES.items()),
        "zones": zone_groups(language(), hour),
    }


def _new(visit: Visit, entered: Mapping[str, Any], errors: Mapping[str, str], status: int = 200) -> Response:
    shown = dict.fromkeys(_FIELDS, "") | dict(entered)
    return visit.page(
        "user_new.html", status, entered=shown, errors=errors, **_choices(visit, entered.get("roles", []))
    )


async def _page(
    visit: Visit,
    user_id: str,
    *,
    entered: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    link: str = "",
    status: int = 200,
) -> Response:
    parts, now = visit.parts, datetime.now(UTC)
    async with parts.database.reading() as session:
        user = await find_user(session, user_id) if user_id.isprintable() else None
        if user is None:
            raise NotFound("there is no such person")
        locked = await resting(session, [name_key(user_id)], name_limit(parts), now=now)
        sessions, tokens = await sessions_of(session, user_id, now=now), await tokens_of(session, user_id, now=now)
        known_as, changes = await identities_of(session, user_id), await changes_of_user(session, user_id)
        held = (await open_loads(session)).get(user_id, 0)
        names = {one.user_id: one.name for one in await list_users(session, active=None)}
    until = next(iter(locked.values()), None)

    def when(at: datetime) -> str:
        return day_and_time(at, visit.zone, now)

    shown = {name: getattr(user, name) or "" for name in _FIELDS} | dict(entered or {})
    return visit.page(
        "user.html",
        status,
        user=user,
        entered=shown,
        errors=errors or {},
        link=link,
        link_hours=round(parts.settings.password_link_hours),
        locked=when(until) if until else "",
        held=held,
        own=user_id == visit.person.user_id,
        engineer=ENGINEER in user.roles,
        administers=ADMIN in user.roles,
        sessions=[(browser_words(one.device), when(one.created_at), when(one.seen_at)) for one in sessions],
        tokens=[
            (one.handle, when(one.created_at), when(one.expires_at) if one.expires_at else _("never")) for one in tokens
        ],
        identities=[(one.issuer, one.subject, when(one.seen_at), ", ".join(one.ignored)) for one in known_as],
        provider_gives_roles=bool(known_as and parts.settings.role_map),
        changes=[(when(one.at), _told(visit, one), names.get(one.by, one.by)) for one in changes],
        **_choices(visit, (entered or {}).get("roles") or user.roles),
    )


def _told(visit: Visit, change: UserChange) -> str:
    """A change in one line; roles by their titles, from what to what."""
    said = str(_WHAT.get(change.what, change.what))
    if change.what != "changed":
        return said
    parts = [_one(visit, name, pair) for name, pair in change.detail.items()]
    return f"{said}: {'; '.join(parts)}"


def _one(visit: Visit, name: str, pair: Any) -> str:
    titles = {
        "name": _("name"),
        "roles": _("roles"),
        "email": _("e-mail"),
        "language": _("language"),
        "time_zone": _("time zone"),
    }
    before, after = (
        ", ".join(_role(visit, role) for role in one) if isinstance(one, list) else str(one or "") for one in pair
    )
    return f"{titles.get(name, name)} {before or _('none')} → {after or _('none')}"
