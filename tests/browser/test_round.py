"""A whole feedback round in the browser: five people, one of whom stays away and one of whom comes late, and Ada."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from bot.core.events import PeopleEnrolled
from bot.core.people import PersonId, Role
from bot.flows.peer_exchange.round import ReviewStatus, Round, read_round
from bot.storage.occurrences import occurrences_of
from tests.browser.learner import answer, pass_time, reply
from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.browser.test_pages import inspect
from tests.programs.group import Group
from tests.stage import ADA
from tests.web.house import BEN, CLASS, Stage, enrol
from tests.web.living import THREE, open_class

CLEO, DANA, ELIF, FINN = (PersonId(name) for name in ("cleo", "dana", "elif", "finn"))
AWAY, LATE = ELIF, FINN
LONG = "\n".join(f"Step {n}: we counted the squares of the map, https://school.example/map/{n}" for n in range(1, 15))

WORDS = {
    "Which piece": LONG,
    "Which comments": "[Is it clear?]",
    "Before others begin": "Tell me where you would get lost",
    "Which comment would help": "[Really cool bridge!]",
    "What could you write": "In the last sentence I can't tell what better means; name one fold",
    "Comparing the two": "[The place]",
    "While you go through": "In step 2 the squares are counted",
    "What does that part": "I can follow step 2, but I lose the gate in step 5",
    "What is one thing to try": "Put an arrow at the gate",
    "What will you do with this comment": "[I will use it]",
    "Which part of this comment": "[The place: I know where to look]",
    "What in": "I draw an arrow at the gate",
    "When exactly": "On Thursday, before I colour it in",
}


async def the_round(stage: Stage) -> Round:
    """Read the one round there is."""
    [found] = await stage.database.read(lambda connection: occurrences_of(connection, CLASS, "peer_exchange"))
    return read_round(found)


async def come_by(windows: Windows, person: PersonId, until: str = "nothing") -> list[str]:
    """Let somebody answer what there is, and close their window again: an open one is told of all that happens."""
    page = await windows.open(person)
    asked = await answer(page, WORDS, until=until)
    await page.context.close()
    return asked


async def test_a_round_from_its_opening_to_its_end(windows: Windows, stage: Stage) -> None:
    await enrol(stage, {CLEO: "Cleo", DANA: "Dana", ELIF: "Elif"})
    ada = await windows.open(ADA, width=1280)
    await ada.goto(f"/groups/{CLASS}/programs")
    await ada.get_by_role("button", name="Open a feedback round").click()
    await expect(ada.get_by_role("status").first).to_contain_text("The round is open")

    # Work comes in; once everybody has shared, all of them practise first.
    for person in (BEN, CLEO, DANA, AWAY):
        asked = await come_by(windows, person, until="Which comment would help")
        assert len(asked) == 3
    phone = await windows.open(BEN)
    await answer(phone, WORDS, until="While you go through")
    await expect(phone.locator(".talk")).to_contain_text("Ready. Your first piece comes now.")

    # The work is folded; a comment that says nothing is asked about, once.
    folded = phone.locator(".talk .folded").last
    await expect(folded.get_by_role("link", name="https://school.example/map/9")).to_be_hidden()
    await folded.locator("summary").click()
    await expect(folded.get_by_role("link", name="https://school.example/map/9")).to_be_visible()
    await look_over(phone)
    await reply(phone, "cool!")
    await expect(phone.locator("#asked")).to_have_text("What did you notice that made it work?")
    await expect(phone.get_by_role("button", name="Send it as it is")).to_be_visible()
    await expect(folded.get_by_role("link", name="https://school.example/map/9")).to_be_visible()
    await look_over(phone)
    await reply(phone, "In step 3 I knew at once where to begin")
    await reply(phone, "nice")
    await expect(phone.locator("#asked")).to_have_text("What is one thing to try now in this piece?")
    await answer(phone, WORDS)
    for person in (CLEO, DANA):
        await come_by(windows, person)

    # Somebody comes late, and is taken in.
    await pass_time(stage, days=1)
    joined = ((LATE, "Finn"),)
    await stage.happen(
        PeopleEnrolled(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, role=Role.LEARNER, people=joined)
    )
    assert len(await come_by(windows, LATE)) >= 3

    # One of them stays away: others are asked instead, and everybody reads, uses, thanks and looks back.
    # Who is paired with whom differs each time, so everybody looks twice a day: the last answer may set off more.
    for _ in range(4):
        await pass_time(stage, days=1, minutes=20)
        for person in (BEN, CLEO, DANA, LATE) * 2:
            await come_by(windows, person)
    held = await the_round(stage)
    assert {review.status for review in held.reviews if review.reviewer == AWAY} <= {ReviewStatus.LAPSED}
    given = [review for review in held.reviews if review.reviewer != AWAY]
    assert {review.status for review in given} == {ReviewStatus.DELIVERED}
    assert {held.pieces[review.piece].author for review in given} == {BEN, CLEO, DANA, AWAY, LATE}
    assert {piece.author for piece in held.pieces if piece.is_looked_back} >= {BEN, CLEO, DANA, LATE}

    phone = await windows.open(BEN)
    await phone.goto("/me?earlier=1")  # what came a while ago is folded away
    await expect(phone.locator(".talk")).to_contain_text("Worth most in it was the place")
    await phone.get_by_role("link", name="My rounds").click()
    await expect(phone.locator(".round")).to_contain_text("It has reached")
    await expect(phone.locator(".round")).to_contain_text("Worth most in it: the place.")
    await look_over(phone)

    # Ada ends the round.
    ada = await windows.open(ADA, width=1280)
    await ada.goto(f"/groups/{CLASS}/programs")
    await ada.get_by_role("link", name="Feedback round").click()
    await ada.get_by_text("End the round", exact=True).first.click()
    await ada.locator("button[value=close]").click()
    await expect(ada.locator(".stands")).to_contain_text("It has ended")
    assert (await the_round(stage)).is_closed
    await phone.reload()
    await expect(phone.locator(".round")).to_contain_text("It has ended.")
    await expect(phone.get_by_text("Take my work back")).to_have_count(0)


async def test_work_is_taken_back_and_a_review_is_a_page(windows: Windows, stage: Stage) -> None:
    await enrol(stage, {CLEO: "Cleo"})
    ada = await windows.open(ADA, width=1280)
    await ada.goto(f"/groups/{CLASS}/programs")
    await ada.get_by_text("Change how it runs").click()
    await ada.get_by_label("Hidden:").check()
    await ada.get_by_label("None: they begin at once.").check()
    await ada.get_by_role("button", name="Open a feedback round").click()
    for person in (BEN, CLEO):
        await answer(await windows.open(person), WORDS, until="While you go through")
    phone = await windows.open(BEN, scripts=False)
    await phone.goto("/me")
    await phone.get_by_role("link", name="All on one page").click()
    await expect(phone.locator(".says")).to_contain_text("Somebody in your group shared this piece with you:")
    await phone.get_by_label("While you go through").fill("cool!")
    await phone.get_by_label("What is one thing to try").fill("Put an arrow at the gate")
    await phone.get_by_role("button", name="Send", exact=True).click()
    await expect(phone.get_by_label("What did you notice that made it work?")).to_be_visible()
    await phone.get_by_role("button", name="Send it as it is").click()
    await expect(phone.locator(".talk")).to_contain_text("Thank you. Your comment")
    await phone.get_by_role("link", name="My rounds").click()
    await expect(phone.locator(".round")).not_to_contain_text("Cleo")
    await phone.get_by_text("Take my work back").click()
    await phone.get_by_role("button", name="Yes, take it back").click()
    await expect(phone.locator(".round")).to_contain_text("You took this back.")
    assert [piece.author for _, piece in (await the_round(stage)).live()] == [CLEO]


async def nudged(group: Group) -> str:
    """Leave Ben at the follow-up of a vague comment, with a comment waiting behind it."""
    await group.work_through(BEN, until="peer-review")
    await group.work_through(CLEO, DANA)
    await group.say(BEN, "cool!")
    return "/me"


async def run_of(group: Group) -> str:
    """Name the run that Ben is in."""
    run = await group.open_run(BEN)
    assert run is not None
    return run.id


async def as_a_page(group: Group) -> str:
    """Leave Ben at a review as one page."""
    await group.work_through(CLEO, DANA, BEN, until="peer-review")
    return f"/me/form/{await run_of(group)}"


async def nudged_on_a_page(group: Group) -> str:
    """Leave Ben at the same follow-up on a page."""
    await nudged(group)
    return f"/me/form/{await run_of(group)}"


async def rounds(group: Group) -> str:
    """Leave Ben with comments that he got and gave."""
    for _ in range(3):
        await group.work_through(*THREE)
    return "/me/rounds"


@pytest.mark.parametrize("scene", [nudged, as_a_page, nudged_on_a_page, rounds])
async def test_each_view_is_for_everybody(
    windows: Windows, stage: Stage, scene: Callable[[Group], Awaitable[str]]
) -> None:
    group = await open_class(stage)
    await group.begin("peer_exchange", practice="no")
    await group.say(CLEO, LONG, "clear", "skip")
    address = await scene(group)
    await inspect(await windows.open(BEN, width=360), address)
