"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.migrations.access import create_access
from store.migrations.audits import create_audits
from store.migrations.customers import create_customers
from store.migrations.drafts import create_drafts
from store.migrations.engineers import create_standing_in
from store.migrations.factories import create_factories
from store.migrations.knowledge import create_knowledge
from store.migrations.notices import create_notices
from store.migrations.record import create_record
from store.migrations.retention import create_retention
from store.migrations.search import create_search
from store.migrations.sign_in import create_sign_in
from store.migrations.statistics import create_statistics
from store.migrations.worklists import create_saved_views, index_tasks

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _cases()
    _work()
    _people()
    create_sign_in()
    create_access()
    create_audits()
    _registry()
    create_standing_in()
    create_factories()
    create_statistics()
    create_knowledge()
    create_notices()
    create_customers()
    create_drafts()
    create_search()
    create_saved_views()
    create_record()
    create_retention()


def _cases() -> None:
    """What workflows write: cases, their tasks, events and documents."""
    op.create_table(
        "case",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("plan_title", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("work_order", sa.String(), nullable=True),
        sa.Column("customer_name", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("serial_number", sa.String(), nullable=True),
        sa.Column("serial_key", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("engineer", sa.String(), nullable=True),
        sa.Column("appointment", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remove_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_from", sa.String(), nullable=True),
        sa.Column("special_case_open", sa.Boolean(), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case"),
    )
    op.create_index("ix_case_appointment", "case", ["appointment"])
    op.create_index("ix_case_erase_at", "case", ["erase_at"])
    op.create_index("ix_case_remove_at", "case", ["remove_at"])
    op.create_index("ix_case_late_from_case_id", "case", ["late_from", "case_id"])
    op.create_index("ix_case_opened_at_case_id", "case", ["opened_at", "case_id"])
    op.create_index("ix_case_reopened_from", "case", ["reopened_from"])
    op.create_index("ix_case_closed_at_case_id", "case", ["closed_at", "case_id"])
    op.create_index("ix_case_serial_key", "case", ["serial_key"])
    for column in ("stage", "plan", "region"):
        op.create_index(f"ix_case_{column}_opened_at_case_id", "case", [column, "opened_at", "case_id"])
    op.create_index("ix_case_status_opened_at_case_id_plan", "case", ["status", "opened_at", "case_id", "plan"])
    op.create_table(
        "task",
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("activity_id", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("counting", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("case_opened", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_task_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", name="pk_task"),
    )
    index_tasks()
    op.create_table(
        "event",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_event_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "no", name="pk_event"),
    )
    op.create_index("ix_event_case_id_kind", "event", ["case_id", "kind"])
    op.create_table(
        "document",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("case_id", "document_id")),
        *_of_a_document(),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_document_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "document_id", name="pk_document"),
    )
    op.create_index("ix_document_document_id", "document", ["document_id"])
    op.create_index("ix_document_issued_at_document_id", "document", ["issued_at", "document_id"])
    op.create_table(
        "shipment",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=True),
        sa.Column("tracking_number", sa.String(), nullable=True),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("condition", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_shipment_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "no", name="pk_shipment"),
    )
    op.create_index("ix_shipment_state_case_id", "shipment", ["state", "case_id"])


def _of_a_document() -> list[sa.Column[Any]]:
    """What both tables know of a document."""
    texts = ("kind", "language", "file", "sha256", "record_hash")
    return [
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("version", "record_no")),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.JSON(none_as_null=True), nullable=name == "by") for name in ("remarks", "by")),
        sa.Column("reason", sa.String(), nullable=True),
    ]


def _work() -> None:
    """What is known beside the workflows."""
    op.create_table(
        "case_plan",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_plan"),
    )
    op.create_table(
        "later_document",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("document_id", "case_id", "request_id")),
        *_of_a_document(),
        sa.PrimaryKeyConstraint("document_id", name="pk_later_document"),
    )
    op.create_index("ix_later_document_case_id", "later_document", ["case_id"])
    op.create_index("ix_later_document_issued_at_document_id", "later_document", ["issued_at", "document_id"])
    op.create_table(
        "assignment",
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="pk_assignment"),
    )
    op.create_index("ix_assignment_assignee", "assignment", ["assignee"])
    op.create_table(
        "submission",
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", "run_id", name="pk_submission"),
    )
    op.create_index("ix_submission_task_id_activity_id", "submission", ["task_id", "activity_id"])
    op.create_table(
        "work_order_counter",
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name="pk_work_order_counter"),
    )
    op.create_table(
        "work_order",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_work_order"),
    )
    op.create_index("ix_work_order_prefix_year_number", "work_order", ["prefix", "year", "number"], unique=True)
    op.create_table(
        "attachment",
        sa.Column("attachment_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_named_at_stored_at", "attachment", ["named_at", "stored_at"])
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"])


def _people() -> None:
    """Who can sign in."""
    op.create_table(
        "user",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("roles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("regions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("skills", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reports_to", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_user"),
    )


def _registry() -> None:
    """Customers, products, warranty terms, service contracts, and repairs before our time."""
    op.create_table(
        "customer",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customer"),
    )
    op.create_index("ix_customer_created_at_customer_id", "customer", ["created_at", "customer_id"])
    op.create_table(
        "product",
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("serial_key", sa.String(), nullable=False),
        sa.Column("serial_number", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("purchase_date", sa.Date(), nullable=True),
        sa.Column("delivery_date", sa.Date(), nullable=True),
        sa.Column("installed_at", sa.Text(), nullable=True),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.customer_id"], name="fk_product_customer_id"),
        sa.PrimaryKeyConstraint("product_id", name="pk_product"),
    )
    op.create_index("ix_product_created_at_product_id", "product", ["created_at", "product_id"])
    op.create_index("ix_product_customer_id", "product", ["customer_id"])
    op.create_index("ix_product_serial_key", "product", ["serial_key"], unique=True)
    op.create_table(
        "product_change",
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.product_id"], name="fk_product_change_product_id"),
        sa.PrimaryKeyConstraint("product_id", "version", name="pk_product_change"),
    )
    op.create_table(
        "warranty_terms",
        sa.Column("model_key", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("model_key", name="pk_warranty_terms"),
    )
    op.create_table(
        "service_contract",
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("number_key", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("serial_numbers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("signed_file", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.customer_id"], name="fk_service_contract_customer_id"),
        sa.PrimaryKeyConstraint("contract_id", name="pk_service_contract"),
    )
    op.create_index("ix_service_contract_created_at_contract_id", "service_contract", ["created_at", "contract_id"])
    op.create_index("ix_service_contract_customer_id", "service_contract", ["customer_id"])
    op.create_index("ix_service_contract_number_key", "service_contract", ["number_key"], unique=True)
    op.create_table(
        "card_entry",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("repaired_on", sa.Date(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("corrects", sa.String(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.product_id"], name="fk_card_entry_product_id"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_card_entry"),
    )
    op.create_index("ix_card_entry_product_id_repaired_on", "card_entry", ["product_id", "repaired_on"])
