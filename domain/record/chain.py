"""The chain of a record as it is kept in the clear: numbers, kinds, instants and hashes, nothing personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from domain.events import FIRST, Event, Link, content_of, digest_of, link_hash
from domain.record.findings import Finding


def broken_links(links: Iterable[Link], place: str) -> Iterator[Finding]:
    """Yields every link that does not fit the one before: numbers that are left out or come twice, changed hashes."""
    number, previous = 1, FIRST
    for link in links:
        here = f"{place} event {link.no}"
        if link.no > number:
            gone = f"event {number} is" if link.no == number + 1 else f"events {number} to {link.no - 1} are"
            yield Finding(place=here, what=f"{gone} missing before it", recorded=number, found=link.no)
        elif link.no < number:
            yield Finding(place=here, what="it stands here a second time or out of order")
        elif link.previous != previous:
            yield Finding(
                place=here,
                what="it is not chained to the event that stands before it",
                recorded=link.previous,
                found=previous,
            )
        made = link_hash(link.previous, link.no, link.digest)
        if link.hash != made:
            what = "its hash does not come out of its number, its content and the event before: it was changed"
            yield Finding(place=here, what=what, recorded=link.hash, found=made)
        number, previous = link.no + 1, link.hash


def differing_links(chain: Sequence[Link], events: Sequence[Event], salt: str, place: str) -> Iterator[Finding]:
    """Yields where the events with their content do not say what the chain says that is kept in the clear."""
    by_number = {event.no: event for event in events}
    for link in chain:
        here = f"{place} event {link.no}"
        event = by_number.pop(link.no, None)
        if event is None:
            yield Finding(place=here, what="is in the chain, and its content is missing")
            continue
        made = digest_of(content_of(event), salt)
        if event.digest != made:
            what = "its content is not what its digest was made of: it was changed"
            yield Finding(place=here, what=what, recorded=event.digest, found=made)
        for name in Link.model_fields:
            if (then := getattr(link, name)) != (now := getattr(event, name)):
                what = f"its {name} is not the one of the chain"
                yield Finding(place=here, what=what, recorded=str(then), found=str(now))
    for number in sorted(by_number):
        yield Finding(place=f"{place} event {number}", what="has content, and is not in the chain")
