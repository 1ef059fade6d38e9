"""What this is and is not: said with the first question that somebody ever gets, and not again."""

from dataclasses import replace

from bot.core.effects import AskQuestion, OfferForm
from bot.core.runs import Mode, Opening
from bot.flows.engine import advance, begin
from bot.flows.phrases import ENGLISH
from tests.flows.made import COLOUR, ROOF, flow, fresh, requested, typed

HOUSE = flow(ROOF, COLOUR)
NEW = Opening(words={"task": "the map"}, is_newcomer=True)
SAID = ENGLISH.what_this_is


def test_a_newcomer_reads_it_below_the_first_question_only() -> None:
    turn = begin(HOUSE, fresh(HOUSE, NEW), requested())
    (asked,) = [effect for effect in turn.effects if isinstance(effect, AskQuestion)]
    assert asked.prompt.hint == SAID
    turn = advance(HOUSE, turn.run, typed("The legend"))
    (asked,) = [effect for effect in turn.effects if isinstance(effect, AskQuestion)]
    assert SAID not in asked.prompt.hint


def test_a_newcomer_reads_it_once_above_a_page_of_questions() -> None:
    turn = begin(HOUSE, fresh(HOUSE, NEW, Mode.FORM), requested())
    (offered,) = [effect for effect in turn.effects if isinstance(effect, OfferForm)]
    assert [prompt.before for prompt in offered.prompts] == [(SAID,), ()]
    assert SAID not in "".join(prompt.hint for prompt in offered.prompts)


def test_whoever_has_answered_before_does_not_read_it() -> None:
    for mode in Mode:
        turn = begin(HOUSE, fresh(HOUSE, replace(NEW, is_newcomer=False), mode), requested())
        assert SAID not in str(turn.effects)


def test_it_says_hours_and_that_it_is_no_emergency_line() -> None:
    assert "no emergency line" in SAID
    assert "school days" in SAID
