"""Resolution: the way that was agreed with the customer, or decided."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from temporalio import workflow

from workflows.case import Case
from workflows.stages.delivery import delivery
from workflows.stages.factory_return import factory_return
from workflows.stages.field_service import field_service
from workflows.stages.give_back import give_item_back
from workflows.stages.on_site import on_site
from workflows.stages.orders import parts, replacement_order
from workflows.stages.replacement import replacement
from workflows.stages.service_modes import consultation, remote_guidance, visit
from workflows.stages.sessions import email, telephone, video
from workflows.stages.terms import terms_agreed
from workflows.stages.warranty_repair import warranty_repair
from workflows.stages.wind_up import wind_up

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
        Resolution.VIDEO: video,
        Resolution.TELEPHONE: telephone,
        Resolution.EMAIL: email,
        Resolution.PARTS: parts,
        Resolution.REPLACEMENT_ORDER: replacement_order,
        Resolution.FIELD_SERVICE: field_service,
    }
)


async def resolve(case: Case) -> Stage:
    """Resolves the case the way it is set to; one with no way set yet goes to the stage that agrees one.

    What an earlier way left open is wound up first. Where the plan quotes first, nothing begins before the customer
    agreed to what they pay (X9).
    """
    case.papers.order_number()
    if _way(case) is None:
        return case.plan.stage_of_agreement
    await wind_up(case)
    if case.plan.quotes_first and not await terms_agreed(case):
        await give_item_back(case)
        return Stage.FOLLOW_UP
    way = _way(case)  # the terms may have changed it
    return await way(case) if way else case.plan.stage_of_agreement


def _way(case: Case) -> Callable[[Case], Awaitable[Stage]] | None:
    return RESOLUTIONS.get(case.state.resolution) if case.state.resolution else None
