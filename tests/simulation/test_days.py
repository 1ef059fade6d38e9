"""The oracle's own calendar."""

from datetime import date, time

from bot.simulation.days import days_of
from bot.simulation.year import Rhythm, Terms

FIRST = date(2026, 1, 5)


def rhythm(kind: str, **more: object) -> Rhythm:
    """Describe when something comes, from the first Monday of the year on."""
    return Rhythm(kind=kind, at=time(9), since=FIRST, **more)  # type: ignore[arg-type]


def days(one: Rhythm, until: date, terms: Terms | None = None) -> list[str]:
    """List the days as month and day."""
    return [f"{day:%m-%d}" for _, day in days_of(one, terms, until)]


def test_weeks_months_and_dates() -> None:
    spring = date(2026, 4, 1)
    assert days(rhythm("weekly", weekdays=(0, 4)), date(2026, 1, 18)) == ["01-05", "01-09", "01-12", "01-16"]
    assert days(rhythm("weekly", weekdays=(2,), every=2), date(2026, 2, 5)) == ["01-07", "01-21", "02-04"]
    assert days(rhythm("monthly", day=31), spring) == ["01-31", "02-28", "03-31"]
    assert days(rhythm("monthly_on", nth=2, weekdays=(1,)), spring) == ["01-13", "02-10", "03-10"]
    assert days(rhythm("monthly_on", nth=-1, weekdays=(4,)), spring) == ["01-30", "02-27", "03-27"]
    assert days(rhythm("on_dates", dates=(date(2026, 2, 2), date(2026, 3, 3))), spring) == ["02-02", "03-03"]


def test_a_free_day_is_left_out_or_moved_within_its_week() -> None:
    free = frozenset({date(2026, 1, 5), date(2026, 1, 16)})
    mondays_and_fridays, until = rhythm("weekly", weekdays=(0, 4)), date(2026, 1, 18)
    stays = Terms(begins=FIRST, ends=date(2026, 6, 1), free=free)
    moves = Terms(begins=FIRST, ends=date(2026, 6, 1), free=free, shifts=True)
    assert days(mondays_and_fridays, until, stays) == ["01-09", "01-12"]
    assert days(mondays_and_fridays, until, moves) == ["01-06", "01-09", "01-12"], "after a Friday there is no school"


def test_what_meets_on_a_day_is_one_named_after_the_latest() -> None:
    terms = Terms(begins=date(2026, 1, 7), ends=date(2026, 6, 1), shifts=True)
    found = days_of(rhythm("weekly", weekdays=(0, 1, 2)), terms, date(2026, 1, 8))
    assert found == [(date(2026, 1, 7), date(2026, 1, 7))]
