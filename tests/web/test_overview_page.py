"""The group at a glance, and a word to a small group."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
import sqlalchemy as sa

from bot.core.calendars import SchoolYear
from bot.core.events import MembersKeptApart, OccurrenceRequested, Raw
from bot.core.people import PersonId, Role
from bot.flows.library import flows
from bot.storage.audit import readers_of
from bot.storage.calendars import save_calendar
from bot.storage.connection import Connection
from bot.storage.groups import add_members, end_membership
from bot.storage.tables import people
from bot.storage.threads import ThreadRead, load_waiting
from bot.web.overview_view import FEEDS
from tests.stage import ADA, CY, NOW, OLA
from tests.web.answering import WEEKLY, answer
from tests.web.classful import ALBA, BO, CHEN, DORA, ELI, SIX, all_say, six_learners
from tests.web.house import BEN, CLASS, DEE, ELSEWHERE, Stage, enrol, form_on, send_fields, submit

PAGE = f"/groups/{CLASS}/overview"
LOOK_BACK: dict[str, Raw] = {"hardest": "", "way": "", "different": "", "next": "", "next.cue": ""}
HOSTILE = "<script>alert('x')</script>"


def words_of(page: httpx.Response) -> str:
    """Read a page's words, one space between them."""
    assert page.status_code == 200, page.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


async def words(stage: Stage) -> str:
    return words_of(await (await stage.signed_in(ADA)).get(PAGE))


async def ask(stage: Stage) -> None:
    await stage.happen(
        OccurrenceRequested(
            id=stage.name(),
            at=stage.hands(),
            who=ADA,
            group=CLASS,
            kind="check_in",
            choices={"flow": "weekly-check-in"},
        )
    )


async def stuck(stage: Stage, *people: PersonId, part: str = "make") -> None:
    for person in people:
        await answer(stage, person, flow="look-back-work", raw={**LOOK_BACK, "hardest": part})


async def threads_of(stage: Stage, person: PersonId) -> list[ThreadRead]:
    return await stage.database.read(lambda c: load_waiting(c, person))


async def small_group(stage: Stage) -> tuple[httpx.AsyncClient, str, httpx.Response]:
    """Open the first small group that is suggested; answer the browser, the address and the page."""
    ada = await stage.signed_in(ADA)
    found = re.search(rf'"(/groups/{CLASS}/pull/\w+)"', (await ada.get(PAGE)).text)
    assert found
    return ada, found[1], await ada.get(found[1])


async def test_a_group_without_answers_is_met_kindly(stage: Stage) -> None:
    said = await words(stage)
    assert "Nothing is out just now." in said
    assert "What next" in said
    for blame in ("not answered", "missed", "missing", "0 of", "has not", "hasn’t"):
        assert blame not in said


async def test_who_was_heard_from_and_for_whom_it_is_still_open(stage: Stage) -> None:
    await six_learners(stage)
    await all_say(stage, "23")
    await ask(stage)
    said = await words(stage)
    assert "Heard from Alba Bo Still open for Ben Okafor Chen Dora Eli Fay Late is fine." in said
    assert "not answered" not in said


async def test_last_weeks_answers_are_of_last_week_and_the_week_is_that_of_the_groups_zone(stage: Stage) -> None:
    await six_learners(stage)
    stage.hands.move(hours=60)  # Sunday, 22:40 in London, but Monday in Berlin
    await all_say(stage, "2")
    assert "Heard from Alba" in await words(stage)
    stage.hands.move(hours=3)
    assert "Heard from" not in await words(stage)


async def test_whoever_is_away_or_left_is_in_neither_list(stage: Stage) -> None:
    await ask(stage)
    await enrol(stage, {ALBA: "Alba", BO: "Bo", CHEN: "Chen"})
    away = sa.update(people).where(people.c.id == CHEN).values(paused_until=NOW + timedelta(days=9))

    def work(connection: Connection) -> None:
        end_membership(connection, CLASS, ALBA, NOW)
        connection.execute(away)

    await stage.database.write(work)
    said = await words(stage)
    assert "Still open for Ben Okafor Bo Late" in said


