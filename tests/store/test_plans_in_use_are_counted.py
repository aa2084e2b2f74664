from __future__ import annotations

from store.case_plans import PlanInUse, keep_plan_of_case, plans_in_use
from store.projection import write_projection
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, whole


async def test_open_cases_are_counted_by_the_version_they_were_opened_with(database: Database) -> None:
    async with database.session() as session:
        assert await plans_in_use(session) == ()
        await write_projection(session, RUN, NOW, whole())
        (one,) = await plans_in_use(session)
        assert (one.version, one.cases) == (None, 1)
        await keep_plan_of_case(session, CASE, one.plan, 3)
        await keep_plan_of_case(session, CASE, one.plan, 4)
        assert await plans_in_use(session) == (PlanInUse(one.plan, one.title, 3, 1, one.oldest),)
        assert one.oldest.tzinfo is not None
