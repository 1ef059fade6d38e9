"""What is written to a learner about an answer: read, answered back, settled, taken up again; and who has read it."""

import httpx
import pytest

from bot.core.events import Outcome
from bot.core.people import PersonId
from bot.core.review import AnswerCommented, ThreadContinued
from bot.core.runs import RunId, ThreadId
from bot.storage.audit import Deed, note_deed
from bot.storage.connection import Connection
from bot.storage.threads import ThreadRead, load_threads
from tests.stage import ADA, CY
from tests.web.answering import answer
from tests.web.house import BEN, CLASS, Stage, form_on, send_fields, submit
from tests.web.talk import begin

MAP = "The scale of the map"
ASKS = "Which scale did you try?"


async def comment(stage: Stage, run: RunId, text: str = ASKS, quote: str = "", who: PersonId = ADA) -> ThreadId:
    """Let a facilitator write about what Ben said of the map; answer the newest thread."""
    event = AnswerCommented(
        id=stage.name(), at=stage.hands(), who=who, run=run, key="part", text=text, quote=quote or MAP
    )
    assert await stage.happen(event) is Outcome.ACCEPTED
    return (await threads(stage, run))[-1].id


async def threads(stage: Stage, run: RunId) -> list[ThreadRead]:
    """Read the threads of a run."""
    return await stage.database.read(lambda connection: load_threads(connection, [run]))


async def said(stage: Stage, run: RunId) -> list[tuple[str, str]]:
    """Read who said what in the threads of a run."""
    return [(one.name, one.text) for thread in await threads(stage, run) for one in thread.said]


@pytest.fixture
async def run(stage: Stage) -> RunId:
    """Let Ben answer."""
    return await answer(stage)


def of_thread(page: httpx.Response, thread: ThreadId) -> str:
    """Cut out what a page shows of a thread."""
    return page.text.partition(f'id="thread-{thread}"')[2].partition("</section>")[0]


# On my answers.


async def test_a_comment_stands_with_the_answer_it_is_about(stage: Stage, run: RunId) -> None:
    thread = await comment(stage, run, quote="map")
    page = await (await stage.signed_in(BEN)).get("/me/answers")
    assert page.text.index(MAP) < page.text.index(f'id="thread-{thread}"') < page.text.index("Draw it")
    shown = of_thread(page, thread)
    assert "Ms Ada" in shown
    assert ASKS in shown
    assert "today, 11:40" in shown
    assert "“<bdi>map</bdi>”" in shown


async def test_words_back_reach_the_facilitator_and_stand_there(stage: Stage, run: RunId) -> None:
    thread = await comment(stage, run)
    ben, ada = await stage.signed_in(BEN), await stage.signed_in(ADA)
    address = f"/me/threads/{thread}"
    page = await ben.get("/me/answers")
    fields = form_on(page, address).fields
    for _ in range(2):
        page = await send_fields(ben, address, fields, {"text": " One to ten.\r\nThen one to five. "})
    assert page.url.path == "/me/answers"
    assert page.url.fragment == f"thread-{thread}"
    assert "You</bdi>" in of_thread(page, thread)
    assert await said(stage, run) == [("Ms Ada", ASKS), ("Ben Okafor", "One to ten.\nThen one to five.")]
    assert "Ben Okafor wrote back about this answer" in (await ada.get("/me")).text


async def test_a_thread_is_settled_and_taken_up_again(stage: Stage, run: RunId) -> None:
    thread = await comment(stage, run)
    ben, address = await stage.signed_in(BEN), f"/me/threads/{thread}"
    page = await submit(ben, await ben.get(address), address, deed="settle")
    assert "Settled." in page.text
    page = await ben.get("/me/answers")
    assert "Take it up again" in of_thread(page, thread)
    page = await submit(ben, page, address, deed="again")
    assert "Thanks, settled" in of_thread(page, thread)
    assert (await threads(stage, run))[0].resolved_at is None


@pytest.mark.parametrize(("text", "sentence"), [("  ", "A few words will do"), ("x" * 4_001, "up to 4000 characters")])
async def test_what_does_not_fit_comes_back(stage: Stage, run: RunId, text: str, sentence: str) -> None:
    thread = await comment(stage, run)
    ben, address = await stage.signed_in(BEN), f"/me/threads/{thread}"
    page = await submit(ben, await ben.get(address), address, text=text)
    assert page.status_code == 422
    assert sentence in page.text
    assert form_on(page, address).fields["text"] == [text.strip()]
    assert len(await said(stage, run)) == 1


