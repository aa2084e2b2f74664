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
    RESOLVE = "resolve"
    ACCEPT = "accept"
    RECEIPT = "receipt"
    SETTLE = "settle"
    FOLLOW_UP = "follow_up"
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


_SILENCE = ("decide_on_silence",)
"""Of a step that can go on without the customer's answer (X10)."""
_ABSENCE = ("decide_on_absence",)
"""Of a step that cannot (X10)."""
_BACK = ("locate_item", "return_item")
"""Of a step that may have to give the customer's item back."""
_SUBJECTS = ("training_record", "update_document", "forward_quality_issue", "assess_quality_issue")
"""What the subjects of a case leave on record, whatever its service mode (Q2)."""

TASKS_OF_STAGE: Mapping[Stage, tuple[str, ...]] = MappingProxyType(
    {
        Stage.REGISTER: ("contact_customer", *_SILENCE),
        Stage.DIAGNOSE: ("remote_diagnosis", *_SILENCE),
        Stage.DISPATCH: ("assign_engineer", "engineer_call", *_ABSENCE),
        Stage.RECORD: ("record_feedback",),
        Stage.CHOOSE_MODE: ("choose_mode",),
        Stage.CONTRACT: ("record_feedback", "sign_contract", *_ABSENCE),
        Stage.RESOLVE: (),
        Stage.ACCEPT: ("acceptance", *_SILENCE),
        Stage.RECEIPT: ("settlement", "bring_receipt", "store_receipt", "follow_up", "verify_visit", *_SILENCE),
        Stage.SETTLE: ("settlement", "follow_up", *_SILENCE),
        Stage.FOLLOW_UP: ("settlement", "follow_up", *_SILENCE),
        Stage.GIVE_BACK: ("settlement",),
        Stage.ARCHIVE: (),
    }
)
"""The tasks of each stage, in the order in which a case can meet them.

Giving an item back is named by the steps that take one.
"""

TASKS_OF_RESOLUTION: Mapping[Resolution, tuple[str, ...]] = MappingProxyType(
    {
        Resolution.REMOTE: (),
        Resolution.ON_SITE: ("site_visit", "confirm_plan", "site_repair", "await_parts", *_BACK, *_ABSENCE),
        Resolution.DELIVERY: (
            "receive_item", "workshop_inspection", "confirm_plan", "workshop_repair", "await_parts", *_BACK, *_ABSENCE,
        ),
        Resolution.FACTORY_RETURN: (
            "return_instructions", "factory_receipt", "factory_inspection", "confirm_plan", "factory_repair",
            "progress_update", *_BACK, *_ABSENCE,
        ),
        Resolution.REPLACEMENT: ("send_replacement",),
        Resolution.CONSULTATION: ("record_feedback", "consultation", *_ABSENCE, *_SUBJECTS),
        Resolution.REMOTE_GUIDANCE: ("record_feedback", "remote_guidance", *_ABSENCE, *_SUBJECTS),
        Resolution.VISIT: ("record_feedback", "arrange_visit", "service_visit", *_ABSENCE, *_SUBJECTS),
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
        Stage.RESOLVE: (Stage.ACCEPT,),
        Stage.ACCEPT: (Stage.RESOLVE,),
    }
)
"""The stages a stage can lead to besides the one that follows it in the plan."""

AGREED_WITH_THE_CUSTOMER = frozenset({Resolution.ON_SITE, Resolution.DELIVERY})
"""Ways that begin with an appointment: the stage before `resolve` agrees it."""

GATES = frozenset({Stage.CONTRACT})
"""Stages before `resolve` that no way of solving a case goes round."""
