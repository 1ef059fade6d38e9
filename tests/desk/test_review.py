"""What those who lead a group see of it, and everybody else does not."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.adapters.discord.outbound import reply_messages
from bot.adapters.slack.outbound import reply_for
from bot.core.people import Role
from bot.flows.library import read
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.groups import add_members, change_group
from bot.storage.sessions import use_link
from tests.adapters.discord.rendered import check as discord_check
from tests.adapters.slack.rendered import check
from tests.desk.asking import BASE, BEN, MIA, STRANGER, Counter, a_counter, buttons_of, does_of, text_of
from tests.stage import ADA, CY, ELSEWHERE, NOW, OLA, begin, class_of, count, pupil, say


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk; two of three have answered, one of them by skipping."""
    counter = await a_counter(database, pupils=3)
    for number, text in ((0, "The scale of the map."), (1, "skip")):
        await counter.inbox.accept(begin(number))
        await counter.inbox.accept(say(number, text, "one"))
    return counter


async def test_a_facilitator_sees_who_answered_and_what(at: Counter) -> None:
    reply = await at.say(ADA, "review")
    week, heading, said, _ = reply.items
    assert (week.heading, week.text, week.small) == ("class-000", "1 of 3 has answered this week.", "So far: Ben 0")
    assert heading.heading == "Ben 0 · Fri 6 Mar"
    assert (said.text, said.quote) == ("What made you think?", "The scale of the map.")
    assert not {"Ben 1", "Ben 2"} & set(text_of(reply).split("\n"))


async def test_the_link_signs_in_once_within_ten_minutes(at: Counter) -> None:
    (url,) = [button.url for button in buttons_of(await at.say(ADA, "review")) if button.url]
    assert url.startswith(f"{BASE}/sign-in/")
    token = urlsplit(url).path.rsplit("/", 1)[1]
    late = at.hands.at + timedelta(minutes=10)
    assert await at.database.write(lambda connection: use_link(connection, token, late)) is None
    assert await at.database.write(lambda connection: use_link(connection, token, at.hands.at)) == ADA
    assert await at.database.write(lambda connection: use_link(connection, token, at.hands.at)) is None


async def test_an_observer_sees_how_many_only(at: Counter) -> None:
    for shown in (text_of(await at.say(OLA, "review")), text_of(await at.home(OLA))):
        assert "1 of 3 has answered" in shown
        assert "Ben" not in shown
        assert "scale" not in shown


async def test_a_learner_is_told_whom_review_is_for(at: Counter) -> None:
    for who in (BEN, STRANGER):
        reply = await at.say(who, "review")
        assert "Review is for facilitators" in text_of(reply)
        assert not any(button.url for button in buttons_of(reply))
    assert await count(at.database, "sign_in_links") == 0


async def test_cy_sees_nothing_of_it(at: Counter) -> None:
    for words in ("review", "review before 9999999999999999.zzzz"):
        shown = text_of(await at.say(CY, words))
        assert not any(word in shown for word in ("Ben", "scale", "class-000", "of 3"))
    assert "Answers show up here" in text_of(await at.say(CY, "review"))


async def test_last_week_counts_no_more_and_neither_does_who_left(at: Counter) -> None:
    at.hands.move(days=3)
    assert "answered this week" not in text_of(await at.say(ADA, "review"))
    at.hands.move(days=-3)
    await at.say(BEN, f"leave {class_of(0)} yes")
    assert "answered this week" not in text_of(await at.say(ADA, "review"))


async def test_every_group_has_its_own_week(database: Database) -> None:
    counter = await a_counter(database, pupils=26)
    far = {"zone": "Pacific/Auckland"}
    await database.write(lambda connection: change_group(connection, class_of(25), far))
    for number in (0, 25):
        await counter.inbox.accept(begin(number))
        await counter.inbox.accept(say(number, "The scale.", "one"))
    counter.hands.move(days=2, hours=2)  # Sunday in Berlin, Monday in Auckland
    weeks = [item.text for item in (await counter.say(ADA, "review")).items][:2]
    assert weeks == [
        "1 of 25 has answered this week.",
        "Answers show up here as soon as the first one of this week is in.",
    ]


async def test_the_newest_come_page_by_page_each_once(at: Counter) -> None:
    for number in (1, 2):
        for day in range(6):
            event = begin(number, name=f"again{day}", at=NOW + timedelta(days=6 * day, minutes=number))
            await at.inbox.accept(event)
            for key in ("one", "two"):
                await at.inbox.accept(say(number, f"{key} {number} {day}", f"{key}{day}", at=event.at))
    shown, words = [], "review"
    while words:
        reply = await at.say(ADA, words)
        page = [item.quote for item in reply.items if item.quote]
        assert len(page) <= 10
        shown += page
        words = next((does for does in does_of(reply) if does.startswith("review before")), "")
    assert len(shown) == len(set(shown)) == 25
    assert "The scale of the map." in shown


async def test_who_leads_one_group_and_watches_another_reads_one(at: Counter) -> None:
    await at.database.write(lambda connection: add_members(connection, ELSEWHERE, [OLA], Role.FACILITATOR, NOW))
    await at.database.write(lambda connection: add_members(connection, ELSEWHERE, [pupil(2)], Role.LEARNER, NOW))
    shown = text_of(await at.say(OLA, "review"))
    assert "1 of 3 has answered" in shown
    assert "Ben 0" not in shown
    assert MIA not in shown


async def test_many_groups_and_answers_keep_within_a_message_of_slack(database: Database) -> None:
    counter = await a_counter(database, pupils=200)
    for number in range(0, 200, 20):
        await counter.inbox.accept(begin(number))
        await counter.inbox.accept(say(number, "The scale.", "one"))
    reply = await counter.say(ADA, "review")
    assert "The rest of your groups is on your pages." in text_of(reply)
    assert len([does for does in does_of(reply) if does.startswith("write about")]) == 7
    assert len(check(reply_for(reply)).blocks) <= 50
    assert discord_check(reply_messages(reply))


async def test_a_long_run_is_read_as_a_whole_and_written_about_on_the_pages(at: Counter) -> None:
    steps = "".join(f"  - {{id: q{n}, ask: Say {n}, text: {{}}}}\n" for n in range(9))
    head = "flow: long\ntitle: Long\nband: 14-18\nsettings: [class]\n"
    long = read(f"{head}exercises: {{attributes: [voice], phases: [notice]}}\nsteps:\n{steps}", "long.yaml")
    await at.database.write(lambda c: publish_flow(c, long.flow, long.version, long.to_json(), NOW))
    later = NOW + timedelta(hours=1)
    await at.inbox.accept(begin(2, "long", at=later))
    for n in range(9):
        await at.inbox.accept(say(2, f"Answer {n}", f"q{n}", at=later))
    words = does_of(await at.say(ADA, "review"))
    assert len([does for does in words if does.startswith("mark read")]) == 1
    assert not any(does.startswith("write about") for does in words)
