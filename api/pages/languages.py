"""The texts of pages in the reader's language: what page code imports. How it works is told in `api.languages`."""

from __future__ import annotations

from api.languages import LANGUAGES, _, language, lazy, ngettext, say, speak, zone

__all__ = ["LANGUAGES", "_", "language", "lazy", "ngettext", "say", "speak", "zone"]
