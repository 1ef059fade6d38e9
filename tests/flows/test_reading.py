"""What somebody gives to a question, and what is kept of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.events import Raw
from bot.core.runs import Opening, Value
from bot.flows.flow import Question
from bot.flows.phrases import ENGLISH
from bot.flows.reading import TEXT_LIMIT, Slip, options_for, read, shown
from tests.flows.made import flow

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
WAYS = ["Ask somebody", "Draw it", "Draw it again", "Wait"]
PEERS = {"p1": "Cy", "p2": "Dee", "p3": "Mia Dee"}


def question(**kind: Any) -> Question:
    return flow({"id": "q", "ask": "What?", **kind}).questions["q"]


TEXT = question(text={})
DAY = question(date={})
ONE = question(choice={"options": WAYS})
OWN = question(choice={"options": WAYS, "own": True, "none": True})
MANY = question(choice={"options": WAYS, "many": True})
MANY_OWN = question(choice={"options": WAYS, "many": True, "own": True})
SCALE = question(scale=["none", "some", "all"])
PEOPLE = question(people={"most": 2})


def reading(asked: Question, raw: Raw, zone: str = "UTC", at: datetime = FRIDAY) -> Value | Slip:
    return read(asked, raw, Opening(zone=zone, peers=PEERS), ENGLISH, at)


@pytest.mark.parametrize(
    ("asked", "raw", "value"),
    [
        (TEXT, " A flag ", "A flag"),
        (TEXT, "one\r\ntwo", "one\ntwo"),
        (TEXT, ("one", "two"), "one\ntwo"),
        (TEXT, "x" * TEXT_LIMIT, "x" * TEXT_LIMIT),
        (
            TEXT,
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u202e",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u202e",
        ),
        (ONE, "wait", "wait"),
        (ONE, "WAIT!", "wait"),
        (ONE, "4", "wait"),
        (ONE, "somebody", "ask_somebody"),
        (ONE, "draw it", "draw_it"),
        (ONE, "again", "draw_it_again"),
        (ONE, ("wait",), "wait"),
        (OWN, "I sang", "I sang"),
        (OWN, "dr", "dr"),
        (OWN, "none", "none"),
        (OWN, "None of these", "none"),
        (MANY, "1, 4", ["ask_somebody", "wait"]),
        (MANY, "wait, wait", ["wait"]),
        (MANY, ("wait", "draw_it"), ["wait", "draw_it"]),
        (MANY_OWN, "wait, I sang", ["wait", "I sang"]),
        (MANY_OWN, ("wait", "own"), ["wait"]),
        (MANY_OWN, ("wait", "I sang, loudly"), ["wait", "I sang, loudly"]),
        (SCALE, "none", "1"),
        (SCALE, "3", "3"),
        (SCALE, "can't say", "cant_say"),
        (PEOPLE, "cy, 3", ["p1", "p3"]),
    ],
)
def test_what_fits_is_kept(asked: Question, raw: Raw, value: Value) -> None:
    assert reading(asked, raw) == value


@pytest.mark.parametrize(
    ("asked", "raw", "sentence"),
    [
        (TEXT, "", ENGLISH.slip_empty),
        (TEXT, " \n\t", ENGLISH.slip_empty),
        (TEXT, (), ENGLISH.slip_empty),
        (TEXT, "x" * (TEXT_LIMIT + 1), ENGLISH.slip_long.format(count="10,001", most="10,000")),
        (TEXT, "a\x00b", ENGLISH.slip_sign),
        (TEXT, "\ud83d", ENGLISH.slip_sign),
        (MANY, ("wait", "\udfff"), ENGLISH.slip_sign),
        (ONE, "draw", ENGLISH.slip_menu),
        (ONE, "w", ENGLISH.slip_menu),
        (ONE, "9", ENGLISH.slip_menu),
        (ONE, "", ENGLISH.slip_menu),
        (MANY, "wait, sing", ENGLISH.slip_menu),
        (MANY, (), ENGLISH.slip_menu),
        (SCALE, "most", ENGLISH.slip_menu),
        (SCALE, "1.5", ENGLISH.slip_menu),
        (PEOPLE, "1, 2, 3", ENGLISH.slip_most.format(most=2)),
        (PEOPLE, "Ben", ENGLISH.slip_menu),
    ],
)
def test_what_does_not_fit_gets_a_kind_sentence(asked: Question, raw: Raw, sentence: str) -> None:
    assert reading(asked, raw) == Slip(sentence)


def test_own_words_are_asked_for_where_they_are_chosen() -> None:
    assert reading(OWN, ("own",)) == Slip(ENGLISH.slip_own, counts=False)
    assert reading(OWN, "in my own words") == Slip(ENGLISH.slip_own, counts=False)


def test_nobody_can_be_picked_where_nobody_is() -> None:
    assert read(PEOPLE, "Cy", Opening(), ENGLISH, FRIDAY) == Slip(ENGLISH.slip_nobody)
    assert options_for(PEOPLE, Opening()) == ()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-01", "2026-12-01"),
        ("1.12.2026", "2026-12-01"),
        ("01.12.2026.", "2026-12-01"),
        ("Today", "2026-11-20"),
        ("tomorrow!", "2026-11-21"),
        ("saturday", "2026-11-21"),
        ("on Thursday", "2026-11-26"),
        ("Friday", "2026-11-27"),
        ("next friday", "2026-11-27"),
    ],
)
def test_a_day_may_be_written_in_many_ways(written: str, day: str) -> None:
    assert reading(DAY, written) == day


@pytest.mark.parametrize("written", ["soon", "2026-02-30", "30.2.2026", "12/1/2026", "Freitag", "0", "-1", "٢"])
def test_what_is_no_day_gets_an_example(written: str) -> None:
    assert reading(DAY, written) == Slip(ENGLISH.slip_date.format(example="2026-11-27"))


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Los_Angeles", "2026-11-20"), ("UTC", "2026-11-21"), ("Asia/Tokyo", "2026-11-21")]
)
def test_today_is_the_day_where_the_person_is(zone: str, day: str) -> None:
    assert reading(DAY, "today", zone, datetime(2026, 11, 21, 5, tzinfo=UTC)) == day


def test_a_kept_value_is_shown_in_words() -> None:
    assert shown(ONE, "draw_it", Opening()) == "Draw it"
    assert shown(MANY_OWN, ["wait", "I sang"], Opening()) == "Wait, I sang"
    assert shown(PEOPLE, ["p1", "p2"], Opening(peers=PEERS)) == "Cy, Dee"
    assert shown(TEXT, None, Opening()) == ""
