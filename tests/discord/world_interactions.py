"""What people do to the bot, and what it answered: commands, presses, choices, modals."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from tests.discord.world import JSON, LOADING, Channel, Guild, Message, World

TO_ANSWER, TO_FOLLOW = timedelta(seconds=3), timedelta(minutes=15)


class Kind(IntEnum):
    """What somebody did."""

    COMMAND = 2
    COMPONENT = 3
    COMPLETION = 4
    MODAL = 5


class Answer(IntEnum):
    """How the bot answers."""

    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass
class Modal:
    """A modal before somebody, with what stands in its fields by custom id."""

    custom_id: str
    title: str
    components: list[JSON]
    opened_by: "Interaction"
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Interaction:
    """One thing that somebody did; `message` is where its controls stand, `original` what the bot answered with."""

    id: str
    token: str
    kind: Kind
    user: str
    channel: Channel
    guild: Guild | None
    data: JSON
    at: datetime
    message: Message | None = None
    payload: JSON = field(default_factory=dict)
    answer: JSON | None = None
    answered_at: datetime | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[JSON] = field(default_factory=list)
    failed: bool = False

    @property
    def answered_with(self) -> Answer | None:
        """Tell how the bot answered."""
        return Answer(self.answer["type"]) if self.answer else None

    @property
    def is_thinking(self) -> bool:
        """Tell whether the bot has only said so far that it thinks."""
        shown = self.original
        return bool(shown and shown.flags & LOADING and shown in self.channel.messages)


class Interactions:
    """All that people did."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.all: list[Interaction] = []
        self.modals: dict[str, Modal] = {}

    def find(self, token: str, name: str | None = None) -> Interaction | None:
        """Find one by its token."""
        return next((one for one in self.all if one.token == token and name in (None, one.id)), None)

    def has_failed(self, interaction: Interaction) -> bool:
        """Tell whether somebody read "This interaction failed"."""
        late = self.world.now() - interaction.at > TO_ANSWER
        return interaction.failed or (interaction.answer is None and late)

    @property
    def failed(self) -> list[Interaction]:
        """List those that nothing answered in time."""
        return [one for one in self.all if self.has_failed(one)]

    @property
    def waiting(self) -> list[Interaction]:
        """List those that wait for an answer, or for the end of thinking."""
        return [
            one
            for one in self.all
            if not self.has_failed(one) and (one.answer is None or one.is_thinking) and self.is_alive(one)
        ]

    def is_alive(self, interaction: Interaction) -> bool:
        """Tell whether its token still takes follow-ups."""
        return self.world.now() - interaction.at <= TO_FOLLOW
