"""A solved case as a draft article: what was checked and found, nobody's name, number or address."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import CaseState, Result
from domain.knowledge import draft_of, is_solved
from tests.pages.making import PLANS, MadeCase, virtual_now

DIRTY = (
    "Mr Rossi says the spindle rattles; call him at +39 055 555 0101 or rossi@example.com, Via Roma 7. "
    "陈经理说主轴异响。 Serial AX2-77, case C-0000000042, see https://example.com/t/abc. "
    "Above 8,000 rpm, 5.5 bar, 60 °C."
)


def _case(description: str, contact: str = "Mario Rossi") -> MadeCase:
    made = MadeCase(PLANS["rapid-response"], "C-0000000042", virtual_now())
    asked = made.state.application.model_dump(mode="json")
    asked["customer"] |= {"name": "Officine Belle Arti", "contact_name": contact, "address": "Via Roma 7\nFirenze Nord"}
    asked["product"] |= {"model": "AX-200-B", "serial_number": "AX2-77"}
    asked["problem"] = {"category": "noise", "description": description}
    made.change(application=asked, work_order="RR-2026-000042")
    return made


def _solved(made: MadeCase) -> CaseState:
    task = made.offer("remote_diagnosis")
    made.complete(
        task,
        {
            "result": "solved",
            "checks": "1. Ran without a tool with Rossi on the phone\n2. Cleaned the collet\n\n- Measured 5.5 bar",
            "findings": "The collet was dirty at Officine  Belle Arti. Lin Yue saw it. RR-2026-000042",
        },
    )
    made.close()
    return made.state


def test_a_draft_holds_model_kind_symptom_steps_and_cause() -> None:
    made = _case("Rattles above 8,000 rpm")
    draft = draft_of(_solved(made), made.tasks)
    assert draft.title == "AX-200-B: Rattles above 8,000 rpm"
    assert (draft.models, draft.category, draft.plan) == (("AX-200-B",), "noise", "rapid-response")
    assert draft.steps[1:] == ("Cleaned the collet", "Measured 5.5 bar")
    assert draft.text is not None
    assert "The collet was dirty" in draft.text


@pytest.mark.parametrize("contact", ["Mario Rossi", "陈雨"])
def test_nothing_of_the_people_and_numbers_is_left(contact: str) -> None:
    made = _case(DIRTY, contact)
    draft = draft_of(_solved(made), made.tasks, ["Wei Shen"])
    whole = draft.model_dump_json()
    left_in = [
        "Officine",
        "Belle Arti",
        "055 555",
        "example.com",
        "Via Roma",
        "AX2-77",
        "0000000042",
        "Lin Yue",
        "000042",
    ]
    left_in += ["Rossi"] if contact == "Mario Rossi" else ["陈经理"]
    assert [one for one in left_in if one in whole] == []
    for kept in ("spindle rattles", "8,000 rpm", "5.5 bar", "60 °C", "异响"):
        assert kept in whole


def test_texts_of_any_length_and_kind_make_a_draft() -> None:
    made = _case("\n".join(["x" * 900] * 4), contact=".*[")
    task = made.offer("remote_diagnosis")
    made.complete(task, {"result": "solved", "checks": "\n".join(["- " + "y" * 70] * 50), "findings": "z" * 4000})
    draft = draft_of(made.state, made.tasks)
    assert len(draft.steps) == 40


def test_only_what_is_solved_teaches_something() -> None:
    made = _case("Rattles")
    assert not is_solved(made.state)
    made.change(instants={"completion": made.now - timedelta(hours=1)})
    assert is_solved(made.state)
    made.close(Result.WITHDRAWN)
    assert not is_solved(made.state)
    assert is_solved(_solved(_case("Rattles")))
