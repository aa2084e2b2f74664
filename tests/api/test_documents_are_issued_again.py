"""R10, M9: a document is issued again, of an open case through its workflow, of a closed one through a short one."""

from __future__ import annotations

import pytest

from api.sending import headers_of
from domain.case import CaseStatus
from tests.api.house import House, problem

AGAIN = {"kind": "service_confirmation", "reason": "The customer lost it", "id": "again-1"}


@pytest.fixture
async def case_id(house: House) -> str:
    return await house.open()


async def test_an_open_case_is_asked_itself(house: House, case_id: str) -> None:
    assert (await house.post("shen", f"/cases/{case_id}/signals/issue_document", AGAIN)).status_code == 202
    assert [name for _, name, _ in house.engine.signals] == ["issue_document"]
    assert not house.engine.issued_again


async def test_a_closed_case_has_it_made_by_a_workflow_of_its_own(house: House, case_id: str) -> None:
    house.engine.books[case_id].state.status = CaseStatus.CLOSED
    await house.engine.project(case_id)
    assert (await house.post("shen", f"/cases/{case_id}/signals/issue_document", AGAIN)).status_code == 202
    [asked] = house.engine.issued_again
    assert (asked.case_id, asked.request_id, asked.kind, asked.by.user) == (case_id, "again-1", AGAIN["kind"], "shen")
    assert not house.engine.signals
    told = await house.post("shen", f"/cases/{case_id}/signals/add_information", {"text": "More"})
    problem(told, 409)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("handover_form", "nothing was taken back"),
        ("quotation", "no cost is on record"),
        ("proforma_invoice", "the customer bears no cost"),
        ("inspection_report", "nothing was inspected"),
    ],
)
async def test_what_the_record_has_nothing_for_is_refused_with_the_reason(
    house: House, case_id: str, kind: str, why: str
) -> None:
    refused = await house.post("shen", f"/cases/{case_id}/signals/issue_document", {**AGAIN, "kind": kind})
    [error] = problem(refused, 422)["errors"]
    assert error["path"] == "kind"
    assert why in error["message"]


async def test_a_credit_note_names_the_invoice_that_it_takes_back(house: House, case_id: str) -> None:
    note = {"kind": "credit_note", "number": "CN-1", "amount": "10.00"}
    refused = await house.post("shen", f"/cases/{case_id}/signals/record_invoice", note)
    assert problem(refused, 422)["errors"][0]["path"] == "credits"
    refused = await house.post("shen", f"/cases/{case_id}/signals/record_invoice", {**note, "credits": "FP-9"})
    assert "no invoice of this case" in problem(refused, 422)["errors"][0]["message"]


async def test_whoever_only_reads_has_nothing_issued(house: House, case_id: str) -> None:
    problem(await house.post("audit", f"/cases/{case_id}/signals/issue_document", AGAIN), 403)


def test_a_paper_is_shown_in_place_and_an_uploaded_one_only_saved() -> None:
    ours = headers_of("a.pdf", "application/pdf", "t", paper=True)
    uploaded = headers_of("a.pdf", "application/pdf", "t")
    assert ours["Content-Disposition"].startswith("inline")
    assert "sandbox" not in ours["Content-Security-Policy"]
    assert uploaded["Content-Disposition"].startswith("attachment")
    assert uploaded["Content-Security-Policy"].startswith("sandbox")
