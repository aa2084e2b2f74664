"""The typed search attributes of a case, declared once.

The workflow sets them, the API filters by them, `core.temporal` registers them in the namespace. They are kept in clear
text by the server, so they hold no personal data. This module imports nothing but the SDK's types, so that workflow
code may import it too.
"""

from __future__ import annotations

from datetime import datetime

from temporalio.common import SearchAttributeKey

PLAN: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("AftercarePlan")
"""Name of the service plan, such as ``rapid-response``."""

STAGE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("AftercareStage")
"""The stage the case is in."""

STATE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("AftercareState")
"""``active``, ``suspended`` or ``closed``."""

DUE: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("AftercareDue")
"""The earliest open deadline, on the product's own (virtual) clock, UTC."""

ALL: tuple[SearchAttributeKey[str] | SearchAttributeKey[datetime], ...] = (PLAN, STAGE, STATE, DUE)
