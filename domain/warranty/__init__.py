"""Warranty: what was promised for a product, and whether it holds on a day."""

from domain.warranty.names import model_key, serial_key
from domain.warranty.status import Cover, WarrantyStatus, warranty_of
from domain.warranty.terms import ProductFacts, Replacements, ServiceContract, WarrantyTerms, last_day

__all__ = [
    "Cover",
    "ProductFacts",
    "Replacements",
    "ServiceContract",
    "WarrantyStatus",
    "WarrantyTerms",
    "last_day",
    "model_key",
    "serial_key",
    "warranty_of",
]
