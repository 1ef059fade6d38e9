"""What Mull asks to be allowed in a workspace; `slack-manifest.yaml` asks for the same, and `mull check` compares."""

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "channels:read": "to learn who joins and leaves a public channel that Mull was invited to, and when it is archived",
    "chat:write": "to write direct messages, and posts in channels that Mull was invited to; nowhere else",
    "commands": "for the command /mull and the shortcuts “Reflect now” and “Save as reflection”",
    "groups:read": "the same as channels:read, for private channels that Mull was invited to",
    "im:history": "to read what somebody writes to Mull in its own direct message, also what Slack failed to deliver",
    "im:write": "to open a direct message with somebody who takes part",
    "usergroups:read": "to let a group follow the members of a user group such as @year-8-staff",
    "users:read": "to know names, time zones and languages, and who was deactivated; not e-mail addresses",
}
"""Each scope, and why it is needed; there is none for a later feature."""
