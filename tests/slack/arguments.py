"""The arguments of each method, by Slack's published description of its Web API, where that file is at hand.

The file is large and of 2021, so it is not kept here: it is looked for beside the repository, in `shared/specs`. Where
it is absent, `ON` is false and this check is off; all others stay on.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.slack.world import JSON

DESCRIPTION = (
    Path(__file__).resolve().parents[2].parent / "shared" / "specs" / "slack_web_openapi_v2_without_examples.json"
)
ON = DESCRIPTION.is_file()

NEWER: dict[str, dict[str, str]] = {
    "auth.test": {},
    "apps.connections.open": {},
    "chat.postMessage": {"metadata": "json", "markdown_text": "string", "container_id": "string"},
    "chat.postEphemeral": {"markdown_text": "string"},
    "chat.update": {
        "metadata": "json",
        "markdown_text": "string",
        "reply_broadcast": "boolean",
        "file_ids": "string",
    },
    "conversations.history": {"include_all_metadata": "boolean"},
    "conversations.replies": {"include_all_metadata": "boolean"},
    "views.open": {"interactivity_pointer": "string"},
    "views.push": {"interactivity_pointer": "string"},
    "functions.completeSuccess": {"function_execution_id": "string", "outputs": "json"},
    "functions.completeError": {"function_execution_id": "string", "error": "string"},
    "oauth.v2.access": {"grant_type": "string", "refresh_token": "string"},
}
"""What came after 2021, and whole methods that the file does not know."""

NEEDED = {
    "functions.completeSuccess": {"function_execution_id", "outputs"},
    "functions.completeError": {"function_execution_id", "error"},
}
STRUCTURED = ("blocks", "view", "metadata", "attachments", "outputs")
LOOSE = {
    # Typed as numbers, but stamps lose digits as such, and clients send them as words.
    ("conversations.history", "oldest"),
    ("conversations.history", "latest"),
    ("conversations.replies", "oldest"),
    ("conversations.replies", "latest"),
    ("conversations.replies", "ts"),
}


@cache
def _described() -> dict[str, tuple[dict[str, str], frozenset[str]]]:
    described: dict[str, tuple[dict[str, str], frozenset[str]]] = {}
    if ON:
        for path, verbs in json.loads(DESCRIPTION.read_text(encoding="utf-8"))["paths"].items():
            given = [one for verb in verbs.values() for one in verb["parameters"] if one["name"] != "token"]
            types = {one["name"]: one["type"] for one in given}
            described[path[1:]] = types, frozenset(one["name"] for one in given if one.get("required"))
    return described


def faults_of_arguments(method: str, body: JSON) -> list[str]:
    """List arguments that a method does not know, lacks, or takes in another shape."""
    if not ON:
        return []
    known, needed = _described().get(method, ({}, frozenset()))
    # Bolt adds `team_id` to any call by itself.
    types = {**known, **NEWER.get(method, {}), "team_id": "string"}
    missing = (needed | NEEDED.get(method, set())) - body.keys()
    faults = [f"lacks the argument {name!r}" for name in sorted(missing)]
    for name, value in body.items():
        if name not in types:
            faults.append(f"has no argument {name!r}")
        elif not _fits(method, name, types[name], value):
            faults.append(f"takes {name!r} as {types[name]}, not {value!r}")
    return faults


def _fits(method: str, name: str, kind: str, value: Any) -> bool:
    if name in STRUCTURED:
        return isinstance(value, (dict, list))
    if (method, name) in LOOSE:
        return isinstance(value, str) and value.replace(".", "", 1).isdigit()
    match kind:
        case "boolean":
            return isinstance(value, bool) or str(value).lower() in ("0", "1", "true", "false")
        case "integer":
            return str(value).isdigit()
        case "number":
            return str(value).replace(".", "", 1).isdigit()
        case _:
            return isinstance(value, str)
