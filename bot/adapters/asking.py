"""What people ask of Mull besides answering its questions, and what they get: the same on every platform.

A button of a reply carries the words that it stands for, so that to press it is to say them.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.effects import AnyEffect, OfferForm, Prompt
from bot.core.events import EventId
from bot.core.people import Identity, Place
from bot.core.runs import RunId

SPOKEN = frozenset({"start", "hi", "hello", "hey", "menu", "answers", "settings", "pause", "resume", "review"})
"""Words that mean Mull itself also without its command, as long as no question is open."""

STOPS_MESSAGES = "no messages"
"""Words that end direct messages where Mull writes only to those who wished it; also where a question is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where in a workspace something was said, as its platform names it.

    `listed` is the list of those who belong, where not everybody there does. `spelled` brings the same channel and
    list back from the words of a button.
    """

    place: Place
    name: str = ""
    listed: Place | None = None
    spelled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Words said to Mull itself, such as `pause until Friday`; never an answer to a question.

    `channel` is where they were said, `is_trusted` whether the platform lets this person manage the workspace.
    `given` holds what a form that came with a reply was filled in with, by field. Words that are `is_spoken` were said
    in a conversation: where a question is open there, they answer it, and the reply is empty.
    """

    id: EventId
    at: datetime
    who: Identity
    place: Place
    words: str
    channel: Channel | None = None
    is_trusted: bool = False
    given: tuple[tuple[str, str], ...] = ()
    is_spoken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press: `does` are the words it stands for, `url` a page it opens instead.

    `spoken` is for screen readers, where the label alone does not say it.
    """

    label: str
    does: str = ""
    url: str = ""
    is_primary: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One paragraph: our own words, words of a person's (never markup), small print, buttons."""

    heading: str = ""
    text: str = ""
    quote: str = ""
    small: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditForm:
    """One question of a run with what was said to it, to be changed; sent, it is an AnswerEdited."""

    run: RunId
    title: str
    prompt: Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForm:
    """A few fields that belong to words: sent, they are `given` with `words`."""

    words: str
    title: str
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody gets: paragraphs for their eyes only, a form to open, effects to show at once and to settle.

    `follow` asks the platform to read who is in a channel, because a group follows it from now on.
    """

    items: tuple[Item, ...] = ()
    form: OfferForm | EditForm | AskForm | None = None
    effects: tuple[AnyEffect, ...] = ()
    follow: Place | None = None
