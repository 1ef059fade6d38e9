"""What a group runs: beginning programs, refusals that keep what was chosen, and who is kept apart."""

from dataclasses import replace

import httpx
import pytest

from bot.core.events import Event, Outcome
from bot.core.occurrences import OccurrenceId
from bot.core.people import GroupId
from bot.flows.habit_of_week.habits import habits
from bot.flows.habit_of_week.program import read_week
from bot.storage.groups import change_group, load_kept_apart
from bot.storage.occurrences import occurrences_of
from bot.storage.people import rename_person
from bot.web.pages.programs import NOT_NOW, TWO_PEOPLE, WHICH_HABIT
from tests.programs.group import BEN, CLASS, CLEO, DANA, Group
from tests.stage import ADA, OLA
from tests.web.house import ELSEWHERE, FormSeen, Stage, forms_on, send_fields
from tests.web.living import ADDRESS, SCRIPT, ask_everybody, cruel_round, open_class, the_round

PAGE = f"{ADDRESS}/programs"
FIRST, SECOND = list(habits())[:2]


def form_of(page: httpx.Response, kind: str) -> FormSeen:
    """Find the form that begins a program."""
    return next(form for form in forms_on(page) if form.fields.get("kind") == [kind])


async def begin(ada: httpx.AsyncClient, kind: str, **choices: str) -> httpx.Response:
    """Begin a program by its form."""
    return await send_fields(ada, PAGE, form_of(await ada.get(PAGE), kind).fields, choices)


def name_in(page: httpx.Response) -> OccurrenceId:
    """Read which occurrence a page is about from its address."""
    return OccurrenceId(page.url.path.rpartition("/")[2])


async def begun(stage: Stage, group: GroupId = CLASS) -> list[str]:
    """List the kinds of what was begun in a group."""
    return [one.kind for one in await stage.database.read(lambda c: occurrences_of(c, group))]


async def test_a_habit_week_begins_with_one_press(stage: Stage) -> None:
    group = await open_class(stage)
    page = await begin(await stage.signed_in(ADA), "habit_of_week")
    assert "The week has begun." in page.text
    assert "Persisting" in page.text
    assert read_week(await group.occurrence(name_in(page))).habit == FIRST
    assert await group.asked(CLEO) == "habit-plan:act"


@pytest.mark.parametrize(
    ("choices", "habit"),
    [
        ({"pick": "one", "habit": SECOND}, SECOND),
        ({"pick": "again"}, FIRST),
        ({"pick": "fixed", "habit": "creating"}, SECOND),
    ],
)
async def test_a_habit_week_begins_as_it_was_chosen(stage: Stage, choices: dict[str, str], habit: str) -> None:
    group = await open_class(stage)
    await group.begin("habit_of_week")
    page = await begin(await stage.signed_in(ADA), "habit_of_week", **choices)
    assert read_week(await group.occurrence(name_in(page))).habit == habit


async def test_a_group_is_asked_which_habit_it_wants(stage: Stage) -> None:
    group = await open_class(stage)
    page = await begin(await stage.signed_in(ADA), "habit_of_week", pick="voted")
    assert "Which habit comes next?" in page.text
    assert await group.asked(DANA) == "habit-vote:habit"


async def test_a_round_opens_with_one_press_and_as_the_program_would_have_it(stage: Stage) -> None:
    group = await open_class(stage)
    page = await begin(await stage.signed_in(ADA), "peer_exchange")
    assert "The round is open." in page.text
    opened = await the_round(group, name_in(page))
    usual = await the_round(group, await group.begin("peer_exchange"))
    length = opened.close_at - opened.share_until
    assert abs(length - (usual.close_at - usual.share_until)).total_seconds() < 1
    kept = {"share_until", "review_until", "close_at", "people"}
    assert opened.model_dump(exclude=kept) == usual.model_dump(exclude=kept)


