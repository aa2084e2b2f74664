"""The table of rights by route: who may call each, and whose data it shows. A route missing here is answered to nobody.

A right that depends on what is called (the role of a task, the right of a message, whose absence it is) is checked
again where that is read; here stands what everybody who gets through has in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.rights import ADMIN, AUDITOR, Person, Right, may, require, spoken_role
from core.errors import Forbidden


class Who(StrEnum):
    """Those whom no single right describes."""

    ANYBODY = "anybody"
    LINK = "whoever holds the link"
    SIGNED_IN = "whoever is signed in"
    WORKS = "whoever has a role of a service plan, or stands in for one"


class Kind(StrEnum):
    """What somebody looked at. The address names it, apart from lists, which have names of their own."""

    CASE = "case"
    TASK = "task"
    CUSTOMER = "customer"
    PRODUCT = "product"
    FILE = "file"
    DOCUMENT = "document"
    EXPORT = "export"
    LIST = "list"


@dataclass(frozen=True)
class Shows:
    """Whose data a route shows: `of` is the part of its address that names it, or the name of a list or an export."""

    kind: Kind
    of: str


@dataclass(frozen=True)
class Rule:
    """Who may call a route, and what personal data it shows, if the address tells."""

    who: Who | Right
    shows: Shows | None = None
    engine_pages: bool = False
    """Whether the engine's own pages may ask it too, with the session of who is signed in here."""


def allows(rule: Rule, person: Person) -> bool:
    """True when somebody who is signed in may call a route with this rule."""
    if isinstance(rule.who, Right):
        return may(person, rule.who)
    if rule.who is Who.WORKS:
        return person.is_admin or bool(person.grounds) or bool(person.roles - {ADMIN, AUDITOR})
    return True


def require_route(rule: Rule, person: Person) -> None:
    """Checks that somebody who is signed in may call a route. Raises Forbidden naming what it takes."""
    if isinstance(rule.who, Right):
        require(person, rule.who)
    elif not allows(rule, person):
        own = ", ".join(spoken_role(role) for role in sorted(person.roles)) or "none"
        raise Forbidden(f"this takes a role of a service plan or {ADMIN}; you have {own}")


def _case(who: Who | Right, part: str = "case_id") -> Rule:
    return Rule(who, Shows(Kind.CASE, part))


def _task(who: Who | Right) -> Rule:
    return Rule(who, Shows(Kind.TASK, "task_id"))


def _list(name: str, who: Who | Right = Right.SEE_CASES) -> Rule:
    return Rule(who, Shows(Kind.LIST, name))


def _export(name: str, who: Who | Right = Right.SEE_CASES) -> Rule:
    return Rule(who, Shows(Kind.EXPORT, name))


def _one(kind: Kind, part: str, who: Who | Right = Right.SEE_CASES) -> Rule:
    return Rule(who, Shows(kind, part))


_ANYBODY, _LINK, _SIGNED_IN, _WORKS = Rule(Who.ANYBODY), Rule(Who.LINK), Rule(Who.SIGNED_IN), Rule(Who.WORKS)
_SEES = Rule(Right.SEE_CASES)

