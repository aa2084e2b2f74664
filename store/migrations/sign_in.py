"""The part of the schema for signing in: tokens, sessions, guesses, one-time links, a provider's people."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op


def create_sign_in() -> None:
    """With what people sign in, what went wrong with it, and what was changed about them."""
    op.create_table(
        "api_token",
        sa.Column("token_hash", sa.String(), nullable=False),
        *_of_a_user("api_token"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_api_token"),
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"])
    op.create_table(
        "session",
        sa.Column("session_hash", sa.String(), nullable=False),
        *_of_a_user("session"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session_hash", name="pk_session"),
    )
    op.create_index("ix_session_expires_at", "session", ["expires_at"])
    op.create_index("ix_session_user_id", "session", ["user_id"])
    op.create_table(
        "guess",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_guess"),
    )
    op.create_index("ix_guess_until", "guess", ["until"])
    op.create_table(
        "password_link",
        sa.Column("link_hash", sa.String(), nullable=False),
        *_of_a_user("password_link"),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("link_hash", name="pk_password_link"),
    )
    op.create_index("ix_password_link_user_id", "password_link", ["user_id"])
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        *_of_a_user("identity"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ignored", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identity"),
    )
    op.create_index("ix_identity_user_id", "identity", ["user_id"])
    op.create_table(
        "provider_visit",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_provider_visit"),
    )
    op.create_table(
        "user_change",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name="pk_user_change"),
    )
    op.create_index("ix_user_change_user_id_at", "user_change", ["user_id", "at"])


def _of_a_user(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name=f"fk_{table}_user_id", ondelete="CASCADE"),
    )
