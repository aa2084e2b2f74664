"""What a procedure is put together from: stages, resolutions, and the user tasks that each of them has people do.

A plan names stages and resolutions; that it has a rule for every task it can meet, and none for another, follows from
the tables here. A stage is written in `workflows/stages/`; what it performs stands here beside its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Stage(StrEnum):
    """A phase of a case."""

    REGISTER = "register"
    DIAGNOSE = "diagnose"
    DISPATCH = "dispatch"
    RECORD = "record"
    CHOOSE_MODE = "choose_mode"
    CONTRACT = "contract"
    VERIFY = "verify"
    ANALYSE = "analyse"
    AGREE = "agree"
    COLLECT = "collect"
    HAND_OVER = "hand_over"
    RESOLVE = "resolve"
    ACCEPT = "accept"
    RECEIPT = "receipt"
    SETTLE = "settle"
    FOLLOW_UP = "follow_up"
    REQUEST = "request"
    EVALUATE = "evaluate"
    CALL_AHEAD = "call_ahead"
    INVOICE = "invoice"
    APPROVE = "approve"
    GIVE_BACK = "give_back"
    ARCHIVE = "archive"


class Resolution(StrEnum):
    """The way a case is solved."""

    REMOTE = "remote"
    ON_SITE = "on_site"
    DELIVERY = "delivery"
    FACTORY_RETURN = "factory_return"
    REPLACEMENT = "replacement"
    CONSULTATION = "consultation"
    REMOTE_GUIDANCE = "remote_guidance"
    VISIT = "visit"
    WARRANTY_REPAIR = "warranty_repair"
    VIDEO = "video"
    TELEPHONE = "telephone"
    EMAIL = "email"
    PARTS = "parts"
    REPLACEMENT_ORDER = "replacement_order"
    FIELD_SERVICE = "field_service"


_SILENCE = ("decide_on_silence",)
"""Of a step that can go on without the customer's answer (X10)."""
_ABSENCE = ("decide_on_absence",)
"""Of a step that cannot (X10)."""
_TOGETHER = ("agree_session", "open_group", "dissolve_group", *_ABSENCE)
"""Of a step done together with the customer by video, in a temporary group (T5)."""
_BACK = ("locate_item", "return_item", "claim_from_carrier")
"""Of a step that may have to give the customer's item back."""
_SUBJECTS = ("training_record", "update_document", "forward_quality_issue", "assess_quality_issue")
"""What the subjects of a case leave on record, whatever its service mode (Q2)."""
_ARRIVAL = ("ask_for_item", "claim_from_carrier", "return_item")
"""Of a step that receives the customer's item: it may not have been sent, be lost, or be another one."""

TASKS_OF_STAGE: Mapping[Stage, tuple[str, ...]] = MappingProxyType(
    {
        Stage.REGISTER: ("contact_customer", *_SILENCE),
        Stage.DIAGNOSE: ("remote_diagnosis", *_SILENCE),
        Stage.DISPATCH: ("assign_engineer", "engineer_call", *_ABSENCE),
        Stage.RECORD: ("record_feedback",),
        Stage.CHOOSE_MODE: ("choose_mode",),
        Stage.CONTRACT: ("record_feedback", "sign_contract", *_ABSENCE),
        Stage.VERIFY: ("verify_product", *_ABSENCE),
        Stage.ANALYSE: ("analyse_problem", "solve_problem", *_SILENCE),
        Stage.AGREE: ("determine_problem", "talk_to_customer", "confirm_plan", *_BACK, *_ABSENCE),
        Stage.COLLECT: ("ask_for_material", "collect_material", "report_problem", *_SILENCE),
        Stage.HAND_OVER: (
            "send_to_factory", "factory_confirmation", "ask_wishes", "propose_solution", "quote_costs", "confirm_plan",
            *_SILENCE, *_ABSENCE,
        ),
        Stage.RESOLVE: (),
        Stage.ACCEPT: ("acceptance", *_SILENCE),
        Stage.RECEIPT: (
            "settlement", "bring_receipt", "store_receipt", "follow_up", "verify_visit", "carry_out_measures",
            "verify_measures", *_SILENCE,
        ),
        Stage.SETTLE: ("settlement", "follow_up", *_SILENCE),
        Stage.FOLLOW_UP: ("settlement", "follow_up", *_SILENCE),
        Stage.REQUEST: ("register_request", "record_order"),
        Stage.EVALUATE: ("evaluate_fault", "assign_engineer"),
        Stage.CALL_AHEAD: ("assign_engineer", "call_ahead", "confirm_visit", *_ABSENCE),
        Stage.INVOICE: ("prepare_invoice", "issue_invoice"),
        Stage.APPROVE: ("approval",),
        Stage.GIVE_BACK: ("settlement",),
        Stage.ARCHIVE: (),
    }
)  # fmt: skip
"""The tasks of each stage, in the order in which a case can meet them.

Giving an item back is named by the steps that take one.
"""

