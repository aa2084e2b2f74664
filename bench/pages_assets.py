"""What a browser has to load of our own for a page: the page itself, its stylesheets, modules and pictures."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import httpx

_LINKED = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_IMPORTED = re.compile(r'(?:from|import)\s*\(?\s*"(\.{1,2}/[^"]+)"|url\("?([^")]+)"?\)')


async def weigh(client: httpx.AsyncClient, path: str) -> dict[str, int]:
    """Returns the bytes of a page and of everything it loads from us, as they are sent."""
    page = await client.get(path)
    found = {path: _sent(page)}
    waiting = list(dict.fromkeys(_LINKED.findall(page.text)))
    while waiting:
        asset = waiting.pop().partition("#")[0]
        if asset in found:
            continue
        answer = (await client.get(asset)).raise_for_status()
        found[asset] = _sent(answer)
        if asset.partition("?")[0].endswith((".js", ".css")):
            waiting += [urljoin(asset, one or other) for one, other in _IMPORTED.findall(answer.text)]
    return found


def _sent(answer: httpx.Response) -> int:
    return int(answer.headers.get("content-length") or len(answer.content))
