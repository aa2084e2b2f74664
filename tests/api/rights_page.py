"""Writes docs/rights.md from the tables: `python -m tests.api.rights_page`. A change of rights shows in its diff."""

from __future__ import annotations

from api.rights import ADMIN, AUDITOR, RIGHTS, Person, Right, may, roles_by_duty
from api.route_rights import ROUTES, Kind, Rule
from domain.plan import read_plans
from tests.support.scene import ROOT

FILE = ROOT / "docs" / "rights.md"
_HEAD = """# Who may do what

Made from the two tables `api/rights.py` and `api/route_rights.py` (`python -m tests.api.rights_page`), and held in step
with them by a test. Rights belong to duties that a plan gives its roles, so that its own roles have them too; below
are the roles of the plans that come with the product. An administrator may do everything, and the record says for which
role.

## Rights

| right | roles |
|---|---|
"""
_ROUTES = """
## Routes

Each route stands in the table or is answered to nobody. *Shows* is what the record of who looked notes when a person
gets an answer.

| route | who | shows |
|---|---|---|
"""


def page() -> str:
    """Returns the page."""
    plans = read_plans(ROOT / "plans")
    roles = sorted({role for plan in plans.values() for role in plan.roles})
    duties = roles_by_duty(plans.values())
    rows = []
    for right in Right:
        own = [one for one in [*roles, AUDITOR] if may(Person("x", "X", frozenset({one}), duties=duties), right)]
        everybody = len([one for one in own if one != AUDITOR]) == len(roles)
        named = [f"every role of a plan{', auditor' if AUDITOR in own else ''}"] if everybody else own
        rows.append(f"| {right.value} | {', '.join(named) or ADMIN} |")
    assert set(RIGHTS) == set(Right)
    routes = [f"| `{name}` | {_who(rule)} | {_shows(rule)} |" for name, rule in ROUTES.items()]
    return _HEAD + "\n".join(rows) + "\n" + _ROUTES + "\n".join(routes) + "\n"


def _who(rule: Rule) -> str:
    return f"may {rule.who.value}" if isinstance(rule.who, Right) else rule.who.value


def _shows(rule: Rule) -> str:
    if rule.shows is None:
        return ""
    named = rule.shows.kind in (Kind.LIST, Kind.EXPORT)
    return f"{rule.shows.kind.value}: {rule.shows.of}" if named else rule.shows.kind.value


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
