"""Stages of field service (M1-M10)."""

from __future__ import annotations

from workflows.stages.field_service.finish import approve, invoice
from workflows.stages.field_service.request import call_ahead, evaluate, request
from workflows.stages.field_service.visit import field_service

__all__ = ["approve", "call_ahead", "evaluate", "field_service", "invoice", "request"]
