"""Service plans."""

from domain.plan.model import Duty, Plan, Role, TaskRule
from domain.plan.procedure import Resolution, Stage
from domain.plan.read import PlanInvalid, Problem, check_file, read_plan, read_plans

__all__ = [
    "Duty",
    "Plan",
    "PlanInvalid",
    "Problem",
    "Resolution",
    "Role",
    "Stage",
    "TaskRule",
    "check_file",
    "read_plan",
    "read_plans",
]
