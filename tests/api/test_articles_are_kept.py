"""Articles by the JSON API: written, published, refused with a reason, found, made of a case."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.house import House, paths, problem

ARTICLE: dict[str, Any] = {
    "title": "Blade wears early · 刀片磨损",
    "models": ["PX-200"],
    "category": "abnormal_wear",
    "symptom": "Blade edge worn after days",
    "steps": ["Check the pressure"],
}


async def _write(house: House, user: str = "lin", **changes: Any) -> dict[str, Any]:
    answer = await house.post(user, "/articles", ARTICLE | changes)
    assert answer.status_code == 201, answer.text
    written: dict[str, Any] = answer.json()
    assert answer.headers["location"].endswith(written["article_id"])
    return written


async def _put(house: House, user: str, article_id: str, **body: Any) -> Any:
    path = f"/api/v1/articles/{article_id}"
    return await house.client.put(path, headers=house.headers(user), json=ARTICLE | body)


async def test_an_article_goes_from_draft_to_archive_and_every_version_stays(house: House) -> None:
    written = await _write(house)
    path = f"/articles/{written['article_id']}"
    assert (written["state"], written["shown"]) == ("draft", None)
    published = (await house.post("lin", f"{path}/publish", {"version": 1})).json()
    assert (published["state"], published["shown"]["version"]) == ("published", 2)
    edited = (await _put(house, "zhou", written["article_id"], version=2, title="Better")).json()
    assert (edited["newest"]["content"]["title"], edited["shown"]["content"]["title"]) == ("Better", ARTICLE["title"])
    archived = (await house.post("shen", f"{path}/archive", {"version": 3})).json()
    assert (archived["state"], archived["published"]) == ("archived", None)
    versions = (await house.get("audit", f"{path}/versions")).json()["items"]
    acts = [(one["version"], one["act"], one["by"]) for one in versions]
    assert acts == [(4, "archived", "shen"), (3, "written", "zhou"), (2, "published", "lin"), (1, "written", "lin")]


async def test_of_two_who_publish_at_once_the_second_is_told_who_was_first(house: House) -> None:
    article_id = (await _write(house))["article_id"]
    sent = [_put(house, user, article_id, version=1, publish=True, title=user) for user in ("lin", "bai")]
    first, second = sorted(await asyncio.gather(*sent), key=lambda answer: int(answer.status_code))
    assert first.status_code == 200
    told = problem(second, 409)
    assert "published version 2" in told["detail"]
    assert "send yours again for version 2" in told["detail"]
    versions = (await house.get("lin", f"/articles/{article_id}/versions")).json()["items"]
    assert len(versions) == 2


async def test_the_same_sent_again_changes_nothing(house: House) -> None:
    one, two = [await _write(house, id="mine", publish=True) for _ in range(2)]
    assert one == two
    problem(await house.post("lin", "/articles", ARTICLE | {"id": "mine", "title": "Other"}), 409)
    again = await house.post("lin", f"/articles/{one['article_id']}/publish", {"version": 1})
    assert again.json() == one


async def test_what_is_wrong_is_named_and_nothing_is_stored(house: House) -> None:
    for changes, path in (
        ({"title": ""}, "title"),
        ({"models": ["AX", "ax"]}, "models"),
        ({"plan": "no-such-plan"}, "plan"),
        ({"steps": ["x" * 1001]}, "steps.0"),
        ({"steps": [], "publish": True}, "steps"),
        ({"text": "a\u0000b"}, "text"),
        ({"colour": "red"}, "colour"),
    ):
        assert path in paths(await house.post("lin", "/articles", ARTICLE | changes)), changes
    assert (await house.get("lin", "/articles")).json()["items"] == []
    article_id = (await _write(house))["article_id"]
    assert paths(await house.post("lin", f"/articles/{article_id}/publish", {"version": "x"})) == {"version"}
    problem(await house.post("lin", f"/articles/{article_id}/publish", {"version": 7}), 409)
    problem(await house.post("lin", "/articles/A-000000000000/publish", {"version": 1}), 404)
    assert paths(await house.get("lin", "/articles?state=lost")) == {"state"}
    assert paths(await house.get("lin", "/articles?q=a&cursor=b")) == {"cursor"}


async def test_every_colleague_writes_a_desk_or_a_lead_publishes_and_an_auditor_reads(house: House) -> None:
    article_id = (await _write(house, "fang"))["article_id"]
    problem(await house.post("fang", f"/articles/{article_id}/publish", {"version": 1}), 403)
    problem(await house.post("fang", "/articles", ARTICLE | {"publish": True}), 403)
    problem(await _put(house, "fang", article_id, version=1, publish=True), 403)
    problem(await house.post("audit", "/articles", ARTICLE), 403)
    problem(await house.post("audit", f"/articles/{article_id}/archive", {"version": 1}), 403)
    assert (await house.get("audit", f"/articles/{article_id}")).status_code == 200
    assert (await house.post("shen", f"/articles/{article_id}/publish", {"version": 1})).status_code == 200


@pytest.mark.clause("R4")
async def test_a_case_gets_its_articles_and_a_solved_one_becomes_one(house: House) -> None:
    published = await _write(house, publish=True)
    await _write(house, title="Draft about the same")
    await _write(house, models=["QQ-9"], category="leak", symptom="Oil", publish=True)
    case_id = await house.open()
    items = (await house.get("lin", f"/cases/{case_id}/articles")).json()["items"]
    assert [one["article_id"] for one in items] == [published["article_id"]]
    assert items[0]["reasons"] == ["for PX-200", "same kind of issue", "like the description"]
    problem(await house.post("lin", f"/cases/{case_id}/article"), 409)
    await house.engine.close_case(case_id)
    made = await house.post("lin", f"/cases/{case_id}/article")
    assert made.status_code == 201
    draft = made.json()
    assert (draft["state"], draft["source"]) == ("draft", f"case:{case_id}")
    assert "Hai Chuan" not in made.text
    again = await house.post("bai", f"/cases/{case_id}/article")
    assert (again.status_code, again.json()) == (200, draft)
    problem(await house.post("lin", "/cases/C-0000000000/article"), 404)


async def test_articles_are_found_in_every_language(house: House) -> None:
    article_id = (await _write(house, publish=True))["article_id"]
    for query in ("q=刀片", "q=blade", "model=px-200-b", "category=abnormal_wear", "q=pressure&state=published"):
        found = (await house.get("lin", f"/articles?{query}")).json()
        assert [one["article_id"] for one in found["items"]] == [article_id], query
    assert (await house.get("lin", "/articles?q=blade and something else")).json()["every_word"] is False
    assert (await house.get("lin", "/articles?model=ZZ")).json()["items"] == []