async def test_a_scale_says_what_changed_with_a_table_below(stage: Stage) -> None:
    await six_learners(stage)
    await all_say(stage, "112213")
    stage.hands.move(weeks=1)
    await all_say(stage, "55")
    stage.hands.move(weeks=4)
    await all_say(stage, "445533")
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    said = words_of(page)
    assert "More of the class chose “most” or “all” than in March." in said
    assert "2–8 March 3 2 1 0 0 9–15 March too few to show 6–12 April 0 0 2 2 2" in said
    assert "<title>2–8 March: none, 3 people</title>" in page.text
    assert page.text.count('class="few"') == 2  # the week, and what it means
    assert "style=" not in page.text


async def test_four_answers_are_too_few_for_a_picture_and_a_person_counts_once(stage: Stage) -> None:
    await six_learners(stage)
    await all_say(stage, "2222")
    await all_say(stage, "33")
    said = await words(stage)
    assert "Too few to show so far" in said
    assert "chosen most" not in said
    await answer(stage, ELI, raw={**WEEKLY, "thinking": "3"})
    assert "“about half” was chosen most." in await words(stage)


async def test_the_school_year_says_how_far_back_it_goes(stage: Stage) -> None:
    await six_learners(stage)
    await all_say(stage, "112213")
    stage.hands.move(weeks=20)
    assert "chosen most" not in await words(stage)
    year = SchoolYear(begins=NOW.date())
    await stage.database.write(lambda c: save_calendar(c, CLASS, year, ADA, NOW))
    said = await words(stage)
    assert "chosen most" in said
    assert "Habits of mind since 2 March" in said


async def test_habits_met_and_which_attribute_had_no_room(stage: Stage) -> None:
    await six_learners(stage)
    choices = {"order": "fixed", "habit": "persisting"}
    begun = OccurrenceRequested(
        id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, kind="habit_of_week", choices=choices
    )
    await stage.happen(begun)
    await all_say(stage, "2")
    said = await words(stage)
    assert "Persisting the habit week of 6 March" in said
    assert "Thinking about your thinking Weekly check-in" in said
    assert "No room so far for" in said
    assert "Give social construction some room: open a feedback round" in said


def test_what_is_to_give_room_to_an_attribute_does() -> None:
    begins = {"week": "habit-", "round": "peer-"}
    for attribute, (_, place) in FEEDS.items():
        asked = [flow for name, flow in flows().items() if name.startswith(begins[place])]
        assert any(attribute in flow.exercises.attributes for flow in asked), attribute


async def test_a_small_group_gets_a_word_each_on_their_very_answer(stage: Stage) -> None:
    await six_learners(stage)
    await stuck(stage, ALBA, BO, CHEN)
    await answer(stage, DORA, raw={**WEEKLY, "thinking": "2"})
    ada, address, page = await small_group(stage)
    assert "The hardest part: “Making or writing it”" in words_of(page)
    [first, *others] = form_on(page, address).fields["to"]
    assert len(others) == 2
    sent = await submit(ada, page, address, to=[first, others[0]], text="Shall we look at it on Tuesday?")
    assert "Sent to 2 people, to each alone." in words_of(sent)
    threads = {person: await threads_of(stage, person) for person in SIX}
    assert [len(threads[person]) for person in (ALBA, BO, CHEN, DORA)] == [1, 1, 0, 0]
    [thread] = threads[ALBA]
    assert (thread.key, [one.text for one in thread.said]) == ("hardest", ["Shall we look at it on Tuesday?"])


