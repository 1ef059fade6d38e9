"""The bodies of requests by Discord's published description of its API, where that file is at hand.

The file is large, so it is not kept here: it is looked for beside the repository, in `shared/specs`. Where it is
absent, `ON` is false and this check is off; all others stay on. What it says too little of, `checks.py` adds.
"""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tests.discord.world import JSON

DESCRIPTION = Path(__file__).resolve().parents[2].parent / "shared" / "specs" / "discord-openapi.json"
ON = DESCRIPTION.is_file()

_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
PLACES = {
    "create_dm": ("/users/@me/channels", "post"),
    "create_message": ("/channels/{channel_id}/messages", "post"),
    "edit_message": ("/channels/{channel_id}/messages/{message_id}", "patch"),
    "start_thread": ("/channels/{channel_id}/messages/{message_id}/threads", "post"),
    "create_thread": ("/channels/{channel_id}/threads", "post"),
    "put_commands": ("/applications/{application_id}/commands", "put"),
    "put_guild_commands": ("/applications/{application_id}/guilds/{guild_id}/commands", "put"),
    "create_followup": (_HOOK, "post"),
    "edit_original": (f"{_HOOK}/messages/@original", "patch"),
    "edit_followup": (f"{_HOOK}/messages/{{message_id}}", "patch"),
}
ANSWERS = {
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}


@cache
def _described() -> JSON:
    described: JSON = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return described


@cache
def _validator(route: str, kind: int) -> Draft202012Validator | None:
    if route == "answer" and kind in ANSWERS:
        schema: JSON = {"$ref": f"#/components/schemas/{ANSWERS[kind]}"}
    elif route in PLACES:
        path, method = PLACES[route]
        schema = _described()["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    else:
        return None
    return Draft202012Validator({**schema, "components": _described()["components"]})


@lru_cache(maxsize=4096)
def _wrong(route: str, kind: int, written: str) -> str | None:
    validator = _validator(route, kind)
    worst = best_match(validator.iter_errors(json.loads(written))) if validator else None
    if worst is None:
        return None
    where = "/".join(str(step) for step in worst.absolute_path)
    return f"{where or 'itself'}: {worst.message[:300]}"


def wrong_by_schema(route: str, body: Any) -> str | None:
    """Say what is wrong with a body by Discord's own description; nothing if nothing is."""
    if not ON:
        return None
    kind = body.get("type", 0) if route == "answer" and isinstance(body, dict) else 0
    return _wrong(route, kind, json.dumps(_worded(body), sort_keys=True))


def _worded(value: Any, key: str = "") -> Any:
    """Write ids as texts: Discord takes numbers too, which its description does not say."""
    if isinstance(value, dict):
        is_file = key == "attachments"
        return {name: _worded(inner, "file_id" if is_file and name == "id" else name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_worded(inner, key) for inner in value]
    return str(value) if key.endswith("_id") and isinstance(value, int) else value
