"""Where every page is: read from the routes of the application, so that a new page is looked at without being told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from fastapi.routing import APIRoute

from api.pages import router

FILES = {
    "/reports.csv",
    "/reports.svg",
    "/reports.pdf",
    "/reports/issued/{report_id}",
    "/offline.json",
    "/service-worker.js",
    "/my-work/changes",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/t/{token}/documents/{document_id}",
    "/t/{token}/pictures/{attachment_id}",
    "/t/{token}/pictures/{attachment_id}/small",
    "/t/{token}/videos/{attachment_id}",
}
"""What answers with a file, a stream or a way on to elsewhere (a sign-in by a provider) and is no page."""
STRANGERS = ("/sign-in/", "/t/", "/request/", "/password/")
"""Pages that are for people without an account."""
MORE = {
    "/": ["/?show=mine", "/?show=late"],
    "/cases": ["/cases?q=nothing+at+all"],
    "/cases/{case_id}": ["/cases/{paused}", "/cases/{closed}", "/cases/C-000000000X"],
    "/tasks/{task_id}": [
        "/tasks/{case}.special_case",
        "/tasks/{case}.remote_diagnosis",
        "/tasks/{case}.contact_customer",
    ],
    "/reports": ["/reports?of=repairs&by=model&from=2026-01-01"],
    "/products": ["/products?q=nothing+at+all"],
    "/cases/{case_id}/record": ["/cases/{closed}/record", "/cases/{cases}/record?who=lin&task=site_visit"],
    "/audit": ["/audit?plan=rapid-response&special=yes"],
}
"""Further views of a page that look different."""
_PARAMETER = re.compile(r"([^/]+)/\{([a-z_]+)\}")


def routes(found: Iterable[object] = router.routes) -> Iterator[APIRoute]:
    """Every route of the pages."""
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif inner := getattr(route, "original_router", None):
            yield from routes(inner.routes)


PAGES = sorted({one.path for one in routes() if "GET" in (one.methods or ())} - FILES)
"""The paths of all pages, parameters unfilled."""


def visitor(path: str) -> str | None:
    """Who looks at a page: somebody who may see everything, or a stranger where it is for strangers."""
    return None if f"{path}/".startswith(STRANGERS) else "admin"


def address(path: str, examples: Mapping[str, str]) -> str:
    """A path with its parameters filled. Raises KeyError with the segment for which the house knows no example."""
    return _PARAMETER.sub(lambda found: f"{found[1]}/{examples[found[1]]}", path)


def addresses(path: str, examples: Mapping[str, str]) -> list[str]:
    """A page and its further views."""
    more = [one.format(case=examples["cases"], **examples) for one in MORE.get(path, [])]
    return [address(path, examples), *more]
