"""Sets every kind of document for a Chinese, an English and an Italian case, to be looked at.

`python -m tests.documents.gallery OUT` writes a PDF of each, and a PNG of each page, into the folder OUT.
"""

from __future__ import annotations

import sys
from pathlib import Path

from activities.document_setting import pages_as_pictures, render
from domain.documents.kinds import DocumentKind
from tests.documents.gallery_cases import printed

UNSIGNED = {
    DocumentKind.REQUIREMENT_FORM: "return_instructions",
    DocumentKind.SERVICE_CONFIRMATION: "acceptance",
    DocumentKind.SERVICE_CONTRACT: "sign_contract",
}
"""Papers that are made before they are signed too, and the task before which they are shown so."""


def main(folder: Path) -> None:
    """Writes the gallery."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in ("zh", "en", "it"):
        case = printed(language)
        for kind in DocumentKind:
            for until in dict.fromkeys((None, UNSIGNED.get(kind))):
                name = f"{language}-{kind.value}{'-unsigned' if until else ''}"
                order = case.order(kind, until=until)
                about = (order, case.language, "D-4T8K2M9X7QWERTYU", case.material, case.pictures)
                paper = render(*about)
                (folder / f"{name}.pdf").write_bytes(paper.file)
                for number, page in enumerate(pages_as_pictures(*about), start=1):
                    (folder / f"{name}-{number}.png").write_bytes(page)
                print(name, *paper.remarks, sep="\n  ")  # noqa: T201 - a program for the command line


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"))
