"""Who people are: met when they first do something, followed when they change; bots and strangers are nobody."""

from typing import Any

import pytest

from tests.slack.house import MODES, Walk
from tests.slack.person import Person
from tests.stage import rows

both = pytest.mark.parametrize("fresh", MODES, indirect=True)


async def known(walk: Walk) -> list[tuple[Any, ...]]:
    """Read who is known: name, zone, language."""
    return await rows(walk.database, "SELECT name, zone, lang FROM people ORDER BY name")


async def answered(walk: Walk, person: Person, text: str) -> str:
    """Let somebody write; answer what Mull says within the same settle."""
    before = len(person.dm)
    await walk.write(person, text)
    said = [message for message in person.dm[before:] if message.by_bot]
    assert len(said) == 1
    return said[0].text


@both
@pytest.mark.parametrize("words", ["hi", "help", "When the bell rang, I stopped the group work."])
async def test_somebody_new_is_answered_in_words_and_known_from_then_on(fresh: Walk, words: str) -> None:
    fresh.slack.add_user("UNEW", name="Noor  Haddad", tz="America/Chicago", locale="ar-SA")
    person = fresh.slack.person("UNEW")
    assert await answered(fresh, person, words) != ""
    assert await known(fresh) == [("Noor Haddad", "America/Chicago", "ar-SA")]
    await fresh.write(person, words)
    assert len([call for call in fresh.slack.calls if call.method == "users.info"]) == 1


@both
async def test_a_slack_that_does_not_say_who_it_is_holds_up_nobody_and_is_asked_again(fresh: Walk) -> None:
    fresh.slack.faults.error("users.info", "internal_error")
    assert await answered(fresh, fresh.eve, "hi") != ""
    assert await known(fresh) == [("there", None, "en")]
    await fresh.write(fresh.eve, "hi again")
    assert await known(fresh) == [("Eve Tanaka", "Europe/Berlin", "en-GB")]


async def test_a_broken_connection_while_asking_holds_up_nobody(fresh: Walk) -> None:
    fresh.slack.faults.refuse_connection("users.info")
    assert await answered(fresh, fresh.eve, "hi") != ""


async def test_a_guest_is_answered_like_everybody(fresh: Walk) -> None:
    guest = fresh.slack.add_user("UGST", name="Gil Guest", is_restricted=True)
    assert await answered(fresh, guest, "hi") != ""
    assert "You are not in a group yet." in await fresh.command(guest, "start")


async def test_bots_and_slackbot_are_not_answered_and_not_known(fresh: Walk) -> None:
    said = {"type": "message", "channel_type": "im", "channel": "D9", "text": "hi", "ts": "1772793600.5"}
    for more in (
        {"user": "USLACKBOT"},
        {"user": "UBOT", "bot_id": "B1"},
        {"user": "UBOT", "bot_id": "B1", "subtype": "bot_message"},
        {"user": "UEVE", "subtype": "channel_topic"},
    ):
        assert (await fresh.slack.tell("T1", said | more)).acked
    await fresh.house.settle()
    assert await known(fresh) == []
    assert fresh.slack.calls == [c for c in fresh.slack.calls if c.method == "apps.connections.open"]


async def test_a_bot_that_presses_is_nobody(fresh: Walk) -> None:
    robot = fresh.slack.add_user("URPA", name="Robot")
    robot.user.is_bot = True
    await fresh.command(robot, "help")
    assert await known(fresh) == []


async def test_somebody_of_another_organisation_gets_a_clear_line_and_is_not_known(fresh: Walk) -> None:
    stranger = fresh.slack.add_user("UEXT", name="Xenia Extern")
    stranger.user.is_stranger = True
    assert "You are not in a group yet." in await fresh.command(stranger, "start", channel="C1")
    assert await known(fresh) == []


# What changes about them.


@both
async def test_a_new_name_zone_and_language_are_followed_and_taken_back(fresh: Walk) -> None:
    await fresh.write(fresh.eve, "hi")
    for _ in range(2):
        await fresh.slack.change_user("UEVE", name="Eve Mori", tz="Asia/Tokyo", locale="ja-JP")
        assert await known(fresh) == [("Eve Mori", "Asia/Tokyo", "ja-JP")]
        await fresh.slack.change_user("UEVE", name="Eve Tanaka", tz="Europe/Berlin", locale="en-GB")
        assert await known(fresh) == [("Eve Tanaka", "Europe/Berlin", "en-GB")]


async def test_an_older_change_delivered_once_more_changes_nothing_back(fresh: Walk) -> None:
    await fresh.write(fresh.eve, "hi")
    older = await fresh.slack.change_user("UEVE", name="Eve Mori")
    await fresh.slack.change_user("UEVE", name="Eve Abe")
    await fresh.slack.deliver_again(older)
    assert [name for name, *_ in await known(fresh)] == ["Eve Abe"]


async def test_who_has_no_name_in_slack_is_still_called_something(fresh: Walk) -> None:
    await fresh.write(fresh.eve, "hi")
    await fresh.slack.change_user("UEVE", name="  ")
    assert [name for name, *_ in await known(fresh)] == ["there"]


async def test_changes_of_people_nobody_met_are_none_of_ours(fresh: Walk) -> None:
    assert (await fresh.slack.change_user("UEVE", name="Eve Mori")).acked
    assert (await fresh.slack.announce("UEVE")).acked
    assert await known(fresh) == []
