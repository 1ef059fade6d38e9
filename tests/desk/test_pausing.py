"""Quiet for a while, and how somebody likes to answer."""

from datetime import UTC, datetime

import pytest

from bot.adapters.asking import AskForm
from bot.core.effects import Input
from bot.storage.database import Database
from tests.desk.asking import BEN, STRANGER, Counter, a_counter, buttons_of, does_of, text_of
from tests.stage import ADA, CY, OLA, rows


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk."""
    return await a_counter(database)


async def _paused(at: Counter, who: str) -> datetime | None:
    found = (await rows(at.database, "SELECT paused_until FROM people WHERE id = :who", who=who))[0][0]
    return None if found is None else datetime.fromtimestamp(found / 1_000_000, UTC)


@pytest.mark.parametrize(
    "words", ["pause until 20 March", "pause 2 weeks", "Pause until Fri 20 Mar.", "pause 2026-03-20"]
)
async def test_a_pause_ends_by_itself_in_the_morning(at: Counter, words: str) -> None:
    reply = await at.say(BEN, words)
    assert reply.items[0].text == "Paused until Fri 20 Mar. I'll be quiet until then, and nothing is lost."
    assert [button.label for button in buttons_of(reply)] == ["Change the date", "Start again now"]
    assert await _paused(at, BEN) == datetime(2026, 3, 20, 6, tzinfo=UTC)  # seven o'clock in Berlin
    assert await _paused(at, ADA) is None


async def test_pause_alone_asks_how_long(at: Counter) -> None:
    reply = await at.say(BEN, "pause")
    assert does_of(reply) == ["pause 1 week", "pause 2 weeks", "pause until"]
    form = (await at.say(BEN, "pause until")).form
    assert isinstance(form, AskForm)
    (prompt,) = form.prompts
    assert (form.words, prompt.key, prompt.input) == ("pause until", "until", Input.DATE)
    assert "Paused until Wed 1 Apr" in text_of(await at.say(BEN, form.words, given=((prompt.key, "2026-04-01"),)))


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-03-06", "here already"), ("2026-09-05", "up to 26 weeks"), ("soon", "Which day"), ("", "Which day")],
)
async def test_a_day_that_does_not_fit_is_asked_once_more(at: Counter, day: str, said: str) -> None:
    form = (await at.say(BEN, "pause until", given=(("until", day),))).form
    assert isinstance(form, AskForm)
    assert said in form.prompts[0].slip
    assert form.prompts[0].said == day
    if day:
        reply = await at.say(BEN, f"pause until {day}")
        assert said in text_of(reply)
        assert does_of(reply) == ["pause until"]
    assert await _paused(at, BEN) is None


async def test_the_last_day_of_half_a_year_fits(at: Counter) -> None:
    assert "Paused until Fri 4 Sep" in text_of(await at.say(BEN, "pause 26 weeks"))


async def test_start_again_now(at: Counter) -> None:
    await at.say(BEN, "pause 1 week")
    assert "Paused until Fri 13 Mar" in text_of(await at.say(BEN, "pause"))
    assert "Good to have you back" in text_of(await at.say(BEN, "start again now"))
    assert await _paused(at, BEN) is None


async def test_settings_show_what_is_so(at: Counter) -> None:
    before = text_of(await at.say(BEN, "settings"))
    assert "comes one by one" in before
    assert "“class-000”" in before
    assert "all questions at once" in text_of(await at.say(BEN, "mode form"))
    assert "all questions at once" in text_of(await at.say(BEN, "settings"))
    assert "one question at a time" in text_of(await at.say(BEN, "mode one by one"))
    assert does_of(await at.say(BEN, "mode sideways")) == ["mode form"]


async def test_cy_and_strangers_see_their_own_settings_only(at: Counter) -> None:
    await at.say(BEN, "pause 1 week")
    for who in (CY, OLA):
        assert "Paused" not in text_of(await at.say(who, "settings"))
    assert "class-000" not in text_of(await at.say(CY, "settings"))
    assert "not in a group yet" in text_of(await at.say(STRANGER, "mode form"))
