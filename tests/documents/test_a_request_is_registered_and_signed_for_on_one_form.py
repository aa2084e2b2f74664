"""M1, M8: the requirement form shows the request as it was registered, and the customer signs it as acceptance."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import Done, TaskState, TaskStatus
from domain.documents.kinds import DocumentKind
from domain.documents.order import DocumentOrder
from domain.events import Actor
from domain.plan import Stage
from domain.tasks import WaitsFor
from tests.documents.test_papers_say_what_the_case_says import paper, said

LIN = Actor(user="lin.na", name="林娜", role="service_desk")


@pytest.fixture
def form(order: DocumentOrder) -> DocumentOrder:
    at = order.ordered_at - timedelta(hours=5)
    done = Done(
        by=LIN, happened_at=at, entered_at=at, on_behalf_of=None, submission_id="s-1", kept=True, late_entry=False
    )
    task = TaskState(
        key="register_request", kind="register_request", stage=Stage.REQUEST, role="service_desk",
        waits_for=WaitsFor.US, status=TaskStatus.COMPLETED, done=done,
        outcome={"desk": "branch", "branch": "宁波", "requirement": "压缩机跳闸"},
    )  # fmt: skip
    return order.model_copy(update={"kind": DocumentKind.REQUIREMENT_FORM, "tasks": (task, *order.tasks)})


@pytest.mark.clause("M1")
def test_it_names_who_registered_what_the_customer_needs(form: DocumentOrder) -> None:
    set_ = paper(form)
    assert (set_["title"], set_["title_en"]) == ("客户服务需求单", "Customer Service Requirement Form")
    text = said(set_)
    for expected in ("宁波", "压缩机跳闸", "林娜"):
        assert expected in text


@pytest.mark.clause("M8")
def test_it_leaves_room_for_the_customer_to_sign(form: DocumentOrder) -> None:
    assert any(block["kind"] == "signature" for block in paper(form)["blocks"])
