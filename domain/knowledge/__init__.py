"""The knowledge base: articles by product and symptom, with the self-checks to guide a customer through (R4)."""

from domain.knowledge.article import (
    Act,
    ArticleContent,
    ArticleState,
    families,
    lines_of,
    missing_for_publication,
)
from domain.knowledge.from_case import draft_of, is_solved
from domain.knowledge.page import PageInvalid, article_of_page
from domain.knowledge.relevance import Candidate, Match, ranked

__all__ = [
    "Act",
    "ArticleContent",
    "ArticleState",
    "Candidate",
    "Match",
    "PageInvalid",
    "article_of_page",
    "draft_of",
    "families",
    "is_solved",
    "lines_of",
    "missing_for_publication",
    "ranked",
]
