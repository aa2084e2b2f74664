"""A plan of one's own, made as the guide says: a copy of a plan file with another name, budgets, roles and words."""

from __future__ import annotations

from pathlib import Path

from domain.plan import Plan, read_plan

ROOT = Path(__file__).parents[2]
NAME = "pump-service"
_ROLES = """[roles]
hotline = { title = "Hotline", superior = "pump_master", duties = ["desk"] }
pump_master = { title = "Pump master", superior = "general_manager" }
"""
_CHANGES = {
    'name = "rapid-response"': f'name = "{NAME}"',
    'title = "Rapid response"': 'title = "Pump service"',
    "示例设备制造有限公司 · Example Equipment Manufacturing": "Example Pumps",
    'work_order_prefix = "RR"': 'work_order_prefix = "PS"',
    'currency = "CNY"': 'currency = "EUR"',
    'country = "CN"': 'country = "IT"',
    'time_zone = "Asia/Shanghai"': 'time_zone = "Europe/Rome"',
    "[roles]\n": _ROLES,
    'role = "customer_service"\nwithin = "12 h"': 'role = "hotline"\nwithin = "3 h"',
    'role = "customer_service"\nwithin = "8 working h"': 'role = "pump_master"\nwithin = "2 d"',
}


def write_own_plan(folder: Path) -> Plan:
    """Writes the plan into a folder and returns it as read again. Raises PlanInvalid when it is no plan."""
    text = (ROOT / "plans" / "rapid-response.toml").read_text(encoding="utf-8")
    for old, new in _CHANGES.items():
        assert old in text, f"the plan that is copied has no {old!r} any more"
        text = text.replace(old, new, 1)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{NAME}.toml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file)
