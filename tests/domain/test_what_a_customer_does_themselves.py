"""What a task declares as its customer's: it fits the form, makes a whole outcome, and nothing else is theirs."""

from __future__ import annotations

import pytest

from domain.tasks import TASKS, Choice, FormInvalid, Known

THEIRS = sorted(name for name, task in TASKS.items() if task.by_customer)
SAID = {Known.NAME: "Wen Li", Known.HOW: "Wen Li, on the page", Known.EVIDENCE: "Wen Li, on the page. Shown: 86.50"}


def test_the_steps_that_are_a_customers_own() -> None:
    assert THEIRS == [
        "acceptance",
        "ask_wishes",
        "confirm_plan",
        "confirm_solved",
        "follow_up",
        "receive_parts",
        "receive_parts_nearby",
    ]


@pytest.mark.parametrize("name", THEIRS)
def test_what_is_asked_and_known_are_fields_of_the_form_and_answers_are_answers(name: str) -> None:
    task = TASKS[name]
    own = task.by_customer
    assert own is not None
    declared = task.form.model_fields
    assert {*own.asks, *own.known} <= declared.keys()
    assert own.signature is None or own.signature in declared
    for field, asked in own.asks.items():
        for answer in asked.answers:
            kind = declared[field].annotation
            members = getattr(kind, "__args__", (kind,))
            assert any(issubclass(one, Choice) and answer in set(one) for one in members if isinstance(one, type))
            assert answer != "no_answer"


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("confirm_plan", {"decision": "confirmed"}),
        ("confirm_plan", {"decision": "declined", "notes": "Too dear"}),
        ("acceptance", {"decision": "accepted", "checks": "It runs quietly"}),
        ("acceptance", {"decision": "refused", "refusal": "It still rattles"}),
        ("acceptance", {"decision": "not_arrived"}),
        ("follow_up", {"satisfaction": 5}),
        ("confirm_solved", {"result": "unsolved"}),
        ("ask_wishes", {"time_wanted": "By Friday", "use": "own_use"}),
        ("receive_parts", {"result": "wrong", "notes": "One is cracked"}),
    ],
)
def test_their_answers_make_a_whole_outcome(name: str, answers: dict[str, object]) -> None:
    outcome = TASKS[name].customers_outcome(answers, SAID)
    form = TASKS[name].accept(outcome)
    assert not isinstance(form, FormInvalid), form
    assert not form.is_attempt
    assert answers.items() <= outcome.items()


def test_names_and_evidence_stand_where_the_answer_needs_them() -> None:
    accepted = TASKS["acceptance"].customers_outcome({"decision": "accepted", "checks": "All of it"}, SAID)
    refused = TASKS["acceptance"].customers_outcome({"decision": "refused", "refusal": "Noise"}, SAID)
    assert (accepted["signed_by"], accepted["signature"], accepted["evidence"]) == (
        "Wen Li",
        "electronic",
        SAID[Known.EVIDENCE],
    )
    assert refused["refused_by"] == "Wen Li"
    assert "signed_by" not in refused
    assert "signature" not in refused


def test_what_was_not_asked_does_not_get_into_an_outcome() -> None:
    outcome = TASKS["confirm_plan"].customers_outcome({"decision": "confirmed", "given_by": "Somebody else"}, SAID)
    assert outcome["given_by"] == "Wen Li"


def test_a_task_that_is_ours_has_no_outcome_of_a_customers() -> None:
    with pytest.raises(ValueError, match="not the customer's"):
        TASKS["contact_customer"].customers_outcome({}, SAID)
