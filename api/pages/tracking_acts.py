"""What a customer sends from their page: an answer, information with photos, a withdrawal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from api.actions import store_attachment
from api.actions.customers import add_information, answer_step, withdraw
from api.form_tokens import Proof
from api.pages.customers_view import Question, can_withdraw, consequences, evidence, is_theirs, question
from api.pages.entered import Entered
from api.pages.finding_errors import findings
from api.pages.languages import _, zone
from api.pages.public import Guest
from api.pages.tracking import INFORMATION, Tried, purpose, tracking_page, view_of
from api.pages.visit import problem_text
from api.parts import Parts, PartsDep
from api.public_forms import not_too_often, public_form
from api.rights import as_customer
from api.throttle import Throttle
from core.errors import AftercareError, NotFound
from domain.case import CaseState
from domain.events import CUSTOMER
from domain.tasks import TASKS
from store.attachments import find_attachments
from store.queries.cases import CaseView

router = APIRouter()
LONGEST_NAME = 100
_CHUNK = 256 * 1024
_DRAWN = "signature.png"
_often = Throttle(limit=40, seconds=3600)
"""What one case takes from its customer in an hour, in each process: nobody fills our disks through a link."""


@router.post("/t/{token}/answers/{key}")
async def answer(request: Request, parts: PartsDep, token: str, key: str) -> Response:
    """Takes the customer's answer to a step that waits for it. Raises LinkNotValid, NotFromOurPage, TooManyRequests."""
    view, guest, entered, proof = await _sent(request, parts, token)
    case = view.state
    asked = next((one for one in view.tasks if one.task.key == key), None)
    if asked is None or (own := TASKS[asked.task.kind].by_customer) is None:
        raise NotFound("there is no such question in your case")
    if not is_theirs(asked):
        return await _gone(request, parts, token, key, entered)
    put = question(case, view.tasks, asked)
    if entered.text("shown") != put.shown:
        changed = _("What this is about has changed since you opened the page. Look at it again, then answer.")
        return await tracking_page(request, parts, token, Tried(key, entered, {"": changed}, 409))
    answers, wrong = entered.values(put.fields, zone(case.time_zone))
    wrong |= _name_problems(entered) | _missing(put, answers)
    drawn = any(file.filename == _DRAWN for files in entered.uploads.values() for file in files)
    files, refused = await store_files(parts, _name(entered), entered, "files") if own.signature else ([], {})
    wrong |= refused
    if not wrong:
        try:
            await answer_step(
                parts,
                case.case_id,
                key,
                answers,
                name=_name(entered),
                evidence=evidence(case, _name(entered), asked.task.kind, drawn=drawn),
                files=files,
                submission_id=proof.number,
            )
            return guest.go_to(f"/t/{token}", said="answered")
        except AftercareError as no:
            if no.status in (403, 404, 409):
                return await _gone(request, parts, token, key, entered)
            wrong = _said(no, [f"outcome.{_last(one.name)}" for one in put.fields], key)
            if no.status != 422:
                return await tracking_page(request, parts, token, Tried(key, entered, wrong, no.status))
    return await tracking_page(request, parts, token, Tried(key, entered, wrong))


@router.post("/t/{token}/information")
async def tell(request: Request, parts: PartsDep, token: str) -> Response:
    """Adds what the customer says and their photos (X7). Raises LinkNotValid, NotFromOurPage, TooManyRequests."""
    view, guest, entered, proof = await _sent(request, parts, token)
    name = own_name(view.state)
    files, wrong = await store_files(parts, name, entered, "files")
    if not wrong and not entered.text("text") and not files:
        wrong = {"text": _("Write something, or choose a photo.")}
    if not wrong:
        try:
            await add_information(
                parts, view.state.case_id, name=name, text=entered.text("text"), files=files, message_id=proof.number
            )
            return guest.go_to(f"/t/{token}", said="told")
        except AftercareError as no:
            wrong = _said(no, ["text"]) if no.status in (422, 503) else {"": _closed_meanwhile()}
            return await tracking_page(request, parts, token, Tried(INFORMATION, entered, wrong, no.status))
    return await tracking_page(request, parts, token, Tried(INFORMATION, entered, wrong))


@router.get("/t/{token}/withdraw")
async def ask_before_withdrawing(request: Request, parts: PartsDep, token: str) -> Response:
    """Tells what a withdrawal leads to, before it is done (X5). Raises LinkNotValid, NotFound."""
    _case_id, view = await view_of(parts, token)
    if view is None:
        raise NotFound("your case is being set up; try again in a moment")
    guest = Guest(request, parts, view.state.application.customer.language)
    return _withdrawing(guest, token, view.state, Entered(), {})


