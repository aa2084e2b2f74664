"""The piece of a case's page about the messages that went out by mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from api.pages.languages import _, lazy, say
from domain.notices import NoticeKind
from store.notices import Delivered, DeliveryView

_WORDS = {
    Delivered.SENDING: lazy("on its way"),
    Delivered.SENT: lazy("sent"),
    Delivered.REFUSED: lazy("refused"),
    Delivered.GIVEN_UP: lazy("not sent"),
}
_TITLES = {kind.value: lazy(kind.title_text) for kind in NoticeKind}


@dataclass(frozen=True)
class NoticeLine:
    """What became of a message at an address."""

    title: str
    address: str
    state: str
    failed: bool
    reason: str
    ordered_at: datetime


def notice_lines(deliveries: Iterable[DeliveryView]) -> list[NoticeLine]:
    """Messages in words."""
    return [
        NoticeLine(
            title=_TITLES.get(one.kind) or _("Message"),
            address=one.address,
            state=_WORDS[one.status],
            failed=one.status in (Delivered.REFUSED, Delivered.GIVEN_UP),
            reason=say(one.reason or ""),
            ordered_at=one.ordered_at,
        )
        for one in deliveries
    ]
