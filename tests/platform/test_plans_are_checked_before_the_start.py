"""A wrong plan file is told in one line before worker and pages start; a person gets no role that no plan has."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.commands.people import add, prepare
from core.embedded.home import Home
from core.errors import Invalid
from core.settings import Settings

PLANS = Path(__file__).parents[2] / "plans"


def settings_with(home: Home, plans: Path) -> Settings:
    home.create()
    return Settings(home=home.path, plans_dir=plans, session_secret="not a secret at all, only long enough")


def test_a_copied_plan_that_kept_its_old_name_is_told_before_anything_is_made(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "pump-service.toml").write_text((PLANS / "rapid-response.toml").read_text("utf-8"), "utf-8")
    home = Home(tmp_path / "home")
    with pytest.raises(Invalid, match=r"^pump-service\.toml: name: is 'rapid-response' but") as refused:
        prepare(settings_with(home, plans), home)
    assert "aftercare plans check" in str(refused.value)
    assert not home.passwords.exists()
    assert not (home.path / "aftercare.db").exists()


async def test_a_role_that_no_plan_has_is_refused_by_name(tmp_path: Path) -> None:
    settings = settings_with(Home(tmp_path / "home"), PLANS)
    with pytest.raises(Invalid, match=r"^--role: no plan has the role 'custumer_service'; there is .*customer_service"):
        await add(settings, "rosa", "Rosa Conti", ["engineer", "custumer_service"])
