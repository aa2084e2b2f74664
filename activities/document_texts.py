"""Fixed texts of documents by language. The English text is the key, so that an untranslated one still reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.texts import translations

FOLDER = Path(__file__).parent / "document_templates"
_DAYS = {"zh": "%Y-%m-%d", "it": "%d/%m/%Y"}
_ENGLISH_DAY = "%-d %B %Y"  # a month in words: 3/4 means two different days to English readers


@dataclass(frozen=True)
class Texts:
    """Says things in the language of a document, times in the zone of its case."""

    language: str
    zone: ZoneInfo
    currency: str

    def say(self, english: str) -> str:
        """Returns the text in the document's language."""
        return translations(self.language).get(english, english)

    def both(self, english: str) -> tuple[str, str]:
        """Returns a label in the document's language and, where that is another, in English."""
        here = self.say(english)
        return here, "" if here == english else english

    def role(self, name: str) -> str:
        """Returns a role's name for people: `customer_service` is “Customer service”."""
        return self.say(name.replace("_", " ").capitalize())

    def day(self, value: date) -> str:
        """Returns a calendar day."""
        return value.strftime(_DAYS.get(self.language.partition("-")[0], _ENGLISH_DAY))

    def instant(self, value: datetime) -> str:
        """Returns an instant in the case's zone, to the minute."""
        local = value.astimezone(self.zone)
        return f"{self.day(local)} {local:%H:%M}"

    def number(self, value: Decimal) -> str:
        """Returns a number, written as the language does."""
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=self.language.replace("-", "_")))

    def money(self, amount: Decimal) -> str:
        """Returns an amount in the case's currency, written as the language does."""
        from babel.numbers import format_currency

        return str(format_currency(amount, self.currency, locale=self.language.replace("-", "_")))
