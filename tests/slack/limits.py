"""The data behind the checks: lengths, known blocks, the schema of Slack's own types, words that ring for many."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from tests.slack.world import JSON

SPECS = Path(__file__).parent / "specs"
CLASSIC = frozenset({"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"})
"""The blocks that stand in any surface."""

IN_MESSAGES = CLASSIC | {"context_actions", "file", "markdown", "table"}
SURFACES = {"message": IN_MESSAGES, "modal": CLASSIC, "home": CLASSIC}

MENTION = re.compile(r"<!(channel|here|everyone|subteam[^>]*)[|>]|<@([UW][A-Z0-9]*)[|>]")


@cache
def _limits() -> JSON:
    loaded: JSON = json.loads((SPECS / "slackblocks_limits.json").read_text(encoding="utf-8"))
    return loaded


def limit(*path: str, which: str = "max_length") -> int:
    """Look a limit up."""
    found: Any = _limits()
    for name in path:
        found = found[name]
    return int(found[which])


@cache
def _types() -> JSON:
    loaded: JSON = json.loads((SPECS / "slack_types_3.2.0.schema.json").read_text(encoding="utf-8"))
    return dict(loaded["definitions"])


@cache
def names_by_type() -> dict[str, str]:
    """Name the definition of every type of block and element."""
    # Made of two shapes each, so their type is not at the top.
    names = {"image": "ImageBlock"}
    for name, definition in _types().items():
        kind = definition.get("properties", {}).get("type", {}).get("const")
        if kind and name != "MrkdwnElement":
            names.setdefault(kind, name)
    return names


@cache
def _validator(definition: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": _types()})


@lru_cache(maxsize=4096)
def _wrong(definition: str, written: str) -> str | None:
    worst = best_match(_validator(definition).iter_errors(json.loads(written)))
    if worst is None:
        return None
    where = "/".join(str(step) for step in worst.absolute_path)
    return f"{where or 'itself'}: {worst.message[:300]}"


def wrong_by_schema(definition: str, value: JSON) -> str | None:
    """Say what is wrong with a value by Slack's own types; nothing if nothing is."""
    return _wrong(definition, json.dumps(value, sort_keys=True))


def faults_of_manifest(manifest: JSON) -> list[str]:
    """List what is wrong with an app's manifest by Slack's own schema."""
    schema = json.loads((SPECS / "slack_manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    errors = Draft7Validator(schema).iter_errors(manifest)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]
