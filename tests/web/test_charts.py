"""Pictures: where their parts stand, and what their titles say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.charts import FEWEST, HEIGHT, SHADES, Week, finding, heights, shares, stacked

POINTS = ("none", "a little", "about half", "most", "all")
COUNTS = st.integers(3, 5).flatmap(lambda many: st.lists(st.integers(0, 40), min_size=many, max_size=many))


def week(place: int, *counts: int) -> Week:
    monday = date(2025, 9, 1) + timedelta(weeks=place)
    return Week(place=place, monday=monday, title=f"{monday.day} {monday:%B}", counts=counts)


@given(counts=COUNTS)
def test_a_column_is_as_tall_as_any_other_and_its_parts_do_not_overlap(counts: list[int]) -> None:
    points = [f"point {n}" for n in range(len(counts))]
    [column] = stacked([week(0, *counts)], points).columns
    assert bool(column.segments) == (sum(counts) >= FEWEST)
    if column.segments:
        assert len(column.segments) == sum(count > 0 for count in counts)
        assert sum(heights(counts)) == pytest.approx(HEIGHT, abs=0.05)
        tops = [segment.y for segment in column.segments]
        assert tops == sorted(tops, reverse=True)
        assert min(tops) >= -0.05
        for upper, lower in zip(column.segments[1:], column.segments, strict=False):
            assert upper.y + upper.height <= lower.y + 1


@given(places=st.sets(st.integers(0, 39), min_size=1))
def test_weeks_stand_where_they_belong_and_none_leaves_the_picture(places: set[int]) -> None:
    chart = stacked([week(place, 1, 1, 1, 1, 1) for place in sorted(places)], POINTS)
    xs = [column.x for column in chart.columns]
    assert xs == sorted(xs)
    assert xs[0] == 0
    assert all(column.x + column.width <= 100 for column in chart.columns)
    assert all(x + c.width <= after for x, c, after in zip(xs, chart.columns, xs[1:], strict=False))


@pytest.mark.parametrize("many", SHADES)
def test_the_legend_names_each_point_from_the_top_with_a_shade_of_its_own(many: int) -> None:
    chart = stacked([week(0, *[2] * many)], POINTS[:many])
    assert [words for _, words in chart.legend] == list(reversed(POINTS[:many]))
    assert len({shade for shade, _ in chart.legend}) == many
    [column] = chart.columns
    assert [segment.shade for segment in column.segments] == [shade for shade, _ in reversed(chart.legend)]


def test_a_month_is_written_where_it_begins() -> None:
    chart = stacked([week(place, 5, 0, 0) for place in range(6)], POINTS[:3])
    assert [column.month for column in chart.columns] == ["Sep", "", "", "", "", "Oct"]


@pytest.mark.parametrize(
    ("weeks", "says"),
    [
        ([], ""),
        ([week(0, 1, 1, 1, 1, 0)], ""),
        ([week(0, 1, 2, 1, 1, 0)], "In the week of 1 September, “a little” was chosen most."),
        ([week(0, 2, 2, 1, 0, 0)], "In the week of 1 September, “none” or “a little” was chosen most."),
        (
            [week(0, 5, 5, 0, 0, 0), week(1, 0, 0, 0, 5, 5)],
            "More of the class chose “most” or “all” than in the week of 1 September.",
        ),
        (
            [week(0, 0, 0, 0, 5, 5), week(9, 5, 5, 0, 0, 0)],
            "Fewer of the class chose “most” or “all” than in September.",
        ),
        (
            [week(0, 0, 0, 5, 5, 0), week(9, 0, 5, 0, 0, 5)],
            "About as many of the class chose “most” or “all” as in September.",
        ),
        ([week(0, 0, 0, 0, 0, 4), week(9, 9, 0, 0, 0, 0)], "In the week of 3 November, “none” was chosen most."),
    ],
)
def test_the_title_says_what_changed_and_leaves_out_weeks_of_few(weeks: list[Week], says: str) -> None:
    assert finding(weeks, POINTS, "class") == says


def test_two_weeks_at_either_end_speak_for_the_rest() -> None:
    weeks = [week(0, 10, 0, 0, 0, 0), week(1, 0, 0, 0, 0, 10), week(8, 0, 0, 0, 0, 10), week(9, 10, 0, 0, 0, 0)]
    assert finding(weeks, POINTS, "staff").startswith("About as many of the team")


def test_the_middle_of_three_points_is_no_upper_one() -> None:
    weeks = [week(0, 6, 0, 0), week(9, 0, 6, 0)]
    assert finding(weeks, ("no", "so-so", "yes"), "club") == "About as many of the club chose “yes” as in September."


def test_bars_are_parts_of_the_longest() -> None:
    assert shares({"voice": 4, "co-creation": 1, "self-discovery": 0}) == {
        "voice": 100,
        "co-creation": 25,
        "self-discovery": 0,
    }
    assert shares({"voice": 0}) == {"voice": 0}
