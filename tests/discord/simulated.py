"""A Mull on simcord instead of our own fake: somebody else's Discord, which patches the client library from within.

Nothing of the library's is touched on the wire: simcord takes the place of its HTTP client and feeds its parsers, so
that commands, controls, modals and messages are read and written by the library's own code, and judged by rules that
are not ours. What simcord 3.2.1 does not do is covered by `tests.discord.fake` alone:

- the wire: the gateway's handshake, heartbeats, resumed sessions, several shards, closing codes, compression;
- HTTP as such: the rate limits and their headers, broken connections, refused tokens, `http_trace`;
- a nonce is ignored, so that a message sent twice stands there twice;
- answers that come too late: its clock, which moves with the test's hands, stands still while Mull works;
- people whose client speaks another language than en-US;
- direct messages that somebody has closed: here that one route is told to refuse;
- a client that starts again and so loses what only its person saw, or that keeps a modal open which failed;
- everything in a message or modal that Discord's documentation forbids and simcord's own checks let through.

Ids are made from the clock alone: the same deed at the same time has the same id in every `SimulatedDiscord`.
"""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self, TypeAlias, cast

import discord
from simcord import ChannelHandle, Env, InteractionResult, MemberActor, UserHandle

from bot.adapters.discord.adapter import Client, DiscordAdapter
from bot.adapters.discord.listening import Listening
from bot.adapters.discord.pace import Pace
from bot.desk.desk import Desk
from bot.desk.door import HouseDoor
from bot.runner.clock import Clock
from bot.runner.flow_shelf import FlowShelf
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.storage.database import Database
from tests.discord.addresses import addresses, point_to
from tests.discord.person_controls import Control, NotSent, begin, controls, put, slips_of, words_of, words_of_modal
from tests.discord.world import JSON, Message, User
from tests.discord.world_interactions import Interaction, Modal
from tests.stage import Hands

PATIENT = 30.0
NOWHERE = "discord.invalid"
"""Where Mull is told that Discord is: whatever simcord does not catch gets nowhere."""

TOLD = ("INTERACTION_CREATE", "MESSAGE_CREATE")
CLOSED_DMS = 50007

Actor: TypeAlias = MemberActor | UserHandle


class SimulatedDiscord:
    """Discord with a server of Ada's, the club's channel and its role, which Ben has, and Cy, who has it not.

    `async with` puts back afterwards what simcord and Mull put into the library.
    """

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        # simcord wants a client from the beginning; Mull makes its own when it logs in.
        self.env = Env(_nobody(), settle_timeout=PATIENT)
        ada, ben, cy = (
            self.env.create_user(name.lower().replace(" ", "."), global_name=name)
            for name in ("Ada Lindqvist", "Ben Okoro", "Cy Park")
        )
        self.guild = self.env.create_guild("North School", owner=ada)
        self.channel, self.role = self.guild.create_text_channel("book-club"), self.guild.create_role("Book club")
        self.ada = SimulatedPerson(self, MemberActor(self.env, self.guild, ada))
        self.ben = SimulatedPerson(self, self.guild.add_member(ben, roles=[self.role]))
        self.cy = SimulatedPerson(self, self.guild.add_member(cy))
        self._is_up = False
        self._before = addresses()

    async def __aenter__(self) -> Self:
        """Be there."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the library; raises what the library caught meanwhile."""
        await self.part()
        point_to(self._before)
        if error is None:
            self.env.raise_errors()

    def client(self, adapter: DiscordAdapter, listening: Listening, pace: Pace) -> Client:
        """Make the client that Mull logs in with."""
        return _Connected(self, adapter, listening, pace)

    async def meet(self, client: Client) -> None:
        """Connect a client, in a context of its own: what simcord sets there must not outlast it."""

        async def start() -> None:
            self.env.bot = client
            await self.env.start()

        self._is_up = True
        await asyncio.create_task(start())
        await self.keep_time()

    async def part(self) -> None:
        """Let go of the client, where one is connected."""
        if self._is_up:
            self._is_up = False
            await self.env.shutdown()

    def of_mull(self) -> AbstractContextManager[None]:
        """Let what Mull does by itself reach simcord too: what it does with a press does so anyway."""
        return self.env.time_context()

    async def keep_time(self) -> None:
        """Let it be as late here as on the test's hands."""
        behind = (self.hands.at - self.env.now()).total_seconds()
        if behind > 0:
            await self.env.advance_time(behind)

    async def deliver_again(self) -> None:
        """Tell the bot once more of what somebody did last, with the same id."""
        bot = str(self.env.backend.bot_user.id)
        event, payload = next(
            (event, payload)
            for kind, event, payload in reversed(self.env.backend.transcript)
            if kind == "GATEWAY" and event in TOLD and (payload.get("author") or {}).get("id") != bot
        )
        self.env.backend.emit(event, payload)
        await self.env.settle()

    def close_direct_messages(self, person: "SimulatedPerson") -> None:
        """Let somebody take no direct messages any more; the bot learns of it when it writes."""
        path = f"/channels/{person.user.dm_channel.id}/messages"
        self.env.inject_error("POST", path, status=403, code=CLOSED_DMS, message="Cannot send", times=None)

    @property
    def failed_interactions(self) -> list[int]:
        """List what nobody answered: there people read "This interaction failed"."""
        return [one.id for one in self.env.backend.interactions.values() if not one.responded]