async def test_a_round_opens_as_it_was_chosen(stage: Stage) -> None:
    group = await open_class(stage)
    choices = {"protocol": "warm_cool_wonder", "naming": "hidden", "hold": "all", "habit": FIRST, "reviews": "1"}
    page = await begin(await stage.signed_in(ADA), "peer_exchange", **choices, practice="no")
    opened = await the_round(group, name_in(page))
    assert (opened.protocol, opened.naming, opened.hold) == ("warm_cool_wonder", "hidden", "all")
    assert (opened.habit, opened.reviews_each, opened.has_practice) == (FIRST, 1, False)


async def test_a_form_sent_twice_begins_one_program(stage: Stage) -> None:
    await open_class(stage)
    ada = await stage.signed_in(ADA)
    form = form_of(await ada.get(PAGE), "peer_exchange")
    pages = [await send_fields(ada, PAGE, form.fields, {}) for _ in range(2)]
    assert pages[0].url == pages[1].url
    assert pages[1].status_code == 200
    assert await begun(stage) == ["peer_exchange"]


async def test_what_cannot_begin_is_said_and_everything_chosen_is_kept(stage: Stage) -> None:
    await open_class(stage, (BEN,))
    page = await begin(await stage.signed_in(ADA), "peer_exchange", naming="hidden", reviews="4", share_days="9")
    assert page.status_code == 422
    assert "A round takes two people or more." in page.text
    assert '<details class="fold" open>' in page.text
    kept = form_of(page, "peer_exchange").fields
    assert (kept["naming"], kept["reviews"], kept["share_days"]) == (["hidden"], ["4"], ["9"])
    assert await begun(stage) == []


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("peer_exchange", {"share_days": "0"}),
        ("peer_exchange", {"reviews": ""}),
        ("peer_exchange", {"close_days": SCRIPT}),
        ("peer_exchange", {"protocol": SCRIPT}),
        ("peer_exchange", {"naming": "both"}),
        ("peer_exchange", {"habit": "no-such-habit"}),
        ("habit_of_week", {"pick": SCRIPT}),
        ("habit_of_week", {"pick": "one", "habit": "no-such-habit"}),
    ],
)
async def test_choices_that_make_no_sense_begin_nothing(stage: Stage, kind: str, choices: dict[str, str]) -> None:
    await open_class(stage)
    page = await begin(await stage.signed_in(ADA), kind, **choices)
    assert page.status_code == 422
    assert "choose once more" in page.text
    assert "<script>alert" not in page.text
    assert await begun(stage) == []


async def test_no_habit_chosen_is_asked_about(stage: Stage) -> None:
    await open_class(stage)
    page = await begin(await stage.signed_in(ADA), "habit_of_week", pick="one")
    assert WHICH_HABIT in page.text
    assert form_of(page, "habit_of_week").fields["pick"] == ["one"]


async def test_a_group_that_emptied_while_the_form_was_sent_is_no_fault(stage: Stage) -> None:
    """The rehearsal passes, and then the last learner leaves."""
    group = await open_class(stage, (BEN,))

    async def late(event: Event) -> Outcome:
        await group.remove(BEN)
        return await stage.happen(event)

    stage.app.state.house = replace(stage.house, accept=late)
    page = await begin(await stage.signed_in(ADA), "habit_of_week")
    assert page.status_code == 422
    assert NOT_NOW in page.text


async def test_an_unknown_program_is_not_found(stage: Stage) -> None:
    await open_class(stage)
    ada = await stage.signed_in(ADA)
    fields = form_of(await ada.get(PAGE), "peer_exchange").fields
    for kind in ("check_in", "", SCRIPT):
        assert (await send_fields(ada, PAGE, fields, {"kind": kind})).status_code == 404
    assert await begun(stage) == []


async def test_what_runs_says_where_it_stands_and_what_comes_when(stage: Stage) -> None:
    group = await open_class(stage)
    ada = await stage.signed_in(ADA)
    await group.begin("habit_of_week")
    await cruel_round(group)
    await group.begin("check_in", flow="plan-work")
    page = (await ada.get(PAGE)).text
    assert "Habit week: Persisting" in page
    assert "Midweek comes Sunday 8 March, 11:40." in page
    assert "Everybody can share a piece until Monday 9 March, 11:40." in page
    assert "One comment waits for you to read." in page
    assert "Plan a piece of work" in page
    assert f"{ADDRESS}?flow=plan-work" in page
    assert ">Earlier<" not in page


