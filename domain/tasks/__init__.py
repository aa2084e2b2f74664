"""Declared user tasks. A new one is declared in a file here, added to `TASKS`, and performed by a stage."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from domain.tasks.accept import ACCEPTANCE, FOLLOW_UP, SETTLEMENT
from domain.tasks.analyse import ANALYSE_PROBLEM, SOLVE_PROBLEM
from domain.tasks.bench import INSPECT_RETURNED, REINSPECT, REPAIR_AS_PROMISED, REPAIR_RETURNED
from domain.tasks.collect import ASK_FOR_MATERIAL, COLLECT_MATERIAL, REPORT_PROBLEM
from domain.tasks.delivery import LOCATE_ITEM, RECEIVE_ITEM, RETURN_ITEM, WORKSHOP_INSPECTION, WORKSHOP_REPAIR
from domain.tasks.diagnose import REMOTE_DIAGNOSIS
from domain.tasks.dispatch import ASSIGN_ENGINEER, ENGINEER_CALL
from domain.tasks.factory import (
    FACTORY_INSPECTION,
    FACTORY_RECEIPT,
    FACTORY_REPAIR,
    PROGRESS_UPDATE,
    RETURN_INSTRUCTIONS,
    SEND_REPLACEMENT,
)
from domain.tasks.feedback import CHOOSE_MODE, RECORD_FEEDBACK, SIGN_CONTRACT
from domain.tasks.field_service.centre import CENTRE_INSPECTION, WARRANTY_CARD_ENTRY
from domain.tasks.field_service.finish import APPROVAL, ISSUE_INVOICE, PREPARE_INVOICE
from domain.tasks.field_service.request import (
    AGREE_INSTALLATION,
    CALL_AHEAD,
    CONFIRM_VISIT,
    EVALUATE_FAULT,
    RECORD_ORDER,
    REGISTER_REQUEST,
)
from domain.tasks.field_service.visit import FIELD_VISIT, HAND_OVER, INSTALL_AGAIN, PROMISE_DATE
from domain.tasks.form import Choice, FieldError, Form, FormInvalid, field_errors
from domain.tasks.hand_over import ASK_WISHES, FACTORY_CONFIRMATION, PROPOSE_SOLUTION, SEND_TO_FACTORY
from domain.tasks.measures import CARRY_OUT_MEASURES, VERIFY_MEASURES
from domain.tasks.negotiate import DETERMINE_PROBLEM, TALK_TO_CUSTOMER
from domain.tasks.on_site import AWAIT_PARTS, CONFIRM_PLAN, SITE_REPAIR, SITE_VISIT
from domain.tasks.orders import (
    DELIVER_EQUIPMENT,
    ISSUE_EQUIPMENT_ORDER,
    ISSUE_PARTS_ORDER,
    PURCHASE_EQUIPMENT,
    PURCHASE_PARTS,
    RECEIVE_PARTS,
    RECEIVE_PARTS_NEARBY,
    SETTLE_ORDERS,
)
from domain.tasks.receipt import BRING_RECEIPT, STORE_RECEIPT, VERIFY_VISIT
from domain.tasks.register import CONTACT_CUSTOMER, DECIDE_ON_ABSENCE, DECIDE_ON_SILENCE
from domain.tasks.service import (
    ARRANGE_VISIT,
    ASSESS_QUALITY_ISSUE,
    CONSULTATION,
    FORWARD_QUALITY_ISSUE,
    REMOTE_GUIDANCE,
    SERVICE_VISIT,
    TRAINING_RECORD,
    UPDATE_DOCUMENT,
)
from domain.tasks.sessions import (
    AGREE_SESSION,
    CONFIRM_SOLVED,
    DISSOLVE_GROUP,
    EMAIL_SOLUTION,
    GUIDED_INSTALLATION,
    OPEN_GROUP,
    TELEPHONE_SESSION,
    VIDEO_SESSION,
)
from domain.tasks.shipping import ASK_FOR_ITEM, CLAIM_FROM_CARRIER
from domain.tasks.special import ACKNOWLEDGE_BREACH, CHASE, PANEL_WORD, SPECIAL_CASE, TELL_CUSTOMER
from domain.tasks.terms import QUOTE_COSTS
from domain.tasks.user_task import Asked, ByCustomer, Known, UserTask, WaitsFor
from domain.tasks.verify import VERIFY_PRODUCT

_DECLARED: tuple[UserTask[Any], ...] = (
    CONTACT_CUSTOMER,
    DECIDE_ON_SILENCE,
    DECIDE_ON_ABSENCE,
    REMOTE_DIAGNOSIS,
    ASSIGN_ENGINEER,
    ENGINEER_CALL,
    SITE_VISIT,
    CONFIRM_PLAN,
    SITE_REPAIR,
    AWAIT_PARTS,
    RECEIVE_ITEM,
    WORKSHOP_INSPECTION,
    WORKSHOP_REPAIR,
    RETURN_ITEM,
    LOCATE_ITEM,
    ASK_FOR_ITEM,
    CLAIM_FROM_CARRIER,
    RETURN_INSTRUCTIONS,
    FACTORY_RECEIPT,
    FACTORY_INSPECTION,
    FACTORY_REPAIR,
    PROGRESS_UPDATE,
    SEND_REPLACEMENT,
    RECORD_FEEDBACK,
    CHOOSE_MODE,
    SIGN_CONTRACT,
    CONSULTATION,
    REMOTE_GUIDANCE,
    ARRANGE_VISIT,
    SERVICE_VISIT,
    TRAINING_RECORD,
    UPDATE_DOCUMENT,
    FORWARD_QUALITY_ISSUE,
    ASSESS_QUALITY_ISSUE,
    BRING_RECEIPT,
    STORE_RECEIPT,
    VERIFY_VISIT,
    CARRY_OUT_MEASURES,
    VERIFY_MEASURES,
    VERIFY_PRODUCT,
    ANALYSE_PROBLEM,
    SOLVE_PROBLEM,
    DETERMINE_PROBLEM,
    TALK_TO_CUSTOMER,
    INSPECT_RETURNED,
    REPAIR_RETURNED,
    REPAIR_AS_PROMISED,
    REINSPECT,
    ASK_FOR_MATERIAL,
    COLLECT_MATERIAL,
    REPORT_PROBLEM,
    SEND_TO_FACTORY,
    FACTORY_CONFIRMATION,
    ASK_WISHES,
    PROPOSE_SOLUTION,
    QUOTE_COSTS,
    AGREE_SESSION,
    OPEN_GROUP,
    VIDEO_SESSION,
    TELEPHONE_SESSION,
    GUIDED_INSTALLATION,
    DISSOLVE_GROUP,
    EMAIL_SOLUTION,
    CONFIRM_SOLVED,
    ISSUE_PARTS_ORDER,
    PURCHASE_PARTS,
    RECEIVE_PARTS_NEARBY,
    RECEIVE_PARTS,
    ISSUE_EQUIPMENT_ORDER,
    PURCHASE_EQUIPMENT,
    DELIVER_EQUIPMENT,
    SETTLE_ORDERS,
    ACCEPTANCE,
    SETTLEMENT,
    FOLLOW_UP,
    REGISTER_REQUEST,
    RECORD_ORDER,
    EVALUATE_FAULT,
    CALL_AHEAD,
    CONFIRM_VISIT,
    FIELD_VISIT,
    PROMISE_DATE,
    HAND_OVER,
    CENTRE_INSPECTION,
    AGREE_INSTALLATION,
    INSTALL_AGAIN,
    WARRANTY_CARD_ENTRY,
    PREPARE_INVOICE,
    ISSUE_INVOICE,
    APPROVAL,
    ACKNOWLEDGE_BREACH,
    CHASE,
    TELL_CUSTOMER,
    PANEL_WORD,
    SPECIAL_CASE,
)
TASKS = MappingProxyType({task.name: task for task in _DECLARED})
"""Every declared user task by name."""

__all__ = [
    "TASKS",
    "Asked",
    "ByCustomer",
    "Choice",
    "FieldError",
    "Form",
    "FormInvalid",
    "Known",
    "UserTask",
    "WaitsFor",
    "field_errors",
]
