"""Resolution: the way that was agreed with the customer, or decided."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from temporalio import workflow

from workflows.case import Case
from workflows.stages.delivery import delivery
from workflows.stages.factory_return import factory_return
from workflows.stages.on_site import on_site
from workflows.stages.replacement import replacement
from workflows.stages.service_modes import consultation, remote_guidance, visit
from workflows.stages.warranty_repair import warranty_repair

with workflow.unsafe.imports_passed_through():
    from domain.plan import Resolution, Stage

RESOLUTIONS: Mapping[Resolution, Callable[[Case], Awaitable[Stage]]] = MappingProxyType(
    {
        Resolution.ON_SITE: on_site,
        Resolution.DELIVERY: delivery,
        Resolution.FACTORY_RETURN: factory_return,
        Resolution.REPLACEMENT: replacement,
        Resolution.CONSULTATION: consultation,
        Resolution.REMOTE_GUIDANCE: remote_guidance,
        Resolution.VISIT: visit,
        Resolution.WARRANTY_REPAIR: warranty_repair,
    }
)


async def resolve(case: Case) -> Stage:
    """Resolves the case the way it is set to; one with no way set yet goes to dispatch."""
    case.papers.order_number()
    way = RESOLUTIONS.get(case.state.resolution) if case.state.resolution else None
    return await way(case) if way else case.plan.stage_of_agreement
