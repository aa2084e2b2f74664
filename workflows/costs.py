"""The costs of a case: proposed, agreed to by the customer, shared by decision (X9)."""

from __future__ import annotations

from temporalio import workflow

from workflows.record import Record

with workflow.unsafe.imports_passed_through():
    from domain.case import ConsentGiven, Done
    from domain.coverage import borne_by, taken_over
    from domain.events import SYSTEM, Actor, EventKind
    from domain.tasks.parts import CostLine, Payer


class Costs:
    """Keeps what the customer agreed to apart from what is only proposed: a refused proposal costs nobody anything."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._agreed: tuple[CostLine, ...] = ()
        self._proposed: tuple[CostLine, ...] = ()
        self._unsettled = False
        self._taken_over: list[int] = []
        """Shares that the company took over by decision, in percent; they hold for what comes later too."""

    def propose(self, lines: tuple[CostLine, ...], by: Actor) -> None:
        """Puts a proposal on record; it replaces an earlier one that was not agreed to."""
        for percent in self._taken_over:
            lines = taken_over(lines, percent)
        self._proposed = lines
        self._show(by)

    def adopt(self, by: Actor) -> None:
        """Work goes on without asking the customer: what the company bears stays, the rest is taken back (X9)."""
        ours = tuple(line for line in self._proposed if line.payer is Payer.COMPANY)
        self._unsettled = self._unsettled or bool(ours)
        self._agreed, self._proposed = (*self._agreed, *ours), ()
        self._show(by)

    def agree(self, given_by: str, done: Done, task: str) -> None:
        """Records the customer's consent to the proposal and its costs."""
        self._unsettled = self._unsettled or bool(self._proposed)
        self._agreed, self._proposed = (*self._agreed, *self._proposed), ()
        state = self._record.state
        consent = ConsentGiven(
            at=done.happened_at, given_by=given_by, amount=borne_by(Payer.CUSTOMER, self._agreed), task=task
        )
        state.consents = (*state.consents, consent)
        self._record.note(EventKind.CONSENTED, done.by, data=consent.model_dump(mode="json"))

    def drop_proposal(self, by: Actor = SYSTEM) -> None:
        """Takes back what the customer did not agree to."""
        self._proposed = ()
        self._show(by)

    def share(self, percent: int, by: Actor) -> None:
        """The company takes over a share of what the customer bears, 1 to 100 percent."""
        self._taken_over.append(percent)
        self._agreed, self._proposed = taken_over(self._agreed, percent), taken_over(self._proposed, percent)
        self._show(by)

    def settle(self) -> None:
        """The costs agreed to so far are settled."""
        self._unsettled = False

    @property
    def unsettled(self) -> bool:
        """True when there are agreed costs that were not settled yet."""
        return self._unsettled

    @property
    def customer_pays_proposal(self) -> bool:
        """True when the open proposal has a cost the customer would bear."""
        return borne_by(Payer.CUSTOMER, self._proposed) > 0

    def _show(self, by: Actor) -> None:
        lines = (*self._agreed, *self._proposed)
        if lines != self._record.state.costs:
            self._record.state.costs = lines
            self._record.note(
                EventKind.COSTS_ENTERED, by, data={"costs": [line.model_dump(mode="json") for line in lines]}
            )
