"""Forms as Discord modals: five components at most, so that a longer form comes in parts. Pure.

A question takes one of them for its field, one more for its own words beside a menu, and one for what neither its
label nor its description can hold (https://docs.discord.com/developers/components/reference#label).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import discord
from discord import ui

from bot.adapters import labels
from bot.adapters.asking import AskForm, EditForm
from bot.adapters.discord import ids, words
from bot.adapters.discord.markup import apart, one_line, pages, plain, quoted, small
from bot.adapters.discord.pressing import OPTION_LABEL, label_of, name_of, values_of
from bot.adapters.discord.questions import asked, numbered_lines, offered, takes_numbers
from bot.adapters.fitting import cut, size
from bot.core.effects import Input, OfferForm, Option, Prompt
from bot.core.runs import RunId

COMPONENTS = 5
LABEL = TITLE = 45
DESCRIPTION = PLACEHOLDER = 100
FIELD = 4_000
TEXTS = 4_000
"""Characters of all texts between the fields of one modal."""
GOES_ON = "\n\N{HORIZONTAL ELLIPSIS}"

RADIOS = range(2, 11)
TICKS = range(1, 11)

Field: TypeAlias = "ui.TextInput[ui.Modal] | ui.RadioGroup[ui.Modal] | ui.CheckboxGroup[ui.Modal] | ui.Select[ui.Modal]"


@dataclass(frozen=True, slots=True)
class Part:
    """One question in a modal: the lines of text above it, and its fields with their labels."""

    lines: list[str]
    fields: tuple["ui.Label[ui.Modal]", ...]

    @property
    def count(self) -> int:
        """Count the components that it takes."""
        return bool(self.lines) + len(self.fields)

    @property
    def size(self) -> int:
        """Count the characters of its text."""
        return size("\n".join(self.lines))


def form_modal(form: OfferForm, intro: Sequence[str] = ()) -> ui.Modal:
    """Write the first questions of a form, as many as a modal holds; `intro` is said before them."""
    return _modal(ids.form(form.run), form.title, _first_parts(form, intro))


def fits(form: OfferForm) -> bool:
    """Say whether each question of a form can be a field with all its words; otherwise it is asked in a message."""
    parts = list(_parts(form.prompts))
    return all(part.fields and part.count <= COMPONENTS and part.size <= TEXTS for part in parts)


def edit_modal(form: EditForm) -> ui.Modal:
    """Write one question with what was said to it."""
    (part,) = _parts([form.prompt])
    if part.fields and (_unkept(form.prompt) or (len(part.fields) == 1 and not _holds(form.prompt))):
        # The field begins empty: sent like that, it would take back what was said.
        _require(part.fields[-1].component)
    return _modal(ids.edit(form.run, form.prompt.key), form.title, [part])


def ask_modal(form: AskForm) -> ui.Modal:
    """Write the fields that belong to words.

    Raises ValueError where they are too many.
    """
    return _modal(ids.ask(form.words), form.title, list(_parts(form.prompts)))


def write_modal(
    run: RunId, wait: int, shown: str = "", is_long: bool = True, *, said: str = "", is_many: bool = False
) -> ui.Modal:
    """Write one field for an answer in words.

    `shown` is the message whose button was pressed, as it was sent: the modal covers it, so that its question stands
    above the field. The field begins with what was `said` before; `is_many` asks for several numbers.
    """
    style = discord.TextStyle.paragraph if is_long else discord.TextStyle.short
    placeholder = words.NUMBERS if is_many else labels.A_FEW_WORDS
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=ids.TEXT,
        style=style,
        placeholder=placeholder,
        default=said if size(said) <= FIELD else None,
        max_length=FIELD,
    )
    part = Part(_question_in(shown), (ui.Label(text=words.YOUR_ANSWER, component=field),))
    return _modal(ids.write(run, wait, is_many=is_many), words.YOUR_ANSWER, [part])


def _question_in(content: str) -> list[str]:
    """Find the question in a message: the last bold lines; where none is bold, all that is not small."""
    lines = content.splitlines()
    is_bold = [line.startswith("**") and line.endswith("**") for line in lines]
    if True in is_bold:
        last = len(lines) - is_bold[::-1].index(True)
        first = last
        while first and is_bold[first - 1]:
            first -= 1
        return lines[first:last]
    return [line for line in lines if line.strip() and not line.startswith("-# ")]


# Parts.


def _first_parts(form: OfferForm, intro: Sequence[str]) -> list[Part]:
    taken: list[Part] = []
    for part in _parts(form.prompts, intro):
        is_full = sum(one.count for one in (*taken, part)) > COMPONENTS
        if taken and (is_full or sum(one.size for one in (*taken, part)) > TEXTS):
            break
        taken.append(part)
    return taken


def _parts(prompts: Sequence[Prompt], intro: Sequence[str] = ()) -> Iterator[Part]:
    """Write questions one by one; who reads is said where it changes."""
    above, reads = apart(*map(plain, intro)), ""
    for prompt in prompts:
        yield _part(prompt, above, "" if prompt.reads == reads else prompt.reads)
        above, reads = [], prompt.reads


def _part(prompt: Prompt, above: list[str], reads: str) -> Part:
    """Write a question with its words in its label and description, or above them where they are too many."""
    is_label = size(prompt.text) <= LABEL and "\n" not in prompt.text.strip()
    wanted = [prompt.slip, "" if is_label else prompt.text, reads]
    must = one_line(" ".join(text.strip() for text in wanted if text.strip())) if any(wanted) else ""
    is_short = size(must) <= DESCRIPTION and not any("\n" in text.strip() for text in wanted) and _has_field(prompt)
    question = [] if is_label and _has_field(prompt) else asked(prompt.text)
    lines = apart(
        above,
        *map(plain, prompt.before),
        [] if is_short else [*plain(prompt.slip), *question, *small(*_hints(prompt), reads)],
        numbered_lines(_cut(prompt)),
        [*plain(labels.YOU_SAID), *quoted(_unkept(prompt))] if _unkept(prompt) else [],
    )
    description = _with_room(must, prompt.hint) if is_short else ""
    placeholder = _placeholder(prompt, set() if is_short else {prompt.hint, prompt.example}, description)
    return Part(lines, tuple(_labels(prompt, prompt.text if is_label else prompt.label, description, placeholder)))


def _with_room(text: str, more: str) -> str:
    longer = f"{text} {one_line(more)}".strip() if more.strip() else text
    return longer if size(longer) <= DESCRIPTION else text


def _placeholder(prompt: Prompt, above: Collection[str], description: str) -> str:
    """Find what a field shows while it is empty: what helps most, fits, and stands nowhere else yet."""
    if offered(prompt):
        return words.NUMBERS if prompt.input is Input.MANY else words.A_NUMBER
    if prompt.input is Input.DATE:
        return words.A_DAY
    example = one_line(labels.EXAMPLE.format(example=prompt.example))
    if prompt.example.strip() and prompt.example not in above and size(example) <= PLACEHOLDER:
        return example
    hint = one_line(prompt.hint)
    is_new = prompt.hint.strip() and prompt.hint not in above and hint not in description
    return hint if is_new and size(hint) <= PLACEHOLDER else labels.A_FEW_WORDS


def _hints(prompt: Prompt) -> list[str]:
    example = labels.EXAMPLE.format(example=prompt.example) if prompt.example.strip() else ""
    return [line for line in (prompt.hint, example) if line.strip()]


def _labels(prompt: Prompt, label: str, description: str, placeholder: str) -> Iterator["ui.Label[ui.Modal]"]:
    if not _has_field(prompt):
        return
    yield _label(label, _field(prompt, placeholder), description)
    if _has_own(prompt):
        own = _text_field(f"{prompt.key}{ids.OWN}", prompt, labels.A_FEW_WORDS)
        yield _label(labels.IN_OWN_WORDS, own)


def _label(text: str, field: Field, description: str = "") -> "ui.Label[ui.Modal]":
    return ui.Label(text=cut(one_line(text), LABEL), description=description or None, component=field)


def _modal(name: str, title: str, parts: Sequence[Part]) -> ui.Modal:
    components = sum(part.count for part in parts)
    if not 1 <= components <= COMPONENTS:
        raise ValueError(f"components of a modal: 1 to {COMPONENTS}, not {components}")
    modal = ui.Modal(title=cut(one_line(title), TITLE), custom_id=name, timeout=None)
    if sum(part.size for part in parts[1:]) + min(parts[0].size, TEXTS) > TEXTS:
        raise ValueError(f"texts of a modal: at most {TEXTS:,} characters")
    for part in parts:
        if part.lines:
            modal.add_item(ui.TextDisplay(_begun(part.lines)))
        for label in part.fields:
            modal.add_item(label)
    return modal


def _begun(lines: list[str]) -> str:
    """Write lines as one text; what is too long shows that it goes on."""
    first, *more = pages(lines, TEXTS - len(GOES_ON))
    return f"{first}{GOES_ON}" if more else first


# Fields.


def _has_field(prompt: Prompt) -> bool:
    """Say whether there is anything to pick, or words are taken."""
    return prompt.takes_text or prompt.input in (Input.TEXT, Input.DATE) or bool(prompt.options)


def _is_menu(prompt: Prompt) -> bool:
    return bool(offered(prompt)) and not takes_numbers(prompt, 1)


def _has_own(prompt: Prompt) -> bool:
    return _is_menu(prompt) and prompt.takes_text


def _cut(prompt: Prompt) -> list[tuple[int, Option]]:
    """Find the options that a field has to cut, or cannot hold."""
    return [
        (number, option)
        for number, option in offered(prompt)
        if takes_numbers(prompt, 1) or size(name_of(option)) > OPTION_LABEL
    ]


def _said(prompt: Prompt) -> tuple[str, ...]:
    said = (prompt.said,) if isinstance(prompt.said, str) else prompt.said
    return tuple(value for value in said if value.strip())


def _own_words(prompt: Prompt) -> str:
    """Find what was said before and is none of the options."""
    known = {option.value for option in prompt.options}
    return ", ".join(value for value in _said(prompt) if value not in known)


def _kept_in_text(prompt: Prompt) -> str:
    """Write what was said before for a field of text."""
    if _has_own(prompt):
        return _own_words(prompt)
    names = {option.value: _typeable(number, option, prompt) for number, option in offered(prompt)}
    return ", ".join(names.get(value, value) for value in _said(prompt))


def _typeable(number: int, option: Option, prompt: Prompt) -> str:
    """Write an option as it is understood when typed: by its words where no other has them."""
    alike = sum(name_of(other) == name_of(option) for other in prompt.options)
    return str(number) if alike > 1 or "," in name_of(option) else name_of(option)


def _unkept(prompt: Prompt) -> str:
    """Find what was said before and no field can hold."""
    if _is_menu(prompt) and not prompt.takes_text:
        return _own_words(prompt)
    said = _kept_in_text(prompt)
    return said if size(said) > FIELD else ""


def _holds(prompt: Prompt) -> bool:
    return bool(_said(prompt)) and not _unkept(prompt)


def _field(prompt: Prompt, placeholder: str) -> Field:
    """Make the field of a question."""
    if not _is_menu(prompt):
        return _text_field(prompt.key, prompt, placeholder)
    numbered = offered(prompt)
    said = _said(prompt)
    choices = [
        (label_of(name_of(option)), value, option.value in said)
        for (_, option), value in zip(numbered, values_of(numbered), strict=True)
    ]
    if prompt.input is Input.MANY:
        return _ticks(prompt.key, choices)
    return _radios(prompt.key, choices)


def _text_field(name: str, prompt: Prompt, placeholder: str) -> "ui.TextInput[ui.Modal]":
    said = _kept_in_text(prompt)
    is_long = prompt.lines > 1 or "\n" in said
    return ui.TextInput(
        custom_id=ids.whole(name, ids.CUSTOM_ID, "custom_id"),
        style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
        placeholder=placeholder,
        default=said if 0 < size(said) <= FIELD else None,
        max_length=FIELD,
        required=False,
    )


def _radios(key: str, choices: Sequence[tuple[str, str, bool]]) -> Field:
    name = ids.whole(key, ids.CUSTOM_ID, "custom_id")
    first = next((value for _, value, is_said in choices if is_said), None)
    chosen = [(label, value, value == first) for label, value, _ in choices]
    if len(chosen) not in RADIOS:
        return _select(name, labels.CHOOSE, chosen, 1)
    options = [discord.RadioGroupOption(label=label, value=value, default=is_on) for label, value, is_on in chosen]
    return ui.RadioGroup(custom_id=name, options=options, required=False)


def _ticks(key: str, choices: Sequence[tuple[str, str, bool]]) -> Field:
    if len(choices) not in TICKS:
        name = ids.whole(f"{key}{ids.MANY}", ids.CUSTOM_ID, "custom_id")
        return _select(name, labels.CHOOSE_MANY, choices, len(choices))
    name = ids.whole(key, ids.CUSTOM_ID, "custom_id")
    options = [discord.CheckboxGroupOption(label=label, value=value, default=is_on) for label, value, is_on in choices]
    return ui.CheckboxGroup(custom_id=name, options=options, required=False, min_values=0, max_values=len(options))


def _select(name: str, placeholder: str, choices: Sequence[tuple[str, str, bool]], most: int) -> Field:
    options = [discord.SelectOption(label=label, value=value, default=is_on) for label, value, is_on in choices]
    return ui.Select(
        custom_id=name, placeholder=placeholder, options=options, required=False, min_values=0, max_values=most
    )


def _require(field: object) -> None:
    if isinstance(field, ui.CheckboxGroup | ui.Select):
        field.min_values = 1
    if isinstance(field, ui.TextInput | ui.RadioGroup | ui.CheckboxGroup | ui.Select):
        field.required = True
