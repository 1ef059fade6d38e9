"""One question as Discord shows it: its words, its answers, and what can be said instead. Pure."""

from collections.abc import Iterator, Sequence

from discord import ui

from bot.adapters import labels
from bot.adapters.asking import STOPS_MESSAGES
from bot.adapters.discord import ids, words
from bot.adapters.discord.markup import apart, bold, is_visible, plain, quoted, small
from bot.adapters.discord.pressing import (
    IN_ROW,
    LABEL,
    MENU,
    OPTION_LABEL,
    Choice,
    Piece,
    Row,
    batches,
    button,
    label_of,
    menu,
    name_of,
    values_of,
)
from bot.adapters.fitting import cut, size
from bot.core.effects import AskQuestion, Input, OfferForm, Option, Prompt
from bot.core.events import Control

MOST_BUTTONS = 5
"""Options that stand as buttons; "Can't say" beside them is a way out, not a sixth."""

MENUS = 3
"""Menus of options below one question; the rows left are for buttons and the rarer controls."""

SHORT = 120
"""Characters of an answer that stand on the line that says whose they are."""

RARER = (Control.LATER, Control.TOMORROW, Control.STOP, Control.HELP)


def said_in_words(prompt: Prompt) -> str:
    """Write what was said to a question before as its options have it."""
    names = {option.value: name_of(option) for option in prompt.options}
    said = (prompt.said,) if isinstance(prompt.said, str) else prompt.said
    return ", ".join(names.get(value, value) for value in said)


def said_lines(whose: str, said: str) -> list[str]:
    """Repeat what somebody said, after whose words they are: on one line where they are few."""
    said = said.strip()
    if size(said) <= SHORT and len(said.splitlines()) == 1 and is_visible(said):
        return plain(f"{whose} {said}")
    return [*plain(whose), *quoted(said)]


def question_lines(effect: AskQuestion, *, in_dm: bool) -> list[str]:
    """Write a question with all that helps to answer it; `in_dm` says that one may also write below it."""
    prompt = effect.prompt
    title = small(effect.title) if effect.is_first and not prompt.slip else []
    said = said_in_words(prompt)
    return [
        *apart(plain(prompt.slip), *map(plain, prompt.before), [*title, *asked(prompt.text)]),
        *_listed(prompt),
        *(said_lines(labels.YOU_SAID, said) if said.strip() else []),
        *small(*_aids(prompt, in_dm=in_dm), prompt.reads),
    ]


def asked(text: str) -> list[str]:
    """Write what is asked so that it stands out: of several lines the last."""
    before, _, last = text.strip().rpartition("\n")
    return [*plain(before), *bold(last)]


def _aids(prompt: Prompt, *, in_dm: bool) -> Iterator[str]:
    yield prompt.hint
    if prompt.example.strip():
        yield labels.EXAMPLE.format(example=prompt.example)
    if prompt.input is Input.DATE:
        yield words.WRITE_DAY_HERE if in_dm else words.SUCH_AS_DAY
    elif in_dm and _write_label(prompt):
        yield words.WRITE_HERE


def offered(prompt: Prompt) -> list[tuple[int, Option]]:
    """List what can be chosen, each with its number as one may type it; one's own words have a button or a field."""
    if prompt.input not in (Input.ONE, Input.MANY):
        return []
    numbered = enumerate(prompt.options, start=1)
    return [(n, option) for n, option in numbered if not (prompt.takes_text and option.value == labels.OWN)]


def takes_numbers(prompt: Prompt, menus: int) -> bool:
    """Say whether so many menus cannot hold what is offered, so that numbers are written; of several one holds all."""
    return len(offered(prompt)) > MENU * (1 if prompt.input is Input.MANY else menus)


def _listed(prompt: Prompt) -> list[str]:
    """Show in words, with their numbers, the options that buttons or menus have to cut, or cannot hold."""
    numbered = offered(prompt)
    most = LABEL if _are_buttons(prompt) else OPTION_LABEL
    if takes_numbers(prompt, MENUS) or (_are_buttons(prompt) and _is_long(numbered)):
        return numbered_lines([*enumerate(prompt.options, start=1)])
    return numbered_lines([(n, option) for n, option in numbered if size(name_of(option)) > most])


def numbered_lines(numbered: Sequence[tuple[int, Option]]) -> list[str]:
    """List options below each other, each with its number."""
    return [line for n, option in numbered for line in plain(words.NUMBERED.format(number=n, name=name_of(option)))]


