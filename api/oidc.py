"""The OpenID provider that people may also sign in with: discovery, code with PKCE, state and nonce, by Authlib."""

from __future__ import annotations

import secrets
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from core.errors import Unauthenticated, Unavailable
from core.logging import get_logger
from core.settings import Settings

with warnings.catch_warnings():
    from authlib.deprecate import AuthlibDeprecationWarning

    warnings.simplefilter("ignore", AuthlibDeprecationWarning)  # told to its developers, not to who types a command
    from authlib.integrations.httpx_client import AsyncOAuth2Client

BACK = "/sign-in/provider/back"
"""Where the provider sends people back to: to be registered there, with `public_url` before it."""
_ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
_PATIENCE = 8.0
_KNOWN_FOR = 3600.0
_LEEWAY = 60
_BYTES = 32
_log = get_logger(__name__)


class ProviderAway(Unavailable):
    """The provider cannot be reached, or answers nothing that can be understood."""


class ProviderRefused(Unauthenticated):
    """What the provider said does not prove who somebody is."""


@dataclass(frozen=True)
class Asked:
    """The address a person is sent to, and the secrets that must come back or stay with us."""

    url: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """One provider. What it says of itself is kept for an hour, its keys until one is missing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: KeySet | None = None

    @property
    def issuer(self) -> str:
        """The provider's name for itself."""
        return self._settings.oidc_issuer

    async def ask(self) -> Asked:
        """Begins a sign-in. Raises ProviderAway."""
        metadata = await self._about()
        nonce, verifier = secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES)
        async with self._client(metadata) as client:
            url, state = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=secrets.token_urlsafe(_BYTES),
                nonce=nonce,
                code_verifier=verifier,
            )
        return Asked(url, state, nonce, verifier)

    async def answer(self, code: str, *, nonce: str, verifier: str) -> Mapping[str, Any]:
        """Returns what the provider says of a person who came back with a code.

        Raises ProviderAway; ProviderRefused when the code or the proof is not good.
        """
        metadata = await self._about()
        try:
            async with self._client(metadata) as client:
                token = await client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=verifier)
                claims = await self._proved(token, nonce)
                if self._settings.oidc_roles_claim.partition(".")[0] not in claims:
                    claims = await self._more(client, metadata, claims)
        except httpx.HTTPError as away:
            raise self._away(away) from None
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as wrong:  # whatever they make up
            raise self._refused(wrong) from None
        return claims

    async def _proved(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """The claims of the ID token, once its signature and every claim about the sign-in hold."""
        metadata = await self._about()
        told = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(algorithms=sorted(_ASYMMETRIC.intersection(told)), strict_check_header=False)
        raw = token["id_token"]
        try:
            decoded = jwt.decode(raw, await self._key_set(), registry=registry)
        except JoseError:  # a key that is new since the last time
            decoded = jwt.decode(raw, await self._key_set(anew=True), registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "values": [metadata["issuer"]]},
                "aud": {"essential": True, "value": self._settings.oidc_client_id},
            },
            {"nonce": nonce, "client_id": self._settings.oidc_client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=_LEEWAY)
        return dict(claims)

    async def _more(
        self, client: AsyncOAuth2Client, metadata: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The claims with those that the provider tells elsewhere, where they are about the same person."""
        if "userinfo_endpoint" not in metadata:
            return claims
        answer = await client.get(metadata["userinfo_endpoint"])
        answer.raise_for_status()
        found = answer.json()
        return {**found, **claims} if found.get("sub") == claims["sub"] else claims

    async def _about(self) -> Mapping[str, Any]:
        if self._metadata is not None and time.monotonic() - self._metadata[0] < _KNOWN_FOR:
            return self._metadata[1]
        found = await self._read(f"{self.issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self.issuer:
            _log.error("provider calls itself something else than the setting says")
            raise ProviderAway("the provider of the sign-in is not the one that is set up here; tell who runs this")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str):
                raise ProviderAway("the provider of the sign-in does not say where to ask; tell who runs this")
        self._metadata = (time.monotonic(), found)
        return found

    async def _key_set(self, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            found: Any = await self._read(str((await self._about())["jwks_uri"]))
            self._keys = KeySet.import_key_set(found)
        return self._keys

    async def _read(self, url: str) -> Mapping[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE) as client:
                answer = await client.get(url)
                answer.raise_for_status()
                found = answer.json()
        except (httpx.HTTPError, ValueError) as away:
            raise self._away(away) from None
        if not isinstance(found, dict):
            raise self._away(ValueError())
        return found

    def _client(self, metadata: Mapping[str, Any]) -> AsyncOAuth2Client:
        settings = self._settings
        takes = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        shown = "client_secret_basic" if "client_secret_basic" in takes else "client_secret_post"
        return AsyncOAuth2Client(
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value() or None,
            token_endpoint_auth_method=shown if settings.oidc_client_secret else "none",
            scope=settings.oidc_scopes,
            redirect_uri=settings.public_url + BACK,
            code_challenge_method="S256",
            timeout=_PATIENCE,
        )

    def _away(self, why: Exception) -> ProviderAway:
        _log.warning("provider of sign-in not reachable", kind=type(why).__name__)
        return ProviderAway(
            f"your {self._settings.oidc_name} cannot be asked at the moment; try again, or use a password of this house"
        )

    def _refused(self, why: Exception) -> ProviderRefused:
        _log.warning("provider's answer proves nothing", kind=type(why).__name__)
        return ProviderRefused(f"your {self._settings.oidc_name} did not prove who you are; begin the sign-in again")
