"""Engineers, absences, deputies and proposals as the JSON API shows them."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.actions.engineers import Proposed, may_plan
from api.rights import Person
from domain.dispatch import Absence, Candidate, Deputy, Proposal, away_until
from store.users import User


class AbsenceShown(BaseModel):
    """An absence, both days included; the reason is told to those alone who may plan it."""

    absence_id: str
    user: str
    first: date
    last: date
    reason: str | None
    substitute: str | None

    @classmethod
    def of(cls, absence: Absence, user: User | None, person: Person) -> AbsenceShown:
        """As this person may see it."""
        reason = absence.reason if user is not None and may_plan(person, user) else None
        return cls(**absence.model_dump(exclude={"reason"}), reason=reason)


class EngineerShown(BaseModel):
    """An engineer with today's load. `absent_until` is set while they are away."""

    user: str
    name: str
    regions: tuple[str, ...]
    skills: tuple[str, ...]
    reports_to: str | None
    open_tasks: int
    appointments: int
    absent_until: date | None
    absences: list[AbsenceShown]

    @classmethod
    def of(cls, engineer: Candidate, user: User, person: Person, today: date) -> EngineerShown:
        """As this person may see it on the day."""
        return cls(
            user=engineer.user,
            name=engineer.name,
            regions=engineer.regions,
            skills=engineer.skills,
            reports_to=user.reports_to,
            open_tasks=engineer.open_tasks,
            appointments=engineer.appointments,
            absent_until=away_until(engineer.absences, today),
            absences=[AbsenceShown.of(one, user, person) for one in engineer.absences],
        )


class EngineersPage(BaseModel):
    """A part of the engineers, by sign-in name."""

    items: list[EngineerShown]
    next: str | None


class AbsencesPage(BaseModel):
    """A part of the absences that last or lie ahead, by first day."""

    items: list[AbsenceShown]
    next: str | None


class DeputyShown(BaseModel):
    """A deputy of a role; without days always."""

    deputy_id: str
    role: str
    user: str
    first: date | None
    last: date | None

    @classmethod
    def of(cls, deputy: Deputy) -> DeputyShown:
        """As everybody may see it."""
        return cls(**deputy.model_dump())


class DeputiesPage(BaseModel):
    """The deputies of all roles whose time has not ended."""

    items: list[DeputyShown]
    next: str | None


class ProposalShown(BaseModel):
    """The engineers for a task, best first, each with reasons. Anybody of them can be chosen.

    `order` is the whole rule in words, `remarks` is what holds for the list as a whole.
    """

    task_id: str
    on: date
    order: str
    remarks: tuple[str, ...]
    items: tuple[Proposal, ...]
    next: str | None = None

    @classmethod
    def of(cls, task_id: str, proposed: Proposed) -> ProposalShown:
        """As it is today."""
        return cls(
            task_id=task_id,
            on=proposed.on,
            order=proposed.order,
            remarks=proposed.remarks,
            items=proposed.items,
        )
