"""Answers that the clicked cases of several plans have in common."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from tests.pages.desks import Desks

BY_CLICKS = [pytest.mark.browser, pytest.mark.stack, pytest.mark.every]
Opened = Callable[..., AbstractAsyncContextManager[Desks]]
"""Opens everybody's browsers; its arguments are the people who work on a phone."""
CHINA = "Asia/Shanghai"
SIGNED = {
    "decision": "accepted",
    "checks": "Ran for an hour at full load without the fault",
    "signed_by": "Lu Fang",
    "signature": "electronic",
    "evidence": "Signed on the tablet",
}
CONSENT = {"decision": "confirmed", "given_by": "Lu Fang", "evidence": "Signed on the cost list"}
HAPPY = {"reached": "yes", "satisfaction": "5", "feedback": "Quick, and everything was explained"}
