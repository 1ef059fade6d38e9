"""Writing about answers, writing back and being done with it, from the chat; and going to who wants an adult."""

import pytest

from bot.adapters.asking import AskForm, Reply
from bot.core.effects import ShowComment
from bot.core.events import AdultAsked, EventId
from bot.core.people import PersonId
from bot.core.review import AnswerCommented
from bot.core.runs import ThreadId
from bot.storage.columns import micros
from bot.storage.database import Database
from bot.storage.desk import load_unread
from bot.storage.threads import load_threads
from tests.desk.asking import BEN, MIA, STRANGER, Counter, a_counter, buttons_of, does_of, in_slack, text_of
from tests.stage import ADA, CY, NOW, OLA, begin, class_of, rows, run_of, say

RUN = run_of(0)
NOT_YOURS = "That is not yours to answer."


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk; Ben has said something to one question, and skipped another."""
    counter = await a_counter(database)
    await counter.inbox.accept(begin(0))
    await counter.inbox.accept(say(0, "The scale of the map.", "one"))
    await counter.inbox.accept(say(0, "skip", "two"))
    return counter


async def comment(at: Counter) -> ThreadId:
    """Let Ada write about what Ben said; name the thread."""
    at.asked += 1
    name = EventId(f"slack/T1/{at.asked}")
    event = AnswerCommented(id=name, at=at.hands(), who=in_slack(ADA), run=RUN, key="one", text="Which scale?")
    await at.inbox.accept(event)
    return (await at.database.read(lambda connection: load_threads(connection, [RUN])))[0].id


async def said(at: Counter) -> list[tuple[str, str]]:
    """Read who said what about Ben's answers."""
    threads = await at.database.read(lambda connection: load_threads(connection, [RUN]))
    return [(one.name, one.text) for thread in threads for one in thread.said]


def form_of(reply: Reply) -> AskForm:
    """Find the form that a reply opens."""
    assert isinstance(reply.form, AskForm)
    return reply.form


# Writing back.


async def test_a_form_opens_and_what_is_written_in_it_is_sent_once(at: Counter) -> None:
    thread = await comment(at)
    form = form_of(await at.say(BEN, f"write back {thread}"))
    (prompt,) = form.prompts
    assert (form.title, prompt.before) == ("Write back", ("Ms Ada wrote: “Which scale?”",))
    given = ((prompt.key, " One to ten.\r\n\x00Or five. "),)
    for again in (False, True):
        reply = await at.say(BEN, form.words, given=given, again=again)
        assert text_of(reply).startswith("Sent. Ms Ada can read it now.")
    assert await said(at) == [("Ms Ada", "Which scale?"), ("Ben 0", "One to ten.\nOr five.")]
    assert "Ben 0 wrote: “One to ten" in str(form_of(await at.say(ADA, f"write back {thread}")).prompts)


async def test_blank_words_open_the_form_once_more(at: Counter) -> None:
    thread = await comment(at)
    form = form_of(await at.say(BEN, f"write back {thread}", given=(("text", " \n "),)))
    assert form.words == f"write back {thread}"
    assert len(await said(at)) == 1


async def test_a_thread_is_settled(at: Counter) -> None:
    thread = await comment(at)
    assert "Settled." in text_of(await at.say(BEN, f"settle {thread}"))
    assert [row[0] for row in await rows(at.database, "SELECT resolved_by FROM threads")] == [BEN]


@pytest.mark.parametrize("who", [MIA, OLA, CY, STRANGER], ids=str)
async def test_a_thread_of_others_is_not_theirs(at: Counter, who: PersonId) -> None:
    thread = await comment(at)
    for words in (f"write back {thread}", f"settle {thread}"):
        reply = await at.say(who, words, given=(("text", "Me too"),))
        assert text_of(reply).startswith(NOT_YOURS)
    assert len(await said(at)) == 1
    assert [row[0] for row in await rows(at.database, "SELECT resolved_by FROM threads")] == [None]