_JSON: Mapping[str, Rule] = {
    "GET /healthz": _ANYBODY,
    "GET /readyz": _ANYBODY,
    "GET /api/openapi.json": _ANYBODY,
    "GET /api/docs": _ANYBODY,
    "OPTIONS /codec/decode": _ANYBODY,
    "OPTIONS /codec/encode": _ANYBODY,
    "POST /codec/decode": Rule(Right.READ_SEALED, engine_pages=True),
    "POST /codec/encode": Rule(Right.ADMINISTER, engine_pages=True),
    "POST /api/v1/cases": Rule(Right.OPEN_CASE),
    "GET /api/v1/cases": _list("cases"),
    "GET /api/v1/cases/{case_id}": _case(Right.SEE_CASES),
    "POST /api/v1/cases/{case_id}/signals/{name}": _WORKS,
    "POST /api/v1/cases/{case_id}/reopen": Rule(Right.REOPEN),
    "POST /api/v1/cases/{case_id}/tracking-link": Rule(Right.CHANGE_LINK),
    "DELETE /api/v1/cases/{case_id}/tracking-link": Rule(Right.CHANGE_LINK),
    "POST /api/v1/cases/{case_id}/erase": Rule(Right.ERASE),
    "GET /api/v1/cases/{case_id}/legal-hold": _case(Right.SEE_CASES),
    "POST /api/v1/cases/{case_id}/legal-hold": Rule(Right.HOLD),
    "DELETE /api/v1/cases/{case_id}/legal-hold": Rule(Right.HOLD),
    "GET /api/v1/cases/{case_id}/events": _case(Right.SEE_CASES),
    "GET /api/v1/cases/{case_id}/history": _case(Right.SEE_HISTORY),
    "GET /api/v1/cases/{case_id}/deadlines": _case(Right.SEE_CASES),
    "GET /api/v1/cases/{case_id}/used-time": _case(Right.SEE_CASES),
    "GET /api/v1/access": Rule(Right.SEE_ACCESS),
    "GET /api/v1/cases/{case_id}/documents": _case(Right.SEE_CASES),
    "GET /api/v1/cases/{case_id}/messages": _case(Right.SEE_CASES),
    "GET /api/v1/cases/{case_id}/articles": _SEES,
    "POST /api/v1/cases/{case_id}/article": Rule(Right.WRITE_ARTICLE),
    "GET /api/v1/tasks": _list("tasks"),
    "GET /api/v1/tasks/{task_id}": _task(Right.SEE_CASES),
    "POST /api/v1/tasks/{task_id}/claim": _WORKS,
    "POST /api/v1/tasks/{task_id}/release": _WORKS,
    "POST /api/v1/tasks/{task_id}/delegate": _WORKS,
    "POST /api/v1/tasks/{task_id}/complete": _WORKS,
    "GET /api/v1/tasks/{task_id}/proposal": _SEES,
    "GET /api/v1/engineers": _SEES,
    "GET /api/v1/engineers/{user}": _SEES,
    "PUT /api/v1/engineers/{user}": Rule(Right.KEEP_ENGINEERS),
    "GET /api/v1/absences": _SEES,
    "POST /api/v1/absences": Rule(Right.ENTER_ABSENCE),
    "DELETE /api/v1/absences/{absence_id}": Rule(Right.ENTER_ABSENCE),
    "GET /api/v1/deputies": _SEES,
    "POST /api/v1/deputies": _WORKS,
    "DELETE /api/v1/deputies/{deputy_id}": _WORKS,
    "OPTIONS /api/v1/attachments/resumable": _ANYBODY,
    "POST /api/v1/attachments/resumable": Rule(Right.STORE_FILE),
    "HEAD /api/v1/attachments/resumable/{upload_id}": Rule(Right.STORE_FILE),
    "PATCH /api/v1/attachments/resumable/{upload_id}": Rule(Right.STORE_FILE),
    "DELETE /api/v1/attachments/resumable/{upload_id}": Rule(Right.STORE_FILE),
    "POST /api/v1/attachments/resumable/{upload_id}": Rule(Right.STORE_FILE),
    "POST /api/v1/attachments": Rule(Right.STORE_FILE),
    "GET /api/v1/attachments/{attachment_id}": _one(Kind.FILE, "attachment_id"),
    "GET /api/v1/attachments/{attachment_id}/small": _one(Kind.FILE, "attachment_id"),
    "GET /api/v1/documents/{document_id}": _one(Kind.DOCUMENT, "document_id"),
    "GET /api/v1/documents/{document_id}/preview": _one(Kind.DOCUMENT, "document_id"),
    "GET /api/v1/shipments": _list("shipments"),
    "GET /api/v1/plans": _SEES,
    "GET /api/v1/plans/{name}": _SEES,
    "GET /api/v1/products": _list("products"),
    "POST /api/v1/products": Rule(Right.REGISTER),
    "GET /api/v1/products/{serial}": _one(Kind.PRODUCT, "serial"),
    "PATCH /api/v1/products/{serial}": Rule(Right.REGISTER),
    "GET /api/v1/products/{serial}/card": _one(Kind.PRODUCT, "serial"),
    "POST /api/v1/products/{serial}/card": Rule(Right.ENTER_REPAIR),
    "GET /api/v1/contracts": _list("contracts"),
    "POST /api/v1/contracts": Rule(Right.REGISTER),
    "PATCH /api/v1/contracts/{contract_id}": Rule(Right.REGISTER),
    "GET /api/v1/customers": _list("customers"),
    "GET /api/v1/warranty-terms": _SEES,
    "POST /api/v1/warranty-terms": Rule(Right.SET_WARRANTY),
    "GET /api/v1/factories": _SEES,
    "POST /api/v1/factories": Rule(Right.KEEP_FACTORIES),
    "GET /api/v1/reports/pareto": _SEES,
    "GET /api/v1/reports/cases": _list("counted cases"),
    "GET /api/v1/reports/period": _SEES,
    "GET /api/v1/reports/issued": _SEES,
    "GET /api/v1/reports/issued/{report_id}": _export("issued report"),
    "GET /api/v1/articles": _SEES,
    "POST /api/v1/articles": Rule(Right.WRITE_ARTICLE),
    "GET /api/v1/articles/{article_id}": _SEES,
    "PUT /api/v1/articles/{article_id}": Rule(Right.WRITE_ARTICLE),
    "GET /api/v1/articles/{article_id}/versions": _SEES,
    "POST /api/v1/articles/{article_id}/publish": Rule(Right.PUBLISH_ARTICLE),
    "POST /api/v1/articles/{article_id}/archive": Rule(Right.PUBLISH_ARTICLE),
    "GET /api/v1/actions": _SEES,
    "POST /api/v1/actions": Rule(Right.OPEN_ACTION),
    "GET /api/v1/actions/{action_id}": _SEES,
    "POST /api/v1/actions/{action_id}/complete": _WORKS,
    "POST /api/v1/actions/{action_id}/call-off": Rule(Right.OPEN_ACTION),
}

