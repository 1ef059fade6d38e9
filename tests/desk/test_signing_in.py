"""Letting a browser in from a chat: the code only finds it, its person says yes."""

from datetime import timedelta

import pytest

from bot.adapters.asking import AskForm, Reply
from bot.core.events import EventId
from bot.core.people import PersonId, Role
from bot.core.platform_news import PersonGone
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_members
from bot.storage.sign_in_requests import request_sign_in, use_approval
from tests.desk.asking import BEN, STRANGER, Counter, a_counter, does_of, in_slack, text_of
from tests.stage import ADA, CY, NOW, OLA, class_of

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk."""
    return await a_counter(database)


async def wait(at: Counter, code: str = "4F7K") -> str:
    """Let a browser wait under a code; answer its token."""
    now = at.hands.at

    def work(connection: Connection) -> str:
        return request_sign_in(connection, lambda: code, "Firefox on Windows", now, now + TEN_MINUTES)

    return await at.database.write(work)


async def let_in(at: Counter, token: str) -> PersonId | None:
    """Look whether a browser is let in, and as whom."""
    now = at.hands.at
    return await at.database.write(lambda connection: use_approval(connection, token, now))


async def press(at: Counter, who: PersonId, reply: Reply, words: str) -> str:
    """Press the button of a reply that stands for these words; answer what is said."""
    (does,) = [does for does in does_of(reply) if does.startswith(words)]
    return text_of(await at.say(who, does))


@pytest.mark.parametrize("words", ["sign in 4F7K", "sign-in 4f7k", "Sign in 4f-7k."])
async def test_a_browser_is_let_in_only_after_a_yes(at: Counter, words: str) -> None:
    token = await wait(at)
    asked = await at.say(ADA, words)
    assert "A browser wants to sign in as you: Firefox on Windows, code 4F7K. Is that yours?" in text_of(asked)
    assert await let_in(at, token) is None
    assert "You are in" in await press(at, ADA, asked, "let in")
    assert await let_in(at, token) == ADA
    assert await let_in(at, token) is None


async def test_who_observes_may_come_in_as_well(at: Counter) -> None:
    token = await wait(at)
    await press(at, OLA, await at.say(OLA, "sign in 4F7K"), "let in")
    assert await let_in(at, token) == OLA


async def test_not_me_keeps_it_out_for_good_even_after_a_yes(at: Counter) -> None:
    token = await wait(at)
    asked = await at.say(ADA, "sign in 4F7K")
    await press(at, ADA, asked, "let in")
    said = await press(at, ADA, asked, "not me")
    assert "stays outside" in said
    assert "tell whoever runs Mull" in said
    assert "waits no more" in await press(at, ADA, asked, "let in")
    assert await let_in(at, token) is None
    assert "I don't know that code" in text_of(await at.say(ADA, "sign in 4F7K"))


async def test_what_one_has_let_in_no_other_can_take(at: Counter) -> None:
    token = await wait(at)
    asked = [await at.say(who, "sign in 4F7K") for who in (ADA, CY)]
    await press(at, ADA, asked[0], "let in")
    for words in ("let in", "not me"):
        assert "waits no more" in await press(at, CY, asked[1], words)
    assert await let_in(at, token) == ADA


async def test_pressing_twice_is_once(at: Counter) -> None:
    token = await wait(at)
    asked = await at.say(ADA, "sign in 4F7K")
    for _ in range(2):
        assert "You are in" in await press(at, ADA, asked, "let in")
    assert await let_in(at, token) == ADA
    assert "waits no more" in await press(at, ADA, asked, "let in")


async def test_ten_minutes_later_it_is_over(at: Counter) -> None:
    token = await wait(at)
    asked = await at.say(ADA, "sign in 4F7K")
    at.hands.move(minutes=10)
    assert "waits no more" in await press(at, ADA, asked, "let in")
    assert "I don't know that code" in text_of(await at.say(ADA, "sign in 4F7K"))
    assert await let_in(at, token) is None


async def test_only_the_button_of_that_very_browser_lets_it_in(at: Counter) -> None:
    token = await wait(at)
    for words in ("let in 4F7K", "let in", "let in " + "0" * 24, f"let in {token}"):
        assert "waits no more" in text_of(await at.say(ADA, words))
    assert await let_in(at, token) is None


async def test_it_is_for_those_who_lead(at: Counter) -> None:
    token = await wait(at)
    request = next(does for does in does_of(await at.say(ADA, "sign in 4F7K")) if does.startswith("let in"))
    for who in (BEN, STRANGER):
        asked = text_of(await at.say(who, "sign in 4F7K"))
        assert "for those who lead a group" in asked
        assert "Firefox" not in asked
        assert "waits no more" in text_of(await at.say(who, request))
    assert await let_in(at, token) is None


async def test_many_wrong_codes_find_nothing_any_more_and_only_theirs(at: Counter) -> None:
    await wait(at)
    for number in range(10):
        assert "I don't know that code" in text_of(await at.say(CY, f"sign in 22{number:02}"))
    assert "That was a lot of codes" in text_of(await at.say(CY, "sign in 4F7K"))
    assert "Is that yours?" in text_of(await at.say(ADA, "sign in 4F7K"))


async def test_the_button_asks_for_the_code(at: Counter) -> None:
    await wait(at)
    assert "sign in" in does_of(await at.home(ADA))
    assert "sign in" in does_of(await at.say(ADA, "review"))
    form = (await at.say(ADA, "sign in")).form
    assert isinstance(form, AskForm)
    assert "Is that yours?" in text_of(await at.say(ADA, form.words, given=((form.prompts[0].key, " 4f7k "),)))


@pytest.mark.parametrize("what", ["role", "account"])
async def test_an_approval_ends_with_the_right_to_give_it(at: Counter, what: str) -> None:
    token = await wait(at)
    asked = await at.say(ADA, "sign in 4F7K")
    await press(at, ADA, asked, "let in")
    if what == "role":
        await at.database.write(lambda connection: add_members(connection, class_of(0), [ADA], Role.LEARNER, NOW))
    else:
        await at.inbox.accept(PersonGone(id=EventId("slack/gone"), at=at.hands(), who=in_slack(ADA)))
    assert await let_in(at, token) is None
    assert "waits no more" in await press(at, ADA, asked, "let in")
