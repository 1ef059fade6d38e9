"""Judge a habit's file by the rules for good prompts, as those who are asked will meet its sentences. Pure."""

from collections.abc import Iterator
from typing import Any

from bot.flows.findings import Part, Rule
from bot.flows.flow import PLACEHOLDER, pick
from bot.flows.habit_of_week.habits import PHASES, SETTINGS, Habit, Setting
from bot.flows.lint import LONGEST
from bot.flows.lint_parts import Path, Placed, judge
from bot.flows.source import Text

BANDS: dict[Setting, str] = {"class": "11-13", "club": "14-18", "staff": "adults"}
STRICTEST: Setting = "class"
"""Where sentences are judged that all settings share."""

ENOUGH = "One sentence is enough."
EXAMPLE = "The legs of the table."


def lint_habit(habit: Habit) -> list[Placed]:
    """List all that is wrong with a habit, in the order of its file."""
    found = [*_places(habit), *_levels(habit)]
    for setting in SETTINGS:
        for phase in PHASES:
            found += judge(list(_parts(habit, setting, phase)), BANDS[setting])
    order = {path: n for n, (path, _) in enumerate(texts_of(habit))}
    return sorted(dict.fromkeys(found), key=lambda one: order[one.path])


def texts_of(habit: Habit) -> Iterator[tuple[Path, Text]]:
    """List every text of a habit with its place in the file."""
    yield ("gloss",), habit.gloss
    for setting in SETTINGS:
        yield from ((("look_fors", setting, n), text) for n, text in enumerate(habit.look_fors[setting]))
    yield from ((("rubric", n), text) for n, text in enumerate(habit.rubric))
    yield from ((("examples", phase), habit.examples[phase]) for phase in PHASES)
    for setting in SETTINGS:
        for phase in PHASES:
            prompts = habit.prompts[setting][phase]
            yield from ((("prompts", setting, phase, n), prompt.ask) for n, prompt in enumerate(prompts))


def _parts(habit: Habit, setting: Setting, phase: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Make steps of what belongs to one setting and phase, and of what all share where limits are tightest."""
    for path, text in texts_of(habit):
        match path:
            case ("gloss",) | ("rubric", _) if setting == STRICTEST:
                yield path, {"say": text}
            case ("look_fors", place, _) if place == setting:
                yield path, {"say": text}
            case ("examples", time) if time == phase and setting == STRICTEST:
                yield path, _question("What was new in {task}?", text)
            case ("prompts", place, time, _) if (place, time) == (setting, phase):
                yield path, _question(text, EXAMPLE)


def _question(ask: Text, example: Text) -> dict[str, Any]:
    return {"ask": ask, "label": "The question", "example": example, "text": {"enough": ENOUGH}}


def _places(habit: Habit) -> Iterator[Placed]:
    """A prompt may name the task; nothing else in a habit is filled in."""
    for path, text in texts_of(habit):
        known = ["task"] if path[0] == "prompts" else []
        for version in [text] if isinstance(text, str) else text.values():
            for name in PLACEHOLDER.findall(version):
                if name not in known:
                    yield Placed(path, Rule.PLACEHOLDER, f"{{{name}}} is not filled in here", is_error=True)


def _levels(habit: Habit) -> Iterator[Placed]:
    """Judge the four sentences as the menu they become."""
    for n, level in enumerate(habit.rubric):
        path, text = ("rubric", n), pick(level, "en")
        if not text.startswith("I "):
            yield Placed(path, Rule.SCALE, "write each level as a sentence that begins with “I”")
        if len(text) > LONGEST[Part.LEVEL]:
            message = f"the level has {len(text)} characters; there is room for {LONGEST[Part.LEVEL]}"
            yield Placed(path, Rule.TOO_LONG, message, is_error=True)
