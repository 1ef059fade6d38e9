"""Effects as lines of text. Pure."""

from textwrap import fill

from bot.core.effects import AnyEffect, AskQuestion, Input, OfferForm, Prompt, SendMessage
from bot.core.events import Control

WIDTH = 76


def lines_for(effect: AnyEffect) -> list[str]:
    """Write an effect as the lines a terminal shows."""
    match effect:
        case SendMessage():
            return ["", *_wrapped(effect.text)]
        case AskQuestion():
            return ["", *_question(effect.prompt), _controls(effect.controls)]
        case OfferForm():
            return ["", effect.title, *(line for prompt in effect.prompts for line in ("", *_question(prompt)))]


def _question(prompt: Prompt) -> list[str]:
    lines = _wrapped(prompt.slip) if prompt.slip else []
    lines += _wrapped(prompt.text)
    lines += [f"  {number}. {_plain(option.label)}" for number, option in enumerate(prompt.options, start=1)]
    if prompt.input is Input.MANY:
        lines.append("  (more than one: 1, 3)")
    if prompt.hint:
        lines += _wrapped(prompt.hint)
    if prompt.example:
        lines += _wrapped(f"For example: {prompt.example}")
    if prompt.said:
        said = prompt.said if isinstance(prompt.said, str) else ", ".join(prompt.said)
        lines += _wrapped(f"You said: {said}")
    return [*lines, prompt.reads]


def _controls(controls: tuple[Control, ...]) -> str:
    return f"({' · '.join(control.value for control in controls)})"


def _wrapped(text: str) -> list[str]:
    return [fill(_plain(line), WIDTH) for line in text.splitlines() or [""]]


def _plain(text: str) -> str:
    """Show control characters as marks: what somebody wrote must not steer the terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
