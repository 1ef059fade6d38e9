"""The payloads of events and of what people press, in the shapes that Slack gives them."""

import re
from typing import Any

from tests.slack.world import JSON, Channel, Message, User, View, Workspace, World

APP = "A1"
VERIFICATION = "verification-token"
TRIGGER_LIFE = 3.0
RESPONSE_LIFE, RESPONSE_USES = 1800.0, 5
_LINK = re.compile(r"https?://[^\s<>]+")


def escaped(text: str) -> str:
    """Write what somebody typed as Slack passes it on."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINK.sub(lambda link: f"<{link.group()}>", safe)


def unescaped(text: str) -> str:
    """Show text as people see it."""
    shown = re.sub(r"<(?:[^<>|]*\|)?([^<>|]*)>", r"\1", text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class Payloads:
    """Writes payloads; remembers the triggers and response addresses it put into them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api_root = ""
        self.triggers: dict[str, tuple[str, float]] = {}
        self.used_triggers: set[str] = set()
        self.response_urls: dict[str, ResponseUrl] = {}

    # Events.

    def event(self, workspace: Workspace, event: JSON) -> JSON:
        """Wrap an event as the Events API does."""
        return {
            "token": VERIFICATION,
            "team_id": workspace.id,
            "api_app_id": APP,
            "event": {"event_ts": event.get("ts") or self.world.new_ts(), **event},
            "type": "event_callback",
            "event_id": self.world.new_id("Ev"),
            "event_time": int(self.world.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.id,
                    "user_id": workspace.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": self.world.new_id("4-"),
        }

    def message(self, channel: Channel, message: Message) -> JSON:
        """Describe a new message."""
        return {
            **message.as_json(with_metadata=True),
            "team": channel.team,
            "channel": channel.id,
            "channel_type": "im" if channel.is_im else "group" if channel.is_private else "channel",
        }

    def changed(self, channel: Channel, before: JSON, after: JSON) -> JSON:
        """Describe a change of a message."""
        return {
            "type": "message",
            "subtype": "message_changed",
            "message": after,
            "previous_message": before,
            "channel": channel.id,
            "hidden": True,
            "ts": self.world.new_ts(),
            "channel_type": "im" if channel.is_im else "channel",
        }

    def deleted(self, channel: Channel, before: JSON) -> JSON:
        """Describe the end of a message."""
        return {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": before,
            "deleted_ts": before["ts"],
            "channel": channel.id,
            "hidden": True,
            "ts": self.world.new_ts(),
            "channel_type": "im" if channel.is_im else "channel",
        }

    # What people press.

    def interaction(self, user: User, kind: str, **more: Any) -> JSON:
        """Begin the payload of a press, a shortcut or a submission."""
        workspace = self.world.workspace_of(user.id)
        return {
            "type": kind,
            "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team},
            "api_app_id": APP,
            "token": VERIFICATION,
            "team": workspace.as_json(),
            "enterprise": None,
            "is_enterprise_install": False,
            **more,
        }

    def press_in_message(self, user: User, message: Message, channel: Channel, action: JSON, state: JSON) -> JSON:
        """Describe a press in a message."""
        ephemeral = message.only_for is not None
        about: JSON = {} if ephemeral else {"message": message.as_json(with_metadata=True)}
        return self.interaction(
            user,
            "block_actions",
            container={
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
            },
            channel={"id": channel.id, "name": channel.name},
            trigger_id=self.trigger(user.id),
            response_url=self.response_url(user.id, channel.id, message),
            state={"values": state},
            actions=[action],
            **about,
        )

    def press_in_view(self, user: User, view: View, action: JSON) -> JSON:
        """Describe a press in a modal or on the home page."""
        return self.interaction(
            user,
            "block_actions",
            container={"type": "view", "view_id": view.id},
            trigger_id=self.trigger(user.id),
            view=view.as_json(),
            actions=[action],
        )

    def command(self, user: User, channel: Channel, name: str, text: str) -> JSON:
        """Describe a slash command."""
        workspace = self.world.workspace_of(user.id)
        return {
            "token": VERIFICATION,
            "team_id": workspace.id,
            "team_domain": workspace.domain,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user.id,
            "user_name": user.handle,
            "command": name,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self.response_url(user.id, channel.id, None),
            "trigger_id": self.trigger(user.id),
        }

    def trigger(self, user: str) -> str:
        """Make a trigger, good once and for three seconds."""
        trigger = self.world.new_id("trigger.")
        self.triggers[trigger] = (user, self.world.now().timestamp())
        return trigger

    def response_url(self, user: str, channel: str, message: Message | None) -> str:
        """Make an address to answer to, good five times in half an hour."""
        name = self.world.new_id("response-")
        self.response_urls[name] = ResponseUrl(user, channel, message, self.world.now().timestamp() + RESPONSE_LIFE)
        return f"{self.api_root}/response/{name}"


class ResponseUrl:
    """An address that answers one press or command."""

    def __init__(self, user: str, channel: str, message: Message | None, until: float) -> None:
        self.user, self.channel, self.message, self.until = user, channel, message, until
        self.uses = 0
