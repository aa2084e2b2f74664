from __future__ import annotations

from dataclasses import replace

from store.attachments import Attachment, add_attachment, find_attachment, find_attachments, new_attachment_id
from store.sessions import Database
from store.submissions import Submission, find_submission, outcome_digest, record_submission
from tests.store.making import CASE, NOW, RUN

ACCEPTANCE = f"{CASE}.acceptance"
SENT = Submission("s-1", ACCEPTANCE, RUN, "acceptance", "wei", NOW, outcome_digest({"decision": "accepted"}))


async def test_the_first_with_an_id_is_the_one_that_counts(database: Database) -> None:
    async with database.session() as session:
        assert await record_submission(session, SENT) == SENT
    async with database.session() as session:
        assert await record_submission(session, replace(SENT, user="anna", digest="other")) == SENT
        assert await find_submission(session, "s-1", task_id=ACCEPTANCE, run_id=RUN) == SENT


async def test_what_an_earlier_run_took_counts_no_more_after_a_reset(database: Database) -> None:
    again = replace(SENT, run_id="run-2", user="anna")
    async with database.session() as session:
        await record_submission(session, SENT)
        assert await find_submission(session, "s-1", task_id=ACCEPTANCE, run_id="run-2") is None
        assert await record_submission(session, again) == again
        assert await find_submission(session, "s-1", task_id=ACCEPTANCE, run_id=RUN) == SENT


async def test_an_id_that_another_task_used_is_found_whichever_run_took_it(database: Database) -> None:
    async with database.session() as session:
        await record_submission(session, SENT)
        assert await find_submission(session, "s-1", task_id=f"{CASE}.settlement", run_id="run-2") == SENT


def test_the_digest_depends_on_what_was_entered_alone() -> None:
    assert outcome_digest({"a": 1, "b": "工"}) == outcome_digest({"b": "工", "a": 1})
    assert outcome_digest({"a": 1}) != outcome_digest({"a": 2})


async def test_a_file_is_found_by_its_identifier(database: Database) -> None:
    photo = Attachment(new_attachment_id(), "f" * 64, "机器.jpg", "image/jpeg", 5_000_000_000, "wei", NOW)
    async with database.session() as session:
        await add_attachment(session, photo)
        assert await find_attachment(session, photo.attachment_id) == photo
        assert await find_attachments(session, [photo.attachment_id, "F-0"]) == {photo.attachment_id: photo}
        assert await find_attachment(session, "F-0") is None
