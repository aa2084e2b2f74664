"""Every table by name."""

from store.columns import Base
from store.tables.access import AccessRow
from store.tables.audits import AuditResultRow, AuditReviewRow, AuditSampleRow
from store.tables.customers import HeldRequestRow, TrackingLinkRow
from store.tables.documents import DocumentRow, LaterDocumentRow
from store.tables.drafts import DraftRow
from store.tables.engineers import AbsenceRow, DeputyRow
from store.tables.factories import FactoryRow
from store.tables.knowledge import ArticleEntryRow, ArticleModelRow, ArticleRow, ArticleVersionRow
from store.tables.notices import NoticeRow
from store.tables.people import (
    GuessRow,
    IdentityRow,
    PasswordLinkRow,
    ProviderVisitRow,
    SessionRow,
    TokenRow,
    UserChangeRow,
    UserRow,
)
from store.tables.projection import CaseEntryRow, CaseRow, EventRow, ShipmentRow, TaskRow
from store.tables.record import ArchiveRow
from store.tables.registry import (
    CardEntryRow,
    CustomerEntryRow,
    CustomerRow,
    ProductChangeRow,
    ProductEntryRow,
    ProductRow,
    ServiceContractRow,
    WarrantyTermsRow,
)
from store.tables.retention import ErasureRow, LegalHoldRow, RetentionRunRow
from store.tables.statistics import ActionRow, CaseFactRow, CasePartRow, ReportRow, UsedTimeRow
from store.tables.views import SavedViewRow
from store.tables.work import (
    AssignmentRow,
    AttachmentRow,
    CasePlanRow,
    SubmissionRow,
    WorkOrderCounterRow,
    WorkOrderRow,
)

__all__ = [
    "AbsenceRow",
    "AccessRow",
    "ActionRow",
    "ArchiveRow",
    "ArticleEntryRow",
    "ArticleModelRow",
    "ArticleRow",
    "ArticleVersionRow",
    "AssignmentRow",
    "AttachmentRow",
    "AuditResultRow",
    "AuditReviewRow",
    "AuditSampleRow",
    "Base",
    "CardEntryRow",
    "CaseEntryRow",
    "CaseFactRow",
    "CasePartRow",
    "CasePlanRow",
    "CaseRow",
    "CustomerEntryRow",
    "CustomerRow",
    "DeputyRow",
    "DocumentRow",
    "DraftRow",
    "ErasureRow",
    "EventRow",
    "FactoryRow",
    "GuessRow",
    "HeldRequestRow",
    "IdentityRow",
    "LaterDocumentRow",
    "LegalHoldRow",
    "NoticeRow",
    "PasswordLinkRow",
    "ProductChangeRow",
    "ProductEntryRow",
    "ProductRow",
    "ProviderVisitRow",
    "ReportRow",
    "RetentionRunRow",
    "SavedViewRow",
    "ServiceContractRow",
    "SessionRow",
    "ShipmentRow",
    "SubmissionRow",
    "TaskRow",
    "TokenRow",
    "TrackingLinkRow",
    "UsedTimeRow",
    "UserChangeRow",
    "UserRow",
    "WarrantyTermsRow",
    "WorkOrderCounterRow",
    "WorkOrderRow",
]
