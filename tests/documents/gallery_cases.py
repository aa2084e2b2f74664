"""Three whole cases to print, one a language, each with everything that a paper of ours can say."""

from __future__ import annotations

import io
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from activities.document_content.writer import Material, Picture
from domain.case import (
    Application,
    CaseState,
    ConsentGiven,
    Content,
    Direction,
    Document,
    Done,
    Hold,
    Information,
    Invoice,
    InvoiceKind,
    OnBehalfOf,
    Paid,
    PromisedDate,
    Result,
    Shipment,
    ShipmentState,
    TaskState,
    TaskStatus,
)
from domain.documents.kinds import DocumentKind
from domain.documents.order import DocumentOrder, RecordPoint
from domain.events import Actor
from domain.plan import Stage
from domain.tasks import TASKS
from domain.tasks.parts import CostLine
from domain.warranty.card import CardEntry

AT = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
SAID = tomllib.loads((Path(__file__).parent / "gallery_cases.toml").read_text(encoding="utf-8"))
SCAN, PAPER = "F-0123456789ABCDEF", "F-FEDCBA9876543210"
HASH = "9f2d41c07be0aa5d3c8e1b6674f0d9125a7c3e84bb60f1d2937ce4058a61fd3b"


@dataclass(frozen=True)
class Printed:
    """A case of the gallery: its language, and what an order of it is made of."""

    language: str
    case: CaseState
    tasks: tuple[TaskState, ...]
    material: Material
    pictures: dict[str, bytes]

    def order(self, kind: DocumentKind, *, until: str | None = None) -> DocumentOrder:
        """Orders a document of the whole case, or of what was done before the task `until`."""
        kinds = [task.kind for task in self.tasks]
        tasks = self.tasks[: kinds.index(until)] if until else self.tasks
        return DocumentOrder(
            kind=kind,
            languages=(self.language,),
            version=1,
            case=self.case,
            tasks=tasks,
            record=RecordPoint(no=len(tasks) * 4, hash=HASH),
            ordered_at=AT + timedelta(days=9),
        )


def printed(language: str) -> Printed:
    """Returns the case in `zh`, `en` or `it`."""
    said = SAID[language]
    people = {name: Actor(user=name, name=said["people"][name], role=role) for name, role in _ROLES.items()}
    tasks = tuple(_task(said, number, *step, people=people) for number, step in enumerate(_STEPS, start=1))
    pictures = {
        SCAN: Picture("signature-0042.png", "signature-1.png"),
        PAPER: Picture("form-17.heic", None, "The picture is broken"),
    }
    names = {SCAN: "signature-0042.png", PAPER: "form-17.heic"}
    card = (
        CardEntry(
            entry_id="E-1", repaired_on=(AT - timedelta(days=410)).date(), work=(said["earlier_work"],),
            parts=(said["part"],), hours=Decimal("2.5"), done_by=said["people"]["engineer"], manual=True,
        ),
    )  # fmt: skip
    return Printed(
        said["locale"], _case(said, people), tasks, Material(pictures, names, card), {"signature-1.png": _scrawl()}
    )


_ROLES = {
    "desk": "customer_service",
    "engineer": "engineer",
    "centre": "maintenance_center",
    "finance": "finance",
    "sales": "sales",
}
_STEPS = (
    ("register_request", Stage.REQUEST, "desk"),
    ("return_instructions", Stage.RESOLVE, "desk"),
    ("hand_over", Stage.RESOLVE, "engineer"),
    ("receive_item", Stage.RESOLVE, "centre"),
    ("centre_inspection", Stage.RESOLVE, "centre"),
    ("sign_contract", Stage.CONTRACT, "sales"),
    ("workshop_repair", Stage.RESOLVE, "centre"),
    ("reinspect", Stage.RESOLVE, "desk"),
    ("warranty_card_entry", Stage.RESOLVE, "engineer"),
    ("acceptance", Stage.ACCEPT, "engineer"),
    ("issue_invoice", Stage.INVOICE, "finance"),
)


