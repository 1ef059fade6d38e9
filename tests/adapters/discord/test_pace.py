"""How fast Discord is asked: never faster than it allows, and nothing more once it said no too often."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.pace import Pace

A_MOMENT = 1e-6
"""What adding up fractions of a second may lose."""


@dataclass
class Time:
    """A clock that is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(time)


def let_go(pace: Pace, *, is_reply: bool = False) -> bool:
    return pace.wait(is_reply=is_reply) == 0


def refuse(pace: Pace, times: int, status: int = 403) -> None:
    for _ in range(times):
        pace.note(status)


# So many a second.


def test_forty_five_a_second_go_and_ten_of_them_are_kept_for_replies(pace: Pace, time: Time) -> None:
    assert sum(let_go(pace) for _ in range(100)) == 35
    assert sum(let_go(pace, is_reply=True) for _ in range(100)) == 10
    assert pace.wait(is_reply=True) == pace.wait(is_reply=False) == 1
    time.now += 0.5
    assert pace.wait(is_reply=True) == 0.5
    time.now += 0.5
    assert sum(let_go(pace, is_reply=True) for _ in range(100)) == 45


def test_what_is_sent_to_many_waits_while_replies_go(pace: Pace, time: Time) -> None:
    assert sum(let_go(pace, is_reply=True) for _ in range(36)) == 36
    assert pace.wait(is_reply=False) == 1
    assert let_go(pace, is_reply=True)


def test_what_was_not_let_go_takes_no_room(pace: Pace, time: Time) -> None:
    assert sum(let_go(pace) for _ in range(1_000)) == 35
    time.now += 1
    assert sum(let_go(pace) for _ in range(1_000)) == 35


Step = tuple[float, bool]


@given(st.lists(st.tuples(st.floats(0, 0.4), st.booleans()), min_size=1, max_size=200))
def test_no_second_holds_more_than_discord_allows(steps: list[Step]) -> None:
    time = Time()
    pace = Pace(time, a_second=9, kept=3)
    gone: list[tuple[float, bool]] = []
    for passed, is_reply in steps:
        time.now += passed
        seconds = pace.wait(is_reply=is_reply)
        if seconds:
            time.now += seconds + A_MOMENT
            assert let_go(pace, is_reply=is_reply), "who waited as long as was said goes next"
        gone.append((time.now, is_reply))
    for at, is_reply in gone:
        before = [other for other, _ in gone if at - 1 + A_MOMENT < other <= at]
        assert len(before) <= 9
        if not is_reply:
            assert len([other for other in before if other < at]) <= 6


# So many refusals in ten minutes.


@pytest.mark.parametrize("status", [401, 403, 429])
def test_from_five_thousand_refusals_on_only_replies_go(pace: Pace, time: Time, status: int) -> None:
    refuse(pace, 4_999, status)
    assert let_go(pace)
    time.now += 100
    refuse(pace, 1, status)
    assert pace.wait(is_reply=False) == pace.closed_for(is_reply=False) == 500
    assert pace.closed_for(is_reply=True) == 0
    assert let_go(pace, is_reply=True)


def test_from_nine_thousand_on_nothing_goes_until_the_window_has_moved(pace: Pace, time: Time) -> None:
    refuse(pace, 4_000)
    time.now += 60
    refuse(pace, 5_000)
    assert pace.wait(is_reply=True) == pace.closed_for(is_reply=True) == 540
    assert pace.wait(is_reply=False) == 600
    time.now += 539
    assert not let_go(pace, is_reply=True)
    time.now += 1
    assert let_go(pace, is_reply=True)
    assert not let_go(pace)
    time.now += 60
    assert let_go(pace)


@pytest.mark.parametrize("status", [200, 204, 400, 404, 500, 503])
def test_other_answers_are_not_counted(pace: Pace, status: int) -> None:
    refuse(pace, 20_000, status)
    assert let_go(pace)


@pytest.mark.parametrize(("scope", "is_counted"), [("shared", False), ("user", True), ("global", True), ("", True)])
def test_what_others_used_up_is_no_fault_of_ours(pace: Pace, scope: str, is_counted: bool) -> None:
    for _ in range(5_000):
        pace.note(429, scope)
    assert let_go(pace) is not is_counted


@given(
    st.lists(
        st.tuples(st.floats(0, 200), st.sampled_from([200, 401, 403, 404, 429]), st.booleans()),
        min_size=1,
        max_size=150,
    )
)
def test_no_ten_minutes_hold_more_refusals_than_may_be(steps: list[tuple[float, int, bool]]) -> None:
    time = Time()
    pace = Pace(time, careful=5, most=9)
    refused: list[float] = []
    for passed, status, is_reply in steps:
        time.now += passed
        recent = sum(time.now - at < 600 for at in refused)
        goes = let_go(pace, is_reply=is_reply)
        assert goes == (recent < (9 if is_reply else 5))
        if goes:
            pace.note(status)
            refused += [time.now] if status in (401, 403, 429) else []
        assert len([at for at in refused if time.now - at < 600]) <= 9