class SimulatedPerson:
    """Somebody on simcord; a deed ends when the bot has done all that it does at once."""

    def __init__(self, discord: SimulatedDiscord, member: MemberActor) -> None:
        self.discord, self.member, self.user = discord, member, member.user
        self.modal: Modal | None = None
        self._opened: tuple[Actor, InteractionResult] | None = None

    @property
    def id(self) -> str:
        """Say who they are."""
        return str(self.user.id)

    # What they see.

    @property
    def messages(self) -> list[Message]:
        """List what they see everywhere, in order."""
        return [_shown(message) for message, _ in self._messages()]

    @property
    def private(self) -> list[Message]:
        """List what only they see in the server, in order."""
        return [one for one in self.messages if discord.MessageFlags._from_value(one.flags).ephemeral]

    @property
    def dm(self) -> list[Message]:
        """List what stands in their direct messages with the bot, in order."""
        return [_shown(message) for message in self.user.dm_channel.history(viewer=self.user)]

    def sees(self) -> str:
        """Read everything that stands before them."""
        pieces = [words_of(message) for message in self.messages]
        return "\n".join([*pieces, words_of_modal(self.modal)] if self.modal else pieces)

    def labels(self) -> list[str]:
        """List the buttons that can be pressed, in order."""
        return [one.label for one, _, _ in self._controls() if one.is_button and not one.part.get("disabled")]

    def _messages(self) -> list[tuple[discord.Message, Actor]]:
        places: list[tuple[ChannelHandle, Actor]] = [(one, self.member) for one in self.discord.guild.channels.values()]
        places.append((self.user.dm_channel, self.user))
        seen = [(message, actor) for place, actor in places for message in place.history(viewer=actor)]
        return sorted(seen, key=lambda found: found[0].id)

    def _controls(self) -> Iterator[tuple[Control, discord.Message, Actor]]:
        for message, actor in self._messages():
            for control in controls(_shown(message)):
                yield control, message, actor

    # What they do.

    async def run(self, name: str, *subs: str, where: ChannelHandle | None = None, **options: Any) -> None:
        """Run a slash command in the server; without a channel, in their direct messages."""
        words = " ".join((name, *subs))
        if where is None:
            await self._did(self.user, self.user.slash(words, **options))
        else:
            await self._did(self.member, self.member.slash(where, words, **options))

    async def complete(self, name: str, *subs: str, focused: str, where: ChannelHandle, text: str = "") -> list[str]:
        """Type into an option that completes itself; read what is offered."""
        await self.discord.keep_time()
        offered = await self.member.autocomplete(where, " ".join((name, *subs)), focused, text)
        return [choice["name"] for choice in offered]

    async def press(self, label: str) -> None:
        """Press the newest button with this label."""
        found = [one for one in self._controls() if one[0].is_button and label in one[0].names]
        control, message, actor = self._newest(found, label)
        await self._did(actor, actor.click(message, custom_id=control.part["custom_id"]))

    async def choose(self, *wanted: str) -> None:
        """Choose these options, all at once, in the newest menu that offers them."""
        found = [one for one in self._controls() if one[0].is_select and one[0].offers(wanted)]
        control, message, actor = self._newest(found, str(wanted))
        await self._did(actor, actor.select(message, control.values(wanted), custom_id=control.part["custom_id"]))

    async def pick(self, *people: "SimulatedPerson") -> None:
        """Choose people in the newest menu of people."""
        found = [one for one in self._controls() if one[0].part["type"] == discord.ComponentType.user_select.value]
        control, message, actor = self._newest(found, "people")
        members = [one.member for one in people]
        await self._did(actor, actor.select(message, members, custom_id=control.part["custom_id"]))

    async def send_modal(self, given: Mapping[str, Any] | None = None) -> None:
        """Fill in the open modal, by labels and words, and send it; what a client would not send raises `NotSent`."""
        modal, opened = self.modal, self._opened
        if modal is None or opened is None:
            raise LookupError("there is no modal open")
        for name, wanted in (given or {}).items():
            put(modal, name, wanted)
        if slips := slips_of(modal):
            raise NotSent(slips)
        actor, shown = opened
        values = {name: value for name, value in modal.values.items() if value is not None}
        await self._did(actor, actor.submit_modal(shown, values))

    async def write(self, text: str) -> None:
        """Write to the bot directly."""
        await self.discord.keep_time()
        await self.user.send_dm(text)

    async def redeliver(self) -> None:
        """Let Discord tell the bot once more of what was done last."""
        await self.discord.deliver_again()

    def _newest(
        self, found: list[tuple[Control, discord.Message, Actor]], wanted: str
    ) -> tuple[Control, discord.Message, Actor]:
        if not found:
            raise LookupError(f"{wanted!r} is not there; there is {[one.label for one, _, _ in self._controls()]}")
        newest = found[-1][1].id
        return next(one for one in found if one[1].id == newest)

    async def _did(self, actor: Actor, deed: Awaitable[InteractionResult]) -> None:
        await self.discord.keep_time()
        result = await deed
        self.modal, self._opened = _modal(result), (actor, result)


