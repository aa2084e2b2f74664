"""What stands in a document: an order turned into blocks of plain text that the template sets, never interprets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from activities.document_content.archive import archive_index
from activities.document_content.card import warranty_card
from activities.document_content.contract import service_contract
from activities.document_content.glyphs import Printable
from activities.document_content.handover import handover_form, return_instructions
from activities.document_content.inspection import inspection_report
from activities.document_content.money import cost_list, proforma_invoice, quotation
from activities.document_content.service import confirmation, requirement_form
from activities.document_content.writer import NOTHING, Block, Material, Writer, writer_of
from domain.documents.kinds import DocumentKind
from domain.documents.order import DocumentOrder
from domain.texts import nearest

_WRITTEN: Mapping[DocumentKind, Callable[[Writer], Iterable[Block]]] = MappingProxyType(
    {
        DocumentKind.REQUIREMENT_FORM: requirement_form,
        DocumentKind.SERVICE_CONFIRMATION: confirmation,
        DocumentKind.HANDOVER_FORM: handover_form,
        DocumentKind.QUOTATION: quotation,
        DocumentKind.COST_LIST: cost_list,
        DocumentKind.PROFORMA_INVOICE: proforma_invoice,
        DocumentKind.SERVICE_CONTRACT: service_contract,
        DocumentKind.INSPECTION_REPORT: inspection_report,
        DocumentKind.RETURN_INSTRUCTIONS: return_instructions,
        DocumentKind.WARRANTY_CARD: warranty_card,
        DocumentKind.ARCHIVE_INDEX: archive_index,
    }
)


@dataclass(frozen=True)
class Written:
    """A document as plain JSON for the template, and what it lacks, in English."""

    data: dict[str, Any]
    remarks: tuple[str, ...]


def content(order: DocumentOrder, language: str, document_id: str, material: Material = NOTHING) -> Written:
    """Returns everything a document says in one language: heading, blocks from top to bottom, footer, remarks."""
    spoken = nearest(language)
    writer = writer_of(order, spoken, material)
    texts, case, point = writer.texts, order.case, order.record
    blocks = [block for block in _WRITTEN[order.kind](writer) if block]
    title, english = texts.both(order.kind.title_text)
    number = case.work_order or case.case_id
    data = {
        "language": spoken.partition("-")[0],
        "company": case.company,
        "title": title,
        "title_en": english,
        "number": number,
        "issued": f"{texts.instant(order.ordered_at)} ({case.time_zone})",
        "footer": f"{document_id} · {texts.say('Version')} {order.version} · {case.case_id}",
        "record": f"{texts.say('Record')} {point.no} · {point.hash[:16]}",
        "page": texts.say("Page"),
        "blocks": blocks,
    }
    printable = Printable()
    data = printable.made(data)
    data["remarks"] = _told(writer, printable)
    return Written(data, _in_english(writer, printable))


def _told(writer: Writer, printable: Printable) -> dict[str, Any]:
    """What the paper lacks, told on the paper itself."""
    say = writer.say
    lines = []
    if writer.missing:
        lines.append(f"{say('Not on record')}: {', '.join(say(label) for label in writer.missing)}")
    if printable.lacking:
        lines.append(f"{say('Characters that cannot be printed')}: {', '.join(printable.lacking)}")
    if writer.unseen:
        unseen = "; ".join(f"{name} ({say(reason)})" for name, reason in writer.unseen)
        lines.append(f"{say('Pictures that cannot be shown')}: {printable.text(unseen)}")
    return {"title": writer.texts.both("What this document lacks"), "lines": lines}


def _in_english(writer: Writer, printable: Printable) -> tuple[str, ...]:
    missing = [f"Not on record: {label}" for label in writer.missing]
    lacking = [f"Cannot be printed: {one}" for one in printable.lacking]
    return (*missing, *lacking, *(f"Cannot be shown: {name}: {reason}" for name, reason in writer.unseen))


__all__ = ["Material", "Written", "content"]
