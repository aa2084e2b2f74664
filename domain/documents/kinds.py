"""The papers a case can issue, and which of them somebody signs."""

from __future__ import annotations

from domain.tasks.form import Choice


class DocumentKind(Choice):
    """Papers a case issues."""

    REQUIREMENT_FORM = "requirement_form", "Customer Service Requirement Form"
    """What the customer needs; where the plan has it, also what they sign for the service (M1, M8)."""
    SERVICE_CONFIRMATION = "service_confirmation", "Service confirmation"
    """What the customer accepted and signed (R8)."""
    HANDOVER_FORM = "handover_form", "Handover form"
    """What was taken back from the customer, in which condition, and who signed for it (M6)."""
    QUOTATION = "quotation", "Quotation"
    """What the customer is asked to agree to before any work at their cost (R6, W7, X9)."""
    COST_LIST = "cost_list", "Cost list"
    """Every cost with who bears it and why, as it is handed over at settlement (R8)."""
    PROFORMA_INVOICE = "proforma_invoice", "Pro-forma invoice"
    """What is asked of the customer, with the official invoices, credit notes and payments on record (M9)."""
    SERVICE_CONTRACT = "service_contract", "After-sales service contract"
    """Service beyond the warranty period (Q6)."""
    INSPECTION_REPORT = "inspection_report", "Inspection report"
    """What was found on the bench, at the factory or in the maintenance centre (R7, R10, W3, W4)."""
    RETURN_INSTRUCTIONS = "return_instructions", "Return instructions"
    """Address and precautions for whoever sends an item to us (R7)."""
    WARRANTY_CARD = "warranty_card", "Warranty card"
    """Every repair of the product (M7)."""
    ARCHIVE_INDEX = "archive_index", "Archive index"
    """Work order, reports, service records and documents of the whole case, filed together (R10)."""


SIGNED_IN = {
    DocumentKind.REQUIREMENT_FORM: "acceptance",
    DocumentKind.SERVICE_CONFIRMATION: "acceptance",
    DocumentKind.HANDOVER_FORM: "hand_over",
    DocumentKind.SERVICE_CONTRACT: "sign_contract",
}
"""The papers that are signed, and the task in which the signature is entered."""
