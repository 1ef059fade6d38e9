"""Effects and replies as Slack messages. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import ceil
from typing import TypeAlias

from bot.adapters import labels
from bot.adapters.asking import Button, Item, Reply
from bot.adapters.fitting import cut, size, whole
from bot.adapters.notices import Notice, reply_of
from bot.adapters.slack import words
from bot.adapters.slack.blocks import (
    BUTTON_TEXT,
    BUTTON_VALUE,
    IDS,
    IN_MESSAGE,
    IN_VIEW,
    Block,
    button,
    cut_names,
    headed,
    listed,
    menu,
    name_of,
    page_of,
    plain,
    quoted,
    rich,
    rows,
    small,
    ticks,
    value_of,
)
from bot.core.effects import (
    AskAboutPost,
    AskQuestion,
    CallAdult,
    Input,
    InviteGroup,
    OfferForm,
    Option,
    Prompt,
    SendMessage,
    SettleQuestion,
    ShowComment,
)
from bot.core.events import Control

SPOKEN = 300
"""Characters of a message that a notification shows and a screen reader speaks."""

MOST_BUTTONS = 5
"""Options that stand as buttons; "Can't say" beside them is a way out, not a sixth."""

QUESTIONS_A_MINUTE = 3
RARER = (Control.LATER, Control.TOMORROW, Control.STOP, Control.HELP)


Sendable: TypeAlias = SendMessage | AskQuestion | OfferForm | InviteGroup | AskAboutPost | Notice


@dataclass(frozen=True, slots=True)
class Message:
    """A Slack message: `text` is what a notification shows and a screen reader speaks."""

    text: str
    blocks: list[Block]


def message_for(effect: Sendable) -> Message:
    """Write an effect as the message that Slack shows."""
    match effect:
        case SendMessage():
            return _message(effect.text, rich(effect.text))
        case AskQuestion():
            return _question(effect)
        case OfferForm():
            return _card(effect)
        case InviteGroup():
            return _invitation(effect)
        case AskAboutPost():
            return _about_post(effect)
        case ShowComment() | CallAdult():
            return reply_for(reply_of(effect))


def settled(effect: SettleQuestion) -> Message:
    """Write a question together with what was said to it."""
    without = labels.SKIPPED if effect.can_edit else labels.STOPPED if effect.key else labels.ALL_DONE
    answer = quoted(effect.said, labels.YOU_SAID) or rich(without)
    edit = [_button(1, Button(label=labels.EDIT, does=f"edit {effect.run} {effect.key}"))] if effect.can_edit else []
    said = f"{labels.YOU_SAID} {effect.said}" if effect.said.strip() else without
    return _message(f"{effect.asked} {said}", [*rich(effect.asked), *answer, *rows(edit)])


def reply_for(reply: Reply) -> Message:
    """Write a reply as a message; one that only opens a form is empty."""
    if not reply.items:
        return Message("", [])
    blocks: list[Block] = []
    for item, body in zip(reply.items, _bodies(reply), strict=True):
        blocks += [*rich(item.heading, is_bold=True), *body]
    return _message(" ".join(filter(None, map(_in_words, reply.items))), blocks)


def home_for(reply: Reply) -> Block:
    """Write a reply as somebody's own page; a heading begins a group."""
    blocks: list[Block] = []
    for item, body in zip(reply.items, _bodies(reply), strict=True):
        heading = headed(item.heading)
        blocks += [{"type": "divider"}] if heading and blocks else []
        blocks += [*heading, *body]
    return {"type": "home", "blocks": page_of(blocks, IN_VIEW, "blocks of Home")}


def said_in_words(prompt: Prompt) -> str:
    """Write what was said to a question before as its options have it."""
    names = {option.value: name_of(option) for option in prompt.options}
    said = (prompt.said,) if isinstance(prompt.said, str) else prompt.said
    return ", ".join(names.get(value, value) for value in said)


# Questions.


def _question(effect: AskQuestion) -> Message:
    prompt = effect.prompt
    blocks = [
        *rich(prompt.slip),
        *(block for text in prompt.before for block in rich(text)),
        *rich(prompt.text),
        *_answers(prompt, f"{effect.run}:{effect.wait}"),
        *small(*_aids(prompt)),
        *quoted(said_in_words(prompt), labels.YOU_SAID),
        *_controls(effect),
        *small(prompt.reads),
    ]
    return _message(f"{prompt.slip} {_lead(effect.title)} {prompt.text}", blocks, prompt.reads)


def _aids(prompt: Prompt) -> Iterator[str]:
    yield prompt.hint
    if prompt.example.strip():
        yield labels.EXAMPLE.format(example=prompt.example)
    if prompt.input is Input.DATE:
        yield words.OR_DAY
    elif prompt.input is Input.TEXT or not prompt.options:
        yield words.WRITE if prompt.takes_text and "write" not in prompt.hint.casefold() else ""
    elif prompt.takes_text:
        yield words.OR_WRITE


def _answers(prompt: Prompt, at: str) -> list[Block]:
    """Offer what can be pressed or chosen; people and own words may leave nothing to choose from."""
    if prompt.input is Input.DATE:
        date = {"type": "datepicker", "action_id": f"date:{at}", "placeholder": plain(words.CHOOSE_DAY)}
        return rows([date])
    if prompt.input is Input.TEXT or not prompt.options:
        return []
    if prompt.input is Input.MANY:
        boxes = [ticks(prompt.options, f"ticked:{at}"), button(words.DONE_TICKING, f"ticks:{at}")]
        return [*cut_names(prompt.options), *rows(boxes, f"many:{at}")]
    if sum(option.value != labels.CANT_SAY for option in prompt.options) > MOST_BUTTONS:
        return [*cut_names(prompt.options), *rows([menu(prompt.options, f"pick:{at}")])]
    return _option_buttons(prompt.options, at)


