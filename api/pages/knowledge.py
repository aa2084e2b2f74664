"""The knowledge base: articles found, read, written, published and archived."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.actions.articles import (
    DONE,
    ArticleTaken,
    archive_article,
    article_of_case,
    edit_article,
    publish_article,
    write_article,
)
from api.ids import known_article_id, new_id
from api.pages.article_fields import article_fields, entered_of, values_of
from api.pages.article_parts import STATES, article_view, changes_between, found_line, version_lines
from api.pages.entered import Entered
from api.pages.fields import places_of
from api.pages.finding_errors import findings
from api.pages.languages import _, say
from api.pages.searching import search_text
from api.pages.times import day_and_time
from api.pages.visit import Visit, VisitDep, go_to, problem_text
from api.rights import Right, may, require
from core.errors import AftercareError, Invalid, NotFound
from domain.case import FaultCategory
from domain.knowledge import ArticleState
from store.queries.articles import Article, find_article, list_articles
from store.queries.paging import BadCursor
from store.users import user_names

router = APIRouter()


@router.get("/knowledge")
async def show_knowledge(
    visit: VisitDep, q: str = "", model: str = "", category: str = "", state: str = "published", cursor: str = ""
) -> Response:
    """The articles: published ones, drafts or archived ones, by words, model and kind of issue."""
    require(visit.person, Right.SEE_CASES)
    q, model = search_text(q), search_text(model)
    kind = FaultCategory(category) if category in set(FaultCategory) else None
    wanted = ArticleState(state) if state in set(ArticleState) else ArticleState.PUBLISHED
    async with visit.parts.database.reading() as session:
        try:
            found = await list_articles(
                session, q=q or None, model=model or None, category=kind, state=wanted, cursor=cursor or None
            )
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
        names = await _names(session)
    asked = {"q": q, "model": model, "category": kind.value if kind else "", "state": wanted.value}
    lines = [found_line(one, names, day_and_time(one.changed_at, visit.zone, visit.now)) for one in found.page.items]
    return visit.page(
        "knowledge.html",
        articles=lines,
        find=asked,
        some_words=not found.every,
        categories=[(one.value, say(one.title_text)) for one in FaultCategory],
        tabs=[(title, f"/knowledge?{urlencode({**asked, 'state': one})}", one is wanted) for one, title in _TABS],
        next=f"/knowledge?{urlencode({**asked, 'cursor': found.page.next})}" if found.page.next else "",
        can_write=may(visit.person, Right.WRITE_ARTICLE),
    )


_TABS = tuple((one, STATES[one]) for one in (ArticleState.PUBLISHED, ArticleState.DRAFT, ArticleState.ARCHIVED))


@router.get("/knowledge/new")
async def show_new_article(visit: VisitDep) -> Response:
    """An empty article."""
    require(visit.person, Right.WRITE_ARTICLE)
    return _form(visit, None, Entered(texts={"id": new_id()}), {})


@router.post("/knowledge/new")
async def write_new_article(visit: VisitDep) -> Response:
    """Writes the article, or shows what is wrong beside what was typed."""
    require(visit.person, Right.WRITE_ARTICLE)
    entered = Entered.from_form(await visit.form())
    fields = {**values_of(entered), "id": entered.text("id") or new_id(), "publish": _publishes(entered)}
    try:
        article_id = await write_article(visit.parts, visit.person, fields)
    except AftercareError as refused:
        if refused.status in (401, 403):
            raise
        return _form(visit, None, entered, findings(refused, _names_of_fields(visit)), status=refused.status)
    return go_to(f"/knowledge/{article_id}", "published" if fields["publish"] else "draft")


@router.post("/cases/{case_id}/article")
async def make_article_of_case(visit: VisitDep, case_id: str) -> Response:
    """Makes a draft of a solved case, or goes to the article that was made of it before."""
    await visit.form()
    article_id, added = await article_of_case(visit.parts, visit.person, case_id)
    return go_to(f"/knowledge/{article_id}/edit" if added else f"/knowledge/{article_id}", "learned" if added else "")


@router.get("/knowledge/{article_id}")
async def show_article(visit: VisitDep, article_id: str) -> Response:
    """An article as everybody sees it; one that is not published as its newest version says. Raises NotFound."""
    return await _page(visit, article_id)


@router.get("/knowledge/{article_id}/versions/{number}")
async def show_version(visit: VisitDep, article_id: str, number: int) -> Response:
    """One version of an article, with what it changed. Raises NotFound."""
    return await _page(visit, article_id, number)


@router.get("/knowledge/{article_id}/edit")
async def show_edit(visit: VisitDep, article_id: str) -> Response:
    """The newest version, to be changed. Raises NotFound."""
    require(visit.person, Right.WRITE_ARTICLE)
    article, _ = await _known(visit, article_id)
    return _form(visit, article, entered_of(article.newest.content, article.newest.version), {})


@router.post("/knowledge/{article_id}/edit")
async def edit(visit: VisitDep, article_id: str) -> Response:
    """Writes a new version; when somebody else was first, shows theirs beside what was typed, which is kept."""
    require(visit.person, Right.WRITE_ARTICLE)
    entered = Entered.from_form(await visit.form())
    read = _number(entered)
    fields = {**values_of(entered), "version": read, "publish": _publishes(entered)}
    try:
        await edit_article(visit.parts, visit.person, article_id, fields)
    except AftercareError as refused:
        if refused.status in (401, 403, 404):
            raise
        article, _ = await _known(visit, article_id)
        if refused.status != 409:
            wrong = findings(refused, _names_of_fields(visit))
            return _form(visit, article, entered, wrong, status=refused.status)
        entered.texts["version"] = str(article.newest.version)
        return _form(visit, article, entered, {}, conflict=_told(visit, refused), read=read, status=409)
    return go_to(f"/knowledge/{article_id}", "published" if fields["publish"] else "draft")


@router.post("/knowledge/{article_id}/{act}")
async def act_on(visit: VisitDep, article_id: str, act: str) -> Response:
    """Publishes or archives the version that was read. Raises NotFound."""
    if act not in _ACTS:
        raise NotFound("there is no such page")
    entered = Entered.from_form(await visit.form())
    do, said = _ACTS[act]
    try:
        await do(visit.parts, visit.person, article_id, {"version": _number(entered)})
    except AftercareError as refused:
        if refused.status in (401, 403, 404):
            raise
        return await _page(visit, article_id, conflict=_told(visit, refused), status=refused.status)
    return go_to(f"/knowledge/{article_id}", said)


_ACTS = {"publish": (publish_article, "published"), "archive": (archive_article, "archived")}


def _told(visit: Visit, refused: AftercareError) -> str:
    """What somebody is told whose change was refused; who was first, in the words and the zone of the pages."""
    if not isinstance(refused, ArticleTaken):
        return problem_text(refused)
    newest, at = refused.newest, day_and_time(refused.newest.at, visit.zone, visit.now)
    return _(
        "%(by)s %(act)s version %(version)s, %(at)s, while you were looking at version %(read)s."
        " Nothing of yours was saved over it.",
        by=refused.by,
        act=say(DONE[newest.act]),
        version=newest.version,
        at=at,
        read=refused.read,
    )


def _number(entered: Entered) -> int:
    text = entered.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _publishes(entered: Entered) -> bool:
    return entered.text("do") == "publish"


def _names_of_fields(visit: Visit) -> list[str]:
    return [one.name for one in article_fields(visit.parts.plans)]


async def _names(session: AsyncSession) -> dict[str, str]:
    return await user_names(session)


async def _known(visit: Visit, article_id: str) -> tuple[Article, dict[str, str]]:
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        article = await find_article(session, known_article_id(article_id))
        names = await _names(session)
    if article is None:
        raise NotFound("there is no such article")
    return article, names


async def _page(
    visit: Visit, article_id: str, number: int | None = None, *, conflict: str = "", status: int = 200
) -> Response:
    article, names = await _known(visit, article_id)
    one = article.at(number) if number is not None else article.shown or article.newest
    if one is None:
        raise NotFound("there is no such version of this article")
    newest, publishes = article.newest, may(visit.person, Right.PUBLISH_ARTICLE)
    waits = article.published != newest.version and article.state is not ArticleState.ARCHIVED
    before = article.at(one.version - 1)
    kind, _, source = (article.source or "").partition(":")
    return visit.page(
        "article.html",
        status,
        href=f"/knowledge/{article_id}",
        article=article_view(one.content, visit.parts.plans),
        state=STATES[article.state],
        version=one.version,
        newest=newest.version,
        is_newest=one.version == newest.version,
        looked_up=number is not None,
        draft_waits=waits and article.published is not None,
        can_write=may(visit.person, Right.WRITE_ARTICLE),
        can_publish=publishes and article.published != newest.version and one.version == newest.version,
        can_archive=publishes and article.state is not ArticleState.ARCHIVED and number is None,
        versions=version_lines(article, names),
        changes=changes_between(before, one) if number is not None and before else (),
        case=source if kind == "case" else "",
        file=source if kind == "file" else "",
        conflict=conflict,
        zone_name=visit.zone,
    )


def _form(
    visit: Visit,
    article: Article | None,
    entered: Entered,
    errors: dict[str, str],
    *,
    conflict: str = "",
    read: int = 0,
    status: int = 200,
) -> Response:
    fields = article_fields(visit.parts.plans)
    more: dict[str, Any] = {"href": "", "theirs": "", "changes": (), "from_case": False}
    if article is not None:
        more["href"] = f"/knowledge/{article.article_id}"
        more["from_case"] = (article.source or "").startswith("case:") and article.published is None
    if article is not None and conflict:
        more["theirs"] = f"{more['href']}/versions/{article.newest.version}"
        more["changes"] = changes_between(article.at(read), article.newest)
    return visit.page(
        "article_form.html",
        status,
        fields=fields,
        entered=entered,
        errors=errors,
        shown=places_of(fields),
        conflict=conflict,
        can_publish=may(visit.person, Right.PUBLISH_ARTICLE),
        zone=visit.zone,
        **more,
    )
