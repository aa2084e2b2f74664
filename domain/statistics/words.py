"""What can be counted and by what; every figure has one definition, and it stands here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from domain.tasks.form import Choice

REPEAT_WITHIN = timedelta(days=90)
"""A product whose earlier case was opened within this time before is back: the case is a repeat."""


class Counted(Choice):
    """What is counted."""

    CASES = "cases", "All cases"
    REPAIRS = "repairs", "Repairs"
    RETURNS = "returns", "Returns"
    REPEATS = "repeats", "Repeats"
    LATE = "late", "Late cases"


class Sorted(Choice):
    """By what the cases are told apart."""

    CATEGORY = "category", "Kind of issue"
    MODEL = "model", "Model"
    PART = "part", "Part"
    REGION = "region", "Region"
    CAUSE = "cause", "Cause"
    RESPONSIBILITY = "responsibility", "Who caused it"
    CHANNEL = "channel", "Channel"
    PLAN = "plan", "Procedure"
    RESOLUTION = "resolution", "Resolution"
    SUBJECT = "subject", "Subject"


class Figure(StrEnum):
    """The figures beside the counts."""

    DAYS = "days"
    DEADLINES = "deadlines"
    SATISFACTION = "satisfaction"
    USED_TIME = "used_time"


DEFINITIONS: Mapping[Counted | Figure, str] = MappingProxyType(
    {
        Counted.CASES: "Every case opened in the period, whatever became of it, withdrawn ones included.",
        Counted.REPAIRS: "A case in which somebody recorded work on the product, as the warranty card shows it. "
        "It counts once, however often work was done in it.",
        Counted.RETURNS: "A case in which the customer's item came back: received by us or the factory, taken back in "
        "writing at a visit, or found to have reached us. It counts once; an item that was announced and never came "
        "does not count.",
        Counted.REPEATS: f"A case reopened from another, or about a serial number that had another case opened in the "
        f"{REPEAT_WITHIN.days} days before. Cases without a serial number count only when reopened.",
        Counted.LATE: "A case in which at least one step was late. A step is late when it was done after the first "
        "deadline that was promised for it, or is not done and that deadline has passed. What counts is when it "
        "happened, not when it was entered; a deadline moved by a pause, an attempt or an agreement counts as moved.",
        Figure.DAYS: "A case belongs to the day on which it was opened. Both days of the period are included.",
        Figure.DEADLINES: "Steps of the cases of the period that were done, or whose deadline has passed; late as for "
        "late cases. Steps that became needless before their deadline are not counted, nor are reminders, "
        "acknowledgements and the general manager's decisions.",
        Figure.SATISFACTION: "The customer's word at the follow-up, 1 (very dissatisfied) to 5 (very satisfied): the "
        "mean of the latest answer in each case of the period. Customers who were not reached are not in the mean.",
        Figure.USED_TIME: "From the application to the end, every moment of a case belongs to whoever it waited for. "
        "Several steps open at once share it equally; a step that a pause suspends is the customer's; between what "
        "happened and its entry the time is ours; reminders and acknowledgements count only while nothing else is "
        "open. The shares add up to the whole time. Reports add up the closed cases of the period; a share of less "
        "than 0.1 % has no row there.",
    }
)
"""One definition each, shown beside the figure."""

SORTED_BY: Mapping[Sorted, str] = MappingProxyType(
    {
        Sorted.PART: "Parts the fault takes, as cost lists (also of a repair that was not agreed to) and warranty card "
        "entries name them, without the quantity. A case with several parts counts once under each, so the rows can "
        "add up to more than the cases.",
        Sorted.CAUSE: "The cause as it was written last in the case; the same words count together.",
        Sorted.RESPONSIBILITY: "Who or what brought the fault about, as it was said last in the case.",
        Sorted.SUBJECT: "What the service was about, where the procedure tells it apart.",
    }
)
"""How a case comes to its row, where it does not speak for itself."""