def _option_buttons(options: tuple[Option, ...], at: str) -> list[Block]:
    """Put options on buttons; where one has too many words, all are a list, and buttons carry their first words."""
    is_long = any(size(name_of(option)) > BUTTON_TEXT for option in options)
    buttons = [
        button(
            f"{number} · {name_of(option)}" if is_long else name_of(option),
            f"answer:{at}:{number}",
            value_of(number, option, BUTTON_VALUE),
            spoken=name_of(option) if is_long else "",
        )
        for number, option in enumerate(options, start=1)
    ]
    return [*(listed(map(name_of, options), is_numbered=True) if is_long else ()), *rows(buttons)]


def _controls(effect: AskQuestion) -> list[Block]:
    at = f"{effect.run}:{effect.wait}"
    elements = [_control(control, at) for control in effect.controls if control not in RARER]
    rarer = [
        {"text": plain(labels.CONTROLS[control]), "value": control.value}
        for control in effect.controls
        if control in RARER
    ]
    if rarer:
        rarer.append({"text": plain(labels.PAUSE), "value": labels.PAUSE_WORDS})
        elements.append({"type": "overflow", "action_id": whole(f"controls:{at}", IDS, "action_id"), "options": rarer})
    return rows(elements)


def _control(control: Control, at: str) -> Block:
    return button(labels.CONTROLS[control], f"control:{at}:{control.value}")


# Cards and posts.


def _card(form: OfferForm) -> Message:
    questions = len(form.prompts)
    minutes = ceil(questions / QUESTIONS_A_MINUTE)
    length = labels.SIZE.format(
        questions=labels.ONE_QUESTION if questions == 1 else labels.QUESTIONS.format(count=questions),
        minutes=labels.ONE_MINUTE if minutes == 1 else labels.MINUTES.format(count=minutes),
    )
    reads = " ".join(dict.fromkeys(prompt.reads for prompt in form.prompts))
    slips = dict.fromkeys(prompt.slip for prompt in form.prompts)
    at = f"{form.run}:{form.wait}"
    buttons = [
        _button(1, Button(label=labels.OPEN, does=f"open {form.run}"), is_primary=True),
        _control(Control.LATER, at),
        _control(Control.HELP, at),
    ]
    blocks = [
        *rich(form.title, is_bold=True),
        *(block for slip in slips for block in rich(slip)),
        *rich(length),
        *small(reads),
        *rows(buttons),
    ]
    return _message(f"{' '.join(slips)} {_lead(form.title)} {length}", blocks, reads)


def _invitation(post: InviteGroup) -> Message:
    does = {labels.REFLECT: "join", labels.LATER: "later", labels.WHO_READS: "who reads this"}
    if post.is_closed:
        does = {labels.ANSWER_NOW: "join"}
    buttons = [
        _button(number, Button(label=label, does=f"{verb} {post.about}"), is_primary=number == 1)
        for number, (label, verb) in enumerate(does.items(), start=1)
    ]
    blocks = [
        *rich(post.title, is_bold=True),
        *rich(post.text),
        *small(_small_print(post)),
        *rows(buttons, f"post:{post.id}"),
    ]
    return _message(f"{_lead(post.title)} {post.text}", blocks, _small_print(post))


def _small_print(post: InviteGroup) -> str:
    return " ".join(filter(None, (post.small, post.until)))


def _about_post(asked: AskAboutPost) -> Message:
    buttons = [
        _button(1, Button(label=labels.IS_THERE, does=f"post {asked.post} there")),
        _button(2, Button(label=labels.POST_IT, does=f"post {asked.post} again")),
    ]
    return _message(asked.text, [*rich(asked.text), *rows(buttons)])


# Replies.


def _bodies(reply: Reply) -> Iterator[list[Block]]:
    """Write what stands below each heading; of several primary buttons only the first stays one."""
    numbers = count(1)
    pressed = [made.is_primary for item in reply.items for made in item.buttons]
    primary = pressed.index(True) + 1 if any(pressed) else 0
    for item in reply.items:
        numbered = [(next(numbers), made) for made in item.buttons]
        buttons = [_button(number, made, is_primary=number == primary) for number, made in numbered]
        yield [*rich(item.text), *quoted(item.quote), *small(item.small), *rows(buttons)]


def _button(number: int, made: Button, *, is_primary: bool = False) -> Block:
    action = f"url:{number}" if made.url else f"do:{number}"
    return button(made.label, action, made.does, url=made.url, spoken=made.spoken, is_primary=is_primary)


def _in_words(item: Item) -> str:
    return " ".join(filter(None, (item.heading, item.text, item.quote, item.small)))


# What a notification shows.


def _message(text: str, blocks: list[Block], last: str = "") -> Message:
    return Message(_spoken(text, last), page_of(blocks, IN_MESSAGE, "blocks of a message"))


def _lead(title: str) -> str:
    return f"{title}:" if title[-1:].isalnum() else title


def _spoken(text: str, last: str) -> str:
    """Write a message in one breath; `last` is kept where the rest is cut. Slack reads markup here: none is left."""
    end = cut(" ".join(last.split()), SPOKEN // 2)
    text = cut(" ".join(text.split()), SPOKEN - size(end) - 1)
    return f"{text} {end}".strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
