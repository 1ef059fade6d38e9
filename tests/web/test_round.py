"""A feedback round on its facilitator's page: what needs them, who is at what, every piece with its comments."""

import httpx
import pytest

from bot.core.occurrences import OccurrenceId, OccurrenceStatus
from bot.flows.peer_exchange.round import ReviewStatus
from bot.web.pages.round import DONE
from tests.programs.group import BEN, CLASS, CLEO, DANA
from tests.stage import ADA, OLA
from tests.web.house import FormSeen, Stage, forms_on, send_fields
from tests.web.living import ADDRESS, SCRIPT, THREE, ask_everybody, cruel_round, open_class, review, the_round

STUPID = "In line 2 this is stupid"


def address_of(name: OccurrenceId) -> str:
    """Name a round's page."""
    return f"{ADDRESS}/rounds/{name}"


async def page_of(stage: Stage, name: OccurrenceId) -> httpx.Response:
    """Open a round's page as Ada."""
    return await (await stage.signed_in(ADA)).get(address_of(name))


def form_with(page: httpx.Response, step: str) -> FormSeen:
    """Find the form with the button for a step."""
    return next(form for form in forms_on(page) if ("step", step) in form.buttons)


async def decide(stage: Stage, name: OccurrenceId, step: str) -> httpx.Response:
    """Press a button of the page as Ada."""
    ada = await stage.signed_in(ADA)
    form = form_with(await ada.get(address_of(name)), step)
    return await send_fields(ada, form.action, form.fields, {"step": step})


def part(page: str, name: str) -> str:
    """Cut one section out of a page."""
    return page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


