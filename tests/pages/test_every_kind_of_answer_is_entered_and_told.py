"""Lists, tables, amounts and files of a task: entered on its page, and told again once it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from api.pages.fields import Kind, fields_of
from domain.case import MESSAGES, Application
from domain.events import EventKind
from domain.tasks import TASKS
from tests.pages.making import FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
TRAINING = "/tasks/C-0000000001.training_record"
HANDED = {"item": "Control board, 1", "serial_number": "CB-77", "condition": "Scorched at one edge"}


@pytest.fixture
async def made(made_case: Make, project: Project) -> MadeCase:
    found = made_case(1)
    found.complete(found.offer("collect_material"), {"result": "received", "attachments": ["F-0123456789ABCDEF"]})
    found.complete(found.offer("hand_over"), {"result": "taken_back", "items": [HANDED]})
    found.complete(found.offer("prepare_invoice"), {"invoice_number": "FP-1", "amount": "1300.00"})
    found.complete(found.offer("assign_engineer"), {"engineer": "wei", "reason": "Nearest"})
    found.offer("training_record")
    await project(found)
    return found


def test_only_files_are_asked_for_as_files() -> None:
    asked = {
        field.name
        for task in TASKS.values()
        for field in fields_of(task.form.schema_for_people_and_programs())
        if field.kind is Kind.FILES
    }
    assert asked == {"attachments"}
    told = fields_of(MESSAGES["add_information"].model_json_schema()) + fields_of(Application.model_json_schema())
    assert [field.kind for field in told if field.name == "attachments"] == [Kind.FILES, Kind.FILES]


@pytest.mark.clause("Q2")
async def test_who_attended_is_typed_one_on_each_line(browse: Browse, made: MadeCase, engine: FakeEngine) -> None:
    admin = await browse("admin")
    fields = (await admin.get(TRAINING)).form(f"{TRAINING}/complete")
    fields |= {
        "outcome.topics": "Care of the press",
        "outcome.trainer": "Zhao Gang",
        "outcome.hours": "3",
        "outcome.attendees": f"Chen Yu\r\n\r\n{'W' * 201}",
    }
    page = await admin.post(f"{TRAINING}/complete", fields, 422)
    assert isinstance(page, Page)
    assert "Who attended : is longer than 200 characters" in page.text
    again = page.form(f"{TRAINING}/complete")
    assert again["outcome.attendees"].startswith("Chen Yu")
    await admin.post(f"{TRAINING}/complete", again | {"outcome.attendees": "Chen Yu\r\n Wu Min \r\n"})
    assert engine.completions[0][2]["outcome"]["attendees"] == ["Chen Yu", "Wu Min"]


async def test_a_table_and_an_amount_are_told_whole_once_the_task_is_done(browse: Browse, made: MadeCase) -> None:
    admin = await browse("admin")
    handed = (await admin.get(f"/tasks/{made.case_id}.hand_over")).text
    assert "Control board, 1 · CB-77 · Scorched at one edge" in handed
    assert "CNY 1,300.00" in (await admin.get(f"/tasks/{made.case_id}.prepare_invoice")).text


async def test_what_was_taken_back_stands_beside_its_inspection(browse: Browse, made: MadeCase) -> None:
    text = (await (await browse("admin")).get(TRAINING)).text
    assert "Taken back Control board, 1 · CB-77 · Scorched at one edge" in text


async def test_files_that_came_with_earlier_tasks_lie_beside_the_next(browse: Browse, made: MadeCase) -> None:
    page = await (await browse("admin")).get(TRAINING)
    assert "/api/v1/attachments/F-0123456789ABCDEF" in page.links


async def test_people_are_named_and_not_by_their_sign_in(browse: Browse, made: MadeCase, project: Project) -> None:
    made.note(EventKind.REASSIGNED, task="training_record", data={"assignee": "tom", "reason": "Is there"})
    await project(made)
    text = (await (await browse("admin")).get(f"/cases/{made.case_id}")).text
    assert "Engineer Wei Shen" in text
    assert "Given to Tom Hale: Put the training on record" in text


async def test_what_an_answer_makes_necessary_is_asked_for_without_names_of_the_code(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case(2)
    made.offer("propose_solution")
    await project(made)
    path = f"/tasks/{made.case_id}.propose_solution"
    admin = await browse("admin")
    fields = (await admin.get(path)).form(f"{path}/complete")
    fields |= {"outcome.cause": "Damp", "outcome.way": "parts", "outcome.solution": "New board", "outcome.items": "1"}
    page = await admin.post(f"{path}/complete", fields, 422)
    assert isinstance(page, Page)
    assert "Written solution : is needed with the answer you gave." in page.text
    assert "way is" not in page.text
