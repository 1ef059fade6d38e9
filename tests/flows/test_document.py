"""What a flow file may hold, and how a fault in one is told to its author."""

import json
import re

import pytest

from bot.core.errors import DocumentError
from bot.flows.document import ChoiceStep, Document, OptionText, PlanStep, SayStep, TextStep, parse
from bot.flows.library import flows
from bot.flows.source import line_of

HEAD = """\
flow: weekly
title: Weekly check-in
band: 11-13
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
steps:
"""
STEPS_BEGIN = HEAD.count("\n") + 1


def faults(source: str) -> list[str]:
    """Parse a file that is wrong and give back what its author reads."""
    with pytest.raises(DocumentError) as caught:
        parse(source, "weekly.yaml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("steps", "line", "said"),
    [
        pytest.param(
            """
  - id: part
    ask: Which part?
    text: {lines: 9}
""",
            3,
            r"step part: text\.lines: .*less than or equal to 4",
            id="a value out of bounds",
        ),
        pytest.param(
            """
  - say: Hello.
  - id: part
    ask: Which part?
    txt: {lines: 2}
""",
            2,
            r"step part: a step names exactly one of say, text, .*; this one names none",
            id="no kind",
        ),
        pytest.param(
            """
  - id: part
    ask: Which part?
    text: {}
    date: {}
""",
            1,
            r"step part: a step names exactly one of .*; this one names text, date",
            id="two kinds",
        ),
        pytest.param(
            """
  - say: Hello.
    label: Hi
""",
            2,
            r"step 1: label: Extra inputs are not permitted",
            id="a key that a step without an id does not have",
        ),
        pytest.param(
            """
  - id: Part
    ask: Which part?
    text: {}
""",
            1,
            r"step Part: id: .*match pattern",
            id="an id with a capital",
        ),
        pytest.param(
            """
  - id: much
    ask: How much?
    scale: [none, all]
""",
            3,
            r"step much: scale: .*at least 3 items",
            id="a scale of two",
        ),
        pytest.param(
            """
  - id: way
    ask: Which way?
    choice: {own: true}
""",
            3,
            r"step way: choice: a choice needs one of: options, from",
            id="a menu without options",
        ),
        pytest.param(
            """
  - id: way
    ask: Which way?
    choice: {options: [Ask, Draw], from: ways_of_working}
""",
            3,
            r"step way: choice: a choice needs one of: options, from",
            id="a menu with two sources",
        ),
        pytest.param(
            """
  - id: way
    ask: Which way?
    choice: {options: [Ask, Draw], offered: true}
""",
            3,
            r"step way: choice: a choice needs one of: .*offered",
            id="a menu of its own that a program makes",
        ),
        pytest.param(
            """
  - say: {english: Hello.}
""",
            1,
            r"step 1: say\.english: .*match pattern",
            id="no code of a language",
        ),
        pytest.param(
            """
  - id: next
    ask: What next?
    plan: {remember: plan}
""",
            3,
            r"step next: plan\.cue: Field required",
            id="a plan without a cue",
        ),
        pytest.param("  - Hello.\n", 1, r"step 1: .*", id="a step that is a sentence"),
    ],
)
def test_a_fault_names_its_file_line_and_step(steps: str, line: int, said: str) -> None:
    told = faults(HEAD + steps.removeprefix("\n"))

    pattern = rf"weekly\.yaml:{STEPS_BEGIN + line - 1}: {said}"
    assert any(re.match(pattern, fault) for fault in told), told


def test_every_fault_is_told_at_once() -> None:
    told = faults(
        HEAD.replace("11-13", "teenagers") + "  - id: a\n    ask: What?\n    text: {lines: 0}\n  - sai: Hello.\n"
    )

    assert [fault.split(":")[1] for fault in told] == ["3", "9", "10"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("flow: [weekly", "weekly.yaml:1: this is not YAML: "),
        ("flow: weekly\ntitle: 'Weekly\n", "this is not YAML: "),
        ("flow: \x07", "weekly.yaml:1: this is not YAML: "),
        ("- weekly", "weekly.yaml:1: a flow is a mapping that begins with `flow: its-name`"),
        ("", "weekly.yaml:1: a flow is a mapping that begins with `flow: its-name`"),
    ],
)
def test_what_is_no_flow_at_all_is_said_in_one_line(source: str, said: str) -> None:
    (told,) = faults(source)

    assert said in told


def test_a_head_without_its_parts_says_which() -> None:
    told = faults("flow: weekly\n")

    assert told == [
        f"weekly.yaml:1: {part}: Field required" for part in ("title", "band", "settings", "exercises", "steps")
    ]


def test_each_kind_of_step_is_read_as_what_it_is() -> None:
    document = parse(
        HEAD
        + """\
  - say: Hello.
  - id: part
    ask: Which part?
    text:
  - id: way
    ask: Which way?
    choice:
      options: [Ask somebody, {value: draw, label: Draw it}, {en: Wait, de: Warten}]
  - id: next
    ask: What next?
    plan: {cue: {ask: "When?"}}
""",
        "weekly.yaml",
    )

    kinds = [type(step) for step in document.steps]
    assert kinds == [SayStep, TextStep, ChoiceStep, PlanStep]
    assert isinstance(document.steps[1], TextStep)
    assert document.steps[1].text.lines == 2
    assert isinstance(document.steps[2], ChoiceStep)
    assert document.steps[2].choice.options == [
        "Ask somebody",
        OptionText(value="draw", label="Draw it"),
        {"en": "Wait", "de": "Warten"},
    ]


def test_a_step_is_found_by_its_line() -> None:
    source = HEAD + "  - say: Hello.\n\n  # a note\n  - say: Bye.\n"

    assert line_of(source, "steps", 1) == STEPS_BEGIN + 3


@pytest.mark.parametrize("name", sorted(flows()))
def test_a_flow_survives_the_database(name: str) -> None:
    document = flows()[name]

    again = Document.model_validate_json(document.to_json())

    assert again == document
    assert again.version == document.version


def test_the_version_follows_the_words_and_nothing_else() -> None:
    one = parse(HEAD + "  - say: Hello.\n", "a.yaml")
    same = parse(HEAD + "  # said first\n  - {say: 'Hello.'}\n", "b.yaml")
    other = parse(HEAD + "  - say: Hello!\n", "a.yaml")

    assert one.version == same.version != other.version
    assert json.loads(one.to_json())["steps"] == [{"say": "Hello."}]


def test_yes_no_and_numbers_are_words() -> None:
    document = parse(
        HEAD
        + """\
  - id: more
    ask: Is there more?
    choice: {options: [Yes, no, 2025-13-45], own: yes}
  - say: 5
    when: {said: {more: [1]}}
""",
        "weekly.yaml",
    )

    more, five = document.steps
    assert isinstance(more, ChoiceStep)
    assert more.choice.options == ["Yes", "no", "2025-13-45"]
    assert more.choice.own is True
    assert isinstance(five, SayStep)
    assert five.say == "5"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("flow: &name weekly\ntitle: *name\n", "weekly.yaml:2: this is not YAML: a reference (*name)"),
        ("steps: &all [*all]\n", "weekly.yaml:1: this is not YAML: a reference (*name)"),
        ("flow: !!timestamp 2025-13-45\n", "weekly.yaml:1: this is no flow"),
        ("[" * 5000, "weekly.yaml:1: this is no flow"),
    ],
)
def test_a_file_cannot_be_endless(source: str, said: str) -> None:
    (told,) = faults(source)

    assert told.startswith(said)