class SimulatedHouse:
    """One process of Mull beside a simulated Discord; `async with` connects it."""

    def __init__(self, database: Database, discord: SimulatedDiscord, hands: Hands) -> None:
        self.database, self.discord, self.hands = database, discord, hands
        self.adapter = DiscordAdapter(
            "simulated",
            now=hands,
            api_url=f"https://{NOWHERE}/api/v10",
            gateway_url=f"wss://{NOWHERE}/",
            quick=PATIENT,
            client=discord.client,
        )
        self.inbox = Inbox(database, FlowShelf(), now=hands, owner="test")
        self.outbox = Outbox(database, {"discord": self.adapter}, hands, owner="test")
        desk = Desk(database=database, door=self.inbox, now=hands, base_url="https://mull.test")
        self.door = HouseDoor(database, self.inbox, self.outbox, desk)

    async def __aenter__(self) -> Self:
        """Connect."""
        await self.adapter.start(self.door)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        await self.adapter.stop()
        await self.inbox.close()

    async def settle(self) -> None:
        """Let everything happen that is due: what is shown at once, then what the outbox holds."""
        await self.discord.keep_time()
        await self.adapter.quiet()
        with self.discord.of_mull():
            while await self.outbox.deliver_due():
                await self.adapter.quiet()

    async def move(self, **by: float) -> None:
        """Let time pass, at Discord as well, and what is due happen."""
        self.hands.move(**by)
        await Clock(self.database, self.inbox, self.hands).tick()
        await self.settle()


class _Connected(Client):
    """Mull's client, whose connection is simcord's."""

    def __init__(self, discord: SimulatedDiscord, adapter: DiscordAdapter, listening: Listening, pace: Pace) -> None:
        super().__init__(adapter, listening, pace)
        self.shard_count = 1
        self._discord, self._is_met = discord, False

    async def login(self, token: str) -> None:
        """Let simcord log it in, which it does by this same call."""
        if self._is_met:
            await super().login(token)
        else:
            self._is_met = True
            await self._discord.meet(self)

    async def launch_shards(self) -> None:
        """Open no gateway: simcord tells the parsers."""

    async def close(self) -> None:
        """Close, and let simcord go."""
        await super().close()
        await self._discord.part()


def _nobody() -> discord.AutoShardedClient:
    return discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=1)


def _shown(message: discord.Message) -> Message:
    """Write a message down as our own fake keeps one, so that the same eyes read both."""
    return Message(
        id=str(message.id),
        channel=str(message.channel.id),
        author=User(str(message.author.id), message.author.name),
        content=message.content,
        at=message.created_at,
        components=[cast(JSON, row.to_dict()) for row in message.components],
        flags=message.flags.value,
    )


def _modal(result: InteractionResult) -> Modal | None:
    spec = result.modal
    if spec is None:
        return None
    modal = Modal(spec["custom_id"], spec["title"], spec["components"], opened_by=cast(Interaction, result))
    begin(modal)
    return modal
