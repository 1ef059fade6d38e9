"""What Mull said to whom, written down for a teacher."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from textwrap import wrap

from bot.core.effects import AnyEffect, AskQuestion, Prompt, SendMessage
from bot.core.people import PersonId

WIDTH = 100
INDENT = " " * 5


class Paper:
    """Writes effects down; what several people were told alike is written once, with the first one's name in it.

    Who reads an answer is written where it differs from what the same person was told last.
    """

    def __init__(self) -> None:
        self._reads: dict[PersonId, str] = {}

    def write(self, effects: Sequence[AnyEffect]) -> list[str]:
        """Write down what one event made Mull say."""
        said: dict[PersonId, list[str]] = defaultdict(list)
        for effect in effects:
            said[effect.person] += self._lines(effect)
        alike: dict[tuple[str, ...], list[PersonId]] = defaultdict(list)
        for person, lines in said.items():
            alike[tuple(line.replace(person.capitalize(), "<name>") for line in lines)].append(person)
        written: list[str] = []
        for people in alike.values():
            first, *more = said[people[0]]
            written += [f"to {', '.join(people)}> {first.removeprefix('+ ')}"]
            written += [f"  +  {line[2:]}" if line.startswith("+ ") else INDENT + line for line in more]
        return [part for line in written for part in _wrapped(line)]

    def _lines(self, effect: AnyEffect) -> list[str]:
        if isinstance(effect, SendMessage):
            return [f"+ {effect.text}"]
        assert isinstance(effect, AskQuestion), "programs are talked through one question at a time"
        return [*self._question(effect.person, effect.prompt)]

    def _question(self, person: PersonId, prompt: Prompt) -> Iterator[str]:
        if prompt.slip:
            yield f"+ {prompt.slip}"
        yield f"+ {prompt.text}"
        if prompt.options:
            yield f"[{' | '.join(option.label for option in prompt.options)}]"
        for more in (prompt.hint, prompt.example and f"For example: {prompt.example}"):
            if more:
                yield more
        if prompt.reads != self._reads.get(person):
            yield prompt.reads
            self._reads[person] = prompt.reads


def _wrapped(line: str) -> list[str]:
    return wrap(line, WIDTH, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False)