async def test_hostile_words_are_shown_as_words(stage: Stage, run: RunId) -> None:
    hostile = "<script>alert(1)</script>\x00\u202e"
    thread = await comment(stage, run, "<img src=x onerror=alert(1)>")
    ben, address = await stage.signed_in(BEN), f"/me/threads/{thread}"
    await submit(ben, await ben.get(address), address, text=hostile)
    for path in (address, "/me/answers", "/me"):
        page = await ben.get(path)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)" in (await ben.get(address)).text


async def test_nobody_else_comes_near_a_thread(stage: Stage, run: RunId) -> None:
    thread = await comment(stage, run)
    address = f"/me/threads/{thread}"
    for person in (ADA, CY):
        other = await stage.signed_in(person)
        token = form_on(await other.get("/me"), "/sign-out").fields["csrf"][0]
        assert (await other.get(address)).status_code == 404
        for fields in ({"text": ["Me too"]}, {"deed": ["settle"]}):
            assert (await other.post(address, data={"csrf": token, **fields})).status_code == 404
    ben = await stage.signed_in(BEN)
    assert (await ben.get("/me/threads/none")).status_code == 404
    assert await said(stage, run) == [("Ms Ada", ASKS)]


# On one's own page, before the next question.


async def test_what_was_written_is_read_before_the_first_question(stage: Stage, run: RunId) -> None:
    await comment(stage, run, "An older one", quote="scale")
    await comment(stage, run)
    stage.hands.move(days=7)
    ben = await stage.signed_in(BEN)
    page = await begin(stage, ben)
    assert page.text.index("wrote to you") < page.text.index(ASKS) < page.text.index('id="asked"')
    assert page.text.count(ASKS) == 1
    assert page.text.count("An older one") == 2  # delivered when it came, and said again before this check-in


async def test_the_box_goes_when_ben_is_done_or_has_written_back(stage: Stage, run: RunId) -> None:
    thread = await comment(stage, run)
    ben, address = await stage.signed_in(BEN), f"/me/threads/{thread}"
    page = await submit(ben, await ben.get("/me"), address, deed="settle")
    assert page.url.path == "/me"
    assert "wrote to you</strong>" not in page.text
    assert ASKS in page.text  # it stands in the conversation, where it came
    stage.hands.move(minutes=1)
    again = ThreadContinued(id=stage.name(), at=stage.hands(), who=ADA, thread=thread, text="And then?")
    await stage.happen(again)
    assert "wrote to you</strong>" in (await ben.get("/me")).text
    await submit(ben, await ben.get(address), address, text="Then it fitted.")
    assert "wrote to you</strong>" not in (await ben.get("/me")).text


# Who has read my answers.


async def deed(stage: Stage, what: Deed, who: PersonId = ADA) -> None:
    """Let somebody look at Ben's answers, or take them along."""

    def work(connection: Connection) -> None:
        note_deed(connection, who, what, group=CLASS, about=[BEN], at=stage.hands())

    await stage.database.write(work)


async def test_ben_sees_who_has_read_his_answers(stage: Stage, run: RunId) -> None:
    ben = await stage.signed_in(BEN)
    assert "Nobody has opened your answers yet" in (await ben.get("/me/readers")).text
    for what in (Deed.READ, Deed.READ):
        await deed(stage, what)
    page = await ben.get("/me/readers")
    assert "Ms Ada" in page.text
    assert "Twice, last today, 11:40" in page.text
    assert "took them along" not in page.text.partition("<h2")[0]
    await deed(stage, Deed.EXPORTED)
    page = await ben.get("/me/readers")
    assert "3 times, last today, 11:40. Also took them along" in page.text
    cy = await stage.signed_in(CY)
    assert "Ms Ada" not in (await cy.get("/me/readers")).text


async def test_the_way_to_it_is_on_my_answers_and_in_help(stage: Stage, run: RunId) -> None:
    ben = await stage.signed_in(BEN)
    for path in ("/me/answers", "/help"):
        assert 'href="/me/readers"' in (await ben.get(path)).text


# Before the first answer ever.


async def test_what_this_is_is_said_before_the_first_answer_and_not_again(stage: Stage) -> None:
    ben = await stage.signed_in(BEN)
    page = await begin(stage, ben)
    assert "no emergency line" in page.text
    page = await submit(ben, page, "/me/say", chosen="3")
    assert "no emergency line" not in page.text
    await submit(ben, page, "/me/say", control="stop")
    stage.hands.move(days=7)
    ben = await stage.signed_in(BEN)
    assert "no emergency line" not in (await begin(stage, ben)).text