async def test_what_is_over_stands_below_as_links(stage: Stage) -> None:
    group = await open_class(stage)
    skipped = await group.begin("habit_of_week")
    await group.steer(skipped, "skip")
    over = await group.begin("peer_exchange")
    await group.begin("check_in", flow="plan-work")
    await group.move(days=11)
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    earlier = page.partition(">Earlier<")[2]
    assert "Running now" not in page
    for address in (f"{ADDRESS}/rounds/{over}", f"{ADDRESS}/weeks/{skipped}", "?flow=plan-work&amp;week=2026-W10"):
        assert address in earlier
    assert "skipped" in earlier


async def test_programs_of_another_group_never_show(stage: Stage) -> None:
    await open_class(stage)
    ada = await stage.signed_in(ADA)
    await begin(ada, "habit_of_week")
    assert "Running now" in (await ada.get(PAGE)).text
    assert "Running now" not in (await ada.get("/groups/class-6b/programs")).text
    assert await begun(stage, ELSEWHERE) == []


# Keeping apart.


async def keep_apart(ada: httpx.AsyncClient, first: str, second: str, **more: str) -> httpx.Response:
    """Say by the form that two people are not to be paired."""
    form = next(f for f in forms_on(await ada.get(PAGE)) if f.action == f"{ADDRESS}/apart")
    return await send_fields(ada, form.action, form.fields, {"first": first, "second": second, **more})


async def pairs(group: Group) -> list[set[str]]:
    """List who is kept apart."""
    return [set(pair) for pair in await group.database.read(lambda c: load_kept_apart(c, CLASS))]


async def test_two_people_are_kept_apart_and_paired_again(stage: Stage) -> None:
    group = await open_class(stage)
    ada = await stage.signed_in(ADA)
    page = await keep_apart(ada, CLEO, BEN)
    assert await pairs(group) == [{BEN, CLEO}]
    undo = next(f for f in forms_on(page) if f.fields.get("is_apart") == ["no"])
    after = await send_fields(ada, undo.action, undo.fields, {})
    assert await pairs(group) == []
    assert "Pair again" not in after.text


@pytest.mark.parametrize(("first", "second"), [(BEN, BEN), ("", BEN), ("", "")])
async def test_keeping_apart_takes_two(stage: Stage, first: str, second: str) -> None:
    group = await open_class(stage)
    page = await keep_apart(await stage.signed_in(ADA), first, second)
    assert page.status_code == 422
    assert TWO_PEOPLE in page.text
    assert await pairs(group) == []


async def test_somebody_of_another_group_cannot_be_kept_apart(stage: Stage) -> None:
    group = await open_class(stage)
    assert (await keep_apart(await stage.signed_in(ADA), BEN, "cy")).status_code == 404
    assert await pairs(group) == []


async def test_who_left_is_no_longer_listed(stage: Stage) -> None:
    group = await open_class(stage)
    await group.keep_apart(BEN, CLEO)
    await group.remove(CLEO)
    page = await (await stage.signed_in(ADA)).get(PAGE)
    assert "Pair again" not in page.text


# Who sees it.


async def test_nobody_else_sees_who_is_kept_apart_or_a_way_there(stage: Stage) -> None:
    group = await open_class(stage)
    await group.keep_apart(BEN, CLEO)
    for answer in (await ask_everybody(stage, PAGE)).values():
        assert answer.status_code == 404
        assert "Keep apart" not in answer.text
        assert "Cleo" not in answer.text
    ola = await (await stage.signed_in(OLA)).get(f"{ADDRESS}/roster")
    assert ola.status_code == 200
    assert "/programs" not in ola.text


async def test_hostile_names_are_shown_as_text(stage: Stage) -> None:
    group = await open_class(stage)
    await stage.database.write(lambda c: rename_person(c, CLEO, SCRIPT))
    await stage.database.write(lambda c: change_group(c, CLASS, {"name": SCRIPT}))
    await group.keep_apart(BEN, CLEO)
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") > 2
