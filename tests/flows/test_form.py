"""A flow as one page: what is said in between, and the one follow-up of a comment."""

from typing import Any

import pytest

from bot.core.effects import AskQuestion, OfferForm, SendMessage
from bot.core.events import EventId, FormSubmitted, Raw
from bot.core.runs import Mode, Opening, Run, RunStatus
from bot.flows.comments import OTHER_COMMENTS
from bot.flows.engine import Turn, advance, begin
from bot.flows.flow import AS_IT_IS, Flow
from bot.flows.form import lay_out
from tests.flows.made import BEN, COLOUR, NOON, PAGE, ROOF, at, flow, fresh, requested

ONE: dict[str, Any] = {"id": "one", "ask": "What is there?", "text": {}, "probe": {"by": "comment"}}
TWO: dict[str, Any] = {"id": "two", "ask": "What could be tried?", "text": {}, "probe": {"by": "comment"}}
BYE: dict[str, Any] = {"say": "Thanks."}
GOOD = "In line 2 the fold is counted"


def begun(of: Flow, mode: Mode = Mode.FORM, opening: Opening | None = None) -> Run:
    """Begin a flow."""
    return begin(of, fresh(of, opening, mode), requested(minutes=0)).run


def sent(of: Flow, run: Run, minutes: float = 1, **raw: Raw) -> Turn:
    """Send a form."""
    name = EventId(f"test/form/{minutes}")
    given = {key.replace("__", "."): value for key, value in raw.items()}
    return advance(of, run, FormSubmitted(id=name, at=at(minutes), who=BEN, place=PAGE, run=run.id, raw=given))


def offered(turn: Turn) -> list[list[str]]:
    """List the questions of each form that a turn offers."""
    return [[prompt.key for prompt in e.prompts] for e in turn.effects if isinstance(e, OfferForm)]


def test_a_vague_comment_gets_its_nudge_as_a_further_part() -> None:
    of = flow(ONE, TWO, BYE)
    turn = sent(of, begun(of), one="cool!", two=GOOD)
    assert offered(turn) == [["one.probe"]]
    assert turn.run.status is RunStatus.OPEN
    turn = sent(of, turn.run, 2, one__probe="The fold in line 2 holds it up")
    assert turn.run.status is RunStatus.DONE
    assert turn.run.said == {"one": "cool!", "two": GOOD, "one.probe": "The fold in line 2 holds it up"}
    assert [effect.text for effect in turn.effects if isinstance(effect, SendMessage)] == ["Thanks."]


@pytest.mark.parametrize(("given", "kept"), [((AS_IT_IS,), AS_IT_IS), ("", None), ("Send it as it is", AS_IT_IS)])
def test_a_comment_may_go_as_it_is(given: Raw, kept: str | None) -> None:
    of = flow(ONE, BYE)
    turn = sent(of, sent(of, begun(of), one="cool!").run, 2, one__probe=given)
    assert turn.run.status is RunStatus.DONE
    assert turn.run.said == {"one": "cool!", "one.probe": kept}


def test_two_vague_comments_get_one_nudge() -> None:
    of = flow(ONE, TWO, BYE)
    turn = sent(of, begun(of), one="cool!", two="nice")
    assert offered(turn) == [["one.probe"]]
    assert sent(of, turn.run, 2, one__probe=(AS_IT_IS,)).run.status is RunStatus.DONE


def test_a_copied_comment_is_nudged_too() -> None:
    of = flow(ONE, BYE)
    opening = Opening(given={OTHER_COMMENTS: GOOD})
    assert offered(sent(of, begun(of, opening=opening), one=GOOD)) == [["one.probe"]]
    assert offered(sent(of, begun(of), one=GOOD)) == []


def test_slips_come_first_and_a_branch_comes_along() -> None:
    more = {"id": "more", "when": {"said": {"colour": ["red"]}}, "ask": "Which red?", "text": {}}
    of = flow(ONE, COLOUR, more, BYE)
    turn = sent(of, begun(of), one="cool!", colour="Blue")
    assert offered(turn) == [["colour"]]
    turn = sent(of, turn.run, 2, colour="Red")
    assert offered(turn) == [["one.probe", "more"]]
    turn = sent(of, turn.run, 3, more="x" * 10_001, one__probe="x" * 10_001)
    assert offered(turn) == [["one.probe", "more"]]
    turn = sent(of, turn.run, 4, more="Dark", one__probe="At the fold")
    assert turn.run.status is RunStatus.DONE
    assert turn.run.said["one.probe"] == "At the fold"


def test_depth_stays_out_of_forms() -> None:
    of = flow({**ROOF, "probe": {"by": "depth"}}, BYE)
    for mode in Mode:
        assert sent(of, begun(of, mode), roof="A flag").run.status is RunStatus.DONE


def test_a_conversation_that_goes_on_as_a_page_is_nudged_as_well() -> None:
    of = flow(ONE, BYE)
    turn = sent(of, begun(of, Mode.DIALOGUE), one="cool!")
    assert [effect.prompt.key for effect in turn.effects if isinstance(effect, AskQuestion)] == ["one.probe"]
    assert sent(of, turn.run, 2, one__probe=(AS_IT_IS,)).run.status is RunStatus.DONE


def test_what_is_said_stands_before_its_question() -> None:
    of = flow(
        {"say": "Hello."},
        {"say": "Look at this."},
        ONE,
        {"say": "Now the colour."},
        COLOUR,
        {"when": {"said": {"colour": ["red"]}}, "say": "Red, then."},
        {"id": "more", "when": {"said": {"colour": ["red"]}}, "ask": "Which red?", "text": {}},
        BYE,
    )
    opening = Opening()

    def says(said: dict[str, Any], *also: str) -> tuple[list[str], dict[str, list[str]]]:
        found = lay_out(of, said, opening, also)
        texts = {part.question.key: [say.fill(str) for say in part.says] for part in found.parts}
        return [say.fill(str) for say in found.earlier], texts

    assert says({}) == ([], {"one": ["Hello.", "Look at this."], "colour": ["Now the colour."]})
    later = {"one": "cool!", "colour": "red"}
    earlier = ["Hello.", "Look at this.", "Now the colour."]
    assert says(later) == (earlier, {"more": ["Red, then."]})
    assert says(later, "one.probe") == (earlier, {"one.probe": [], "more": ["Red, then."]})


def test_the_time_of_a_form_is_that_of_its_event() -> None:
    of = flow(ONE, BYE)
    turn = sent(of, begun(of), minutes=3, one="cool!")
    assert turn.run.asked_at == at(3) > NOON
