from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]


async def test_who_is_not_signed_in_is_sent_to_the_sign_in_and_back(anonymous: Browser) -> None:
    answer = await anonymous.client.get("/cases?q=a%20b", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/cases%3Fq%3Da%2520b"
    page = await anonymous.get(answer.headers["location"])
    fields = page.form("/sign-in") | {"user": "lin", "password": "correct horse"}
    assert await anonymous.post("/sign-in", fields) == "/cases?q=a%20b"
    await anonymous.get("/cases?q=a%20b")


async def test_a_wrong_password_keeps_the_name_and_never_the_password(anonymous: Browser) -> None:
    page = await anonymous.post("/sign-in", {"user": "lin", "password": "not it"}, 401)
    assert not isinstance(page, str)
    assert page.form("/sign-in")["user"] == "lin"
    assert "not it" not in page.source
    assert "wrong" in page.text


async def test_nobody_is_sent_to_another_site(anonymous: Browser) -> None:
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        fields = {"user": "lin", "password": "correct horse", "next": target}
        assert await anonymous.post("/sign-in", fields) == "/"


async def test_signing_out_ends_the_session(browse: Browse) -> None:
    lin = await browse("lin")
    fields = (await lin.get("/")).form("/sign-out")
    cookie = lin.client.cookies.get("aftercare_session")
    assert await lin.post("/sign-out", fields) == "/sign-in"
    lin.client.cookies.set("aftercare_session", cookie or "")
    assert (await lin.client.get("/", headers={"Accept": "text/html"})).status_code == 303


async def test_a_form_from_elsewhere_is_refused(browse: Browse) -> None:
    lin = await browse("lin")
    for path in ("/cases/new", "/sign-out", "/tasks/C-0000000001.follow_up/claim"):
        page = await lin.post(path, {"csrf": "made up"}, 403)
        assert not isinstance(page, str)
        assert "open the page again" in page.text


async def test_a_customer_who_lands_here_is_shown_the_way_to_the_request_form(anonymous: Browser) -> None:
    assert "/request" in (await anonymous.get("/sign-in")).links
