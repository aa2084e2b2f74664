"""Templates: one environment, everything escaped, an unknown name in a template is an error and not a blank."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.languages import looked_up, looked_up_for
from api.pages import languages, times, words

_API = Path(__file__).resolve().parent.parent


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_API / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else each page asks the disk for the age of every template it is made of
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(looked_up, looked_up_for, newstyle=True)  # type: ignore[attr-defined]
    # the library's own ask the template's context four times for each text, a sixth of what a page takes
    made.globals |= {"_": languages.shown, "gettext": languages.shown, "ngettext": languages.shown_for}
    made.globals |= {
        "static": static,
        "full_time": times.full_time,
        "day_and_time": times.day_and_time,
        "time_tag": times.time_tag,
        "date_words": times.date_words,
        "clock_words": times.clock_words,
        "percent": words.percent,
        "language": languages.language,
        "say": languages.say,
    }
    made.filters["say"] = languages.say
    made.filters["breakable"] = breakable
    return made


def breakable(address: str) -> Markup:
    """An e-mail address that a narrow screen breaks behind its signs, and not inside its words."""
    return Markup("").join(one + Markup("<wbr>") if one in ".@-_" else one for one in address)


@cache
def static(name: str) -> str:
    """The address of a file of ours, with a mark of its content so that a browser never shows an old one."""
    content = (_API / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


def static_text(name: str) -> str:
    """What stands in a file of ours."""
    return (_API / "static" / name).read_text(encoding="utf-8")


def render(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Returns a page made from a template."""
    return HTMLResponse(_environment().get_template(template).render(context), status)
