"""What auditors do: have a case checked, draw a sample, say what they found in a case of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import ValidationError

from api.ids import known_case_id
from api.parts import Parts
from api.problems import InvalidFields
from api.rights import Person, Right, require
from core.errors import AftercareError, NotFound, Refused
from domain.model import printable
from domain.record.auditing import AuditOrder
from domain.record.findings import AuditKind
from domain.record.sampling import Criteria, draw, is_settled
from store.audits import ask_audit, forget_audit, keep_sample, review_case
from store.queries.audits import candidates, find_sample
from store.queries.cases import case_exists

WORKFLOW = "AuditCase"
BUTTONS: tuple[Literal[AuditKind.VERIFY, AuditKind.REPLAY], ...] = (AuditKind.VERIFY, AuditKind.REPLAY)
"""What a button of a case's record asks for."""
LONGEST_SEED = 60
LONGEST_REMARK = 2000


async def ask_check(parts: Parts, person: Person, case_id: str, kind: str) -> str:
    """Has a case checked by a worker and returns the id of the check; while one of a kind runs, it is that one.

    Raises Forbidden, NotFound, Invalid for another kind, Unavailable; nothing is kept of a check that did not begin.
    """
    require(person, Right.AUDIT)
    wanted = next((one for one in BUTTONS if one.value == kind), None)
    if wanted is None:
        raise InvalidFields.at("kind", f"is none of {', '.join(BUTTONS)}")
    async with parts.database.session() as session:
        if not await case_exists(session, known_case_id(case_id)):
            raise NotFound("there is no such case")
        audit_id = await ask_audit(session, case_id, wanted, by=person.user_id, at=datetime.now(UTC))
    order = AuditOrder(audit_id=audit_id, case_id=case_id, kind=wanted)
    try:
        # by an id that names no case: what an erased case has no key for any more can still be checked
        await parts.engine.begin(WORKFLOW, f"audit-{audit_id}", order, summary=f"{wanted.value} of {case_id}")
    except AftercareError:
        async with parts.database.session() as session:
            await forget_audit(session, audit_id)
        raise
    return audit_id


async def draw_sample(parts: Parts, person: Person, entered: Mapping[str, Any]) -> str:
    """Draws a sample of closed cases and keeps it; returns its id. `entered` are the criteria and the `seed`.

    Raises Forbidden, InvalidFields: also for a period that is not over, since a later drawing could then differ.
    """
    require(person, Right.AUDIT)
    given = dict(entered)
    seed = _text("seed", given.pop("seed", ""), LONGEST_SEED)
    try:
        criteria = Criteria.model_validate(given)
    except ValidationError as wrong:
        raise InvalidFields.of(wrong) from None
    if criteria.plan is not None and criteria.plan not in parts.plans:
        raise InvalidFields.at("plan", "there is no such plan")
    if not is_settled(criteria, parts.now()):
        raise InvalidFields.at("until", "must be over: while cases can still close in it, the same seed draws others")
    async with parts.database.session() as session:
        chosen = draw(await candidates(session, criteria), criteria, seed)
        if not chosen:
            raise InvalidFields.at("since", "no case was closed in this period")
        return await keep_sample(session, criteria, seed, chosen, by=person.user_id, at=datetime.now(UTC))


async def review(parts: Parts, person: Person, sample_id: str, case_id: str, *, finding: str, remark: str) -> None:
    """Keeps what somebody found in a case of a sample; a later word goes before it and does not take it away.

    Raises Forbidden, NotFound, InvalidFields: whoever has a finding says what it is.
    """
    require(person, Right.AUDIT)
    if finding not in ("yes", "no"):
        raise InvalidFields.at("finding", "say whether there is a finding")
    said = remark.strip()
    if finding == "yes" or said:
        said = _text("remark", said, LONGEST_REMARK)
    async with parts.database.session() as session:
        sample = await find_sample(session, sample_id)
        if sample is None or case_id not in {one.case_id for one in sample.cases}:
            raise NotFound("there is no such case in this sample")
        last = sample.reviews.get(case_id)
        if last is not None and (last.finding, last.remark) == (finding == "yes", said):
            return
        if last is not None and last.earlier >= 99:
            raise Refused("a hundred things were said of this case already")
        now = datetime.now(UTC)
        await review_case(session, sample_id, case_id, finding=finding == "yes", remark=said, by=person.user_id, at=now)


def _text(field: str, value: object, longest: int) -> str:
    text = str(value or "").replace("\r\n", "\n").strip()
    if not text:
        raise InvalidFields.at(field, "is needed")
    if len(text) > longest:
        raise InvalidFields.at(field, f"is longer than {longest} characters")
    try:
        return printable(text)
    except ValueError as wrong:
        raise InvalidFields.at(field, str(wrong)) from None