TASKS_OF_RESOLUTION: Mapping[Resolution, tuple[str, ...]] = MappingProxyType(
    {
        Resolution.REMOTE: (),
        Resolution.ON_SITE: ("site_visit", "confirm_plan", "site_repair", "await_parts", *_BACK, *_ABSENCE),
        Resolution.DELIVERY: (
            "receive_item", *_ARRIVAL, "workshop_inspection", "confirm_plan", "workshop_repair", "await_parts",
            *_BACK, *_ABSENCE,
        ),
        Resolution.FACTORY_RETURN: (
            "return_instructions", "factory_receipt", *_ARRIVAL, "factory_inspection", "confirm_plan", "factory_repair",
            "progress_update", *_BACK, *_ABSENCE,
        ),
        Resolution.REPLACEMENT: ("send_replacement", "claim_from_carrier"),
        Resolution.CONSULTATION: ("record_feedback", "consultation", *_ABSENCE, *_SUBJECTS),
        Resolution.REMOTE_GUIDANCE: ("record_feedback", "remote_guidance", *_ABSENCE, *_SUBJECTS),
        Resolution.VISIT: ("record_feedback", "arrange_visit", "service_visit", *_ABSENCE, *_SUBJECTS),
        Resolution.WARRANTY_REPAIR: (
            "return_instructions", "receive_item", *_ARRIVAL, "inspect_returned", "repair_returned",
            "repair_as_promised", "await_parts", "reinspect", *_BACK, *_ABSENCE,
        ),
        Resolution.VIDEO: ("video_session", *_TOGETHER),
        Resolution.TELEPHONE: ("agree_session", "telephone_session", *_ABSENCE),
        Resolution.EMAIL: ("email_solution", "confirm_solved", *_SILENCE),
        Resolution.PARTS: (
            "issue_parts_order", "purchase_parts", "receive_parts_nearby", "receive_parts", "guided_installation",
            "settle_orders", *_TOGETHER,
        ),
        Resolution.REPLACEMENT_ORDER: (
            "issue_equipment_order", "purchase_equipment", "deliver_equipment", "settle_orders",
        ),
        Resolution.FIELD_SERVICE: (
            "field_visit", "confirm_plan", "site_repair", "promise_date", "hand_over", "centre_inspection",
            "workshop_repair", "await_parts", "agree_installation", "install_again", "warranty_card_entry", *_BACK,
            *_ABSENCE,
        ),
    }
)  # fmt: skip
"""The tasks of each way of solving a case."""

TASKS_OF_EVERY_PLAN = ("acknowledge_breach", "chase", "special_case")
"""Escalation and special cases hold in every plan (X1, X3)."""

FROM_ANY_STAGE = frozenset({Stage.FOLLOW_UP, Stage.GIVE_BACK, Stage.ARCHIVE})
"""A case can be led there from anywhere, whether the plan names the stage or not."""

LEADS_TO: Mapping[Stage, tuple[Stage, ...]] = MappingProxyType(
    {
        Stage.DIAGNOSE: (Stage.ACCEPT,),
        Stage.VERIFY: (Stage.ANALYSE, Stage.AGREE),
        Stage.ANALYSE: (Stage.ACCEPT, Stage.AGREE),
        Stage.AGREE: (Stage.VERIFY,),
        Stage.RESOLVE: (Stage.ACCEPT,),
        Stage.ACCEPT: (Stage.RESOLVE,),
        Stage.APPROVE: (Stage.RESOLVE,),
    }
)
"""The stages a stage can lead to besides the one that follows it in the plan."""

AGREED_WITH_THE_CUSTOMER = frozenset(
    {Resolution.ON_SITE, Resolution.DELIVERY, Resolution.WARRANTY_REPAIR, Resolution.FIELD_SERVICE}
)
"""Ways that begin with an appointment, or with a cost to agree: the stage before `resolve` agrees it."""

GATES = frozenset({Stage.CONTRACT})
"""Stages before `resolve` that no way of solving a case goes round."""
