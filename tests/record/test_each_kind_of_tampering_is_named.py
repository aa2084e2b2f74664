"""Whoever changes an archive is told apart by what they changed, even with the manifest made to fit."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from core.keys import CaseKey
from core.signing import SigningKeys
from domain.events import chained
from domain.record.manifest import Part
from store.archives.checking import Checked
from store.archives.packing import info_of
from store.archives.writing import as_json
from tests.record.conftest import Verify
from tests.support.archives import FILES, SALT, contents, make_archive, record
from tests.support.tampering import Entries, changed, entries_of, manifest_of, pack, restate, sign

PARTS = [*Part, *(file.name for file in FILES)]


def told(checked: Checked) -> str:
    return "\n".join(finding.sentence() for finding in checked.findings)


def places(checked: Checked) -> set[str]:
    return {finding.place for finding in checked.findings}


def test_an_archive_as_it_was_made_has_no_findings(archive: Path, verify: Verify, verify_with_key: Verify) -> None:
    assert told(verify(archive)) == ""
    assert told(verify_with_key(archive)) == ""


@pytest.mark.parametrize("name", PARTS)
def test_a_changed_byte_in_any_entry_is_found_in_that_entry(archive: Path, verify: Verify, name: str) -> None:
    def flip(entries: Entries) -> None:
        middle = len(entries[name]) // 2
        entries[name] = entries[name][:middle] + bytes([entries[name][middle] ^ 1]) + entries[name][middle + 1 :]

    found = verify(changed(archive, flip))
    assert name in places(found) or (name == Part.MANIFEST and Part.SIGNATURE in places(found))
    if name in (Part.README, Part.HISTORY, Part.PLAN, *(file.name for file in FILES)):
        assert told(found).startswith(f"{name}: was changed: its SHA-256 is not the one of the manifest")


def test_no_byte_of_the_file_can_change_unseen(archive: Path, verify: Verify) -> None:
    whole = archive.read_bytes()
    unseen = []
    for at in [*range(0, len(whole), 97), *range(len(whole) - 300, len(whole))]:
        other = bytearray(whole)
        other[at] ^= 1
        archive.write_bytes(other)
        if not verify(archive).findings:
            unseen.append(at)
    assert unseen == []


def test_a_dropped_event_is_named(archive: Path, verify: Verify, signing: SigningKeys) -> None:
    def drop(entries: Entries) -> None:
        links = json.loads(entries[Part.CHAIN])
        del links[3]
        entries[Part.CHAIN] = as_json(links)
        restate(entries, Part.CHAIN)
        sign(entries, signing)

    found = verify(changed(archive, drop))
    assert "record, event 5: event 4 is missing before it" in told(found)
    assert "chain.json: has another number of events than the manifest says (recorded 8, found 7)" in told(found)


def test_a_dropped_last_event_is_named_by_the_hash_the_record_ends_with(
    archive: Path, verify: Verify, verify_with_key: Verify, signing: SigningKeys
) -> None:
    def drop(entries: Entries) -> None:
        links = json.loads(entries[Part.CHAIN])[:-1]
        entries[Part.CHAIN] = as_json(links)
        restate(entries, Part.CHAIN, record={"events": 7, "hash": links[-1]["hash"]})
        sign(entries, signing)

    path = changed(archive, drop)
    assert told(verify(path)) == "", "who holds the signing key can state a shorter record"
    assert "result.json record_hash: its record_hash is not the one of the manifest" in told(verify_with_key(path))
    assert "record, event 8: has content, and is not in the chain" in told(verify_with_key(path))


def test_a_record_that_ends_elsewhere_than_the_manifest_says_is_named(
    archive: Path, verify: Verify, signing: SigningKeys
) -> None:
    def cut(entries: Entries) -> None:
        links = json.loads(entries[Part.CHAIN])[:-1]
        entries[Part.CHAIN] = as_json(links)
        restate(entries, Part.CHAIN, record={"events": 7, "hash": manifest_of(entries)["record"]["hash"]})
        sign(entries, signing)

    (finding,) = verify(changed(archive, cut)).findings
    assert (finding.place, finding.what) == (Part.CHAIN, "does not end with the record hash of the manifest")


def test_an_event_changed_with_the_chain_made_anew_is_named(
    tmp_path: Path, verify_with_key: Verify, signing: SigningKeys, key: CaseKey
) -> None:
    honest, events = record(), record()[:3]
    events.append(
        chained(events[-1], honest[3].at, honest[3].kind, honest[3].actor, None, {"text": "forged"}, salt=SALT)
    )
    for event in honest[4:]:
        events.append(chained(events[-1], event.at, event.kind, event.actor, event.task, event.data, salt=SALT))
    path, _ = make_archive(tmp_path, signing, key, name="honest.aftercare")
    forged, _ = make_archive(tmp_path, signing, key, contents(events=events), name="forged.aftercare")

    def take_over(entries: Entries) -> None:
        """Puts the forged record into the honest archive, with everything made to fit but how the case ended."""
        for name in (Part.CHAIN, Part.EVENTS):
            entries[name] = entries_of(forged)[name]
        restate(entries, Part.CHAIN, Part.EVENTS, record=manifest_of(entries_of(forged))["record"])
        sign(entries, signing)

    found = verify_with_key(changed(path, take_over))
    assert "result.json record_hash: its record_hash is not the one of the manifest" in told(found)


def test_an_event_changed_in_the_chain_alone_is_named(archive: Path, verify: Verify, signing: SigningKeys) -> None:
    def forge(entries: Entries) -> None:
        links = json.loads(entries[Part.CHAIN])
        links[4]["digest"] = "0" * 64
        entries[Part.CHAIN] = as_json(links)
        restate(entries, Part.CHAIN)
        sign(entries, signing)

    found = told(verify(changed(archive, forge)))
    assert "record, event 5: its hash does not come out of its number, its content and the event before" in found


@pytest.mark.parametrize(("name", "value"), [("kind", "reassigned"), ("at", "2026-03-02T09:30:00Z"), ("task", "visit")])
def test_what_the_chain_says_in_the_clear_is_held_against_the_content(
    archive: Path, verify: Verify, verify_with_key: Verify, signing: SigningKeys, name: str, value: str
) -> None:
    def forge(entries: Entries) -> None:
        links = json.loads(entries[Part.CHAIN])
        links[4][name] = value
        entries[Part.CHAIN] = as_json(links)
        restate(entries, Part.CHAIN)
        sign(entries, signing)

    path = changed(archive, forge)
    assert f"record, event 5: its {name} is not the one of the chain" in told(verify_with_key(path))


def test_a_changed_plan_is_named_though_the_manifest_was_made_to_fit(archive: Path, verify: Verify) -> None:
    def change(entries: Entries) -> None:
        entries[Part.PLAN] = as_json({"name": "rapid-response", "title": "Slower response"})
        restate(entries, Part.PLAN)

    found = told(verify(changed(archive, change)))
    assert "one of the two was changed after signing" in found


def test_a_doctored_ending_is_named(
    archive: Path, verify: Verify, verify_with_key: Verify, signing: SigningKeys
) -> None:
    def doctor(entries: Entries) -> None:
        restate(entries, result="withdrawn")
        sign(entries, signing)

    found = told(verify_with_key(changed(archive, doctor)))
    assert found == (
        "result.json result: its result is not the one of the manifest (recorded withdrawn, found resolved)"
    )


def test_a_sealed_entry_written_by_somebody_without_the_key_is_named(
    archive: Path, verify_with_key: Verify, signing: SigningKeys
) -> None:
    def doctor(entries: Entries) -> None:
        entries[Part.RESULT] = entries[Part.RESULT][:-1] + bytes([entries[Part.RESULT][-1] ^ 1])
        restate(entries, Part.RESULT)
        sign(entries, signing)

    found = told(verify_with_key(changed(archive, doctor)))
    assert found == ("result.json: cannot be opened with the key of its case: it was changed, or sealed by another key")


def test_sealed_entries_that_changed_places_are_named(
    archive: Path, verify_with_key: Verify, signing: SigningKeys
) -> None:
    one, other = (file.name for file in FILES)

    def swap(entries: Entries) -> None:
        entries[one], entries[other] = entries[other], entries[one]
        restate(entries, one, other)
        sign(entries, signing)

    found = verify_with_key(changed(archive, swap))
    assert places(found) == {one, other}


def test_entries_taken_out_added_and_renamed_are_named(archive: Path, verify: Verify) -> None:
    def shuffle(entries: Entries) -> None:
        del entries[Part.FILES]
        entries["attachments/F-9ZZZZZZZZZZ"] = b"nobody sent this"
        entries["documents/D-7"] = entries.pop("documents/D-1")

    found = told(verify(changed(archive, shuffle)))
    assert "files.json: is listed in the manifest, and is not in the file: it was taken out" in found
    assert "attachments/F-9ZZZZZZZZZZ: is in the file, and the manifest does not list it: it was added" in found
    assert "documents/D-7: holds what the manifest calls documents/D-1: it was renamed" in found


def test_an_entry_that_stands_there_twice_is_named(archive: Path, verify: Verify) -> None:
    with ZipFile(archive, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr(info_of(Part.PLAN, sealed=False), b"{}")
    assert "plan.json: stands in the file 2 times" in told(verify(archive))


def test_a_manifest_that_leaves_a_part_out_is_named(archive: Path, verify: Verify, signing: SigningKeys) -> None:
    def leave_out(entries: Entries) -> None:
        del entries[Part.EVENTS]
        left = [one for one in manifest_of(entries)["entries"] if one["name"] != Part.EVENTS]
        restate(entries, entries=left)
        sign(entries, signing)

    assert told(verify(changed(archive, leave_out))) == (
        "manifest.json: does not list events.json, which every archive has"
    )


def test_a_file_without_manifest_or_signature_is_named(archive: Path, verify: Verify) -> None:
    entries = entries_of(archive)
    without = {name: content for name, content in entries.items() if name not in (Part.MANIFEST, Part.SIGNATURE)}
    found = told(verify(pack(archive, without)))
    assert "manifest.json: is not in the file" in found
    assert "signature.json: is not in the file" in found


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b'{"format": 2}', b"[" * 100_000])
def test_a_manifest_of_nonsense_is_named(archive: Path, verify: Verify, text: bytes) -> None:
    def replace(entries: Entries) -> None:
        entries[Part.MANIFEST] = text

    assert "manifest.json" in places(verify(changed(archive, replace)))


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b'{"key_id": "s-1", "keys": 3, "signature": ""}'])
def test_a_signature_of_nonsense_is_named(archive: Path, verify: Verify, text: bytes) -> None:
    def replace(entries: Entries) -> None:
        entries[Part.SIGNATURE] = text

    assert "signature.json" in places(verify(changed(archive, replace)))


def test_a_signature_by_a_key_that_nobody_trusts_is_named(archive: Path, verify: Verify) -> None:
    stranger = SigningKeys.first()

    def sign_over(entries: Entries) -> None:
        restate(entries, result="withdrawn")
        sign(entries, stranger)

    (finding,) = verify(changed(archive, sign_over)).findings
    assert finding.place == "signature.json"
    assert f"was made with key {stranger.current.key_id}, and none of the trusted keys stands behind" in finding.what


def test_a_case_under_the_name_of_another_is_named(archive: Path, verify: Verify) -> None:
    moved = archive.rename(archive.with_name("C-0000000002.aftercare"))
    (finding,) = verify(moved).findings
    assert finding.what == "is named after another case than the one it holds"


@pytest.mark.parametrize("length", [0, 3, 40, 2000, -1, -30])
def test_a_file_that_was_cut_off_is_named(archive: Path, verify: Verify, length: int) -> None:
    archive.write_bytes(archive.read_bytes()[:length])
    (finding,) = verify(archive).findings
    assert "is empty" in finding.what or "is not an archive" in finding.what or "cut off" in finding.what


def test_a_file_that_is_no_archive_is_named(tmp_path: Path, verify: Verify) -> None:
    other = tmp_path / "holiday.jpg"
    other.write_bytes(b"\xff\xd8\xff" + bytes(5000))
    (finding,) = verify(other).findings
    assert finding.what == "is not an archive: it does not begin as one"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "documents/../../x", "..\\x", "C:\\x", "documents/a/b", "other.txt"]
)
def test_names_that_lead_elsewhere_are_named_and_not_opened(archive: Path, verify: Verify, name: str) -> None:
    def add(entries: Entries) -> None:
        entries[name] = b"x"

    found = verify(changed(archive, add))
    assert any(finding.place == name and "not opened" in finding.what for finding in found.findings)


def test_an_entry_made_to_fill_the_disk_is_not_unpacked(archive: Path, verify: Verify, signing: SigningKeys) -> None:
    def inflate(entries: Entries) -> None:
        entries[Part.HISTORY] = bytes(64 * 1024 * 1024)
        restate(entries, Part.HISTORY)
        sign(entries, signing)

    found = told(verify(changed(archive, inflate)))
    assert "history.json: would unpack from" in found
    assert "it was not unpacked" in found


def test_an_entry_that_lies_about_its_length_is_named(archive: Path, verify: Verify) -> None:
    info = ZipInfo("attachments/F-8ZZZZZZZZZZ")
    info.compress_type = ZIP_DEFLATED
    with ZipFile(archive, "a") as packed:
        packed.writestr(info, bytes(5000))
    whole = archive.read_bytes()
    archive.write_bytes(whole.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    assert verify(archive).findings


def test_a_comment_or_bytes_behind_the_end_are_named(archive: Path, verify: Verify) -> None:
    with ZipFile(archive, "a") as packed:
        packed.comment = b"approved by nobody"
    assert "packing of the end of the file" in told(verify(archive))


def test_bytes_before_the_first_entry_are_named(archive: Path, verify: Verify) -> None:
    archive.write_bytes(b"#!/bin/sh\n" + archive.read_bytes())
    assert verify(archive).findings


def test_what_was_gone_when_the_archive_was_made_is_said(
    tmp_path: Path, verify: Verify, signing: SigningKeys, key: CaseKey
) -> None:
    from dataclasses import replace

    path, _ = make_archive(tmp_path, signing, key, replace(contents(), lacks=("attachment F-1 was removed",)))
    assert "says itself that something was gone" in told(verify(path))
