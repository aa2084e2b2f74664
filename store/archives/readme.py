"""What an archive says of itself to a person who opens it without us."""

from __future__ import annotations

_TEXT = """The record of after-sales case {case_id}, archived by Aftercare.

This file is a zip. What it holds, and the SHA-256 of each entry, is in manifest.json; signature.json holds an Ed25519
signature (RFC 8032) over the exact bytes of manifest.json, made with the key it names.

  history.json    the history of the case in the workflow engine, as the engine exports it; its content is sealed
  plan.json       the service plan the case ran on
  chain.json      the record without its content: every event has its number, its kind, a digest of its content, the
                  hash of the event before, and its own hash
  snapshot.json   the case as it was closed (sealed)
  events.json     the record with its content (sealed)
  result.json     how the case ended (sealed)
  files.json      what is known of each document and attachment (sealed)
  documents/      the papers that were issued (sealed)
  attachments/    photos, videos and files that were sent in (sealed)

Sealed entries are AES-256-GCM under a key of this case that is not in this file. Where that key was destroyed, nobody
can read them any more; that the record is whole can still be verified.

To verify this file with Aftercare, without any server:

  aftercare audit verify {case_id}.aftercare --trust keys.json

keys.json holds the public keys of the company that archived the case, as `aftercare audit keys show` prints them there.
By hand: compare the SHA-256 of each entry with manifest.json, check the signature over manifest.json, and follow the
chain: the hash of an event is the SHA-256 of the text "<hash before>\\n<number>\\n<digest>"; before the first stand 64
zeros; the last is record.hash of manifest.json.
"""


def readme(case_id: str) -> str:
    """Returns README.txt of the archive of a case."""
    return _TEXT.format(case_id=case_id)
