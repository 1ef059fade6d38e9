"""What a request of the bot's must keep to; every fault becomes a sentence, and Slack's own rules a refusal too."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.slack.arguments import faults_of_arguments
from tests.slack.blocks import Found, check_blocks
from tests.slack.limits import limit
from tests.slack.world import JSON, View

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 40_000
MESSAGES = ("chat.postMessage", "chat.postEphemeral", "chat.update")
VIEWS = ("views.open", "views.push", "views.update", "views.publish")
EMPTYABLE = ("chat.update",)

Refusal = tuple[str, ...] | None


@dataclass
class Checks:
    """Collects complaints. A check answers the error that Slack would give, then its reasons; or nothing."""

    complaints: list[str] = field(default_factory=list)
    allowed_mentions: set[str] = field(default_factory=set)

    def complain(self, sentence: str) -> None:
        """Keep a complaint."""
        self.complaints.append(sentence)

    def request(self, method: str, body: JSON) -> Refusal:
        """Check a call of the Web API."""
        found = Found(method, self.allowed_mentions)
        for fault in faults_of_arguments(method, body):
            found.fault(fault, "invalid_arguments")
        if method in MESSAGES:
            _message(found, body)
        if method == "chat.postMessage":
            _unfurls(found, body)
        if method in VIEWS:
            _view(found, body.get("view"), home=method == "views.publish")
            found.error = found.error and "invalid_arguments"
        return self._close(found)

    def response(self, body: Any) -> Refusal:
        """Check an answer to a press or a command."""
        found = Found("An answer to a press or command", self.allowed_mentions)
        if not isinstance(body, dict):
            found.fault(f"is no object: {body!r}", "invalid_payload")
            return self._close(found)
        if unknown := body.keys() - {
            "text",
            "blocks",
            "response_type",
            "replace_original",
            "delete_original",
            "thread_ts",
            "unfurl_links",
            "unfurl_media",
            "metadata",
        }:
            found.fault(f"carries {sorted(unknown)}", "invalid_arguments")
        if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
            found.fault(f"has the response type {body['response_type']!r}", "invalid_arguments")
        if not body.get("delete_original"):
            _message(found, body)
        return self._close(found)

    def view(self, where: str, view: Any) -> Refusal:
        """Check a modal that an acknowledgement brings."""
        found = Found(where, self.allowed_mentions)
        _view(found, view, home=False)
        return self._close(found)

    def errors_of(self, view: View, errors: JSON) -> None:
        """Check the errors that a submission was answered with."""
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not errors:
            self.complain(f"A submission of {view.title!r} was answered with errors, and none was named.")
        for block_id, words in errors.items():
            if block_id not in inputs:
                self.complain(f"An error names {block_id!r}, which is no input of {view.title!r}.")
            if not isinstance(words, str) or not words:
                self.complain(f"The error at {block_id!r} of {view.title!r} says nothing.")

    def _close(self, found: Found) -> Refusal:
        self.complaints.extend(found.sentences)
        return (found.error, *found.sentences) if found.error else None


def _message(found: Found, body: JSON) -> None:
    text, blocks = body.get("text"), body.get("blocks")
    if not isinstance(text, str) or not text.strip():
        # Slack takes blocks without words, and then notifies people with nothing.
        found.fault("has no text, which is what a notification shows", None if blocks else "no_text")
    else:
        if len(text) > MESSAGE_TEXT:
            found.fault(f"has a text of {len(text)} characters; {MESSAGE_TEXT} is the most", "msg_too_long")
        found.mentions("the text", text)
    if body.get("link_names") or body.get("parse") == "full":
        found.fault("lets Slack look for names in words that people wrote")
    if blocks is not None:
        check_blocks(found, blocks, "message", MESSAGE_BLOCKS)
    if body.get("attachments"):
        found.fault("carries attachments, which Slack calls a thing of the past")
    if "metadata" in body:
        _metadata(found, body["metadata"])


def _metadata(found: Found, metadata: Any) -> None:
    if not isinstance(metadata, dict):
        found.fault("has metadata that is not JSON", "invalid_metadata_format")
        return
    if metadata == {} and found.where in EMPTYABLE:
        return
    if metadata.keys() != {"event_type", "event_payload"}:
        found.fault(f"has metadata with {sorted(metadata)}, not an event type and a payload", "invalid_metadata_format")
    elif not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        found.fault("has metadata whose type is no word or whose payload is no object", "invalid_metadata_format")
    else:
        json.dumps(metadata)


def _unfurls(found: Found, body: JSON) -> None:
    for name in ("unfurl_links", "unfurl_media"):
        if str(body.get(name)).lower() not in ("false", "0"):
            found.fault(f"does not say {name}: false")


def _view(found: Found, view: Any, *, home: bool) -> None:
    if not isinstance(view, dict) or not isinstance(view.get("blocks"), list):
        found.fault("has no view with blocks", "invalid_arguments")
        return
    kind = "home" if home else "modal"
    if view.get("type") != kind:
        found.fault(f"has a view of type {view.get('type')!r}, where {kind!r} belongs", "invalid_arguments")
    found.schema("HomeView" if home else "ModalView", {**view, "blocks": []}, "the view")
    for name in ("private_metadata", "callback_id"):
        found.length(f"{name} of the view", view.get(name, ""), limit("view", name), least=0)
    found.length("external_id of the view", view.get("external_id", ""), 255, least=0)
    for name in ("title", "submit", "close"):
        if isinstance(view.get(name), dict):
            found.length(f"the {name} of the view", view[name].get("text", ""), limit("view", name))
    if not view["blocks"]:
        found.fault("has a view without blocks", "invalid_arguments")
    has_inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in view["blocks"])
    if has_inputs and not home and not view.get("submit"):
        found.fault("has a modal with inputs and nothing to submit it with", "invalid_arguments")
    check_blocks(found, view["blocks"], kind, VIEW_BLOCKS)
