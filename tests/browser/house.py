"""A house full of work for browsers to look at: every page has something to show, and says it in the words given."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select

from api.actions.attachments import store_attachment
from api.actions.products import register_contract, register_one
from api.app import create_app
from api.rights import Person
from core.settings import Settings
from domain.actions import ActionKind, ActionOrder, ActionStart
from domain.case import CaseStatus, Hold, TaskStatus
from domain.events import Actor, EventKind
from domain.factories import Factory
from domain.knowledge import Act, ArticleContent
from domain.plan import Duty, Stage
from domain.record import Audited, AuditKind, Finding
from domain.record.sampling import Chosen, Criteria, Drawn
from store.accounts import new_password_link
from store.articles import article_id_of, change_article, create_article
from store.audits import ask_audit, keep_audit, keep_failed_audit, keep_sample, review_case
from store.factories import keep_factory
from store.held_requests import HeldRequest, hold_request
from store.migrations import upgrade
from store.projection import write_projection
from store.sessions import Database
from store.sign_ins import new_session
from store.tables import CustomerRow
from store.users import User, create_user, hash_password
from tests.pages.making import LIN, PLANS, FakeEngine, MadeCase, virtual_now
from tests.support.made_actions import write_opened_action

PASSWORD = "correct horse"
PEOPLE = {
    "lin": ("Lin Yue", ("customer_service",)),
    "mei": ("Mei Zhou", ("customer_service",)),
    "wei": ("Wei Shen", ("engineer",)),
    "tom": ("Tom Hale", ("engineer",)),
    "dan": ("Dan Qian", ("dispatcher",)),
    "gao": ("Gao An", ("general_manager",)),
    "audra": ("Audra Ning", ("auditor",)),
    "admin": ("Admin", ("admin",)),
}
ORDINARY = "Rattles since Monday, louder every day"
_DESK = Person("lin", "Lin Yue", frozenset({"customer_service"}), duties={Duty.DESK: frozenset({"customer_service"})})
_RAPID = PLANS["rapid-response"]


@dataclass
class House:
    """The application with its people, on an address of this machine."""

    app: FastAPI
    engine: FakeEngine
    address: str = ""
    examples: dict[str, str] = field(default_factory=dict)
    """What stands for a parameter of an address, by the segment before it: `cases`, `tasks`, `knowledge`, ..."""
    _numbers: int = 0

    @property
    def database(self) -> Database:
        """Its database."""
        database: Database = self.app.state.parts.database
        return database

    def case(self, text: str = ORDINARY, plan: str = "rapid-response") -> MadeCase:
        """A case in the making; it is there once it is projected."""
        self._numbers += 1
        return MadeCase(PLANS[plan], f"C-{self._numbers:010d}", virtual_now(), text)

    async def project(self, made: MadeCase) -> MadeCase:
        """Writes a case as the worker would."""
        async with self.database.session() as session:
            await write_projection(session, "run-1", made.now, made.projection())
        return made

    async def session_of(self, user: str) -> str:
        """Signs somebody in; returns what their browser keeps."""
        now = datetime.now(UTC)
        async with self.database.session() as session:
            cookie, _ = await new_session(session, user, now=now, expires_at=now + timedelta(hours=1))
        return cookie


@asynccontextmanager
async def opened_house(home: Path) -> AsyncIterator[House]:
    """A house with its people and nothing in it, served on a free port."""
    upgrade(f"sqlite+aiosqlite:///{home / 'aftercare.db'}")
    settings = Settings(home=home, session_secret="a secret that is only used in tests, and long enough")
    engine = FakeEngine()
    house = House(create_app(settings, engine=engine, plans=PLANS), engine)
    hashed = await hash_password(PASSWORD)
    async with house.database.session() as session:
        for user_id, (name, roles) in PEOPLE.items():
            await create_user(session, User(user_id, name, roles, datetime.now(UTC), regions=("浙江",)), hashed)
    server = uvicorn.Server(uvicorn.Config(house.app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by this flag alone
        await asyncio.sleep(0.02)
    house.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield house
    house.app.state.live.stop()  # as the product's own server does: open pages follow their list
    server.should_exit = True
    await asyncio.wait_for(serving, 10)
    await house.database.dispose()


async def fill(house: House, text: str) -> None:
    """Puts something on every page, every free text of it in the words given; names what stands for each parameter."""
    first = await _cases(house, text)
    articles = await _articles(house, text)
    product, action = await _register(house, text), await _action(house, text)
    async with house.database.reading() as session:
        customer = str(await session.scalar(select(CustomerRow.customer_id).limit(1)))
    now = datetime.now(UTC)
    async with house.database.session() as session:
        link = await new_password_link(session, "tom", by="admin", now=now, expires_at=now + timedelta(days=1))
    house.examples |= {
        "cases": first.case_id,
        "tasks": f"{first.case_id}.site_visit",
        "knowledge": articles,
        "versions": "2",
        "plans": _RAPID.name,
        "products": product,
        "customers": customer,
        "actions": action,
        "t": house.app.state.parts.tracking.token(first.case_id),
        "do": "pause",
        "request": _RAPID.name,
        "held": await _held(house, first),
        "users": "tom",
        "samples": await _audits(house, first, text),
        "password": link,
    }


async def _cases(house: House, text: str) -> MadeCase:
    picture = io.BytesIO()
    Image.new("RGB", (320, 240), "#7a8c99").save(picture, "PNG")

    async def chunks() -> AsyncIterator[bytes]:
        yield picture.getvalue()

    photo = await store_attachment(house.app.state.parts, _DESK, "type plate.png", chunks())
    first = house.case(text)
    contact = first.offer("contact_customer", due_in=-30)
    first.complete(contact, {"reached": "yes", "requirement": text, "attachments": [photo.attachment_id]})
    first.change(stage=Stage.RESOLVE, work_order="RR-2026-000001")
    first.offer("engineer_call", due_in=0.5, assignee="wei")
    first.offer("site_visit", due_in=30)
    first.offer("confirm_plan", due_in=-3, escalation_level=1, breached_at=first.now)
    late = first.offer("remote_diagnosis", due_in=3, escalation_level=1, reason=text)
    late.first_due_at = first.now - timedelta(minutes=90)
    first.offer("special_case", due_in=9, reason=text)
    first.add_information(text)
    first.with_costs()
    first.change(special_case_open=True)
    costs = [one.model_dump(mode="json") | {"rule": "The customer pays"} for one in first.state.costs]
    first.note(EventKind.COSTS_ENTERED, data={"costs": costs})
    first.note(EventKind.CORRECTED, LIN, data={"corrects": len(first.events) - 1, "text": text})
    await house.project(first)
    for plan in sorted(set(PLANS) - {_RAPID.name}):
        other = house.case(text, plan)
        for number, kind in enumerate(list(PLANS[plan].tasks)[:4]):
            other.offer(kind, due_in=number * 20 - 10)
        await house.project(other)
    paused = house.case(text)
    paused.offer("remote_diagnosis", status=TaskStatus.SUSPENDED)
    lin = Actor(user="lin", name="Lin Yue", role="customer_service")
    hold = Hold(reason=text, begins=paused.now, until=paused.now + timedelta(days=2), by=lin)
    paused.change(status=CaseStatus.SUSPENDED, holds=(hold.model_dump(),))
    await house.project(paused)
    closed = house.case(text)
    done = closed.offer("contact_customer")
    closed.complete(done, {"reached": "yes", "requirement": text, "attachments": []})
    closed.close()
    await house.project(closed)
    house.examples |= {"paused": paused.case_id, "closed": closed.case_id, "photo": photo.attachment_id}
    return first


async def _articles(house: House, text: str) -> str:
    article_id = article_id_of("browser")
    said = {"title": text[:200], "models": ["AX-200"], "symptom": text, "steps": [text], "text": f"# {text}"}
    content = ArticleContent.model_validate(said)
    async with house.database.session() as session:
        await create_article(session, article_id, content, Act.PUBLISHED, by="lin", at=virtual_now())
        newer = content.model_copy(update={"steps": (*content.steps, text[::-1])})
        await change_article(session, article_id, 1, Act.WRITTEN, newer, by="mei", at=virtual_now())
    return article_id


async def _held(house: House, made: MadeCase) -> str:
    """A request from outside that a person looks at first."""
    request_id = f"R-{'0' * 26}"
    asked = made.state.application.model_dump(mode="json")
    async with house.database.session() as session:
        await hold_request(session, HeldRequest(request_id, virtual_now(), _RAPID.name, asked, ("links",)))
    return request_id


async def _audits(house: House, made: MadeCase, text: str) -> str:
    """A correction; checks that run, passed, found something and could not be done; a sample with a review."""
    case_id, now = made.case_id, virtual_now()
    async with house.database.session() as session:
        found = tuple(Finding(place="event 3", what=text, recorded=text, found=None) for _ in range(2))
        for findings in (found, ()):
            audit_id = await ask_audit(session, case_id, AuditKind.REPLAY, by="audra", at=now)
            kept = Audited.of(case_id, AuditKind.REPLAY, findings, notes=(text,), code_version="1.0.0", at=now)
            await keep_audit(session, audit_id, kept)
        audit_id = await ask_audit(session, case_id, AuditKind.VERIFY, by="audra", at=now)
        await keep_failed_audit(session, audit_id, text, at=now, code_version="1.0.0")
        await ask_audit(session, case_id, AuditKind.VERIFY, by="admin", at=now)
        wanted = Criteria(since=now - timedelta(days=30), until=now - timedelta(days=1), size=3, late=1, costly=1)
        chosen = tuple(
            Chosen(case_id=house.examples[name], drawn=drawn)
            for name, drawn in (("closed", Drawn.LATE), ("paused", Drawn.COSTLY))
        )
        chosen = (Chosen(case_id=case_id, drawn=Drawn.ANY), *chosen)
        sample_id = await keep_sample(session, wanted, text[:60], chosen, by="audra", at=now)
        for finding in (True, False):
            said = house.examples["closed" if finding else "paused"]
            await review_case(session, sample_id, said, finding=finding, remark=text, by="audra", at=now)
    return sample_id


async def _register(house: House, text: str) -> str:
    parts = house.app.state.parts
    owner = {"name": text[:200], "contact_name": text[:200], "phone": "+86 000 0101", "region": "Zhejiang"}
    product = await register_one(
        parts, _DESK, {"serial_number": "AX2-7", "model": "AX-200", "installed_at": text[:200], "customer": owner}
    )
    days = {"valid_from": "2020-01-01", "valid_to": "2090-12-31"}
    await register_contract(parts, _DESK, {"number": "SC-1", "customer": owner, **days})
    async with house.database.session() as session:
        factory = Factory(name=text[:200], city="Ningbo", models=("AX",), contact=text[:200])
        await keep_factory(session, factory, by="dan", at=virtual_now())
    return product


async def _action(house: House, text: str) -> str:
    today = virtual_now().date()
    start = ActionStart(
        action_id="A-0000000001",
        plan=_RAPID,
        pace=house.app.state.parts.pace,
        opened_at=virtual_now(),
        opened_by=Actor(user="lin", name="Lin Yue", role="customer_service"),
        order=ActionOrder(
            plan=_RAPID.name,
            kind=ActionKind.PREVENTIVE,
            title=text[:200],
            why=text,
            role="engineer",
            verify_role="service_manager",
            due_on=today + timedelta(days=3),
            verify_on=today + timedelta(days=9),
        ),
    )
    await write_opened_action(house.database, start)
    return start.action_id