_PAGES: Mapping[str, Rule] = {
    "GET /sign-in": _ANYBODY,
    "POST /sign-in": _ANYBODY,
    "POST /sign-out": _ANYBODY,
    "GET /sign-in/provider": _ANYBODY,
    "GET /sign-in/provider/back": _ANYBODY,
    "GET /password/{secret}": _LINK,
    "POST /password/{secret}": _LINK,
    "GET /sign-ins": _SIGNED_IN,
    "POST /sign-ins/end": _SIGNED_IN,
    "POST /sign-ins/password": _SIGNED_IN,
    "GET /users": Rule(Right.ADMINISTER),
    "GET /users/new": Rule(Right.ADMINISTER),
    "POST /users/new": Rule(Right.ADMINISTER),
    "GET /users/{user_id}": Rule(Right.ADMINISTER),
    "POST /users/{user_id}": Rule(Right.ADMINISTER),
    "POST /users/{user_id}/{act}": Rule(Right.ADMINISTER),
    "GET /access": Rule(Right.SEE_ACCESS),
    "GET /cases/{case_id}/access": Rule(Right.SEE_ACCESS),
    "GET /cases/{case_id}/record": _case(Right.AUDIT),
    "POST /cases/{case_id}/record": _case(Right.AUDIT),
    "GET /audit": _list("audit", Right.AUDIT),
    "GET /audit/samples": Rule(Right.AUDIT),
    "POST /audit/samples": Rule(Right.AUDIT),
    "GET /audit/samples/{sample_id}": _list("sample of cases", Right.AUDIT),
    "POST /audit/samples/{sample_id}": _list("sample of cases", Right.AUDIT),
    "GET /": _list("my work", Who.SIGNED_IN),
    "GET /design": _SIGNED_IN,
    "POST /theme": _SIGNED_IN,
    "GET /me": _SIGNED_IN,
    "POST /me": _SIGNED_IN,
    "GET /dispatch": _list("dispatch board", Right.SEE_BOARD),
    "POST /dispatch/{task_id}/give": Rule(Who.WORKS, Shows(Kind.LIST, "dispatch board")),
    "POST /dispatch/{task_id}/move": Rule(Who.WORKS, Shows(Kind.LIST, "dispatch board")),
    "GET /documents": _list("documents"),
    "GET /tasks/{task_id}": _task(Right.SEE_CASES),
    "POST /tasks/{task_id}/claim": _task(Who.WORKS),
    "POST /tasks/{task_id}/release": _task(Who.WORKS),
    "POST /tasks/{task_id}/delegate": _task(Who.WORKS),
    "POST /tasks/{task_id}/complete": _task(Who.WORKS),
    "POST /tasks/{task_id}/draft": _task(Who.WORKS),
    "POST /tasks/{task_id}/draft/discard": _WORKS,
    "GET /service-worker.js": _ANYBODY,
    "GET /outbox": _SEES,
    "GET /offline.json": _SEES,
    "POST /my-work/bulk": _list("my work", Who.WORKS),
    "GET /my-work/changes": _SEES,
    "POST /my-work/views": _SIGNED_IN,
    "POST /my-work/views/{view_id}": _SIGNED_IN,
    "POST /my-work/views/{view_id}/delete": _SIGNED_IN,
    "GET /cases": _list("cases"),
    "GET /cases/new": Rule(Right.OPEN_CASE),
    "POST /cases/new": Rule(Right.OPEN_CASE),
    "GET /cases/{case_id}": _case(Right.SEE_CASES),
    "GET /cases/{case_id}/erase": _case(Right.ERASE),
    "POST /cases/{case_id}/erase": _case(Right.ERASE),
    "GET /cases/{case_id}/legal-hold": _case(Right.HOLD),
    "POST /cases/{case_id}/legal-hold": _case(Right.HOLD),
    "GET /retention": Rule(Right.SEE_RETENTION),
    "GET /cases/{case_id}/do/{name}": _case(Who.WORKS),
    "POST /cases/{case_id}/messages/{name}": _case(Who.WORKS),
    "POST /cases/{case_id}/reopen": _case(Right.REOPEN),
    "POST /cases/{case_id}/article": Rule(Right.WRITE_ARTICLE),
    "GET /engineers": _SEES,
    "POST /engineers/absences": Rule(Right.ENTER_ABSENCE),
    "POST /engineers/absences/{absence_id}/remove": Rule(Right.ENTER_ABSENCE),
    "POST /engineers/deputies": _WORKS,
    "POST /engineers/deputies/{deputy_id}/remove": _WORKS,
    "POST /engineers/people/{user}/profile": Rule(Right.KEEP_ENGINEERS),
    "GET /escalations": _list("escalations"),
    "POST /escalations/{task_id}/decide": Rule(Who.WORKS, Shows(Kind.LIST, "escalations")),
    "GET /knowledge": _SEES,
    "GET /knowledge/new": Rule(Right.WRITE_ARTICLE),
    "POST /knowledge/new": Rule(Right.WRITE_ARTICLE),
    "GET /knowledge/{article_id}": _SEES,
    "GET /knowledge/{article_id}/versions/{number}": _SEES,
    "GET /knowledge/{article_id}/edit": Rule(Right.WRITE_ARTICLE),
    "POST /knowledge/{article_id}/edit": Rule(Right.WRITE_ARTICLE),
    "POST /knowledge/{article_id}/{act}": Rule(Right.PUBLISH_ARTICLE),
    "GET /plans": _SEES,
    "GET /plans/{name}": _SEES,
    "GET /products": _list("products"),
    "GET /products/new": Rule(Right.REGISTER),
    "POST /products/new": Rule(Right.REGISTER),
    "GET /products/{name}": _one(Kind.PRODUCT, "name"),
    "POST /products/{name}/{act}": _one(Kind.PRODUCT, "name", Who.WORKS),
    "GET /customers": _list("customers"),
    "GET /customers/{customer_id}": _one(Kind.CUSTOMER, "customer_id"),
    "GET /contracts": _list("contracts"),
    "POST /contracts/{contract_id}/sign": _list("contracts", Right.REGISTER),
    "GET /warranty-terms": _SEES,
    "POST /warranty-terms": Rule(Right.SET_WARRANTY),
    "GET /factories": _SEES,
    "POST /factories": Rule(Right.KEEP_FACTORIES),
    "GET /reports": _SEES,
    "GET /reports/cases": _list("counted cases"),
    "GET /reports/issued": _SEES,
    "GET /reports/issued/{report_id}": _export("issued report"),
    "GET /reports.csv": _export("figures as a table"),
    "GET /reports.svg": _SEES,
    "GET /reports.pdf": _export("figures on paper"),
    "GET /actions": _SEES,
    "GET /actions/new": Rule(Right.OPEN_ACTION),
    "POST /actions/new": Rule(Right.OPEN_ACTION),
    "GET /actions/{action_id}": _SEES,
    "POST /actions/{action_id}/complete": _WORKS,
    "POST /actions/{action_id}/call-off": Rule(Right.OPEN_ACTION),
    "GET /request": _ANYBODY,
    "GET /request/held/{request_id}": _LINK,
    "GET /request/{plan}": _ANYBODY,
    "POST /request/{plan}": _ANYBODY,
    "GET /requests": _list("requests", Right.JUDGE_REQUEST),
    "POST /requests/{request_id}": _list("requests", Right.JUDGE_REQUEST),
    "POST /cases/{case_id}/tracking-link": _case(Right.CHANGE_LINK),
    "GET /t/{token}": _LINK,
    "GET /t/{token}/documents/{document_id}": _LINK,
    "POST /t/{token}/answers/{key}": _LINK,
    "POST /t/{token}/information": _LINK,
    "GET /t/{token}/withdraw": _LINK,
    "POST /t/{token}/withdraw": _LINK,
    "GET /t/{token}/pictures/{attachment_id}": _LINK,
    "GET /t/{token}/pictures/{attachment_id}/small": _LINK,
    "GET /t/{token}/videos/{attachment_id}": _LINK,
    "GET /static": _ANYBODY,
}

ROUTES: Mapping[str, Rule] = {**_JSON, **_PAGES}
"""Method and address of every route, with its rule."""
