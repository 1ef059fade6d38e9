"""What people wrote that is not kept yet: it did not fit, or could not be saved. Nobody types twice.

It lives in memory alone; after a restart the words still stand in the message that repeated them.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Generic, TypeAlias, TypeVar

from bot.adapters.asking import AskForm
from bot.core.effects import OfferForm, Prompt
from bot.core.events import AnswerEdited, ChoicePressed, ControlPressed, FormSubmitted
from bot.core.people import Identity, PersonId
from bot.core.runs import RunId

MOST = 1_000
"""Drafts of a kind that are held at once."""

Turned: TypeAlias = ChoicePressed | ControlPressed | FormSubmitted | AnswerEdited
Said: TypeAlias = Mapping[str, str | tuple[str, ...]]
Key = TypeVar("Key")
Value = TypeVar("Value")


class Newest(OrderedDict[Key, Value], Generic[Key, Value]):
    """The newest so many of something."""

    def __setitem__(self, key: Key, value: Value) -> None:
        """Put one in, and the oldest out."""
        super().__setitem__(key, value)
        while len(self) > MOST:
            self.popitem(last=False)


class Drafts:
    """Holds them."""

    def __init__(self) -> None:
        self._unsaved: Newest[str, Turned] = Newest()
        self._slips: Newest[tuple[str, str], Said] = Newest()
        self._words: Newest[RunId, str] = Newest()

    # What could not be saved.

    def hold(self, event: Turned) -> None:
        """Hold an event that could not be saved."""
        self._unsaved[event.id] = event

    def holds(self, event: str) -> bool:
        """Say whether an event is held."""
        return event in self._unsaved

    def held(self, event: str, who: Identity | PersonId) -> Turned | None:
        """Find an event of somebody's that could not be saved."""
        found = self._unsaved.get(event)
        return found if found is not None and found.who == who else None

    def kept(self, event: Turned) -> None:
        """Let go of an event that is saved by now."""
        self._unsaved.pop(event.id, None)

    # What did not fit.

    def filled(self, form: OfferForm) -> OfferForm:
        """Put what did not fit into its form again."""
        return replace(form, prompts=self._filled(("", form.run), form.prompts))

    def asked_again(self, user: str, form: AskForm) -> AskForm:
        """Put what did not fit into the fields of somebody's words again."""
        return replace(form, prompts=self._filled((user, form.words), form.prompts))

    def _filled(self, name: tuple[str, str], prompts: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
        slipped = {prompt.key: prompt.said for prompt in prompts if prompt.slip and prompt.said}
        if slipped:
            self._slips[name] = slipped
        before = self._slips.get(name, {})
        return tuple(replace(one, said=one.said or before.get(one.key, "")) for one in prompts)

    def wrote(self, run: RunId, words: str) -> None:
        """Hold words that did not answer the open question of a run; none where they did."""
        self._words.pop(run, None)
        if words:
            self._words[run] = words

    def words(self, run: RunId) -> str:
        """Find the words that did not answer the open question of a run."""
        return self._words.get(run, "")
