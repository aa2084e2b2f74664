"""Who can sign in, and with what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class UserRow(Base):
    """A person; `user_id` is the sign-in name."""

    __tablename__ = "user"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    roles: Mapped[list[str]]
    regions: Mapped[list[str]]
    skills: Mapped[list[str]]
    reports_to: Mapped[str | None]
    email: Mapped[str | None]
    language: Mapped[str | None]
    time_zone: Mapped[str | None]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class TokenRow(Base):
    """An API token, known by its hash alone."""

    __tablename__ = "api_token"
    __table_args__ = (Index(None, "user_id"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class SessionRow(Base):
    """A sign-in on the pages, known by the hash of its cookie; `csrf` goes into forms, `device` is its browser."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    session_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    csrf: Mapped[str]
    device: Mapped[str]


class GuessRow(Base):
    """Wrong passwords in a row, for a sign-in name or from an address, both known by hash alone.

    Nothing is taken from the key before `until`; later the count begins anew.
    """

    __tablename__ = "guess"
    __table_args__ = (Index(None, "until"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime]


class PasswordLinkRow(Base):
    """A link with which its user sets a password, once."""

    __tablename__ = "password_link"
    __table_args__ = (Index(None, "user_id"),)

    link_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime]


class IdentityRow(Base):
    """Whom a provider of sign-in means by `subject`; `ignored` are its words for roles that nobody mapped."""

    __tablename__ = "identity"
    __table_args__ = (Index(None, "user_id"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ignored: Mapped[list[str]]


class ProviderVisitRow(Base):
    """Somebody on the way to the provider of sign-in and back."""

    __tablename__ = "provider_visit"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    verifier: Mapped[str]
    target: Mapped[str]
    expires_at: Mapped[datetime]


class UserChangeRow(Base):
    """What an administrator changed about a person; it outlives the person's row."""

    __tablename__ = "user_change"
    __table_args__ = (Index(None, "user_id", "at"),)

    change_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    detail: Mapped[dict[str, Any]]