async def test_a_form_sent_twice_is_one_comment(stage: Stage) -> None:
    await six_learners(stage)
    await stuck(stage, ALBA, BO, CHEN)
    ada, address, page = await small_group(stage)
    for _ in range(2):
        await submit(ada, page, address, text="On Tuesday?")
    [thread] = await threads_of(stage, ALBA)
    assert len(thread.said) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": "  "}, "Please write a few words first."),
        ({"text": "Hello", "to": []}, "Please tick at least one name."),
        ({"text": HOSTILE + "a" * 4000}, "Your words can have up to 4000 characters"),
    ],
)
async def test_a_slip_keeps_what_was_typed(stage: Stage, changes: dict[str, str | list[str]], says: str) -> None:
    await six_learners(stage)
    await stuck(stage, ALBA, BO, CHEN)
    ada, address, page = await small_group(stage)
    again = await submit(ada, page, address, **changes)
    assert again.status_code == 422
    assert says in again.text
    form = form_on(again, address)
    assert form.fields["text"] == [str(changes["text"]).strip()]
    assert len(form.fields.get("to", [])) == len(changes.get("to", "abc"))
    assert HOSTILE not in again.text


async def test_a_group_that_is_no_more_leads_back_and_keeps_the_words(stage: Stage) -> None:
    await six_learners(stage)
    await stuck(stage, ALBA, BO, CHEN)
    ada, address, page = await small_group(stage)
    await stuck(stage, ALBA, part="check")
    again = await ada.get(address)
    assert (again.status_code, again.headers["location"]) == (303, f"{PAGE}#pull")
    kept = await submit(ada, page, address, to=[], text="My words")
    assert kept.status_code == 422
    assert "My words" in kept.text


async def test_people_kept_apart_are_in_no_small_group_together(stage: Stage) -> None:
    await six_learners(stage)
    await stuck(stage, ALBA, BO, CHEN, DORA)
    apart = MembersKeptApart(
        id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, first=ALBA, second=BO, is_apart=True
    )
    await stage.happen(apart)
    assert "“Making or writing it” Alba , Chen , Dora Write" in await words(stage)


async def test_whose_answers_were_shown_by_name_is_written_down(stage: Stage) -> None:
    await six_learners(stage)
    await stuck(stage, ALBA, BO, CHEN)
    await answer(stage, DORA)
    await words(stage)
    read_albas = await stage.database.read(lambda c: readers_of(c, ALBA))
    assert [(one.name, one.times) for one in read_albas] == [("Ms Ada", 1)]
    assert await stage.database.read(lambda c: readers_of(c, DORA)) == []


async def test_nothing_here_is_for_anybody_else(stage: Stage) -> None:
    await six_learners(stage)
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    await stuck(stage, ALBA, BO, CHEN)
    _, address, page = await small_group(stage)
    fields = {**form_on(page, address).fields, "text": ["Hello"]}
    for person in (OLA, BEN, CY, DEE):
        client = await stage.signed_in(person)
        for path in (PAGE, address):
            assert (await client.get(path)).status_code == 404
        own = form_on(await client.get("/help"), "/sign-out").fields["csrf"]
        assert (await send_fields(client, address, {**fields, "csrf": own}, {})).status_code == 404
    assert (await stage.client().get(PAGE)).status_code != 200
    assert await threads_of(stage, ALBA) == []


async def test_answers_of_another_group_get_no_word_from_here(stage: Stage) -> None:
    await six_learners(stage)
    await stuck(stage, ALBA, BO, CHEN)
    at = stage.hands()
    await stage.database.write(lambda c: add_members(c, ELSEWHERE, [ADA], Role.FACILITATOR, at))
    foreign = await answer(stage, CY, ELSEWHERE)
    ada, address, page = await small_group(stage)
    for target in (f"{foreign}:thinking", "nothing:at-all", "nonsense", "\x00:x"):
        own = form_on(page, address).fields["to"][0]
        assert (await submit(ada, page, address, to=[own, target], text="Hello")).status_code == 404
    assert await threads_of(stage, ALBA) == []


async def test_hostile_words_stay_words(stage: Stage) -> None:
    await enrol(stage, {PersonId(f"h{n}"): f"{HOSTILE}{n}" for n in range(4)})
    await stuck(stage, *(PersonId(f"h{n}") for n in range(4)))
    _, _, page = await small_group(stage)
    for one in (page, await (await stage.signed_in(ADA)).get(PAGE)):
        assert HOSTILE not in one.text
        assert HOSTILE in words_of(one) or HOSTILE in unescape(one.text)
