"""The places where people asked for something: a class on no platform in particular, a team in Slack."""

import pytest

from bot.storage.database import Database
from tests.runner.term import Term, a_term
from tests.slack.conftest import fresh, walk

__all__ = ["fresh", "term", "walk"]


@pytest.fixture
async def term(database: Database) -> Term:
    """Be in a class of three, on the Friday before its first planned week."""
    return await a_term(database)
