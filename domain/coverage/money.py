"""Amounts in the smallest unit of a currency."""

from __future__ import annotations

from decimal import Decimal

_CENT = Decimal("0.01")
_WHOLE = Decimal(1)

_WITHOUT_CENTS = frozenset(
    {
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"),
        *("XAF", "XOF", "XPF"),
    }
)
"""The currencies that ISO 4217 gives no smaller unit. Amounts have two decimals at most, also where a third exists."""


class AmountTooFine(ValueError):
    """An amount is finer than the smallest unit of its currency."""


def smallest_unit(currency: str) -> Decimal:
    """Returns the smallest amount that can be paid in a currency, for example 0.01 for EUR and 1 for JPY."""
    return _WHOLE if currency in _WITHOUT_CENTS else _CENT


def exact(amount: Decimal, currency: str) -> Decimal:
    """Returns the same amount with the decimals of its currency, 120 CNY as 120.00. Raises AmountTooFine."""
    unit = smallest_unit(currency)
    if amount % unit:
        raise AmountTooFine(f"{amount} is finer than the smallest amount in {currency}, {unit}")
    return amount.quantize(unit)
