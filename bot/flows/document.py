"""The schema of a flow: what a teacher may write in YAML, and the same document as JSON in the database.

`parse` reads a file and says which line and step is wrong; `Document.version` is its content hash.
"""

import hashlib
import re
from typing import Annotated, Any, Literal, TypeAlias

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.core.errors import DocumentError
from bot.core.runs import Visibility

Language: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]

Text: TypeAlias = str | dict[Language, str]
"""A sentence, or one for each language; English (`en`) is the fallback."""

Slug: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Part(BaseModel):
    """Anything a document may hold: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Conditions: a small typed tree, never evaluated code.


class Remembered(Part):
    """True when an earlier run left something under this name."""

    remembered: Slug


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


Condition: TypeAlias = Remembered | Answered | Said | AllOf | AnyOf | Not


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
    """A menu, written here (`options`) or taken from a pack (`from`)."""

    options: list[Text | OptionText] = Field(default_factory=list, max_length=12)
    from_: Slug | None = Field(None, alias="from")
    many: bool = False
    own: bool = False
    none: bool = False

    @model_validator(mode="after")
    def has_one_source(self) -> "ChoiceInput":
        """Refuse a menu that is empty, or both written here and taken from a pack."""
        if bool(self.options) == bool(self.from_):
            raise ValueError("a choice needs either options, or from (the name of a pack)")
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


class DepthProbe(Part):
    """One gentle follow-up, picked by how far the answer goes."""

    by: Literal["depth"]


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
    probe: DepthProbe | None = None


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
    visibility: Visibility = Visibility.FACILITATORS
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
    try:
        tree, given = _read(source)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise DocumentError(f"{name}:{line}: this is not YAML: {fault.problem}") from None
    except yaml.YAMLError as fault:
        raise DocumentError(f"{name}:1: this is not YAML: {' '.join(str(fault).split())}") from None
    except (RecursionError, ValueError):
        raise DocumentError(f"{name}:1: this is no flow: brackets in brackets, or a tag (!!)") from None
    if not isinstance(given, dict):
        raise DocumentError(f"{name}:1: a flow is a mapping that begins with `flow: its-name`")
    try:
        return Document.model_validate(given)
    except ValidationError as faults:
        lines = [_explain(fault, tree, given, name) for fault in faults.errors()]
        raise DocumentError("\n".join(dict.fromkeys(lines))) from None


def line_of_step(source: str, index: int) -> int:
    """Find the line (from 1) on which a step of a well-formed document begins."""
    return _line(_read(source)[0], ("steps", index))


class _Loader(yaml.SafeLoader):
    """YAML as flows need it: whatever is not empty is a word (`yes`, `no`, 1, a date), and nothing is referred to."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse references, with which a short file could be endless."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="a reference (*name); write it out instead", problem_mark=mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(?:~|null)?$"), ["~", "n", ""])


def _read(source: str) -> tuple[yaml.Node | None, Any]:
    """Read a file into its nodes, which know their lines, and its values."""
    loader = _Loader(source)
    try:
        tree = loader.get_single_node()
        return tree, None if tree is None else loader.construct_document(tree)
    finally:
        loader.dispose()


def _explain(fault: Any, tree: yaml.Node | None, given: dict[str, Any], name: str) -> str:
    path = tuple(fault["loc"])
    where = f"{name}:{_line(tree, path)}"
    if len(path) > 1 and path[0] == "steps":
        step = given["steps"][path[1]]
        named = step.get("id") if isinstance(step, dict) else None
        where += f": step {named or path[1] + 1}"
        path = path[2:]
    keys = [str(part) for part in path if isinstance(part, str | int) and part in _keys(given)]
    if fault["type"] == "missing":
        keys.append(str(path[-1]))
    return f"{where}: {'.'.join(keys) + ': ' if keys else ''}{fault['msg'].removeprefix('Value error, ')}"


def _keys(given: Any) -> set[Any]:
    """Collect every key and index of a document, to tell its own names from pydantic's."""
    if isinstance(given, dict):
        return set(given).union(*map(_keys, given.values()))
    if isinstance(given, list):
        return set(range(len(given))).union(*map(_keys, given))
    return set()


def _line(node: yaml.Node | None, path: tuple[Any, ...]) -> int:
    """Follow a path as far as the document goes; answer the line (from 1) of what it ends on."""
    line = node.start_mark.line + 1 if node else 1
    for part in path:
        found: tuple[int, yaml.Node] | None = None
        if isinstance(node, yaml.MappingNode):
            found = next(((k.start_mark.line, v) for k, v in node.value if k.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part].start_mark.line, node.value[part])
        if found is not None:
            line, node = found[0] + 1, found[1]
    return line
