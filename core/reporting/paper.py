"""A report as PDF, set by typst."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from core.reporting.chart import Bar, pareto_svg

_TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(told: Mapping[str, Any], *, company: str, made_at: datetime) -> bytes:
    """Returns the PDF of a report in words; equal words give equal bytes. Blocks: call it in a thread.

    Raises ValueError when it cannot be set.
    """
    import pylopdf_fonts_zh_cn
    import typst

    sections = [
        {**section, "picture": pareto_svg("", _bars(section), section["below"]) if section["rows"] else ""}
        for section in told["sections"]
        if told["empty"] is None
    ]
    made = f"{made_at:%Y-%m-%d %H:%M} UTC"
    data = {**told, "sections": sections, "company": company, "made_at": made}
    fonts = [pylopdf_fonts_zh_cn.sans_path().parent]
    try:
        pdf = typst.compile(
            _TEMPLATE,
            root=_TEMPLATE.parent,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=fonts),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as broken:
        message = f"the report cannot be set: {broken.message}"
        raise ValueError(message) from None
    if not isinstance(pdf, bytes):
        raise TypeError("the renderer gave no file")
    return pdf


def _bars(section: Mapping[str, Any]) -> list[Bar]:
    return [Bar(row["title"], row["count"], row["cumulative"]) for row in section["rows"]]
