"""What every page for somebody without an account shares: its language by choice, its frame, where its forms go."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.form_tokens import FormTokens, Proof
from api.pages.languages import LANGUAGES, language, lazy, speak
from api.pages.rendering import render
from api.pages.visit import Frame, plain_frame
from api.parts import Parts
from domain.texts import nearest

SEE_OTHER = 303
SAID = {
    "opened": lazy("Thank you. We have your request. Keep the address of this page: it shows how far we are."),
    "answered": lazy("Thank you. We have your answer."),
    "told": lazy("Thank you. We have it, and whoever works on your case sees it."),
    "withdrawn": lazy("Your request is withdrawn. We finish what is open."),
}
"""What a page says after something was sent; the address carries the key alone, never a text."""


@dataclass(frozen=True)
class Choice:
    """One language of a page, by its own name."""

    code: str
    name: str
    href: str
    here: bool


class Guest:
    """Somebody's look at a page without an account. `chosen` is the language in the address, if there is one."""

    def __init__(self, request: Request, parts: Parts, otherwise: str | None = None) -> None:
        """Speaks the language that the address names, else `otherwise`, else what the browser asks for."""
        self.request, self.parts = request, parts
        asked = request.query_params.get("lang", "")
        self.chosen = nearest(asked) if asked[:2] in {code[:2] for code in LANGUAGES} else ""
        if self.chosen or otherwise:
            speak(self.chosen or otherwise)
        self._tokens = FormTokens(parts.settings.secret())

    def link(self, path: str, **query: str) -> str:
        """The address of one of our pages, in the language that was chosen."""
        query = {**query, **({"lang": self.chosen} if self.chosen else {})}
        return f"{path}?{urlencode(query)}" if query else path

    def go_to(self, path: str, **query: str) -> RedirectResponse:
        """Sends the browser on after a post, so that a reload does not post again."""
        return RedirectResponse(self.link(path, **query), SEE_OTHER)

    def token(self, purpose: str) -> str:
        """The hidden field that proves a form to be ours."""
        return self._tokens.new(purpose, time.time())

    def proof(self, purpose: str, token: object) -> Proof:
        """Reads that field. Raises NotFromOurPage."""
        return self._tokens.read(purpose, token, time.time())

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Returns a page with the frame around it."""
        said = SAID.get(self.request.query_params.get("said", ""), "")
        return render(template, status, page=self._frame(), guest=self, said=said, **context)

    def _frame(self) -> Frame:
        return plain_frame(self.parts)

    @property
    def languages(self) -> tuple[Choice, ...]:
        """The languages to choose from, each leading to the same page."""
        path, here = self.request.url.path, language()
        return tuple(Choice(code, name, f"{path}?lang={code}", code == here) for code, name in LANGUAGES.items())
