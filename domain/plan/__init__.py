"""Service plans."""

from domain.plan.model import Plan, Resolution, Role, Stage, TaskRule
from domain.plan.read import PlanInvalid, Problem, check_file, read_plan, read_plans

__all__ = [
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
