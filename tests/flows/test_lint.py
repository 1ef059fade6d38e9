"""Every rule of the linter, with a flow that breaks it and one that does not; and the flows that come with Mull."""

import pytest

from bot.flows.document import Document
from bot.flows.findings import Finding, Rule
from bot.flows.library import flows, packs
from bot.flows.lint import lint
from tests.flows.lint_documents import (
    PACKS,
    asking,
    between,
    menu,
    rules,
    say,
    text,
    told,
)
from tests.flows.lint_errors import ERRORS
from tests.flows.lint_warnings import WARNINGS


@pytest.mark.parametrize(("rule", "bad", "good"), ERRORS.values(), ids=ERRORS.keys())
def test_an_error_is_found_alone_and_only_where_it_is(rule: Rule, bad: Document, good: Document) -> None:
    assert rules(bad, are_errors=True) == {rule}
    assert rules(good, are_errors=True) == set()


@pytest.mark.parametrize(("rule", "bad", "good"), WARNINGS.values(), ids=WARNINGS.keys())
def test_a_warning_is_given_alone_and_only_where_it_is_due(rule: Rule, bad: Document, good: Document) -> None:
    assert lint(good, PACKS) == []
    assert {(finding.rule, finding.is_error) for finding in lint(bad, PACKS)} == {(rule, False)}


def test_every_rule_has_its_case() -> None:
    assert {rule for rule, _, _ in (*ERRORS.values(), *WARNINGS.values())} == set(Rule)


@pytest.mark.parametrize("name", sorted(flows()))
def test_the_flows_that_come_with_mull_break_no_rule(name: str) -> None:
    assert lint(flows()[name], packs()) == []


@pytest.mark.parametrize("name", sorted(packs()))
def test_the_packs_that_come_with_mull_make_fair_menus(name: str) -> None:
    assert lint(between(menu(**{"from": name})), packs()) == []


def test_a_finding_names_its_step_and_errors_come_first() -> None:
    found = lint(between(say("You must end this."), say("Hello.", then="nowhere")), PACKS)

    assert found == [
        Finding(3, "step_4", Rule.UNKNOWN_STEP, "`then` leads to nowhere, and there is no such step", is_error=True),
        Finding(2, "step_3", Rule.INVITES, "“must”: invite; nothing is owed, counted or marked"),
    ]


def test_a_warning_names_the_word_and_the_topic() -> None:
    (found,) = lint(asking("Which family of functions was hard today?"), PACKS)

    assert (found.step_id, found.message) == ("part", "“family”: may touch family; is it needed?")


def test_menus_kept_in_a_document_need_no_pack() -> None:
    document = between(menu()).model_copy(update={"menus": PACKS})

    assert lint(document, {}) == []


def test_wording_is_judged_in_english_only() -> None:
    assert lint(between(told(en="Hello.", de="Pilot: you must, and you must, and you must say it.")), PACKS) == []


def test_a_way_back_to_a_question_is_no_circle() -> None:
    more = menu("Yes", "No", "Not yet") | {"id": "more"}
    again = say("Then that one.", when={"said": {"more": ["yes"]}}, then="part")

    assert rules(between(text("Which part today?"), more, again), are_errors=True) == set()
