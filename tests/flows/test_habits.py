"""The sixteen habits, the files they are read from, and the linter for such files."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.lint import lint_files
from bot.core.errors import DocumentError
from bot.flows.findings import Rule
from bot.flows.flow import pick
from bot.flows.habit_of_week.habits import PHASES, SETTINGS, Habit, habit_sources, habits, parse_habit, read_habits
from bot.flows.habit_of_week.lint import lint_habit
from bot.flows.library import flows
from bot.flows.lint_words import HABITS
from bot.flows.source import line_of

FEWEST = 3
"""Prompts for each setting and phase, so that a habit comes back with other questions."""

ATTRIBUTES = {"voice", "co-creation", "social-construction", "self-discovery"}
PERSISTING = habit_sources()["01_persisting.yaml"]


# The habits that come with Mull.


def test_all_sixteen_are_there_by_number_and_name() -> None:
    assert [(habit.number, habit.name) for habit in habits().values()] == list(enumerate(HABITS, start=1))


def test_files_stand_in_the_order_of_their_numbers() -> None:
    numbers = [parse_habit(source, name).number for name, source in sorted(habit_sources().items())]
    assert numbers == list(range(1, 17))
    assert [int(name[:2]) for name in sorted(habit_sources())] == numbers


def test_flows_train_habits_that_there_are() -> None:
    trained = {habit for flow in flows().values() for habit in flow.exercises.habits}
    assert trained
    assert trained <= habits().keys()


@pytest.mark.parametrize("habit", habits().values(), ids=habits())
def test_each_setting_and_phase_has_its_prompts(habit: Habit) -> None:
    asked = [pick(one.ask, "en") for phases in habit.prompts.values() for many in phases.values() for one in many]
    assert len(set(asked)) == len(asked)
    for setting in SETTINGS:
        assert all(len(habit.prompts[setting][phase]) >= FEWEST for phase in PHASES)
        assert habit.look_fors[setting]


def test_no_attribute_is_starved_and_no_phase() -> None:
    prompts = [
        (phase, prompt.attribute)
        for habit in habits().values()
        for phases in habit.prompts.values()
        for phase, many in phases.items()
        for prompt in many
    ]
    for phase in PHASES:
        assert sum(one == phase for one, _ in prompts) >= len(prompts) / 4
    for attribute in ATTRIBUTES:
        assert sum(one == attribute for _, one in prompts) >= len(prompts) / 10


def test_no_prompt_is_asked_for_two_habits() -> None:
    asked = [
        pick(prompt.ask, "en")
        for habit in habits().values()
        for phases in habit.prompts.values()
        for many in phases.values()
        for prompt in many
    ]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("habit", habits().values(), ids=habits())
def test_a_rubric_is_four_different_sentences_about_oneself(habit: Habit) -> None:
    levels = [pick(level, "en") for level in habit.rubric]
    assert len(set(levels)) == len(levels) == 4
    assert all(level.startswith("I ") and level.endswith(".") for level in levels)


@pytest.mark.parametrize("name", sorted(habit_sources()))
def test_the_habits_that_come_with_mull_break_no_rule(name: str) -> None:
    assert lint_habit(parse_habit(habit_sources()[name], name)) == []


# Files that are wrong.


def faults(source: str) -> list[str]:
    """Parse a file that is wrong and give back what its author reads."""
    with pytest.raises(DocumentError) as caught:
        parse_habit(source, "habit.yaml")
    return str(caught.value).splitlines()


def line(text: str, source: str = PERSISTING) -> int:
    """Find the line on which a text begins."""
    return source[: source.index(text)].count("\n") + 1


def without(*path: str) -> str:
    """Write the first habit without one of its parts."""
    tree: Any = yaml.safe_load(PERSISTING)
    inner = tree
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return yaml.safe_dump(tree)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (("prompts", "club", "notice"), "prompts: club has none for notice"),
        (("prompts", "staff"), "prompts: staff has none for plan and notice and look_back"),
        (("look_fors", "class"), "look_fors: there is nothing for class"),
        (("examples", "plan"), "examples: there is none for plan"),
    ],
)
def test_nothing_is_left_out(path: tuple[str, ...], said: str) -> None:
    assert faults(without(*path)) == [f"habit.yaml:1: {said}"]


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("gloss:", "glos:", "gloss:", "glos: Extra inputs are not permitted"),
        ("    notice:\n", "    notise:\n", "    notice:\n", "prompts.class.notise.*: Input should be 'plan', 'notice'"),
        ("  club:\n    - Some", "  clubs:\n    - Some", "  club:\n    - Some", "look_fors.clubs.*: Input should be"),
        ("number: 1", "number: 17", "number: 1", "number: .*less than or equal to 16"),
        ("  - I try the same way once more.\n", "", "rubric:", "rubric: .*at least 4 items"),
        ("attribute: voice}", "attribute: Voice}", "- {ask: 'Which one part", r"prompts\..*attribute: Input should be"),
        ("habit: persisting", "habit: Persisting", "habit: persisting", "habit: .*match pattern"),
    ],
)
def test_a_fault_names_its_file_and_line(old: str, new: str, at: str, said: str) -> None:
    assert PERSISTING.count(old) >= 1

    told = faults(PERSISTING.replace(old, new, 1))

    assert any(re.match(rf"habit\.yaml:{line(at)}: {said}", fault) for fault in told), told


def test_two_prompts_are_too_few() -> None:
    tree = yaml.safe_load(PERSISTING)
    del tree["prompts"]["staff"]["notice"][2]
    source = yaml.safe_dump(tree)

    (told,) = faults(source)

    assert told.startswith(f"habit.yaml:{line_of(source, 'prompts', 'staff', 'notice')}: prompts.staff.notice: ")
    assert "at least 3 items" in told


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("habit: [persisting", "habit.yaml:1: this is not YAML: "),
        ("- persisting", "habit.yaml:1: a habit is a mapping that begins with `habit: its-name`"),
        ("", "habit.yaml:1: a habit is a mapping that begins with `habit: its-name`"),
        ("habit: &a persisting\nname: *a\n", "habit.yaml:2: this is not YAML: a reference (*name)"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "habit.yaml:2: this is not YAML: a reference (*name)"),
        ("[" * 5000, "habit.yaml:1: "),
    ],
)
def test_what_is_no_habit_is_said_in_one_line(source: str, said: str) -> None:
    (told,) = faults(source)

    assert told.startswith(said)


@pytest.mark.parametrize(("key", "old", "new"), [("number", "2", "1"), ("habit", "managing-impulsivity", "persisting")])
def test_two_habits_share_neither_number_nor_id(key: str, old: str, new: str) -> None:
    second = habit_sources()["02_managing_impulsivity.yaml"]
    assert second.count(f"{key}: {old}\n") == 1
    sources = {"one.yaml": PERSISTING, "two.yaml": second.replace(f"{key}: {old}\n", f"{key}: {new}\n")}

    with pytest.raises(DocumentError) as caught:
        read_habits(sources)

    at = line(f"{key}: {old}\n", second)
    assert str(caught.value) == f"two.yaml:{at}: {key}: {new} is taken already, in one.yaml"


# What the linter finds.

ASK = "Which one part of {task} will you come back to this week?"


@pytest.mark.parametrize(
    ("old", "new", "path", "rule"),
    [
        (ASK, "How curious are you about {task}?", ("prompts", "class", "plan", 1), Rule.TRAIT),
        (ASK, "Which part will you come back to?", ("prompts", "class", "plan", 1), Rule.MOMENT),
        (ASK, "What is your way with {task} and what comes second?", ("prompts", "class", "plan", 1), Rule.ONE_ASK),
        (ASK, "What will you ask {facilitator} today?", ("prompts", "class", "plan", 1), Rule.PLACEHOLDER),
        (ASK, "Which way of {task} will you {say} today?", ("prompts", "class", "plan", 1), Rule.PLACEHOLDER),
        (
            "Which unsolved question will you take to a colleague this week?",
            "Which question must you take to a colleague this week?",
            ("prompts", "staff", "plan", 2),
            Rule.INVITES,
        ),
        ("gloss: Staying with", "gloss: With perseverance staying with", ("gloss",), Rule.PLAIN),
        ("A hard page is open again", "At home a page is open again", ("look_fors", "class", 2), Rule.PROTECTED),
        ("A colleague drops a plan", "A pilot drops a plan", ("look_fors", "staff", 1), Rule.NOT_A_PILOT),
        ("I try the same way once more.", "Try the same way once more.", ("rubric", 1), Rule.SCALE),
        (
            "I try the same way once more.",
            "I remember everything beforehand. Afterwards I unexpectedly try the same way once more.",
            ("rubric", 1),
            Rule.TOO_LONG,
        ),
        ("I turn the page before", "I hit the wall before", ("examples", "plan"), Rule.LITERAL),
        ("I turn the page before", "I turn the {task} before", ("examples", "plan"), Rule.PLACEHOLDER),
    ],
)
def test_a_finding_names_its_place(old: str, new: str, path: tuple[str | int, ...], rule: Rule) -> None:
    assert PERSISTING.count(old) == 1

    found = lint_habit(parse_habit(PERSISTING.replace(old, new), "habit.yaml"))

    assert {(one.path, one.rule) for one in found} == {(path, rule)}


def test_a_sentence_is_as_long_as_its_setting_bears() -> None:
    """Twelve words suit a class, fifteen a club, twenty staff."""
    thirteen = "One two three four five six seven eight nine ten eleven twelve thirteen."
    tree = yaml.safe_load(PERSISTING)
    for setting in SETTINGS:
        tree["look_fors"][setting][0] = thirteen

    found = lint_habit(Habit.model_validate(tree))

    assert {one.path for one in found} == {("look_fors", "class", 0)}


def test_findings_come_in_the_order_of_the_file() -> None:
    source = PERSISTING.replace(ASK, "What do you usually do with {task}?").replace("gloss: Staying", "gloss: Pilot")

    assert [one.path for one in lint_habit(parse_habit(source, "habit.yaml"))] == [
        ("gloss",),
        ("prompts", "class", "plan", 1),
    ]


# `mull lint`.

SOMETHING_WRONG = PERSISTING.replace(ASK, "How curious are you about {task}?")
PACK = "pack: ways\noptions:\n  - {value: ask, label: Ask somebody}\n  - {value: wait, label: Collaborate}\n"


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        (PERSISTING, 0, ["file.yaml: good"]),
        (
            SOMETHING_WRONG,
            0,
            [
                f"file.yaml:{line('How curious', SOMETHING_WRONG)}: prompts class plan 2: L5: "
                "“How curious are you”: ask for an act in a named time, not for a trait or a habit"
            ],
        ),
        (
            PERSISTING.replace("try the same way", "try {task}"),
            1,
            [f"file.yaml:{line('I try the same')}: rubric 2: placeholder: {{task}} is not filled in here"],
        ),
        (
            PACK,
            0,
            [
                "file.yaml:2: options: L12: 2 options; 3 to 6 can be compared",
                "file.yaml:4: options 2: L9: “Collaborate”: plainer: work together",
            ],
        ),
        ("pack: ways\noptions: []\n", 1, None),
        ("habit: persisting\n", 1, None),
        ("habit: [persisting", 1, None),
    ],
    ids=["a good habit", "a warning", "an error", "a pack", "a broken pack", "a broken habit", "no YAML"],
)
def test_mull_lint_tells_habits_and_packs_from_flows(
    tmp_path: Path, source: str, status: int, said: list[str] | None
) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(source, "utf-8")
    lines: list[str] = []

    assert lint_files([file], lines.append) == status

    told = sorted(one.removeprefix(f"{tmp_path}/") for one in lines)
    assert told == said if said is not None else all(one.startswith("file.yaml:") for one in told)