@pytest.mark.parametrize("words", ["write back", "write back nothing", "settle", "settle nothing"])
async def test_a_thread_that_is_none_is_nobodys(at: Counter, words: str) -> None:
    assert text_of(await at.say(BEN, words)).startswith(NOT_YOURS)


# Writing about an answer, from the list of new ones.


async def test_the_newest_answers_that_nobody_has_read_can_be_written_about_and_read(at: Counter) -> None:
    for shown in (await at.say(ADA, "review"), await at.home(ADA)):
        assert [does for does in does_of(shown) if does.split()[0] in ("write", "mark")] == [
            f"write about {RUN} one",
            f"mark read {RUN} {micros(at.hands())}",
        ]
    reply = await at.say(ADA, f"mark read {RUN}")
    assert text_of(reply).startswith("Thank you. It counts as read now")
    assert await at.database.read(lambda connection: load_unread(connection, [RUN])) == set()
    for shown in (await at.say(ADA, "review"), await at.home(ADA)):
        assert "The scale of the map." in text_of(shown)
        assert not {"Write", "Read"} & {button.label for button in buttons_of(shown)}


async def test_a_facilitator_writes_and_the_learner_sees_it(at: Counter) -> None:
    form = form_of(await at.say(ADA, f"write about {RUN} one"))
    assert form.prompts[0].before == ("Ben 0 said: “The scale of the map.”",)
    reply = await at.say(ADA, form.words, given=((form.prompts[0].key, "Which scale?"),))
    assert text_of(reply).startswith("Sent. Ben 0 sees it")
    assert await said(at) == [("Ms Ada", "Which scale?")]
    assert await at.database.read(lambda connection: load_unread(connection, [RUN])) == set()
    waiting = await rows(at.database, "SELECT person_id FROM outbox WHERE kind = :kind", kind=ShowComment.__name__)
    assert waiting == [(BEN,)]


@pytest.mark.parametrize("who", [BEN, MIA, OLA, CY, STRANGER], ids=str)
async def test_only_who_reads_a_group_writes_about_its_answers(at: Counter, who: PersonId) -> None:
    for words in (f"write about {RUN} one", f"mark read {RUN}"):
        assert text_of(await at.say(who, words, given=(("text", "Well"),))).startswith(NOT_YOURS)
    assert await said(at) == []
    assert await at.database.read(lambda connection: load_unread(connection, [RUN])) == {RUN}


@pytest.mark.parametrize("words", [f"write about {RUN} two", f"write about {RUN}", "write about", "mark read nothing"])
async def test_what_is_no_answer_cannot_be_written_about(at: Counter, words: str) -> None:
    assert text_of(await at.say(ADA, words)).startswith(NOT_YOURS)


async def test_who_has_read_theirs_is_one_line_for_whoever_asks(at: Counter) -> None:
    assert "Nobody has opened yours so far." in text_of(await at.say(BEN, "who reads this"))
    await at.say(ADA, "review")
    assert "Ms Ada has read yours so far, last Fri 6 Mar." in text_of(await at.say(BEN, "who reads this"))
    assert "has read yours" not in text_of(await at.say(MIA, "who reads this"))
    await at.say(OLA, "review")  # an observer sees none
    await at.home(ADA)
    assert await rows(at.database, "SELECT actor_id, person_id, group_id FROM audit") == [(ADA, BEN, class_of(0))] * 2


# Adults.


async def test_an_adult_says_that_they_go(at: Counter) -> None:
    await at.inbox.accept(AdultAsked(id=EventId("slack/T1/ask"), at=NOW, who=in_slack(BEN), group=class_of(0)))
    for who in (BEN, OLA, CY, STRANGER):
        assert text_of(await at.say(who, f"on my way {class_of(0)}")).startswith(NOT_YOURS)
    reply = await at.say(ADA, f"on my way {class_of(0)}")
    assert text_of(reply).startswith("Thank you. They are told that you come")
    assert await rows(at.database, "SELECT taken_by FROM flags") == [(ADA,)]
