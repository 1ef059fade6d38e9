"""The post for a whole group: how often it comes, where it does so by itself."""

from datetime import date, time

import pytest

from bot.core.effects import InviteGroup
from bot.core.schedules import LAST, Monthly, MonthlyOn, OnDates, Rule, Weekly
from bot.runner.rule_words import how_often
from bot.storage.database import Database
from tests.runner.term import THURSDAY_NINE, a_term, dated, days, on

NINE, SINCE = time(9), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (THURSDAY_NINE, "every week"),
        (Weekly(weekdays=(3,), at=NINE, since=SINCE, every=2), "every second week"),
        (Weekly(weekdays=(0, 3), at=NINE, since=SINCE), "2 times a week"),
        (Monthly(day=15, at=NINE, since=SINCE), "every month"),
        (MonthlyOn(nth=LAST, weekday=4, at=NINE, since=SINCE), "every month"),
        (OnDates(dates=(date(2026, 3, 12),), at=NINE), ""),
    ],
)
def test_how_often_in_words(rule: Rule, words: str) -> None:
    assert how_often(rule) == words


@pytest.mark.parametrize(("rule", "is_said"), [(THURSDAY_NINE, True), (dated(12), False)])
async def test_a_post_says_how_often_it_comes_where_it_goes_on(database: Database, rule: Rule, is_said: bool) -> None:
    term = await a_term(database)
    await term.plan(rule, where="channel")
    await term.until(on(12, 8) + days(1))
    [post] = [effect for _, effect in term.screen.seen if isinstance(effect, InviteGroup)]
    assert ("It comes every week. " in post.small) == is_said
    assert "It comes ." not in post.small