def _are_buttons(prompt: Prompt) -> bool:
    ordinary = sum(option.value != labels.CANT_SAY for _, option in offered(prompt))
    return prompt.input is Input.ONE and ordinary <= MOST_BUTTONS


def _is_long(numbered: Sequence[tuple[int, Option]]) -> bool:
    return any(size(name_of(option)) > LABEL for _, option in numbered)


def answer_rows(effect: AskQuestion, *, in_dm: bool = False) -> list[Row]:
    """Lay out what can be chosen, the way to answer in words, and what can be said instead."""
    prompt = effect.prompt
    menus = [] if _are_buttons(prompt) or takes_numbers(prompt, MENUS) else _menus(effect)
    pressed = _option_buttons(effect) if _are_buttons(prompt) else _write_button(effect)
    others = [control_button(effect, control) for control in effect.controls if control not in RARER]
    is_one_kind = len(pressed) <= 1 or len(pressed) > IN_ROW
    rows = [*batches([*pressed, *others], IN_ROW)] if is_one_kind else [pressed, others]
    return [*([one] for one in menus), *filter(None, rows), *_rarer(effect, in_dm=in_dm)]


def _option_buttons(effect: AskQuestion) -> list[Piece]:
    """Put options on buttons; where one has too many words, all are listed above, and buttons carry their first."""
    numbered = offered(effect.prompt)
    is_long = _is_long(numbered)
    buttons = {
        number: button(
            words.NUMBERED.format(number=number, name=name_of(option)) if is_long else name_of(option),
            ids.answer(effect.run, effect.wait, number, option),
        )
        for number, option in numbered
    }
    own = next((n for n, option in enumerate(effect.prompt.options, start=1) if n not in buttons), None)
    for write in _write_button(effect):
        write.label = words.NUMBERED.format(number=own, name=write.label) if is_long and own else write.label
        buttons[own or len(buttons) + 1] = write
    return [buttons[number] for number in sorted(buttons)]


def _menus(effect: AskQuestion) -> list[Piece]:
    prompt = effect.prompt
    numbered = offered(prompt)
    is_many = prompt.input is Input.MANY
    choices = [(name_of(option), value) for (_, option), value in zip(numbered, values_of(numbered), strict=True)]
    groups = list(batches(choices, MENU))
    return [
        menu(
            ids.pick(effect.run, effect.wait, number),
            _span(group) if len(groups) > 1 else labels.CHOOSE_MANY if is_many else labels.CHOOSE,
            group,
            len(group) if is_many else 1,
        )
        for number, group in enumerate(groups, start=1)
    ]


def _span(group: Sequence[Choice]) -> str:
    return labels.SPAN.format(first=cut(label_of(group[0][0]), 70), last=cut(label_of(group[-1][0]), 70))


def _write_label(prompt: Prompt) -> str:
    """Find what the button for an answer in words says; nothing where none is taken."""
    if takes_numbers(prompt, MENUS):
        return words.WRITE_NUMBERS if prompt.input is Input.MANY else words.WRITE_NUMBER
    if prompt.input is Input.DATE:
        return words.WRITE_THE_DAY
    if offered(prompt):
        return labels.IN_OWN_WORDS if prompt.takes_text else ""
    return words.WRITE if prompt.input is Input.TEXT or prompt.takes_text else ""


def _write_button(effect: AskQuestion) -> list["ui.Button[ui.View]"]:
    prompt, label = effect.prompt, _write_label(effect.prompt)
    is_many = prompt.input is Input.MANY and takes_numbers(prompt, MENUS)
    is_only = not offered(prompt) or takes_numbers(prompt, MENUS)
    name = ids.write(effect.run, effect.wait, is_many=is_many)
    return [button(label, name, is_primary=is_only)] if label else []


def _rarer(effect: AskQuestion, *, in_dm: bool) -> list[Row]:
    choices = [(labels.CONTROLS[control], control.value) for control in effect.controls if control in RARER]
    choices.append((labels.PAUSE, labels.PAUSE_WORDS))
    if in_dm:
        choices.append((words.NO_MESSAGES, STOPS_MESSAGES))
    return [[menu(ids.controls(effect.run, effect.wait), words.SOMETHING_ELSE, choices)]]


def control_button(effect: AskQuestion | OfferForm, control: Control) -> Piece:
    """Make the button of a control."""
    return button(labels.CONTROLS[control], ids.control(effect.run, effect.wait, control))
