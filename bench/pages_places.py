"""Which addresses stand for the pages, in a database that was filled for measuring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from sqlalchemy import func, select

from domain.actions import ActionKind, ActionOrder, ActionStart
from domain.case import CaseStatus
from domain.events import Actor
from domain.knowledge import Act, ArticleContent
from domain.record.sampling import Chosen, Criteria, Drawn
from store.accounts import new_password_link
from store.articles import article_id_of, create_article
from store.audits import keep_sample
from store.held_requests import HeldRequest, hold_request
from store.queries.navigation import SPECIAL_CASE
from store.sessions import Database
from store.tables import ArticleRow, CaseRow, CustomerRow, ProductRow, TaskRow
from tests.browser.places import PAGES, address, visitor
from tests.pages.making import PLANS, MadeCase
from tests.support.made_actions import write_opened_action

Places = dict[str, list[str]]
"""Addresses by who asks for them."""
_MORE = [
    "/?show=mine", "/?show=late", "/?show=today", "/?show=offered",
    "/cases?q=hangzhou+valve", "/cases?q=有限公司", "/cases?q=86000+00012345", "/cases?q=nothingatall",
    "/cases?state=active", "/cases?stage=resolve&state=active", "/cases?overdue=true",
    "/customers?q=modena", "/products?q=S01234",
]  # fmt: skip
"""Lists with filters and searches."""
_LONGER = timedelta(days=90)
"""A longer period of reports than the month that whoever names no day sees."""
_ARTICLES = 300
STRANGER = "nobody"
"""Who has not signed in."""


async def find_places(app: FastAPI) -> Places:
    """Every page by the administrator, and the lists of work by people of one role."""
    database: Database = app.state.parts.database
    async with database.reading() as session:
        furnished = await session.scalar(select(ArticleRow.article_id).limit(1))
    if not furnished:
        await _add_articles(database)
        await _add_action(app)
    request, link = await _add_request(database), await _add_password_link(database)
    sample = await _add_sample(database)
    async with database.reading() as session:
        open_case = select(CaseRow.case_id).where(CaseRow.status == CaseStatus.ACTIVE.value).limit(1)
        case_id = str(await session.scalar(open_case.order_by(CaseRow.case_id.desc())))
        task = select(func.max(TaskRow.task_id)).where(TaskRow.case_id == case_id, TaskRow.kind != SPECIAL_CASE)
        examples = {
            "cases": case_id,
            "tasks": str(await session.scalar(task)),
            "knowledge": article_id_of("bench-1"),
            "versions": "1",
            "plans": "rapid-response",
            "products": str(await session.scalar(select(ProductRow.product_id).limit(1))),
            "customers": str(await session.scalar(select(CustomerRow.customer_id).limit(1))),
            "actions": "A-0000000001",
            "do": "pause",
            "samples": sample,
            "request": "rapid-response",
            "held": request,
            "users": "engineer.1",
            "password": link,
            "t": app.state.parts.tracking.token(case_id),
        }
    known = [path for path in PAGES if visitor(path)]
    strange = [path for path in PAGES if not visitor(path)]
    return {
        STRANGER: [address(path, examples) for path in strange],
        "admin": [
            *(address(path, examples) for path in known),
            *_MORE,
            f"/reports?from={datetime.now(UTC).date() - _LONGER}",
        ],
        "engineer.1": ["/", "/?show=mine"],
        "general.manager.1": ["/", "/escalations"],
    }


async def _add_articles(database: Database) -> None:
    now = datetime.now(UTC)
    async with database.session() as session:
        for number in range(_ARTICLES):
            said = {
                "title": f"Noise of the spindle, kind {number}",
                "models": [f"AX-{number % 9}00"],
                "symptom": f"Rattles at {number} turns",
                "steps": ["Look at the bearing", "Replace it"],
                "text": "A worn bearing rattles. " * 20,
            }
            content, article_id = ArticleContent.model_validate(said), article_id_of(f"bench-{number}")
            await create_article(session, article_id, content, Act.PUBLISHED, by="admin", at=now)


async def _add_request(database: Database) -> str:
    request_id, now = f"R-{'0' * 26}", datetime.now(UTC)
    asked = MadeCase(PLANS["rapid-response"], "C-0000000000", now).state.application.model_dump(mode="json")
    async with database.session() as session:
        await hold_request(session, HeldRequest(request_id, now, "rapid-response", asked, ("links",)))
    return request_id


async def _add_sample(database: Database) -> str:
    """A sample of closed cases, as an auditor draws one."""
    async with database.session() as session:
        closed = select(CaseRow.case_id).where(CaseRow.status == CaseStatus.CLOSED.value).limit(20)
        chosen = tuple(Chosen(case_id=case_id, drawn=Drawn.ANY) for case_id in await session.scalars(closed))
        now = datetime.now(UTC)
        criteria = Criteria(since=now - timedelta(days=30), until=now - timedelta(days=1), size=20)
        return await keep_sample(session, criteria, "bench", chosen, by="admin", at=now)


async def _add_password_link(database: Database) -> str:
    now = datetime.now(UTC)
    async with database.session() as session:
        return await new_password_link(session, "engineer.1", by="admin", now=now, expires_at=now + timedelta(days=1))


async def _add_action(app: FastAPI) -> None:
    plan, now = PLANS["rapid-response"], datetime.now(UTC)
    start = ActionStart(
        action_id="A-0000000001",
        plan=plan,
        pace=app.state.parts.pace,
        opened_at=now,
        opened_by=Actor(user="admin", name="Admin", role="admin"),
        order=ActionOrder(
            plan=plan.name, kind=ActionKind.PREVENTIVE, title="Check the seals", why="Half of all repairs",
            role="engineer", verify_role="service_manager", due_on=now.date(), verify_on=now.date(),
        ),
    )  # fmt: skip
    await write_opened_action(app.state.parts.database, start)
