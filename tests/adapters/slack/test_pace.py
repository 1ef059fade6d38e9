"""How fast Slack is asked: never faster than it allows, nothing while it says no, replies before everything else."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.pace import Bucket, Pace

POST, HISTORY = "chat.postMessage", "conversations.history"
CONVERSATION, WORKSPACE = (1.0, 4.0), (8.0, 16.0)
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
    return Pace(time, CONVERSATION, WORKSPACE)


def let_go(pace: Pace, conversation: str, *, is_reply: bool = False, team: str = "T1") -> bool:
    return pace.wait(team, conversation, POST, is_reply=is_reply) == 0


def test_a_conversation_takes_a_short_burst_and_then_one_a_second(pace: Pace, time: Time) -> None:
    assert [let_go(pace, "D1") for _ in range(5)] == [True] * 4 + [False]
    assert pace.wait("T1", "D1", POST, is_reply=False) == 1
    time.now += 0.5
    assert pace.wait("T1", "D1", POST, is_reply=False) == 0.5
    time.now += 0.5
    assert [let_go(pace, "D1") for _ in range(2)] == [True, False]


def test_one_conversation_does_not_slow_down_another(pace: Pace) -> None:
    assert [let_go(pace, "D1") for _ in range(5)][-1] is False
    assert let_go(pace, "D2")
    assert let_go(pace, "D1", team="T2")


def test_a_workspace_takes_eight_a_second_over_all_its_conversations(pace: Pace, time: Time) -> None:
    assert sum(let_go(pace, f"D{number}") for number in range(50)) == 16
    assert pace.wait("T1", "D99", POST, is_reply=False) == 1 / 8
    time.now += 1
    assert sum(let_go(pace, f"D{number}") for number in range(50, 100)) == 8
    assert let_go(pace, "D1", team="T2")


def test_what_was_not_let_go_takes_no_room_anywhere(pace: Pace, time: Time) -> None:
    for number in range(16):
        assert let_go(pace, f"D{number}")
    for _ in range(10):
        assert not let_go(pace, "D99")
    time.now += 1
    assert [let_go(pace, "D99") for _ in range(4)] == [True] * 4


def test_replies_overtake_what_is_sent_to_many(pace: Pace, time: Time) -> None:
    while let_go(pace, f"D{time.now}"):
        time.now += A_MOMENT
    assert [let_go(pace, f"R{number}", is_reply=True) for number in range(100)] == [True] * 100
    assert not let_go(pace, "D99")
    assert [let_go(pace, "R1", is_reply=True) for _ in range(4)] == [True] * 3 + [False]


def test_while_slack_says_no_to_a_method_it_is_not_called(pace: Pace, time: Time) -> None:
    pace.close("T1", POST, 30)
    assert pace.wait("T1", "D1", POST, is_reply=True) == pace.closed_for("T1", POST) == 30
    assert pace.closed_for("T1", HISTORY) == pace.closed_for("T2", POST) == 0
    assert let_go(pace, "D1", team="T2")
    time.now += 29
    assert pace.wait("T1", "D1", POST, is_reply=False) == 1
    time.now += 1
    assert pace.closed_for("T1", POST) == 0
    assert let_go(pace, "D1")


def test_the_longest_pause_that_slack_asked_for_counts(pace: Pace, time: Time) -> None:
    pace.close("T1", POST, 30)
    pace.close("T1", POST, 5)
    time.now += 6
    assert pace.closed_for("T1", POST) == 24
    pace.close("T1", POST, 60)
    assert pace.closed_for("T1", POST) == 60


def test_full_buckets_are_forgotten_once_there_are_many_and_nothing_changes(pace: Pace, time: Time) -> None:
    assert [let_go(pace, "D", is_reply=True) for _ in range(4)] == [True] * 4
    for number in range(10_001):
        assert let_go(pace, f"R{number}", is_reply=True)
    assert not let_go(pace, "D", is_reply=True)
    time.now += 10
    assert let_go(pace, "D", is_reply=True)
    assert pace.wait("T1", "D", POST, is_reply=True) == 0


def test_a_clock_that_stands_still_gives_no_room(time: Time) -> None:
    bucket = Bucket(rate=2.0, most=3.0, room=0.0, at=time.now)
    assert [bucket.wait(time.now) for _ in range(3)] == [0.5] * 3
    assert bucket.wait(time.now + 0.5) == 0


Step = tuple[float, int, bool]


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(0, 5), st.booleans()), min_size=1, max_size=120))
def test_no_stretch_of_time_holds_more_than_slack_allows(steps: list[Step]) -> None:
    time = Time()
    pace = Pace(time, CONVERSATION, WORKSPACE)
    gone: list[tuple[float, int, bool]] = []
    for passed, conversation, is_reply in steps:
        time.now += passed
        seconds = pace.wait("T1", f"D{conversation}", POST, is_reply=is_reply)
        if seconds:
            time.now += seconds + A_MOMENT
            assert let_go(pace, f"D{conversation}", is_reply=is_reply), "who waited as long as was said goes next"
        gone.append((time.now, conversation, is_reply))
    for number in range(6):
        hold([at for at, conversation, _ in gone if conversation == number], *CONVERSATION)
    hold([at for at, _, is_reply in gone if not is_reply], *WORKSPACE)


def hold(moments: list[float], rate: float, most: float) -> None:
    """Check every stretch between two calls."""
    for first in range(len(moments)):
        for last in range(first, len(moments)):
            assert last - first + 1 <= most + rate * (moments[last] - moments[first]) + 0.01


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(1, 60)), min_size=1, max_size=30))
def test_nothing_is_let_go_inside_any_pause_that_slack_asked_for(storm: list[tuple[float, int]]) -> None:
    time = Time()
    pace = Pace(time, CONVERSATION, WORKSPACE)
    closed: list[tuple[float, float]] = []
    for passed, seconds in storm:
        time.now += passed
        if let_go(pace, "D1", is_reply=True):
            assert not any(since < time.now < until - A_MOMENT for since, until in closed)
            pace.close("T1", POST, seconds)
            closed.append((time.now, time.now + seconds))
    assert closed
    assert all(later >= until - A_MOMENT for (_, until), (later, _) in pairwise(closed))
