"""Effects as lines of text. Pure."""

from textwrap import fill

from bot.adapters.notices import in_words
from bot.core.effects import (
    AnyEffect,
    AskAboutPost,
    AskQuestion,
    CallAdult,
    CallGroup,
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

WIDTH = 76


def lines_for(effect: AnyEffect) -> list[str]:
    """Write an effect as the lines a terminal shows."""
    match effect:
        case SendMessage():
            return ["", *wrapped(effect.text)]
        case AskQuestion():
            return ["", *_question(effect.prompt), _controls(effect.controls)]
        case OfferForm():
            return ["", effect.title, *(line for prompt in effect.prompts for line in ("", *_question(prompt)))]
        case AskAboutPost():
            return ["", *wrapped(effect.text)]
        case ShowComment() | CallAdult():
            return ["", *(line for part in in_words(effect).splitlines() for line in wrapped(part))]
        case SettleQuestion() | InviteGroup() | CallGroup():
            return []


def _question(prompt: Prompt) -> list[str]:
    lines = wrapped(prompt.slip) if prompt.slip else []
    lines += wrapped(prompt.text)
    lines += [_option(number, option) for number, option in enumerate(prompt.options, start=1)]
    if prompt.input is Input.MANY:
        lines.append("  (more than one: 1, 3)")
    if prompt.hint:
        lines += wrapped(prompt.hint)
    if prompt.example:
        lines += wrapped(f"For example: {prompt.example}")
    if prompt.said:
        said = prompt.said if isinstance(prompt.said, str) else ", ".join(prompt.said)
        lines += wrapped(f"You said: {said}")
    return [*lines, *wrapped(prompt.reads)]


def _option(number: int, option: Option) -> str:
    return fill(_plain(option.label), WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     ")


def _controls(controls: tuple[Control, ...]) -> str:
    return f"({' · '.join(control.value for control in controls)})"


def wrapped(text: str) -> list[str]:
    """Break a text into lines that fit."""
    return [fill(_plain(line), WIDTH) for line in text.splitlines() or [""]]


def _plain(text: str) -> str:
    """Show control characters as marks: what somebody wrote must not steer the terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
