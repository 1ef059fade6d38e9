"""The sixteen habits as data: one file each in `habits/`, names and numbers after Costa & Kallick (2009)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from bot.core.errors import DocumentError
from bot.flows.source import Part, Text, line_of, read_as

Setting: TypeAlias = Literal["class", "club", "staff"]
Phase: TypeAlias = Literal["plan", "notice", "look_back"]
Attribute: TypeAlias = Literal["voice", "co-creation", "social-construction", "self-discovery"]
SETTINGS: tuple[Setting, ...] = ("class", "club", "staff")
PHASES: tuple[Phase, ...] = ("plan", "notice", "look_back")


class HabitPrompt(Part):
    """One question, and which of the four attributes it trains."""

    ask: Text
    attribute: Attribute


Prompts: TypeAlias = Annotated[list[HabitPrompt], Field(min_length=3)]


class Habit(Part):
    """One of the sixteen: what it is, what others could notice, and what is asked about it.

    `rubric` holds four "I" sentences, lowest first; `examples` are answers to other tasks, by phase. Prompts may hold
    `{task}`.
    """

    habit: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=60)]
    number: int = Field(ge=1, le=16)
    name: Text
    gloss: Text
    attributes: list[Attribute] = Field(min_length=1)
    look_fors: dict[Setting, Annotated[list[Text], Field(min_length=1)]]
    rubric: list[Text] = Field(min_length=4, max_length=4)
    examples: dict[Phase, Text]
    prompts: dict[Setting, dict[Phase, Prompts]]

    @model_validator(mode="after")
    def has_every_setting_and_phase(self) -> "Habit":
        """Refuse a habit that has nothing to say in some setting or phase."""
        for setting in SETTINGS:
            if setting not in self.look_fors:
                raise ValueError(f"look_fors: there is nothing for {setting}")
            missing = [phase for phase in PHASES if phase not in self.prompts.get(setting, {})]
            if missing:
                raise ValueError(f"prompts: {setting} has none for {' and '.join(missing)}")
        if missing := [phase for phase in PHASES if phase not in self.examples]:
            raise ValueError(f"examples: there is none for {' and '.join(missing)}")
        return self


def parse_habit(source: str, name: str) -> Habit:
    """Read one habit's file.

    Raises DocumentError with one line a fault: `file:line: what is wrong`.
    """
    return read_as(Habit, source, name, "a habit is a mapping that begins with `habit: its-name`")


@cache
def habits() -> Mapping[str, Habit]:
    """Read all habits, by id, in the order of their numbers."""
    return read_habits(habit_sources())


def habit_sources() -> dict[str, str]:
    """Read the text of every habit's file, by the file's name."""
    folder = files(__package__) / "habits"
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".yaml")}


def read_habits(sources: Mapping[str, str]) -> dict[str, Habit]:
    """Read habits from their files' texts, by id, in the order of their numbers.

    Raises DocumentError with one line a fault: `file:line: what is wrong`, also where two share a number or an id.
    """
    found = [(parse_habit(sources[name], name), name) for name in sorted(sources)]
    met: dict[int | str, str] = {}
    for habit, name in found:
        for key, own in (("number", habit.number), ("habit", habit.habit)):
            if (other := met.setdefault(own, name)) != name:
                line = line_of(sources[name], key)
                raise DocumentError(f"{name}:{line}: {key}: {own} is taken already, in {other}")
    return {habit.habit: habit for habit, _ in sorted(found, key=lambda one: one[0].number)}
