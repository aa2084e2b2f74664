"""Sales takes feedback in (Q4), the after-sales team picks the mode (Q5), and a contract is signed if need be (Q6)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.who_pays import covered, who_pays

with workflow.unsafe.imports_passed_through():
    from domain.case import Result
    from domain.case.feedback import ContractSigned, SortedFeedback
    from domain.plan import Resolution, Stage
    from domain.tasks.feedback import CHOOSE_MODE, RECORD_FEEDBACK, SIGN_CONTRACT, ContractWord, SignContractForm
    from domain.tasks.parts import Cover


async def record(case: Case) -> Stage:
    """Has sales record, sort and forward what the customer says."""
    await sorted_feedback(case)
    return case.next_stage()


async def sorted_feedback(case: Case) -> SortedFeedback:
    """Returns the feedback as sales sorted it; a case that was led past that step has it done now."""
    if case.state.feedback is None:
        form = await case.perform(RECORD_FEEDBACK, marks="forwarding")
        earlier = ContractSigned(number=form.contract_number) if form.contract_number else None
        case.state.feedback = SortedFeedback(subject=form.subject, period=form.period, contract=earlier)
        case.papers.order_number()
    return case.state.feedback


async def choose_mode(case: Case) -> Stage:
    """Has the after-sales team pick the service mode; again where an earlier one did not do."""
    first_time = case.state.resolution is None
    chosen = await case.perform(CHOOSE_MODE, since=None if first_time else "offered")
    case.take_way(Resolution(chosen.mode))
    return case.next_stage()


async def contract(case: Case) -> Stage:
    """Beyond the warranty period the service contract is signed before the service; a refusal ends the case."""
    feedback = await sorted_feedback(case)
    if feedback.contract_missing:
        word = await case.meet(SIGN_CONTRACT)
        if word.decision is ContractWord.DECLINED:
            case.end_as(Result.DECLINED)
            return Stage.GIVE_BACK
        await _agree(case, feedback, word)
    return case.next_stage()


async def _agree(case: Case, feedback: SortedFeedback, word: SignContractForm) -> None:
    """Keeps the contract and what it costs: the signature is the customer's consent to it (X9)."""
    done, key = case.done(SIGN_CONTRACT), case.last_key(SIGN_CONTRACT)
    signed = ContractSigned(
        number=word.number or "",
        signed_by=word.signed_by,
        valid_from=word.valid_from,
        valid_to=word.valid_to,
        task=key,
    )
    case.state.feedback = feedback.model_copy(update={"contract": signed})
    # The contract is what the costs fall under from its signature on.
    await who_pays(case, covered(case, word.costs, warranty=Cover.CONTRACT), done.by)
    case.costs.agree(word.signed_by or "", done, key)
