"""Effects and replies as Discord messages: words above, things to press below. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

import discord

from bot.adapters import labels
from bot.adapters.asking import STOPS_MESSAGES, Button, Item, Reply
from bot.adapters.discord import ids, words
from bot.adapters.discord.markup import apart, bold, pages, plain, quoted, small
from bot.adapters.discord.pressing import (
    BUTTON_ROWS,
    IN_ROW,
    MENU,
    ROWS,
    Choice,
    Piece,
    Row,
    batches,
    button,
    link,
    menu,
    people,
    view_of,
)
from bot.adapters.discord.questions import answer_rows, control_button, question_lines, said_in_words, said_lines
from bot.adapters.fitting import cut
from bot.adapters.notices import Notice, reply_of
from bot.core.effects import (
    AnyEffect,
    AskAboutPost,
    AskQuestion,
    CallAdult,
    CallGroup,
    InviteGroup,
    OfferForm,
    Prompt,
    SendMessage,
    SettleQuestion,
    ShowComment,
)
from bot.core.events import Control

ALIKE = 3
"""Buttons of one label that become a menu."""

KEPT = 450
"""Characters of a long question, and of a long answer, that fit into one message together."""

QUESTIONS_A_MINUTE = 3


Sendable: TypeAlias = SendMessage | AskQuestion | OfferForm | InviteGroup | CallGroup | AskAboutPost | Notice


@dataclass(frozen=True, slots=True)
class Message:
    """A Discord message; one that is silent rings nobody's phone."""

    content: str
    view: discord.ui.View | None = None
    is_silent: bool = False


def messages_for(effect: Sendable, *, in_dm: bool = False) -> list[Message]:
    """Write an effect as messages; `in_dm` says that it is also answered by writing below it."""
    match effect:
        case SendMessage():
            return messages_of(plain(effect.text), [[_no_messages()]] if in_dm else [])
        case AskQuestion():
            return messages_of(question_lines(effect, in_dm=in_dm), answer_rows(effect, in_dm=in_dm))
        case OfferForm():
            return messages_of(_card(effect), _card_rows(effect))
        case InviteGroup():
            return _invitation(effect)
        case CallGroup():
            return _call(effect)
        case ShowComment() | CallAdult():
            return reply_messages(reply_of(effect))
        case AskAboutPost():
            yes = button(labels.IS_THERE, ids.do(f"post {effect.post} there"))
            return messages_of(plain(effect.text), [[yes, button(labels.POST_IT, ids.do(f"post {effect.post} again"))]])


def turn_messages(
    effects: Sequence[AnyEffect], intro: Sequence[str] = (), *, is_next: bool = False, in_dm: bool = False
) -> list[Message]:
    """Write all that answers one press as one message, or as few as hold it: what was said, what is said, what is next.

    `intro` is said before all that; a form that `is_next` follows one that was sent.
    """
    settles = [effect for effect in effects if isinstance(effect, SettleQuestion)]
    said = [*intro, *(effect.text for effect in effects if isinstance(effect, SendMessage))]
    lines = apart(*map(_settled, settles), *map(plain, said))
    shown: list[Message] = []
    asks = 0
    for effect in effects:
        match effect:
            case AskQuestion():
                shown += messages_of(
                    apart(lines, question_lines(effect, in_dm=in_dm)), answer_rows(effect, in_dm=in_dm)
                )
            case OfferForm():
                card = _card(effect, is_next=is_next)
                shown += messages_of(apart(lines, card), _card_rows(effect, is_next=is_next))
            case _:
                continue
        asks, lines = asks + 1, []
    if not asks:
        edits = [_edit(effect) for effect in settles if effect.can_edit]
        shown = messages_of(lines, [edits[-1:]] if edits else [])
    others = (effect for effect in effects if isinstance(effect, InviteGroup | CallGroup | AskAboutPost))
    return [*shown, *(message for effect in others for message in messages_for(effect))]


