"""What people write by hand, flows and packs alike: read strictly, and every fault with its file and line."""

import re
from typing import Annotated, Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import DocumentError

Language: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]

Text: TypeAlias = str | dict[Language, str]
"""A sentence, or one for each language; English (`en`) is the fallback."""

Slug: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Part(BaseModel):
    """Anything a document may hold: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Kind = TypeVar("Kind", bound=Part)


def read_as(kind: type[Kind], source: str, name: str, hint: str) -> Kind:
    """Read a YAML document of one kind; `name` is the file's, `hint` says what one begins with.

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
        raise DocumentError(f"{name}:1: {hint}")
    try:
        return kind.model_validate(given)
    except ValidationError as faults:
        lines = [_explain(fault, tree, given, name) for fault in faults.errors()]
        raise DocumentError("\n".join(dict.fromkeys(lines))) from None


def keys_of(source: str) -> set[str]:
    """List the keys a document begins with, to tell a flow from a pack; none where it is not YAML."""
    try:
        given = _read(source)[1]
    except (yaml.YAMLError, RecursionError, ValueError):
        return set()
    return set(given) if isinstance(given, dict) else set()


def line_of(source: str, *path: str | int) -> int:
    """Find the line (from 1) on which a part of a well-formed document begins."""
    return _line(_read(source)[0], path)


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
    is_missing = fault["type"] == "missing"
    there = path[:-1] if is_missing else path
    keys = [str(part) for part in there if isinstance(part, str | int) and part in _keys(given)]
    if is_missing:
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
