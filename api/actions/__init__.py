"""What people do, once for JSON and pages: each checks rights and input, acts, and raises core.errors when refused."""

from api.actions.assignment import Assigned, claim_task, delegate_task, release_task
from api.actions.attachments import store_attachment
from api.actions.cases import OpenedCase, open_case
from api.actions.completion import Completed, complete_task
from api.actions.improvement import call_off_action, complete_step, known_action, open_action
from api.actions.messages import Recorded, send_message
from api.actions.reopening import reopen_case
from store.attachments import Attachment as StoredAttachment

__all__ = [
    "Assigned",
    "Completed",
    "OpenedCase",
    "Recorded",
    "StoredAttachment",
    "call_off_action",
    "claim_task",
    "complete_step",
    "complete_task",
    "delegate_task",
    "known_action",
    "open_action",
    "open_case",
    "release_task",
    "reopen_case",
    "send_message",
    "store_attachment",
]
