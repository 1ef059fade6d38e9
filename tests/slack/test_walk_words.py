"""Every word after /mull, from a channel and from the direct messages: only who asked sees what comes."""

import pytest

from tests.slack.flows import HARD
from tests.slack.house import MODES, Walk
from tests.slack.person import Person
from tests.slack.surfaces import words_of
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)
everywhere = pytest.mark.parametrize("channel", ["C1", None], ids=["channel", "dm"])

LINE, LINES = 65, 6
SAID = {
    "": "I'm Mull.",
    "help": "I'm Mull.",
    "grmpf": "I don't know “grmpf” yet.",
    "answers": "Your answers will be here",
    "later": "Nothing is open right now",
    "tomorrow": "Nothing is open right now",
    "pause": "How long shall I be quiet?",
    "pause until Friday": "Paused until Fri 13 Mar.",
    "pause until grmpf": "Which day do you mean?",
    "who reads this": "Ada can read your answers and write back.",
    "review": "Review is for facilitators",
    "program": "Planning what a group is asked is for those who lead it.",
    "when": "reaches you when it comes.",
    "when thursday 4pm": "waits for your time: Thursday, 16:00",
    "when any time": "reaches you when it comes.",
    "settings": "what you begin yourself comes one by one.",
    "mode form": "From now on you get all questions at once",
    "leave": "Leave “Year 8”?",
    "come back": "There is no group that you left.",
    "talk to an adult": "In your group there is Ada.",
}
"""What Ben reads first, by what he wrote."""


def newest(person: Person) -> list[str]:
    """Read the newest of what only they see, without its buttons."""
    message = person.ephemerals[-1]
    labels = person.labels("ephemeral")
    return [piece for piece in words_of(message) if piece not in labels]


@both
@everywhere
async def test_every_word_is_answered_for_ones_own_eyes(walk: Walk, channel: str | None) -> None:
    for word, said in SAID.items():
        assert said in await walk.command(walk.ben, word, channel=channel), word
    assert {message.only_for for message in walk.slack.world.ephemerals} == {"UBEN"}
    assert len(walk.ben.ephemerals) == len(SAID)
    assert walk.ben.dm == []
    assert walk.slack.posts_to("C1") == []


