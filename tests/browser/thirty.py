"""Thirty learners of one class who answer where they are: on their pages, in Slack, on Discord."""

from bot.core.people import PersonId
from bot.core.review import ThreadContinued
from tests.browser.school import SOL, School
from tests.stage import rows
from tests.web.answering import WEEKLY, answer, edit
from tests.web.reviewing import comment

ROLL = """Alba Bo Chen Dora Eli Fay Gus Hana Ilir Jun Kofi Lena Mia Nils Olga
Pia Quinn Rosa Sami Tove Uma Vito Wen Xenia Yuki Zoë Ana Ben Cleo Dag"""
NAMES = ROLL.split()
NAMED = {PersonId(name.lower()): name for name in NAMES}
ALBA, BO, CHEN, DORA, MIA, NILS, JUN, ZOE, BEN = (
    PersonId(one) for one in ("alba", "bo", "chen", "dora", "mia", "nils", "jun", "zoë", "ben")
)
ELSEWHERE = {MIA: "slack", NILS: "slack", JUN: "discord", ZOE: "discord"}
STUCK = (CHEN, DORA, NILS, ZOE)
"""Who says that nearly all of the work made them think hard."""

THINKING = "This week, how much of your work made you think hard?"
PART = 'Which part of your work made you stop and think? "None" is an answer too.'


def said_by(name: str) -> str:
    """Say what each of them wrote."""
    return f"When I glued the gate it would not shut, because I had the hinge upside down. {name}"


def points_of(person: PersonId) -> str:
    """Say how hard it was for somebody, as their button does."""
    return "all" if person in STUCK else "about half"


async def everybody_answers(school: School) -> None:
    """Let thirty answer where they are; one of them was written to before, by Sol, and has thought about it since."""
    stage = school.stage
    for person, name in NAMED.items():
        match ELSEWHERE.get(person):
            case "slack":
                await answer_in_slack(school, person)
            case "discord":
                await answer_on_discord(school, person)
            case _:
                points = "5" if person in STUCK else "3"
                await answer(stage, person, raw={**WEEKLY, "thinking": points, "part": said_by(name)})
    [(run,)] = await rows(stage.database, "SELECT id FROM runs WHERE person_id = 'ben'")
    thread = await comment(stage, run, who=SOL, text="Which hinge?")
    back = ThreadContinued(id=stage.name(), at=stage.hands(), who=BEN, thread=thread, text="The one at the gate.")
    await stage.happen(back)
    await edit(stage, run, "next", "Draw the gate first", BEN)


async def answer_in_slack(school: School, person: PersonId) -> None:
    """Fill the questions in as a form."""
    learner = school.in_slack(person)
    await learner.command("/mull", "start form weekly-check-in")
    await school.slack.until(lambda: learner.modal)
    assert await learner.submit({THINKING: points_of(person), PART: said_by(NAMED[person])}) == {}
    await school.reads_in_slack(person, f"Thanks, {NAMED[person]}")


async def answer_on_discord(school: School, person: PersonId) -> None:
    """Wish for direct messages, and answer one question after another there."""
    learner = school.on_discord(person)
    await learner.run("mull", "message-me")
    await learner.run("mull", "start", flow="weekly-check-in", where="dm")
    await learner.press(points_of(person))
    await school.reads_on_discord(person, "stop and think")
    await learner.write(said_by(NAMED[person]))
    await school.reads_on_discord(person, "Where could you use that next?")
    await learner.press("Skip")
    await school.reads_on_discord(person, "what did you try first")
    await learner.press("Skip")
    await school.reads_on_discord(person, "What will you try")
    await learner.press("Skip")
    await school.reads_on_discord(person, f"Thanks, {NAMED[person]}")