def settled(effect: SettleQuestion) -> Message:
    """Write a question together with what was said to it."""
    rows = [[_edit(effect)]] if effect.can_edit else []
    content = pages([*plain(effect.asked), *_said_to(effect)])
    if len(content) > 1:  # it takes the place of one message; the whole stands among one's answers
        content = pages([*plain(cut(effect.asked, KEPT)), *small(labels.YOU_SAID), *quoted(cut(effect.said, KEPT))])
    return Message((content or pages([labels.ALL_DONE]))[0], view_of(rows))


def messages_of(lines: Sequence[str], rows: Sequence[Row] = (), *, is_silent: bool = False) -> list[Message]:
    """Put lines into messages; what can be pressed stands below the last."""
    contents = pages(lines)
    if rows and not contents:
        contents = pages([labels.CHOOSE])
    return [
        Message(content, view_of(rows) if number == len(contents) else None, is_silent)
        for number, content in enumerate(contents, start=1)
    ]


# What was said.


def _settled(effect: SettleQuestion) -> list[str]:
    return [*small(effect.asked), *_said_to(effect)]


def _said_to(effect: SettleQuestion) -> list[str]:
    if not effect.said.strip():
        return plain(labels.SKIPPED if effect.can_edit else labels.STOPPED if effect.key else labels.ALL_DONE)
    return said_lines(labels.YOU_SAID, effect.said)


def _no_messages() -> Piece:
    return button(words.NO_MESSAGES, ids.do(STOPS_MESSAGES))


def _edit(effect: SettleQuestion) -> Piece:
    return button(labels.EDIT, ids.do(f"edit {effect.run} {effect.key}"))


# Cards and posts.


def _card(form: OfferForm, *, is_next: bool = False) -> list[str]:
    slipped = [prompt for prompt in form.prompts if prompt.slip.strip()]
    if slipped:
        return apart(bold(form.title), *map(_slip, slipped))
    reads = dict.fromkeys(prompt.reads for prompt in form.prompts)
    length = _length(len(form.prompts))
    said = words.PART_SAVED.format(size=length) if is_next else length
    return [*bold(form.title), *plain(said), *small(*reads)]


def _slip(prompt: Prompt) -> list[str]:
    said = said_in_words(prompt)
    return [*bold(prompt.label), *plain(prompt.slip), *(said_lines(words.YOU_WROTE, said) if said.strip() else [])]


def _length(questions: int) -> str:
    minutes = ceil(questions / QUESTIONS_A_MINUTE)
    return labels.SIZE.format(
        questions=labels.ONE_QUESTION if questions == 1 else labels.QUESTIONS.format(count=questions),
        minutes=labels.ONE_MINUTE if minutes == 1 else labels.MINUTES.format(count=minutes),
    )


def _card_rows(form: OfferForm, *, is_next: bool = False) -> list[Row]:
    is_slipped = any(prompt.slip.strip() for prompt in form.prompts)
    label = words.CHANGE if is_slipped else words.NEXT_PART if is_next else labels.OPEN
    opening = button(label, ids.do(f"open {form.run}"), is_primary=True)
    return [[opening, control_button(form, Control.LATER), control_button(form, Control.HELP)]]


def _invitation(post: InviteGroup) -> list[Message]:
    lines = [*bold(post.title), *plain(post.text), *small(post.small)]
    if post.is_closed:
        return messages_of(lines, [[button(labels.ANSWER_NOW, ids.do(f"join {post.about}"))]])
    if post.closes_at is not None:
        # Discord shows each reader their own time: https://docs.discord.com/developers/reference#message-formatting
        moment = int(post.closes_at.timestamp())
        lines.append(f"-# {words.OPEN_UNTIL.format(day=f'<t:{moment}:D>', when=f'<t:{moment}:R>')}")
    join = button(labels.REFLECT, ids.do(f"join {post.about}"), is_primary=True)
    return messages_of(lines, [[join, button(labels.WHO_READS, ids.do(f"who reads this {post.about}"))]])


