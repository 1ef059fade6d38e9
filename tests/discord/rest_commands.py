"""The commands that the bot has registered, for all servers and for single ones."""

from collections.abc import Iterator

from tests.discord.rest import Asked, Route
from tests.discord.world import JSON, Guild, Refused, World

SLASH = 1


class Commands:
    """Keeps commands; a put replaces all of its place, and what keeps its name keeps its id."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.everywhere: list[JSON] = []
        self.of_guild: dict[str, list[JSON]] = {}
        self.puts = 0

    @property
    def routes(self) -> list[Route]:
        """List the routes."""
        all_of, one_guild = (
            "/applications/{application}/commands",
            "/applications/{application}/guilds/{guild}/commands",
        )
        return [
            Route("get_commands", "GET", all_of, self.get),
            Route("put_commands", "PUT", all_of, self.put),
            Route("get_guild_commands", "GET", one_guild, self.get),
            Route("put_guild_commands", "PUT", one_guild, self.put),
        ]

    def in_sight_of(self, guild: Guild | None) -> Iterator[JSON]:
        """List the commands of a server, or of direct messages."""
        yield from self.of_guild.get(guild.id, []) if guild else []
        yield from self.everywhere

    def _place(self, asked: Asked) -> list[JSON]:
        if asked["application"] != self.world.bot.id:
            raise Refused(404, 10002, "Unknown Application")
        guild = asked.names.get("guild")
        if guild is None:
            return self.everywhere
        if guild not in self.world.guilds or not self.world.guilds[guild].installed:
            raise Refused(403, 50001, "Missing Access")
        return self.of_guild.setdefault(guild, [])

    async def get(self, asked: Asked) -> list[JSON]:
        """List the commands, with their words in other languages where that is asked."""
        place = self._place(asked)
        return place if asked.query.get("with_localizations") in ("1", "true") else [_plain(one) for one in place]

    async def put(self, asked: Asked) -> list[JSON]:
        """Replace all commands."""
        place, guild = self._place(asked), asked.names.get("guild")
        known = {(one["type"], one["name"]): one for one in place}
        place[:] = [self._registered(given, guild, known) for given in asked.body]
        self.puts += 1
        return list(place)

    def _registered(self, given: JSON, guild: str | None, known: dict[tuple[int, str], JSON]) -> JSON:
        kind = given.get("type") or SLASH
        before = known.get((kind, given["name"]))
        command: JSON = {
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            "description": "",
            "name_localizations": None,
            "description_localizations": None,
            **given,
            "type": kind,
            "id": before["id"] if before else self.world.new_id(),
            "application_id": self.world.bot.id,
            "version": self.world.new_id(),
        }
        return command | ({"guild_id": guild} if guild else {})


def _plain(command: JSON) -> JSON:
    return {key: value for key, value in command.items() if not key.endswith("_localizations")}
