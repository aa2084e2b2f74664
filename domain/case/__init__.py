"""A case: the request it begins with, what people tell it, and its state."""

from domain.case.application import Application, CaseStart, Customer, FaultCategory, ProblemReport, Product, Wish
from domain.case.assessment import Assessment, Negotiation
from domain.case.messages import MESSAGES, SAID_BY_PEOPLE, Completion, Message, OnBehalfOf, message_problem
from domain.case.money import Invoice, InvoiceKind, Paid
from domain.case.promise import PromisedDate, PromiseEnd
from domain.case.shipments import Content, Direction, Shipment, ShipmentState
from domain.case.state import (
    CaseEnd,
    CaseState,
    CaseStatus,
    ConsentGiven,
    Correction,
    Document,
    Done,
    Hold,
    Information,
    Projection,
    ProjectionReceipt,
    Result,
    TaskState,
    TaskStatus,
)

__all__ = [
    "MESSAGES",
    "SAID_BY_PEOPLE",
    "Application",
    "Assessment",
    "CaseEnd",
    "CaseStart",
    "CaseState",
    "CaseStatus",
    "Completion",
    "ConsentGiven",
    "Content",
    "Correction",
    "Customer",
    "Direction",
    "Document",
    "Done",
    "FaultCategory",
    "Hold",
    "Information",
    "Invoice",
    "InvoiceKind",
    "Message",
    "Negotiation",
    "OnBehalfOf",
    "Paid",
    "ProblemReport",
    "Product",
    "Projection",
    "ProjectionReceipt",
    "PromiseEnd",
    "PromisedDate",
    "Result",
    "Shipment",
    "ShipmentState",
    "TaskState",
    "TaskStatus",
    "Wish",
    "message_problem",
]