async def test_everything_said_about_a_piece_stands_with_it(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no", habit="persisting")
    for _ in range(4):
        await group.work_through(*THREE)
    page = (await page_of(stage, name)).text
    assert "Feedback round: Persisting" in page
    piece = part(page, "pieces").partition(">Ben Okafor<")[2].partition("</article>")[0]
    for words in (
        "ben&#39;s bridge: folded twice",
        "Is it clear?",
        "where ben&#39;s bridge would bend",
        "In line 2 the maker, seen by cleo, counts",
        "At the books, give a number (dana",
        "I will use it",
        "The place: I know where to look",
        "What changes first",
        "ben draws an arrow",
        "on Thursday",
    ):
        assert words in piece
    assert "What next" in page
    assert f'href="/review?show=all&amp;group={CLASS}&amp;program=peer_exchange"' in page


async def test_where_the_round_stands_moves_with_the_days(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange")
    assert "can share a piece until Monday 9 March, 11:40" in (await page_of(stage, name)).text
    await group.move(days=4)
    assert "looks at others’ work until Friday 13 March, 11:40" in (await page_of(stage, name)).text
    await group.move(days=4)
    assert "The round ends Monday 16 March, 11:40" in (await page_of(stage, name)).text
    await group.move(days=4)
    page = await page_of(stage, name)
    assert "It has ended." in page.text
    assert not [form for form in forms_on(page) if form.action == address_of(name)]


async def test_who_is_at_what_is_told_without_blame(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="yes")
    await group.work_through(BEN, CLEO, until="peer-practice")
    assert (await decide(stage, name, "pair_now")).status_code == 200
    doing = part((await page_of(stage, name)).text, "doing")
    assert "Choosing what to share" in doing
    assert "Practising first" in doing
    await group.work_through(BEN, until="peer-review")
    doing = part((await page_of(stage, name)).text, "doing")
    assert "Looking at a piece" in doing
    assert "at the work of <bdi>Cleo</bdi>" in doing
    assert "haven" not in doing
    assert "missing" not in doing


async def test_a_comment_that_waits_is_read_first_and_goes_on(stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    page = (await page_of(stage, name)).text
    needs = part(page, "needs")
    assert STUPID in needs
    assert "Some of its words may hurt" in needs
    assert STUPID not in part(page, "pieces")
    assert DONE["release"] in (await decide(stage, name, "release")).text
    assert (await review(group, name, number)).status is ReviewStatus.DELIVERED
    page = (await page_of(stage, name)).text
    assert 'aria-labelledby="needs"' not in page
    assert STUPID in part(page, "pieces")


async def test_other_words_are_asked_for(stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    await decide(stage, name, "return")
    asked = await review(group, name, number)
    assert (asked.status, asked.turn) == (ReviewStatus.ASKED, 2)
    assert "asked for other words" in (await page_of(stage, name)).text


async def test_what_is_kept_back_can_still_go(stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    await decide(stage, name, "keep_back")
    assert (await review(group, name, number)).status is ReviewStatus.KEPT_BACK
    assert "kept back: the author does not see it" in (await page_of(stage, name)).text
    await decide(stage, name, "release")
    assert (await review(group, name, number)).status is ReviewStatus.DELIVERED


async def test_every_comment_waits_where_all_are_read_first(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no", hold="all", naming="hidden")
    for _ in range(2):
        await group.work_through(*THREE)
    page = (await page_of(stage, name)).text
    assert "In this round you read every comment first." in page
    assert len([form for form in forms_on(await page_of(stage, name)) if ("step", "release") in form.buttons]) == 6
    await decide(stage, name, "release")
    assert "goes out on the quarter of an hour" in (await page_of(stage, name)).text


async def test_a_button_pressed_twice_is_one_step(stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    ada = await stage.signed_in(ADA)
    form = form_with(await ada.get(address_of(name)), "return")
    for _ in range(2):
        assert (await send_fields(ada, form.action, form.fields, {"step": "return"})).status_code == 200
    assert (await review(group, name, number)).turn == 2


async def test_a_round_is_ended_by_hand(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no")
    assert DONE["close"] in (await decide(stage, name, "close")).text
    assert (await group.occurrence(name)).status is OccurrenceStatus.DONE


async def test_work_that_was_taken_back_is_not_shown(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no")
    await group.work_through(*THREE)
    await group.steer(name, "withdraw", who=BEN)
    page = (await page_of(stage, name)).text
    assert "took this piece back" in page
    assert "ben&#39;s bridge: folded twice" not in page


async def test_words_of_who_left_stay_with_their_name(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no")
    for _ in range(3):
        await group.work_through(*THREE)
    await group.remove(DANA)
    page = (await page_of(stage, name)).text
    assert "Dana" in part(page, "pieces")
    assert "Dana" not in part(page, "doing")


async def test_hostile_words_are_shown_as_text(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no", hold="all")
    for person in THREE:
        await group.say(person, SCRIPT, SCRIPT, SCRIPT)
    await group.say(BEN, f"In line 2 {SCRIPT}", f"In line 2 {SCRIPT}", f"In line 2 {SCRIPT}")
    page = (await page_of(stage, name)).text
    assert "<script>alert" not in page
    assert "In line 2 &lt;script&gt;alert" in part(page, "needs")
    assert "&lt;script&gt;alert" in part(page, "pieces")


@pytest.mark.parametrize(
    ("step", "about"), [("release", "99"), ("release", SCRIPT), ("return", ""), ("keep_back", "-1"), ("release", "²")]
)
async def test_a_comment_that_does_not_exist_changes_nothing(stage: Stage, step: str, about: str) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    ada = await stage.signed_in(ADA)
    fields = form_with(await ada.get(address_of(name)), "release").fields
    await send_fields(ada, address_of(name), fields, {"step": step, "about": about})
    assert (await review(group, name, number)).status is ReviewStatus.HELD


async def test_only_a_facilitators_own_steps_are_found(stage: Stage) -> None:
    """Taking work back is its author's."""
    group = await open_class(stage)
    name, _ = await cruel_round(group)
    ada = await stage.signed_in(ADA)
    fields = form_with(await ada.get(address_of(name)), "release").fields
    for step in ("", "skip", "erase", SCRIPT, "withdraw"):
        assert (await send_fields(ada, address_of(name), fields, {"step": step})).status_code == 404
    assert not any(piece.is_withdrawn for piece in (await the_round(group, name)).pieces)


async def test_a_round_stands_in_its_own_group_and_place_only(stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    week = await group.begin("habit_of_week")
    ada = await stage.signed_in(ADA)
    fields = form_with(await ada.get(address_of(name)), "release").fields
    for address in (
        f"/groups/class-6b/rounds/{name}",
        f"{ADDRESS}/weeks/{name}",
        f"{ADDRESS}/rounds/{week}",
        f"{ADDRESS}/rounds/none",
        f"{ADDRESS}/rounds/%00",
    ):
        assert (await ada.get(address)).status_code == 404
        assert (await send_fields(ada, address, fields, {"step": "release"})).status_code == 404
    assert (await review(group, name, number)).status is ReviewStatus.HELD


async def test_nobody_else_reads_or_decides(stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    for answer in (await ask_everybody(stage, address_of(name))).values():
        assert answer.status_code == 404
        for words in (STUPID, "bridge", "Cleo", CLASS):
            assert words not in answer.text
    ola = await stage.signed_in(OLA)
    roster = await ola.get(f"{ADDRESS}/roster")
    fields = {"csrf": forms_on(roster)[0].fields["csrf"], "about": [str(number)], "step": ["release"]}
    assert (await send_fields(ola, address_of(name), fields, {})).status_code == 404
    assert (await review(group, name, number)).status is ReviewStatus.HELD