@router.post("/t/{token}/withdraw")
async def take_withdrawal(request: Request, parts: PartsDep, token: str) -> Response:
    """Withdraws the case. Raises LinkNotValid, NotFromOurPage, TooManyRequests."""
    view, guest, entered, proof = await _sent(request, parts, token)
    case = view.state
    wrong = _name_problems(entered)
    if not entered.text("reason"):
        wrong["reason"] = _("Tell us why in a few words.")
    if entered.text("sure") != "yes":
        wrong["sure"] = _("Tick this when you have read what follows.")
    status = 422
    if not wrong:
        try:
            await withdraw(
                parts, case.case_id, name=_name(entered), reason=entered.text("reason"), message_id=proof.number
            )
            return guest.go_to(f"/t/{token}", said="withdrawn")
        except AftercareError as no:
            wrong = _said(no, ["reason"]) if no.status in (422, 503) else {"": _closed_meanwhile()}
            status = no.status
    return _withdrawing(guest, token, case, entered, wrong, status)


def _withdrawing(
    guest: Guest,
    token: str,
    case: CaseState,
    entered: Entered,
    wrong: dict[str, str],
    status: int = 200,
) -> Response:
    return guest.page(
        "customer_withdraw.html",
        status,
        base=f"/t/{token}",
        csrf=guest.token(purpose(case.case_id)),
        company=case.company,
        possible=can_withdraw(case),
        consequences=consequences(case),
        name=case.application.customer.contact_name or "",
        entered=entered,
        errors=wrong,
    )


async def _sent(request: Request, parts: Parts, token: str) -> tuple[CaseView, Guest, Entered, Proof]:
    """What every form of the page begins with: the link, the form with its proof, the language of the answer."""
    case_id, view = await view_of(parts, token)
    if view is None:
        raise NotFound("your case is being set up; try again in a moment")
    not_too_often(_often, case_id)
    form = await public_form(request, parts.settings.max_public_form_bytes)
    guest = Guest(request, parts, view.state.application.customer.language)
    return view, guest, Entered.from_form(form), guest.proof(purpose(case_id), form.get("csrf"))


async def store_files(parts: Parts, name: str, entered: Entered, field: str) -> tuple[list[str], dict[str, str]]:
    """Stores the files that came along; returns them with those kept from before, and what was wrong with one.

    What was kept from before must be a customer's: nobody hands in a file of ours by its identifier.
    """
    wrong: dict[str, str] = {}
    for file in entered.uploads.pop(field, []):
        try:
            stored = await store_attachment(parts, as_customer(name), file.filename or "file", _chunks(file))
        except AftercareError as refused:
            wrong[field] = f"{file.filename}: {problem_text(refused)}"
            continue
        entered.kept.setdefault(field, []).append(stored.attachment_id)
        entered.texts[f"name.{stored.attachment_id}"] = stored.file_name
    kept = dict.fromkeys(entered.kept.get(field, [])[:20])
    async with parts.database.reading() as session:
        known = await find_attachments(session, kept)
    entered.kept[field] = [one for one in kept if one in known and known[one].uploaded_by == CUSTOMER]
    return entered.kept[field], wrong


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


def own_name(case: CaseState) -> str:
    """The name that what a customer adds is recorded under: whom to ask for, else the customer's."""
    return case.application.customer.contact_name or case.application.customer.name


def _name(entered: Entered) -> str:
    return " ".join(entered.text("name").split())


def _name_problems(entered: Entered) -> dict[str, str]:
    name = _name(entered)
    if not name:
        return {"name": _("Your name is needed: it stands on record beside what you say.")}
    if len(name) > LONGEST_NAME:
        return {"name": _("At most %(most)s characters.", most=LONGEST_NAME)}
    return {}


def _missing(put: Question, answers: dict[str, object]) -> dict[str, str]:
    """What was not answered and is needed with what was."""
    needed = [
        one.name
        for one in put.fields
        if one.required or any(answers.get(_last(other)) == answer for other, answer in one.when)
    ]
    return {name: _("This is needed.") for name in needed if answers.get(_last(name)) in (None, "")}


def _last(name: str) -> str:
    return name.rpartition(".")[2]


async def _gone(request: Request, parts: Parts, token: str, key: str, entered: Entered) -> Response:
    """The step was answered or has moved on. Who did it is not the customer's to read here."""
    late = _("This was answered already, or things have moved on. What you see now is how it stands.")
    return await tracking_page(request, parts, token, Tried(key, entered, {"": late}, 409))


def _closed_meanwhile() -> str:
    return _("Your case has been closed meanwhile, so this could not be taken.")


def _said(no: AftercareError, names: Iterable[str], key: str = "") -> dict[str, str]:
    """What an error says to a customer, by field; that of an outcome by the field of the step with this key."""
    if no.status == 503:
        return {"": _("Our system cannot be reached at the moment. What you entered is kept: send it again.")}
    found = findings(no, names)
    return {f"{key}.{_last(name)}" if name.startswith("outcome.") else name: text for name, text in found.items()}
