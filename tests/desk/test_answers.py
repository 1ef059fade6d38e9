"""One's own answers: read, paged, changed; nobody else's."""

from datetime import timedelta

import pytest

from bot.adapters.asking import EditForm
from bot.core.events import AnswerEdited, EventId
from bot.core.runs import RunId
from bot.flows.library import read
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from tests.desk.asking import BEN, MIA, Counter, a_counter, dm_of, does_of, in_slack, text_of
from tests.stage import ADA, CY, FLOW, NOW, OLA, begin, run_of, say


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk; Ben has said something to two questions."""
    counter = await a_counter(database)
    await counter.inbox.accept(begin(0))
    await counter.inbox.accept(say(0, "The scale of the map.", "one"))
    await counter.inbox.accept(say(0, "skip", "two"))
    return counter


async def test_answers_show_what_was_said_and_who_reads_it(at: Counter) -> None:
    reply = await at.say(BEN, "my answers")
    assert [item.heading for item in reply.items] == [f"{FLOW.title} · Fri 6 Mar", ""]
    item = reply.items[1]
    assert (item.text, item.quote) == ("What made you think?", "The scale of the map.")
    assert "Ms Ada will read this" in item.small
    assert does_of(reply) == [f"edit {run_of(0)} one"]


async def test_edit_opens_the_answer_and_what_is_sent_changes_it(at: Counter) -> None:
    form = (await at.say(BEN, f"edit {run_of(0)} one")).form
    assert isinstance(form, EditForm)
    assert (form.run, form.prompt.key, form.prompt.said) == (run_of(0), "one", "The scale of the map.")
    await at.inbox.accept(
        AnswerEdited(
            id=EventId("slack/T1/edit"),
            at=NOW,
            who=in_slack(BEN),
            place=dm_of(BEN),
            run=form.run,
            key=form.prompt.key,
            raw="The legend.",
        )
    )
    assert "The legend." in text_of(await at.say(BEN, "mine"))


@pytest.mark.parametrize("who", [ADA, OLA, CY])
async def test_nobody_else_opens_an_answer(at: Counter, who: str) -> None:
    person = {"ada": ADA, "ola": OLA, "cy": CY}[who]
    assert text_of(await at.say(person, f"edit {run_of(0)} one")).startswith("That is not yours to answer.")
    assert "scale" not in text_of(await at.say(person, "answers"))
    assert "scale" not in text_of(await at.say(person, f"answers before {run_of(0)}"))


@pytest.mark.parametrize(
    "words", ["edit", "edit nothing one", "edit {run} nothing", "edit {run}", "edit {run} two.probe"]
)
async def test_what_is_not_there_is_not_opened(at: Counter, words: str) -> None:
    assert "not yours" in text_of(await at.say(BEN, words.format(run=run_of(0))))


async def test_older_runs_come_page_by_page_each_once(at: Counter) -> None:
    seen = [run_of(0)]
    for day in range(7):
        at.hands.move(days=6)
        event = begin(0, name=f"again{day}", at=at.hands())
        await at.inbox.accept(event)
        for key in ("one", "two"):
            await at.inbox.accept(say(0, f"{key} of {day}", f"{key}{day}", at=at.hands()))
    shown, words, pages = [], "answers", 0
    while words:
        reply = await at.say(BEN, words)
        pages += 1
        shown += [does.split()[1] for does in does_of(reply) if does.startswith("edit")]
        words = next((does for does in does_of(reply) if does.startswith("answers before")), "")
    runs = list(dict.fromkeys(shown))
    assert (len(shown), len(runs), pages, runs[-1]) == (15, 8, 2, seen[0])
    assert "That is all" in text_of(await at.say(BEN, f"answers before {RunId(runs[-1])}"))


async def test_somebody_elses_run_is_no_place_to_read_on_from(at: Counter) -> None:
    earlier = NOW - timedelta(days=1)
    await at.inbox.accept(begin(1, at=earlier))
    await at.inbox.accept(say(1, "The legend.", "one", at=earlier))
    assert "The legend." in text_of(await at.say(MIA, "answers"))
    assert "The legend." not in text_of(await at.say(MIA, f"answers before {run_of(0)}"))


async def test_what_is_private_says_so(database: Database) -> None:
    written = FLOW.to_json().replace('"settings"', '"visibility":"private","settings"')
    private = read(written, "private.json")
    counter = await a_counter(database)
    await database.write(
        lambda connection: publish_flow(connection, private.flow, private.version, private.to_json(), NOW)
    )
    await counter.inbox.accept(begin(0))
    await counter.inbox.accept(say(0, "Only for me.", "one"))
    assert (await counter.say(BEN, "answers")).items[1].small == "Only you see this."
    assert "Only for me." not in text_of(await counter.say(ADA, "review"))
    assert "Only for me." not in text_of(await counter.home(ADA))
    assert "answered this week" not in text_of(await counter.say(ADA, "review"))


async def test_nothing_said_yet_is_said_kindly(database: Database) -> None:
    counter = await a_counter(database)
    reply = await counter.say(BEN, "answers")
    assert "Your answers will be here" in text_of(reply)
    assert does_of(reply) == ["start"]
