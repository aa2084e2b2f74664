"""The refusals of the product, one small tree.

Each carries what an RFC 9457 problem document and a line on standard error need. The HTTP layer and the command line
render them; nobody branches on their text.
"""

from __future__ import annotations

from typing import ClassVar


class AftercareError(Exception):
    """Something was refused or failed in a way that we can explain.

    Attributes:
        status: the HTTP status that says the same.
        title: a short name of the kind of refusal, the same for every instance.
        detail: what happened to this request and what to do, for people.
        field: path of the field that caused it (``customer.name``), when one did.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something failed"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {self.detail}" if self.field else self.detail


class Invalid(AftercareError):
    """What was sent does not make sense; ``field`` tells where."""

    status = 422
    title = "Not valid"


class Unauthenticated(AftercareError):
    """Nobody is signed in, or the token or password is not (any more) right."""

    status = 401
    title = "Sign in first"


class Forbidden(AftercareError):
    """The person is known and may not do this; ``detail`` says whose it is."""

    status = 403
    title = "Not yours to do"


class NotFound(AftercareError):
    """There is no such thing."""

    status = 404
    title = "Not found"


class Refused(AftercareError):
    """Right in form, and not possible as things stand: the task is done, the case is closed."""

    status = 409
    title = "Not possible now"


class Gone(AftercareError):
    """It was there and was erased for good."""

    status = 410
    title = "Erased"


class TooLarge(AftercareError):
    """More bytes than the setting allows."""

    status = 413
    title = "Too large"


class Unavailable(AftercareError):
    """The engine or the database cannot be reached; the same request may succeed later."""

    status = 503
    title = "Not reachable at the moment"


class NoRoom(AftercareError):
    """The disk is full, or nearly: an operator makes room, then the same request succeeds."""

    status = 507
    title = "No room"


class NotConfigured(AftercareError):
    """A setting is missing or contradicts another; ``field`` names the variable."""

    status = 500
    title = "Settings are not complete"
