"""Registers what editors see with the admin site."""

from . import account_admin, token_admin, webhook_admin
from .article import article_admin, mention_admin
from .loads import load_admin
from .records import alias_admin, merge_decisions, organization_admin, place_admin, reporter_admin
from .review import page_admin
from .rulings import ruling_admin

__all__ = [
    "account_admin",
    "alias_admin",
    "article_admin",
    "load_admin",
    "mention_admin",
    "merge_decisions",
    "organization_admin",
    "page_admin",
    "place_admin",
    "reporter_admin",
    "ruling_admin",
    "token_admin",
    "webhook_admin",
]
