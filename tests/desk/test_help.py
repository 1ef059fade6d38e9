"""Help, who reads, the way to an adult, one's own page; and what somebody from elsewhere sees of it all: nothing."""

import pytest

from bot.core.people import GroupId
from bot.core.runs import RunId
from bot.desk.desk import MATTERS, find_matter
from bot.desk.english import ENGLISH
from bot.desk.wording import LABEL
from bot.storage.database import Database
from bot.storage.groups import change_group
from tests.desk.asking import BEN, CHANNEL, MIA, STRANGER, Counter, a_counter, buttons_of, does_of, text_of
from tests.stage import ADA, CY, OLA, begin, class_of, count, rows, run_of, say


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk; Ben has said something."""
    counter = await a_counter(database)
    await database.write(lambda connection: change_group(connection, class_of(0), {"adult": "Mr Okoro, room 12"}))
    await counter.inbox.accept(begin(0))
    await counter.inbox.accept(say(0, "The scale of the map.", "one"))
    return counter


@pytest.mark.parametrize(
    "words",
    ["", "help", "Hi", "hello!", "Thanks!", "?", "xyzzy", "xyzzy plugh", "\N{SNOWMAN}", "a\x00b \ud800", "\x00"],
)
async def test_anything_gets_the_way_on(at: Counter, words: str) -> None:
    reply = await at.say(BEN, words)
    assert does_of(reply) == ["start", "answers", "who reads this", "pause", "talk to an adult"]
    assert [button.is_primary for button in buttons_of(reply)] == [True, False, False, False, False]
    assert len(reply.items) == 1
    assert "Ms Ada can read your answers" in text_of(reply)


async def test_an_unknown_word_is_named_and_kept_short(at: Counter) -> None:
    assert "I don't know “xyzzy” yet." in text_of(await at.say(BEN, "xyzzy"))
    assert "I don't know “wwwwwwwwwwwwwwwwwwwwwwwwwwwww…” yet." in text_of(await at.say(BEN, "w" * 3000))


async def test_help_says_the_same_to_nobody_in_particular(at: Counter) -> None:
    for words in ("help", "xyzzy", ""):
        reply = await at.say(STRANGER, words)
        assert "set me up in your channel" in text_of(reply)
        assert does_of(reply) == ["answers", "who reads this"]


async def test_every_word_leads_somewhere() -> None:
    assert set(ENGLISH.aliases.values()) <= set(MATTERS)
    assert not set(ENGLISH.aliases) & set(MATTERS)
    assert find_matter("Who reads this?", ENGLISH) == (MATTERS["who reads this"], "")
    assert find_matter("start again now", ENGLISH) == (MATTERS["resume"], "")
    assert find_matter("start menu", ENGLISH) == (MATTERS["start"], "menu")
    assert find_matter("group  ask  three G-1", ENGLISH) == (MATTERS["group ask"], "three G-1")


async def test_who_reads_this_names_them(at: Counter) -> None:
    shown = text_of(await at.say(BEN, "who reads this"))
    assert "Ms Ada can read your answers and write back" in shown
    assert "Ola can see how many have answered, but not what" in shown
    assert "Mr Okoro, room 12" in shown
    assert "around the clock" in shown
    assert "You read the answers" in text_of(await at.say(ADA, "privacy"))


async def test_talk_to_an_adult_names_them_and_tells_only_when_sure(at: Counter) -> None:
    reply = await at.say(BEN, "talk to an adult")
    assert "Ms Ada" in text_of(reply)
    assert "Mr Okoro, room 12" in text_of(reply)
    assert await count(at.database, "flags") == 0
    told = await at.say(BEN, does_of(reply)[0])
    assert "It's good that you said so. Ms Ada will see" in text_of(told)
    assert "or to Mr Okoro, room 12" in text_of(told)
    assert await rows(at.database, "SELECT person_id, group_id FROM flags") == [(BEN, class_of(0))]


async def test_who_is_in_no_group_is_pointed_to_any_adult(at: Counter) -> None:
    for who in (STRANGER, OLA, CY, ADA):
        reply = await at.say(who, f"talk to an adult {class_of(0)}")
        assert "any adult you trust" in text_of(reply)
        assert does_of(reply) == []
    assert await count(at.database, "flags") == 0


async def test_home_begins_with_the_one_thing_to_do(at: Counter) -> None:
    open_, *_ = (await at.home(BEN)).items
    assert [button.does for button in open_.buttons] == [f"open {run_of(0)}"]
    assert open_.buttons[0].is_primary
    assert "What did you try?" in open_.text
    free, *_ = (await at.home(MIA)).items
    assert [button.does for button in free.buttons] == ["start form"]
    stranger, *_ = (await at.home(STRANGER)).items
    assert "set me up in your channel" in stranger.text


async def test_home_goes_on_with_answers_ways_and_help(at: Counter) -> None:
    does = does_of(await at.home(BEN))
    assert does == [
        f"open {run_of(0)}",
        f"edit {run_of(0)} one",
        "answers",
        "mode form",
        "mode dialogue",
        "pause",
        "settings",
        "help",
        "who reads this",
        "talk to an adult",
    ]
    assert sum(button.is_primary for button in buttons_of(await at.home(BEN))) == 1


async def test_who_watches_over_a_group_gets_a_page_of_their_own(at: Counter) -> None:
    assert does_of(await at.home(OLA)) == ["review", "sign in", "pause", "settings", "help", "who reads this"]
    assert "one question at a time" not in text_of(await at.say(OLA, "settings"))


async def test_home_says_that_somebody_is_paused(at: Counter) -> None:
    await at.say(BEN, "pause 2 weeks")
    page = await at.home(BEN)
    assert page.items[0].text.startswith("Paused until Fri 20 Mar")
    assert does_of(page)[:2] == ["pause until", "resume"]
    at.hands.move(days=14)
    assert "Paused" not in text_of(await at.home(BEN))


async def test_home_of_who_leads_shows_what_came_in_and_no_link(at: Counter) -> None:
    page = await at.home(ADA)
    assert "1 of 2 has answered this week." in text_of(page)
    assert [(item.quote, item.small) for item in page.items if item.quote] == [("The scale of the map.", "Ben 0")]
    assert "review" in does_of(page)
    assert not any(button.url for button in buttons_of(page))
    assert await count(at.database, "sign_in_links") == 0


async def test_who_left_every_group_finds_the_way_back_and_their_answers(at: Counter) -> None:
    await at.say(BEN, f"leave {class_of(0)} yes")
    page = await at.home(BEN)
    assert does_of(page)[0] == f"come back {class_of(0)}"
    assert "The scale of the map." in text_of(page)


@pytest.mark.parametrize("who", [CY, STRANGER])
async def test_somebody_from_elsewhere_sees_nothing_whatever_they_ask(at: Counter, who: object) -> None:
    assert who in (CY, STRANGER)
    asker = CY if who == CY else STRANGER
    rests = [
        "",
        class_of(0),
        f"{class_of(0)} yes",
        run_of(0),
        f"{run_of(0)} one",
        f"before {run_of(0)}",
        "nothing there",
    ]
    before = await _written(at)
    for words in [f"{matter} {rest}" for matter in (*MATTERS, "xyzzy") for rest in rests]:
        for channel in (None, CHANNEL):
            shown = text_of(await at.say(asker, words, channel=channel))
            # What somebody typed themselves is said back to them.
            shown = shown.replace(f"“{words}”", "").replace(f"“{words.partition(' ')[2]}”", "")
            assert not any(word in shown for word in ("Ben", "Ada", "scale", "Okoro", class_of(0), run_of(0))), words
    shown = text_of(await at.home(asker))
    assert not any(word in shown for word in ("Ben", "Ada", "scale", "Okoro", class_of(0), run_of(0)))
    assert await _written(at) == before


async def test_labels_fit_every_phone(at: Counter) -> None:
    long = "The teachers of the lower school who meet on Thursdays"
    await at.database.write(lambda connection: change_group(connection, class_of(0), {"name": long}))
    replies = [await at.say(ADA, words) for words in MATTERS] + [await at.home(who) for who in (ADA, BEN, OLA, CY)]
    assert not [b.label for reply in replies for b in buttons_of(reply) if not 0 < len(b.label) <= LABEL]


async def _written(at: Counter) -> list[str]:
    """Read what must stay as it is: Ben's class, his run, his answers."""
    mine = [GroupId(class_of(0)), RunId(run_of(0))]
    found = await rows(at.database, "SELECT person_id, ended_at FROM memberships WHERE group_id = :g", g=mine[0])
    found += await rows(at.database, "SELECT id, status, state FROM runs WHERE id = :r", r=mine[1])
    found += await rows(at.database, "SELECT key, said FROM answers WHERE run_id = :r", r=mine[1])
    return sorted(map(str, found))
