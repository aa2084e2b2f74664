"""Opening what the engine keeps sealed, for those who may read it: the codec server's part that is no HTTP.

What cannot be opened comes back as a text in its place, since one erased case must not keep a list of others from being
read; the sealed bytes stay where they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from temporalio.api.common.v1 import Payload, Payloads

from core.codec import ENCODING, KEY_ID, CaseCodec
from core.keys import INSTALLATION, KeyDestroyed, KeyRing, KeyUnknown, Tampered, subject_of

OF_NO_CASE = "records of the engine of no case"
"""What is looked at where a payload belongs to a report, a schedule or another workflow beside the cases."""


@dataclass(frozen=True)
class Opened:
    """Payloads in their order, the cases whose content is among them, and how many were no honest seal of ours."""

    payloads: Payloads
    cases: tuple[str, ...]
    others: bool
    """Whether there is content of the installation itself among them."""
    wrong: int


async def opened(sealed: Payloads, keys: KeyRing) -> Opened:
    """Opens payloads. Raises Unavailable while the keys cannot be reached."""
    codec, found, subjects, wrong = CaseCodec(keys), list[Payload](), dict[str, None](), 0
    for payload in sealed.payloads:
        if payload.metadata.get("encoding") != ENCODING:
            found.append(payload)
            continue
        try:
            key = await keys.by_id(payload.metadata[KEY_ID].decode(errors="replace"))
            found += await codec.decode([payload])
            subjects[key.subject] = None
        except KeyDestroyed as erased:
            found.append(_told("erased", erased.detail))
        except (KeyUnknown, Tampered) as refused:
            wrong += 1
            found.append(_told("unreadable", refused.detail))
    cases = tuple(one for one in subjects if one != INSTALLATION)
    return Opened(Payloads(payloads=found), cases, INSTALLATION in subjects, wrong)


async def sealed_for(workflow_id: str, clear: Payloads, keys: KeyRing) -> Payloads:
    """Seals payloads with the key of the case that a workflow belongs to. Raises KeyDestroyed, Unavailable."""
    return Payloads(payloads=await CaseCodec(keys, subject_of(workflow_id)).encode(clear.payloads))


def _told(kind: str, text: str) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps({kind: text}).encode())
