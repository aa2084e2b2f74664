"""Customers, their products, warranty terms, service contracts, and repairs before our time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class CustomerRow(Base):
    """Who has products. The identifier follows from the name and region a customer was first known by."""

    __tablename__ = "customer"
    __table_args__ = (Index(None, "created_at", "customer_id"),)

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    contact_name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    region: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None]
    created_at: Mapped[datetime]


class CustomerEntryRow(Base):
    """What a customer is found by, as `store.words` names it; `entry_id` grows with when they were registered."""

    __tablename__ = "customer_entry"
    __table_args__ = (Index(None, "customer_id", unique=True),)

    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.customer_id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)


class ProductRow(Base):
    """The registration of one serial number.

    `serial_key` is the serial number as it is compared; `origin` says who registered it: the desk, an application or a
    replacement, the latter two from `case_id`. `replaces` is the product in whose place it was sent.
    """

    __tablename__ = "product"
    __table_args__ = (
        Index(None, "serial_key", unique=True),
        Index(None, "created_at", "product_id"),
        Index(None, "customer_id"),
    )

    product_id: Mapped[str] = mapped_column(primary_key=True)
    serial_key: Mapped[str]
    serial_number: Mapped[str]
    model: Mapped[str]
    specification: Mapped[str | None] = mapped_column(Text)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customer.customer_id"))
    purchase_date: Mapped[date | None]
    delivery_date: Mapped[date | None]
    installed_at: Mapped[str | None] = mapped_column(Text)
    plan: Mapped[str | None]
    origin: Mapped[str]
    case_id: Mapped[str | None]
    replaces: Mapped[str | None]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int]


class ProductEntryRow(Base):
    """What a product is found by, its customer's words included; `entry_id` grows with when it was registered."""

    __tablename__ = "product_entry"
    __table_args__ = (Index(None, "product_id", unique=True),)

    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)


class ProductChangeRow(Base):
    """One change of a registration: each field with what it was and what it became. Never changed itself."""

    __tablename__ = "product_change"

    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str]
    changes: Mapped[dict[str, Any]]


class WarrantyTermsRow(Base):
    """The warranty terms of one model; `model_key` is the model as it is compared."""

    __tablename__ = "warranty_terms"

    model_key: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    terms: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[datetime]


class ServiceContractRow(Base):
    """A service contract; an empty list of serial numbers stands for all products of the customer."""

    __tablename__ = "service_contract"
    __table_args__ = (
        Index(None, "number_key", unique=True),
        Index(None, "customer_id"),
        Index(None, "created_at", "contract_id"),
    )

    contract_id: Mapped[str] = mapped_column(primary_key=True)
    number_key: Mapped[str]
    number: Mapped[str]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.customer_id"))
    serial_numbers: Mapped[list[str]]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    signed_file: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class CardEntryRow(Base):
    """A repair before our time, entered by hand; later ones follow from cases. `corrects` names an earlier entry."""

    __tablename__ = "card_entry"
    __table_args__ = (Index(None, "product_id", "repaired_on"),)

    entry_id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"))
    repaired_on: Mapped[date]
    work: Mapped[str] = mapped_column(Text)
    parts: Mapped[str | None] = mapped_column(Text)
    minutes: Mapped[int | None]
    done_by: Mapped[str | None]
    corrects: Mapped[str | None]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