def _call(call: CallGroup) -> list[Message]:
    row = [
        button(words.SEE_MINE, ids.do("news"), is_primary=True),
        button(words.MESSAGE_ME, ids.do("message me")),
        button(labels.WHO_READS, ids.do("who reads this")),
    ]
    return messages_of(plain(words.CALLED.format(title=call.title)), [row], is_silent=True)


# Replies.


def reply_messages(reply: Reply, *, picks_people: str = "", linked: Callable[[str], str] = str) -> list[Message]:
    """Write a reply: all buttons of a message below it; `picks_people` names a menu of people to put there.

    `linked` makes commands that are named in our own words ones that a tap begins.

    Raises ValueError where Discord would not take a button.
    """
    made: list[Message] = []
    begun: list[Item] = []
    for item in reply.items:
        if begun and not _fits([*begun, item]):
            made += _reply_part(begun, linked=linked)
            begun = []
        begun.append(item)
    picking: list[Row] = [[people(picks_people, words.CHOOSE_PEOPLE)]] if picks_people else []
    if picking and begun and len(_rows(begun)) == ROWS:
        made += _reply_part(begun, linked=linked)
        begun = []
    return [*made, *_reply_part(begun, picking, linked)] if begun or picking else made


def _fits(items: Sequence[Item]) -> bool:
    return len(_rows(items)) <= ROWS


def _reply_part(
    items: Sequence[Item], picking: Sequence[Row] = (), linked: Callable[[str], str] = str
) -> list[Message]:
    blocks = (
        [*bold(one.heading), *map(linked, plain(one.text)), *quoted(one.quote), *map(linked, small(one.small))]
        for one in items
    )
    return messages_of(apart(*blocks), [*_rows(items), *picking])


def _rows(items: Sequence[Item]) -> list[Row]:
    """Lay out the buttons of paragraphs: at most two rows of them, unless pages to open need more; then menus."""
    pressed = _distinct(made for item in items for made in item.buttons)
    times = Counter(made.label for made in pressed if not made.url)
    alone = [made for made in pressed if made.url or times[made.label] < ALIKE]
    room = BUTTON_ROWS * IN_ROW - sum(bool(made.url) for made in alone)
    crowded = [made for made in alone if not made.url][max(0, room) :]
    primary = next((made for made in alone if made.is_primary), None)
    buttons = [
        _button(made, is_twice=times[made.label] > 1, is_primary=made is primary)
        for made in alone
        if made not in crowded
    ]
    alike = {label: [made for made in pressed if made.label == label] for label in times if times[label] >= ALIKE}
    return [*batches(buttons, IN_ROW), *([one] for one in _menus_of_words({**alike, words.MORE: crowded}))]


def _distinct(buttons: Iterable[Button]) -> list[Button]:
    """Leave out what does the same as another: Discord wants each name once in a message."""
    made: dict[str, Button] = {}
    for one in buttons:
        made.setdefault(one.url or f"do:{one.does}", one)
    return list(made.values())


def _button(made: Button, *, is_twice: bool, is_primary: bool) -> Piece:
    label = made.spoken if is_twice and made.spoken else made.label
    return link(label, made.url) if made.url else button(label, ids.do(made.does), is_primary=is_primary)


def _menus_of_words(groups: Mapping[str, Sequence[Button]]) -> list[Piece]:
    """Make a menu of buttons that are called alike; what tells them apart is what is spoken."""
    parts = [(label, some) for label, group in groups.items() for some in batches(group, MENU)]
    return [
        menu(ids.menu_of_words(number), label, [_choice(label, made) for made in some])
        for number, (label, some) in enumerate(parts, start=1)
    ]


def _choice(label: str, made: Button) -> Choice:
    words_of_it = (made.spoken or made.label).removeprefix(f"{label}: ")
    return words_of_it, ids.whole(made.does, ids.OPTION_VALUE, "value of an option")