def _task(
    said: dict[str, Any], number: int, kind: str, stage: Stage, who: str, *, people: dict[str, Actor]
) -> TaskState:
    outcome = said[kind]
    TASKS[kind].read(outcome)  # so that no picture shows what a case could not hold
    at = AT + timedelta(hours=17 * number)
    behalf = (
        OnBehalfOf(party="customer", name=said["contact"], evidence=said["evidence"])
        if TASKS[kind].speaks_for
        else None
    )
    late = kind == "centre_inspection"
    return TaskState(
        key=kind, kind=kind, stage=stage, role=people[who].role, status=TaskStatus.COMPLETED,
        waits_for=TASKS[kind].waits_for,
        offered_at=at - timedelta(hours=3), first_due_at=at + timedelta(hours=-1 if late else 5), due_at=at,
        breached_at=at if late else None, escalation_level=1 if late else 0, ended_at=at, outcome=outcome,
        done=Done(
            by=people[who], happened_at=at - timedelta(minutes=20), entered_at=at, on_behalf_of=behalf,
            submission_id=f"s-{kind}", kept=not late, late_entry=False,
        ),
    )  # fmt: skip


def _case(said: dict[str, Any], people: dict[str, Actor]) -> CaseState:
    later = AT + timedelta(days=3)
    shipped = Shipment(
        no=1, direction=Direction.OUT, state=ShipmentState.RECEIVED, carrier="SF", tracking_number="SF-0042-7781",
        content=(Content(item=said["application"]["product"]["model"], serial_number="AX2-250311-0042"),),
        sent_at=later, received_at=later + timedelta(days=1),
    )  # fmt: skip
    papers = tuple(
        Document(
            document_id=f"D-00000000000000{number:02}", kind=kind.value, language=said["locale"], version=1,
            file=f"F-00000000000000{number:02}", sha256=f"{number:02}{HASH[2:]}", size=40_000,
            issued_at=later, record_no=8, record_hash=HASH,
        )
        for number, kind in enumerate(list(DocumentKind)[:-1])
    )  # fmt: skip
    promised = PromisedDate(
        promised_for=AT + timedelta(days=8), given_at=AT, by=people["engineer"], told=said["contact"]
    )
    owed = sum((Decimal(line["amount"]) for line in said["costs"] if line["payer"] == "customer"), Decimal(0))
    return CaseState(
        case_id="C-7KQ2M9X4TB", plan="maintenance-center", plan_title=said["plan_title"], company=said["company"],
        locale=said["locale"], time_zone=said["time_zone"], currency=said["currency"],
        application=Application.model_validate(said["application"]), applied_at=AT, opened_at=AT,
        opened_by=people["desk"],
        stage=Stage.ARCHIVE, stages=tuple(Stage), work_order="MC-2026-000418", resolution="field_service",
        result=Result.RESOLVED, costs=tuple(CostLine.model_validate(line) for line in said["costs"]),
        consents=(ConsentGiven(at=later, given_by=said["contact"], amount=owed, task="confirm_plan"),),
        invoices=(
            Invoice(number="FP-2026-0815", amount=owed + 100, files=(SCAN,), recorded_at=later, by=people["finance"]),
            Invoice(kind=InvoiceKind.CREDIT_NOTE, number="CN-2026-0031", amount=Decimal(100), credits="FP-2026-0815",
                recorded_at=later, by=people["finance"]),
        ),
        payments=(Paid(amount=Decimal(500), paid_at=later, reference="T-4711", invoice="FP-2026-0815"),),
        promises=(promised,),
        shipments=(shipped,), documents=papers,
        holds=(Hold(reason=said["pause"], begins=AT, until=later, ends=later, by=people["desk"]),),
        information=(Information(at=later, by=people["desk"], text=said["added"], attachments=(PAPER,)),),
    )  # fmt: skip


def _scrawl() -> bytes:
    """A signature as a scanner gives it."""
    picture = Image.new("RGB", (700, 260), "white")
    pen = ImageDraw.Draw(picture)
    points = [(40 + 12 * n, 140 + (70 if n % 4 == 1 else -60 if n % 4 == 3 else 10) * (1 - n / 70)) for n in range(50)]
    pen.line(points, fill=(24, 32, 120), width=6, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
