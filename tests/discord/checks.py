"""What a request of the bot's must keep to: every fault becomes a sentence, and Discord's own limits a refusal too."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.discord.checks_commands import check_commands
from tests.discord.checks_components import check_modal, check_rows
from tests.discord.checks_findings import Findings
from tests.discord.checks_openapi import wrong_by_schema
from tests.discord.world import COMPONENTS_V2, EPHEMERAL, JSON, SILENT, SUPPRESS_EMBEDS, Refused

CONTENT = 2000
ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
CREATED = ("create_message", "create_followup")
CHANGED = ("edit_message", "edit_original", "edit_followup")
COMMANDS = ("put_commands", "put_guild_commands")
BARE_LINK = re.compile(r"(?<!<)https?://\S+")
KNOWN = frozenset(
    {
        "content",
        "embeds",
        "allowed_mentions",
        "components",
        "flags",
        "attachments",
        "tts",
        "nonce",
        "enforce_nonce",
        "message_reference",
        "sticker_ids",
        "poll",
        "username",
        "avatar_url",
        "thread_name",
        "applied_tags",
    }
)
SENDS, DEFERS, DEFERS_UPDATE, UPDATES, COMPLETES, OPENS = 4, 5, 6, 7, 8, 9


@dataclass
class Checks:
    """Collects complaints; `allowed_roles` are those the bot may ping."""

    complaints: list[str] = field(default_factory=list)
    allowed_roles: set[str] = field(default_factory=set)

    def complain(self, sentence: str) -> None:
        """Keep a complaint."""
        self.complaints.append(sentence)

    def refuse(self, where: str, path: str, says: str) -> None:
        """Keep a complaint and refuse the request."""
        found = Findings(where)
        found.fault(path, says)
        self._close(found)

    def request(self, route: str, body: Any, files: list[JSON]) -> None:
        """Check a request; raise what Discord answers to one that breaks its limits."""
        found = Findings(route)
        if wrong := wrong_by_schema(route, body):
            found.remark(f"does not keep to the published description: {wrong}")
        if route in CREATED:
            self._message(found, "", body, files, creates=True, private=route == "create_followup")
        elif route in CHANGED:
            self._message(found, "", body, files, creates=False, private=False)
        elif route == "answer":
            self._answer(found, body, files)
        elif route in COMMANDS:
            check_commands(found, body)
        elif route in ("start_thread", "create_thread"):
            found.text("name", body.get("name"), 100)
            if body.get("auto_archive_duration", 60) not in ARCHIVE_MINUTES:
                found.fault("auto_archive_duration", f"is {body['auto_archive_duration']!r}, not of {ARCHIVE_MINUTES}")
        self._close(found)

    def edited(self, route: str, body: JSON, flags: int) -> None:
        """Check a change against the flags of what it changes."""
        flags |= int(body.get("flags") or 0)
        if BARE_LINK.search(body.get("content") or "") and not flags & SUPPRESS_EMBEDS:
            self.complain(f"{route}: lets a link unfold; suppress embeds or write it in <…>.")

    def _close(self, found: Findings) -> None:
        self.complaints.extend(found.sentences)
        if refusal := found.refusal():
            raise refusal

    def _answer(self, found: Findings, body: Any, files: list[JSON]) -> None:
        kind, data = body.get("type"), body.get("data")
        if kind not in range(SENDS, OPENS + 1):
            found.fault("type", f"is {kind!r}, which is no answer to an interaction")
        elif kind in (SENDS, UPDATES):
            self._message(found, "data.", data or {}, files, creates=kind == SENDS, private=True)
        elif kind == COMPLETES:
            for place, choice in enumerate(found.count("data.choices", (data or {}).get("choices"), 0, 25)):
                found.text(f"data.choices.{place}.name", choice.get("name"), 100)
                if isinstance(choice.get("value"), str):
                    found.text(f"data.choices.{place}.value", choice["value"], 100)
        elif kind == OPENS:
            check_modal(found, data)

    def _message(self, found: Findings, at: str, body: Any, files: list[JSON], *, creates: bool, private: bool) -> None:
        if not isinstance(body, dict):
            found.fault(at + "body", f"is no object: {body!r}")
            return
        found.only(at, body, KNOWN)
        found.optional_text(at + "content", body.get("content"), CONTENT)
        found.optional_text(at + "nonce", _word(body.get("nonce")), 25)
        if "embeds" in body and body["embeds"] is not None:
            found.count(at + "embeds", body["embeds"], 0, 10)
        self._flags(found, at, int(body.get("flags") or 0), creates=creates, private=private)
        if body.get("components"):
            check_rows(found, at + "components", body["components"])
        for place, attachment in enumerate(body.get("attachments") or []):
            found.optional_text(f"{at}attachments.{place}.description", attachment.get("description"), 1024)
        for one in files:
            if one["filename"] and not any(each.get("description") for each in body.get("attachments") or []):
                found.remark(f"attaches {one['filename']} without a description")
        if creates and not (body.get("content") or body.get("embeds") or files or body.get("poll")):
            self.complaints.extend([*found.sentences, f"{found.where}: writes an empty message."])
            raise Refused(400, 50006, "Cannot send an empty message")
        if creates or body.get("content"):
            self._mentions(found, body.get("allowed_mentions"))

    def _flags(self, found: Findings, at: str, flags: int, *, creates: bool, private: bool) -> None:
        known = SUPPRESS_EMBEDS | COMPONENTS_V2 | (SILENT if creates else 0) | (EPHEMERAL if private else 0)
        if flags & EPHEMERAL and not private:
            found.fault(at + "flags", "says that only one person sees it, which only answers to interactions can say")
        elif flags & ~known:
            found.fault(at + "flags", f"is {flags}, of which {flags & ~known} means nothing here")
        if flags & COMPONENTS_V2:
            found.fault(
                at + "flags", "asks for components of version 2, which Mull does not use and this fake not know"
            )
        if creates and not flags & SUPPRESS_EMBEDS:
            found.remark("does not suppress embeds")

    def _mentions(self, found: Findings, allowed: Any) -> None:
        if not isinstance(allowed, dict) or "parse" not in allowed:
            found.remark("does not say whom it may mention: allowed_mentions is missing")
            return
        roles = set(map(str, allowed.get("roles") or [])) - self.allowed_roles
        if allowed["parse"] or allowed.get("users") or roles or allowed.get("replied_user"):
            found.remark(f"may mention people: {allowed}")


def _word(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value
