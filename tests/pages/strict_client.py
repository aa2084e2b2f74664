"""One client for every page test: it reads each page it gets and refuses what no page of ours may have."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import httpx

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_WITHOUT_SESSION = ("/sign-in", "/password/")
_NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button"})


class Page(HTMLParser):
    """A page taken apart: `problems` says what is wrong with it; fields and forms are found by name."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = text
        self.problems: list[str] = []
        self.inputs: list[dict[str, str]] = []
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._labelled: set[str] = set()
        self._ids: set[str] = set()
        self._described: set[str] = set()
        self._areas: dict[str, str] = {}
        self._area: str | None = None
        self._first_option = False
        self.feed(text)
        self.close()
        self._judge()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._check(tag, given)
        if tag not in _VOID:
            self._open.append(tag)
        if given.get("id"):
            if given["id"] in self._ids:
                self.problems.append(f"the id {given['id']} stands twice")
            self._ids.add(given["id"])
        self._described.update(given.get("aria-describedby", "").split())
        match tag:
            case "label":
                self._labelled.add(given.get("for", ""))
            case "form":
                self.forms.append({**given, "fields": {}})
            case "a":
                self.links.append(given.get("href", ""))
            case "input" | "textarea" | "select" | "button":
                self._field(tag, given)
            case "option" if self._first_option or "selected" in given:
                self._first_option = False
                self._set(self.inputs[-1].get("name", ""), given.get("value", ""))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        in_label = "label" in self._open
        self.inputs.append({**given, "tag": tag, "in_label": "yes" if in_label else ""})
        kind = given.get("type", "")
        self._first_option = tag == "select"  # what a browser sends when nothing was picked
        if tag == "textarea":
            self._area = given.get("name", "")
            self._areas[self._area] = ""
        elif "checked" in given or (kind not in ("radio", "checkbox", "file") and tag != "button"):
            self._set(given.get("name", ""), given.get("value", ""))

    def _set(self, name: str, value: str) -> None:
        if self.forms and name:
            self.forms[-1]["fields"][name] = value

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._areas[self._area] += data
        elif not self._open or self._open[-1] not in ("script", "style"):
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self._set(self._area, self._areas[self._area].removeprefix("\n"))
            self._area = None
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def _check(self, tag: str, given: dict[str, str]) -> None:
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.problems.append("an inline script, or one from elsewhere")
        if tag == "style" or "style" in given:
            self.problems.append(f"an inline style at <{tag}>")
        self.problems += [f"{name} at <{tag}>" for name in given if name.startswith("on")]
        for name in ("href", "src", "action"):
            if given.get(name, "").startswith(("http:", "https:", "//", "javascript:")):
                self.problems.append(f"<{tag}> reaches elsewhere: {given[name]}")
        if tag == "img" and "alt" not in given:
            self.problems.append("a picture without a text")

    def _judge(self) -> None:
        if self._open:
            self.problems.append(f"never closed: {self._open}")
        for one in self.inputs:
            named = one["in_label"] or one.get("aria-label") or one.get("id", "-") in self._labelled
            if one["tag"] != "button" and one.get("type") not in _NEEDS_NO_LABEL and not named:
                self.problems.append(f"no label for {one.get('name')}")
        for form in self.forms:
            if (
                form.get("method") == "post"
                and "csrf" not in form["fields"]
                and not form.get("action", "").startswith(_WITHOUT_SESSION)
            ):
                self.problems.append(f"no csrf in the form to {form.get('action')}")
        self.problems += [f"describes itself by {name}, which is missing" for name in self._described - self._ids]
        if "<h1" not in self.source or "<main" not in self.source or 'lang="' not in self.source:
            self.problems.append("lacks a heading, a main part or its language")

    @property
    def text(self) -> str:
        """What a person reads, blanks made one."""
        return " ".join(" ".join(self.words).split())

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form that posts to an address, as a browser would send them untouched."""
        found = next((form for form in self.forms if form.get("action") == action), None)
        assert found is not None, f"no form to {action}; there are {[form.get('action') for form in self.forms]}"
        fields: dict[str, str] = found["fields"]
        return dict(fields)


class Browser:
    """A person's browser without scripts: keeps cookies, follows nothing by itself, checks every page."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, status: int = 200) -> Page:
        """Opens a page that must answer with this status."""
        return self._page(await self.client.get(path, headers={"Accept": "text/html"}), status)

    async def post(self, path: str, fields: dict[str, Any], status: int = 303, files: Any = None) -> Page | str:
        """Posts a form; returns the page, or the address it sends on to."""
        data = {name: value for name, value in fields.items() if value is not None}
        answer = await self.client.post(path, data=data, files=files, headers={"Accept": "text/html"})
        if status == 303:
            assert answer.status_code == 303, f"{answer.status_code}: {Page(answer.text).text[:800]}"
            return answer.headers["location"]
        return self._page(answer, status)

    @staticmethod
    def _page(answer: httpx.Response, status: int) -> Page:
        assert answer.status_code == status, f"{answer.status_code}: {answer.text[:2000]}"
        assert answer.headers["content-type"].startswith("text/html")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy
        page = Page(answer.text)
        assert not page.problems, page.problems
        return page
