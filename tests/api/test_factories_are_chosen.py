"""T2: factories are kept by those who buy from them, and offered where the information is sent."""

from __future__ import annotations

from typing import Any

from tests.api.house import House, paths, problem

LINJIANG: dict[str, Any] = {"name": "Linjiang", "city": "Chengdu", "models": ["PX"], "signs_in": True}
ANYANG: dict[str, Any] = {"name": "Anyang", "city": "Ningbo", "models": ["LB-3"]}


async def test_procurement_keeps_them_and_all_staff_reads(house: House) -> None:
    for user in ("lin", "wang.lei", "audit"):
        problem(await house.post(user, "/factories", LINJIANG), 403)
    for factory in (LINJIANG, ANYANG, LINJIANG | {"city": "Mianyang"}):
        assert (await house.post("admin", "/factories", factory)).status_code == 201
    for user in ("fang", "audit"):
        items = (await house.get(user, "/factories")).json()["items"]
        assert [(one["name"], one["city"]) for one in items] == [("Anyang", "Ningbo"), ("Linjiang", "Mianyang")]
    first = (await house.get("lin", "/factories?model=PX-200")).json()["items"][0]
    assert (first["name"], first["signs_in"]) == ("Linjiang", True)


async def test_what_is_wrong_is_named_and_nothing_is_kept(house: House) -> None:
    assert paths(await house.post("admin", "/factories", LINJIANG | {"name": " ", "phone": "ring me"})) == {
        "name",
        "phone",
    }
    assert paths(await house.post("admin", "/factories", {"name": "X", "colour": "red"})) == {"city", "colour"}
    assert (await house.get("lin", "/factories")).json() == {"items": [], "next": None}


async def test_the_form_offers_those_that_make_the_product_first(house: House) -> None:
    case = await house.open()
    await house.engine.offer(case, "send_to_factory", "procurement")
    form = (await house.get("admin", f"/tasks/{case}.send_to_factory")).json()["form"]
    assert "oneOf" not in form["properties"]["factory"], "while none is known any name can be entered"
    for factory in (LINJIANG, ANYANG):
        await house.post("admin", "/factories", factory)
    form = (await house.get("admin", f"/tasks/{case}.send_to_factory")).json()["form"]
    assert form["properties"]["factory"]["oneOf"] == [
        {"const": "Linjiang", "title": "Linjiang, Chengdu"},
        {"const": "Anyang", "title": "Anyang, Ningbo"},
    ]