@everywhere
async def test_help_is_six_lines_at_most_whoever_asks(walk: Walk, channel: str | None) -> None:
    for person in (walk.ben, walk.ada, walk.ola, walk.eve):
        for word in ("", "help", "what is this"):
            await walk.command(person, word, channel=channel if person is not walk.eve else None)
            lines = sum(-(-len(piece) // LINE) for piece in newest(person))
            assert lines <= LINES, newest(person)


@both
async def test_a_check_in_begun_in_a_channel_goes_on_in_the_direct_messages(walk: Walk) -> None:
    assert await walk.command(walk.ben, "start week", channel="C1") == ""
    assert HARD in walk.ben.words()
    await walk.command(walk.ben, "start", channel="C1")
    assert walk.ben.words().count(HARD) == 2, "it goes on where it was"
    assert walk.slack.posts_to("C1") == []


async def test_a_flow_that_is_not_there_is_answered_with_those_that_are(walk: Walk) -> None:
    assert "I don't know “nothing” in your group." in await walk.command(walk.ben, "start nothing")
    assert "Our week" in newest(walk.ben)


@both
async def test_a_pause_keeps_quiet_until_its_day_and_ends_by_itself(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    assert "Paused until Mon 9 Mar." in await walk.command(walk.ben, "pause until monday", channel="C1")
    count = len(walk.ben.dm)
    await walk.house.move(hours=47)
    assert len(walk.ben.dm) == count
    await walk.house.move(hours=24)
    assert "Your question is still here." in walk.ben.words()


@both
async def test_the_day_of_a_pause_is_picked_in_a_form_and_changed_again(walk: Walk) -> None:
    await walk.command(walk.ben, "pause", channel="C1")
    await walk.press(walk.ben, "Pick a day")
    assert await walk.send(walk.ben, {"until": "2026-03-20"}) == {}
    assert await rows(walk.database, "SELECT paused_until FROM people WHERE id = 'ben'") != [(None,)]
    assert walk.ben.modal is not None, "there is no conversation to answer in"
    assert "Paused until Fri 20 Mar." in walk.ben.words("modal")
    await walk.press(walk.ben, "Start again now", "modal")
    assert await rows(walk.database, "SELECT paused_until FROM people WHERE id = 'ben'") == [(None,)]


async def test_a_day_that_is_over_is_explained_beside_the_field_and_stays(walk: Walk) -> None:
    await walk.command(walk.ben, "pause until")
    await walk.send(walk.ben, {"until": "2026-03-01"})
    assert walk.ben.modal is not None
    assert "That day is here already." in walk.ben.words("modal")
    assert walk.ben.modal.blocks[-1]["element"]["initial_date"] == "2026-03-01"
    await walk.send(walk.ben, {"until": "2026-03-20"})
    assert await rows(walk.database, "SELECT paused_until FROM people WHERE id = 'ben'") != [(None,)]


@both
async def test_ones_answers_are_listed_and_edited_from_there(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    assert "coasting" in await walk.command(walk.ben, "answers", channel="C1")
    await walk.press(walk.ben, "Edit", "ephemeral")
    await walk.send(walk.ben, {HARD: "at my edge"})
    assert "at my edge" in await walk.command(walk.ben, "answers", channel="C1")


@both
async def test_review_shows_who_leads_the_newest_answers_and_a_link_good_for_ten_minutes(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    await walk.press(walk.ben, "coasting")
    said = await walk.command(walk.ada, "review", channel="C1")
    assert "1 of 1 have answered this week." in said or "1 of 1 has answered this week." in said
    assert "coasting" in newest(walk.ada)
    link = walk.ada.ephemerals[-1].blocks[-1]["elements"][0]["url"]
    assert link.startswith("https://mull.test/sign-in/")
    await walk.command(walk.ada, "review", channel="C1")
    assert walk.ada.ephemerals[-1].blocks[-1]["elements"][0]["url"] != link
    seen = await walk.command(walk.ola, "review", channel="C1")
    assert "coasting" not in seen + "".join(newest(walk.ola))


@both
async def test_who_leaves_is_asked_once_more_first_and_may_come_back(walk: Walk) -> None:
    await walk.command(walk.ben, "leave", channel="C1")
    assert await walk.command(walk.ben, "settings") != ""
    await walk.ben.press("Leave the group", walk.ben.ephemerals[0])
    await walk.house.settle()
    assert "You have left “Year 8”." in walk.ben.ephemerals[-1].text
    await walk.ben.press("Leave the group", walk.ben.ephemerals[0])
    await walk.house.settle()
    assert walk.ben.ephemerals[-1].text == "There is no group to leave."
    assert "You are not in a group yet." in await walk.command(walk.ben, "start")
    await walk.press(walk.ben, "Come back")
    assert "Welcome back to “Year 8”." in walk.ben.ephemerals[-1].text
    await walk.press(walk.ben, "Start")
    assert "Staff check-in" in walk.ben.dm[-1].text


async def test_who_wants_to_talk_is_told_who_will_know(walk: Walk) -> None:
    await walk.command(walk.ben, "talk to an adult")
    await walk.press(walk.ben, "Say that I want to talk")
    assert "Ada will see that you want to talk" in walk.ben.ephemerals[-1].text
    assert len(await rows(walk.database, "SELECT 1 FROM flags")) == 1


async def test_later_puts_off_what_is_open(walk: Walk) -> None:
    await walk.command(walk.ben, "start week")
    assert await walk.command(walk.ben, "later", channel="C1") == ""
    assert walk.ben.dm[-1].text == "No rush. I'll ask again at 14:40."


async def test_who_is_in_no_group_reads_how_to_join_and_no_private_name(walk: Walk) -> None:
    for word in ("", "start", "start week", "review", "group", "leave", "settings", "answers", "later"):
        said = await walk.command(walk.eve, word)
        assert said
        assert "Year 8" not in said
        assert "year-8" not in said
