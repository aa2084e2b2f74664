"""The piece of a case's page about the messages that went out by mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.notices import NoticeKind
from store.notices import Delivered, DeliveryView

_WORDS = {
    Delivered.SENDING: "on its way",
    Delivered.SENT: "sent",
    Delivered.REFUSED: "refused",
    Delivered.GIVEN_UP: "not sent",
}
_TITLES = {kind.value: kind.title_text for kind in NoticeKind}


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
            title=_TITLES.get(one.kind, "Message"),
            address=one.address,
            state=_WORDS[one.status],
            failed=one.status in (Delivered.REFUSED, Delivered.GIVEN_UP),
            reason=one.reason or "",
            ordered_at=one.ordered_at,
        )
        for one in deliveries
    ]
