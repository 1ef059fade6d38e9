"""What others do reaches nobody in their night; what people do themselves, or are asked by hand, does at any hour."""

from bot.storage.database import Database
from tests.programs.group import ANSWERS, BEN, CLEO, DANA, Group
from tests.stage import rows

THREE = (BEN, CLEO, DANA)
TO_NIGHT, TO_MORNING = 9.5, 9.9
"""Hours from 11:40 to a quarter past nine in the evening, and from then to past seven."""


async def a_round(database: Database, **choices: str) -> Group:
    """Begin a round in a class, by day."""
    group = Group(database, THREE)
    await group.set_up()
    await group.begin("peer_exchange", practice="no", **choices)
    return group


def reviews_asked(group: Group, who: object) -> int:
    """Count the questions about others' work that somebody was sent."""
    return sum(getattr(effect, "person", "") == who and _is_review(effect) for effect in group.platform.seen)


def _is_review(effect: object) -> bool:
    return type(effect).__name__ == "AskQuestion" and getattr(effect, "title", "").startswith("Look at")


async def test_work_to_look_at_waits_for_the_morning_except_for_who_is_here(database: Database) -> None:
    group = await a_round(database)
    await group.work_through(BEN, CLEO, until="peer-review")
    await group.move(hours=TO_NIGHT)
    await group.work_through(DANA, until="peer-review")
    assert (await group.asked(BEN)).startswith("peer-review"), "it stands on his page"
    assert [reviews_asked(group, person) for person in THREE] == [0, 0, 1]
    await group.move(hours=TO_MORNING)
    assert [reviews_asked(group, person) for person in THREE] == [1, 1, 1]


async def test_what_was_answered_in_the_night_is_not_asked_in_the_morning(database: Database) -> None:
    group = await a_round(database)
    await group.work_through(BEN, CLEO, until="peer-review")
    await group.move(hours=TO_NIGHT)
    await group.work_through(DANA, until="peer-review")
    asked = await group.asked(BEN)
    await group.say(BEN, ANSWERS[asked].format(who=BEN, n=1))
    sent = len(group.told(BEN))
    await group.move(hours=TO_MORNING)
    assert group.told(BEN)[sent:] == []
    reasons = await rows(database, "SELECT person_id, reason FROM outbox WHERE state = 'dead'")
    assert set(reasons) == {(BEN, "it was answered, or asked again, meanwhile")}


async def test_feedback_with_hidden_names_comes_on_a_quarter_of_an_hour_of_the_day(database: Database) -> None:
    group = await a_round(database, naming="hidden")
    await group.work_through(*THREE, until="peer-review")
    await group.move(hours=TO_NIGHT)
    await group.work_through(*THREE)
    await group.work_through(*THREE)
    await group.move(minutes=16)
    told = "Somebody in your group looked at your work"
    assert not any(told in text for text in group.told(CLEO))
    await group.move(hours=TO_MORNING)
    assert any(told in text for text in group.told(CLEO))


async def test_what_is_begun_by_hand_in_the_evening_is_asked_at_once(database: Database) -> None:
    group = Group(database, THREE)
    await group.set_up()
    await group.move(hours=TO_NIGHT)
    await group.begin("habit_of_week", habit="persisting")
    assert all(group.told(person) for person in THREE)
