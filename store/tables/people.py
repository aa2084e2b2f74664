"""Who can sign in, and with what."""

from __future__ import annotations

from datetime import datetime

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
    """A sign-in on the pages, known by the hash of its cookie; `csrf` goes into forms."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    session_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    csrf: Mapped[str]
