"""The schema of a flow: what a teacher may write in YAML, and the same document as JSON in the database.

`parse` reads a file and says which line and step is wrong; `Document.version` is its content hash.
"""

import hashlib
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from bot.core.runs import Visibility
from bot.flows.source import Part, Slug, Text, read_as

# Conditions: a small typed tree, never evaluated code.


class Remembered(Part):
    """True when an earlier run left something under this name."""

    remembered: Slug


class Given(Part):
    """True when the program handed something over under this name."""

    given: Slug


class Answered(Part):
    """True when this question was answered, not skipped, in this run."""

    answered: str


class Said(Part):
    """True when the answer to a question is, or holds, one of these values."""

    said: dict[str, list[str]]


class AllOf(Part):
    """True when every part is."""

    all: list["Condition"]


class AnyOf(Part):
    """True when at least one part is."""

    any: list["Condition"]


class Not(Part):
    """True when its part is not."""

    not_: "Condition" = Field(alias="not")


Condition: TypeAlias = Remembered | Given | Answered | Said | AllOf | AnyOf | Not


# What a question takes.


class TextInput(Part):
    """Free text; `enough` says how much will do, `lines` how much room there is."""

    lines: int = Field(2, ge=1, le=4)
    enough: Text = ""


class OptionText(Part):
    """One option of a menu: `value` is stored and never shown."""

    value: Slug
    label: Text


class ChoiceInput(Part):
    """A menu: written here (`options`), taken from a pack (`from`), or made by the program (`offered`)."""

    options: list[Text | OptionText] = Field(default_factory=list, max_length=12)
    from_: Slug | None = Field(None, alias="from")
    offered: bool = False
    many: bool = False
    own: bool = False
    none: bool = False

    @model_validator(mode="after")
    def has_one_source(self) -> "ChoiceInput":
        """Refuse a menu that is empty, or that comes from two places."""
        if [bool(self.options), bool(self.from_), self.offered].count(True) != 1:
            raise ValueError("a choice needs one of: options, from (the name of a pack), offered (by the program)")
        return self


class Follow(Part):
    """A further question of the same step."""

    ask: Text
    label: Text = ""
    example: Text = ""


class RubricInput(Part):
    """Four levels in "I" sentences, lowest first, then where somebody could see it."""

    levels: list[Text] = Field(min_length=3, max_length=5)
    evidence: Follow


class PeopleInput(Part):
    """Pick people of one's own group."""

    most: int = Field(1, ge=1, le=10)


class DateInput(Part):
    """A day, written or picked."""


class PlanInput(Part):
    """An act (the step's own question) and the cue it hangs on; `remember` keeps both as one sentence."""

    cue: Follow
    remember: Slug | None = None


class GoalInput(Part):
    """Wish (the step's own question), outcome, obstacle and plan, one message each."""

    outcome: Follow
    obstacle: Follow
    plan: Follow
    remember: Slug | None = None


class Probe(Part):
    """One gentle follow-up: picked by how far an answer goes, or where a comment on somebody's work is vague."""

    by: Literal["depth", "comment"]


# Steps.


class Step(Part):
    """What every step may have: a name, a condition, and where to go afterwards (`end`, or a step)."""

    id: Slug = ""
    when: Condition | None = None
    then: Slug | None = None


class SayStep(Step):
    """Something said that asks for nothing."""

    say: Text


class AskStep(Step):
    """What every question has."""

    id: Slug
    ask: Text
    label: Text = ""
    example: Text = ""
    visibility: Visibility | None = None
    remember: Slug | None = None


class TextStep(AskStep):
    """A question answered in one's own words."""

    text: Annotated[TextInput, BeforeValidator(lambda given: given or {})]
    probe: Probe | None = None


class ChoiceStep(AskStep):
    """A question with a menu."""

    choice: ChoiceInput


class ScaleStep(AskStep):
    """A scale of 3 to 5 points, each in words, lowest first; "can't say" is always offered."""

    scale: list[Text] = Field(min_length=3, max_length=5)


class RubricStep(AskStep):
    """One's own work against levels, with evidence."""

    rubric: RubricInput


class PeopleStep(AskStep):
    """People of one's group."""

    people: Annotated[PeopleInput, BeforeValidator(lambda given: given or {})]


class DateStep(AskStep):
    """A day."""

    date: Annotated[DateInput, BeforeValidator(lambda given: given or {})]


class PlanStep(AskStep):
    """What will be tried, and when."""

    plan: PlanInput


class GoalStep(AskStep):
    """A wish, its outcome, what is in the way, and a plan."""

    goal: GoalInput


AnyAsk: TypeAlias = TextStep | ChoiceStep | ScaleStep | RubricStep | PeopleStep | DateStep | PlanStep | GoalStep
KINDS: dict[str, type[Step]] = {
    "say": SayStep,
    "text": TextStep,
    "choice": ChoiceStep,
    "scale": ScaleStep,
    "rubric": RubricStep,
    "people": PeopleStep,
    "date": DateStep,
    "plan": PlanStep,
    "goal": GoalStep,
}


def read_step(given: Any) -> Any:
    """Choose a step's class by the one kind it names, so that an error speaks of that kind only."""
    if not isinstance(given, dict):
        return given
    named = [kind for kind in KINDS if kind in given]
    if len(named) != 1:
        raise ValueError(f"a step names exactly one of {', '.join(KINDS)}; this one names {', '.join(named) or 'none'}")
    return KINDS[named[0]].model_validate(given)


AnyStep: TypeAlias = Annotated[SayStep | AnyAsk, BeforeValidator(read_step)]


class Exercises(Part):
    """Which habits, attributes and phases a flow trains: data for balance views."""

    habits: list[str] = Field(default_factory=list)
    attributes: list[Literal["voice", "co-creation", "social-construction", "self-discovery"]]
    phases: list[Literal["plan", "notice", "look-back"]]


class Document(Part):
    """A whole flow.

    A flow that only a program begins, or a shortcut of a chat platform, says so (`begun_by`) and lists what it is
    handed over (`given`); `reads`
    says who reads the answers where that is not the facilitator alone.
    `nudge_after` is hours of silence after which the open question is shown once more, 0 for never.
    `fallbacks` fill placeholders that nothing else fills. `menus` are the packs it draws on, filled in when the
    flow is read, so that a run keeps the menu it began with.
    """

    flow: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    title: Text
    about: Text = ""
    band: Literal["8-10", "11-13", "14-18", "adults"]
    settings: list[Literal["class", "club", "staff"]] = Field(min_length=1)
    exercises: Exercises
    begun_by: Literal["anybody", "shortcut", "program"] = "anybody"
    given: list[Slug] = Field(default_factory=list)
    visibility: Visibility = Visibility.FACILITATORS
    reads: Text = ""
    nudge_after: int = Field(48, ge=0, le=24 * 28)
    fallbacks: dict[Slug, Text] = Field(default_factory=dict)
    steps: list[AnyStep] = Field(min_length=1, max_length=60)
    menus: dict[Slug, list[OptionText]] = Field(default_factory=dict)

    @property
    def version(self) -> str:
        """Hash the content: the same words give the same version."""
        return hashlib.blake2s(self.to_json().encode(), digest_size=8).hexdigest()

    def to_json(self) -> str:
        """Write the document as it is kept in the database."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)


def parse(source: str, name: str) -> Document:
    """Read a YAML document; `name` is the file's, for messages.

    Raises DocumentError with one line a fault: `file:line: step: what is wrong`.
    """
    return read_as(Document, source, name, "a flow is a mapping that begins with `flow: its-name`")
