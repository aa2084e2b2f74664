"""Buckets of S3-compatible storage, for files and for archives alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from core.errors import NotConfigured
from store.files import StoreAway

if TYPE_CHECKING:
    from core.settings import Settings

PART = 8 * 1024 * 1024
AT_ONCE = 4
CHUNK = 512 * 1024
LISTED = 1000
_TIMEOUT, _CONNECT = "60s", "5s"
_RETRIES = 3
_PATIENCE = timedelta(seconds=20)


def bucket(settings: Settings, url: str, field: str) -> S3Store:
    """Returns the bucket of an address, `s3://bucket` or `s3://bucket/prefix`; nothing is connected yet.

    Who may write there is told by the `AWS_*` variables or the machine's own role. Raises NotConfigured, which names
    `field`.
    """
    address = urlsplit(url)
    if address.scheme != "s3" or not address.netloc or address.query or address.fragment:
        raise NotConfigured("must be s3://bucket or s3://bucket/prefix", field=field)
    prefix, endpoint = address.path.strip("/") or None, settings.s3_endpoint or None
    try:
        return S3Store(
            address.netloc,
            prefix=prefix,
            endpoint=endpoint,
            region=settings.s3_region,
            client_options={
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
                "timeout": _TIMEOUT,
                "connect_timeout": _CONNECT,
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
        )
    except (BaseError, ValueError) as wrong:
        raise NotConfigured(_line(wrong), field=field) from None


@contextmanager
def told(*, missing_is_away: bool = False) -> Iterator[None]:
    """Turns the client's refusals into ours; what is missing is missing, or the bucket itself is."""
    try:
        yield
    except FileNotFoundError as missing:
        if missing_is_away:
            raise StoreAway(_line(missing)) from None
        raise
    except (BaseError, PermissionError) as refused:
        raise StoreAway(_line(refused)) from None


def _line(error: Exception) -> str:
    """The first line alone: the rest is the client's own picture of the error."""
    return str(error).partition("\n")[0][:300]
