"""The command picker of the client: what somebody sees in it, and what they type becomes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.discord.world import JSON, Channel, Guild, World
from tests.discord.world_rights import Right

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)
NAMED = {USER: "users", CHANNEL: "channels", ROLE: "roles", MENTIONABLE: "mentionables"}
TYPES: dict[int, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}
IN_GUILD, IN_BOT_DM = 0, 1


def offered(world: World, commands: Iterable[JSON], user: str, channel: Channel) -> list[JSON]:
    """List the commands that somebody may use in a channel."""
    guild = world.guild_of(channel)
    if guild and Right.USE_APPLICATION_COMMANDS not in world.rights(user, channel):
        return []
    return [command for command in commands if _may_use(world, command, user, channel, guild)]


def _may_use(world: World, command: JSON, user: str, channel: Channel, guild: Guild | None) -> bool:
    contexts = command.get("contexts")
    if contexts is None:
        contexts = [IN_GUILD, IN_BOT_DM] if command.get("dm_permission", True) else [IN_GUILD]
    if (IN_GUILD if guild else IN_BOT_DM) not in contexts:
        return False
    needed = command.get("default_member_permissions")
    if guild is None or needed is None:
        return True
    rights = world.rights(user, channel)
    return Right.ADMINISTRATOR in rights if int(needed) == 0 else Right(int(needed)) in rights


def picked(commands: Iterable[JSON], kind: int, name: str, locale: str) -> JSON:
    """Find a command by its name, or its name in somebody's language."""
    found = [command for command in commands if command["type"] == kind]
    for command in found:
        if name in _names(command, locale):
            return command
    raise LookupError(f"{name!r} is not offered; there is {[command['name'] for command in found]}")


def _names(given: JSON, locale: str) -> set[str]:
    return {given["name"], (given.get("name_localizations") or {}).get(locale, given["name"])}


class Typing:
    """What somebody types after a slash: the way down to a sub-command, and values for its options."""

    def __init__(self, command: JSON, subs: Sequence[str], locale: str) -> None:
        self.command, self.locale = command, locale
        self.way: list[JSON] = []
        level = command
        for name in subs:
            level = self._down(level, name)
            self.way.append(level)
        self.options: list[JSON] = level.get("options") or []
        if any(option["type"] in (SUB_COMMAND, SUB_GROUP) for option in self.options):
            raise LookupError(f"/{command['name']} needs one of {[option['name'] for option in self.options]}")
        self.named: list[tuple[str, str]] = []

    def _down(self, level: JSON, name: str) -> JSON:
        subs: list[JSON] = [one for one in level.get("options") or [] if one["type"] in (SUB_COMMAND, SUB_GROUP)]
        for sub in subs:
            if name in _names(sub, self.locale):
                return sub
        raise LookupError(f"{name!r} is not offered; there is {[sub['name'] for sub in subs]}")

    def data(self, given: Mapping[str, Any], focused: str | None = None) -> JSON:
        """Make the data of the interaction; with a focused option nothing is required yet."""
        if unknown := set(given) - {option["name"] for option in self.options}:
            raise LookupError(f"{sorted(unknown)} are no options; there is {[one['name'] for one in self.options]}")
        told = []
        for option in self.options:
            name = option["name"]
            if name in given and given[name] is not None:
                value = given[name] if name == focused else self._value(option, given[name])
                told.append({"name": name, "type": option["type"], "value": value})
                if name == focused:
                    told[-1]["focused"] = True
            elif option.get("required") and focused is None:
                raise LookupError(f"{name!r} is required")
        for level in reversed(self.way):
            told = [{"name": level["name"], "type": level["type"], "options": told}]
        data: JSON = {key: self.command[key] for key in ("id", "name", "type", "guild_id") if key in self.command}
        return data | ({"options": told} if told else {})

    def _value(self, option: JSON, given: Any) -> Any:
        if choices := option.get("choices"):
            for choice in choices:
                if given in (choice["value"], *_names(choice, self.locale)):
                    return choice["value"]
            raise LookupError(f"{given!r} is not offered: {[choice['name'] for choice in choices]}")
        kind = option["type"]
        if kind in NAMED:
            name = given if isinstance(given, str) else _id_of(given)
            self.named.append((NAMED[kind], name))
            return name
        _fits(option, given)
        return given


def _fits(option: JSON, given: Any) -> None:
    if type(given) not in TYPES[option["type"]]:
        raise LookupError(f"{option['name']!r} takes no {given!r}")
    size = len(given) if isinstance(given, str) else given
    word = "length" if isinstance(given, str) else "value"
    least, most = option.get(f"min_{word}"), option.get(f"max_{word}")
    if (least is not None and size < least) or (most is not None and size > most):
        raise LookupError(f"{option['name']!r} takes {least} to {most}, not {given!r}")


def _id_of(given: Any) -> str:
    return str(given.id)
