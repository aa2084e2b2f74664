"""The pages: rendered on the server, complete without a script, made better by a few small modules of our own."""

from fastapi import APIRouter

from api.pages import (
    access,
    acting,
    actions,
    case,
    cases,
    design,
    dispatch,
    drafts,
    engineers,
    escalations,
    knowledge,
    me,
    my_work,
    new_case,
    offline,
    papers,
    plans,
    products,
    register,
    reports,
    request,
    requests,
    sent_pictures,
    sign_ins,
    signing_in,
    task,
    tracking,
    tracking_acts,
    tracking_links,
    users,
    work_acts,
    work_live,
)
from api.pages.visit import error_page, visit_of

router = APIRouter(include_in_schema=False)
# new_case before case: /cases/new is no case
for _pages in (
    signing_in,
    sign_ins,
    users,
    access,
    me,
    my_work,
    work_acts,
    work_live,
    task,
    drafts,
    offline,
    new_case,
    cases,
    case,
    dispatch,
    acting,
    engineers,
    escalations,
    knowledge,
    papers,
    plans,
    products,
    register,
    reports,
    actions,
    request,
    requests,
    tracking,
    tracking_acts,
    tracking_links,
    sent_pictures,
    design,
):
    router.include_router(_pages.router)

__all__ = ["error_page", "router", "visit_of"]
