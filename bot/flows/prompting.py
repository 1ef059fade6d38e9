"""How a question is written out for one person: placeholders filled, who reads it, what they said before."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.effects import Prompt
from bot.core.events import Raw
from bot.core.runs import Run, Value, Visibility
from bot.core.words import keepable
from bot.flows.comments import OTHER_COMMENTS, Vague, vagueness_of
from bot.flows.depth import depth_of
from bot.flows.flow import Flow, Question
from bot.flows.reading import TEXT_LIMIT, options_for, shown

QUOTE = 160
"""Characters of an earlier answer that a prompt quotes, so that the question stays in sight on a phone."""


class Prompting:
    """Writes out the questions of one run; `said` is the run's own, as it grows."""

    def __init__(self, flow: Flow, run: Run, said: Mapping[str, Value]) -> None:
        self._flow, self._opening, self._said = flow, run.opening, said

    @property
    def facilitator(self) -> str:
        """Name who asks and reads."""
        flow = self._flow
        return (
            self._opening.words.get("facilitator") or flow.fallbacks.get("facilitator") or flow.phrases.your_facilitator
        )

    def word(self, name: str) -> str:
        """Find what fills a placeholder: something said, remembered or given, or a word of the opening."""
        scope, _, rest = name.partition(".")
        if scope == "said" and rest:
            question = self._flow.questions.get(rest)
            return _quote(shown(question, self._said.get(rest), self._opening)) if question else ""
        if scope == "remembered" and rest:
            return _quote(self._opening.remembered.get(rest, ""))
        if scope == "given" and rest:
            return self._opening.given.get(rest, "")
        if name == "facilitator":
            return self.facilitator
        return self._opening.words.get(name) or self._flow.fallbacks.get(name, "")

    @property
    def what_this_is(self) -> str:
        """Say what Mull is not, to somebody who has never answered anything; empty for anybody else."""
        return self._flow.phrases.what_this_is if self._opening.is_newcomer and not self._said else ""

    def lone_prompt(self, question: Question, slip: str = "") -> Prompt:
        """Write one question out that stands alone: a newcomer's first one says what this is."""
        prompt, more = self.prompt(question, slip), self.what_this_is
        return replace(prompt, hint=f"{prompt.hint} {more}".strip()) if more else prompt

    def text(self, question: Question) -> str:
        """Write the question itself; a follow-up is picked by how far the answer before it went."""
        if not question.probe_by:
            return question.ask.fill(self.word)
        phrases, said = self._flow.phrases, self._said.get(question.step)
        text = said if isinstance(said, str) else ""
        if question.probe_by == "comment":
            return phrases.nudges[vagueness_of(text, self._opening.given.get(OTHER_COMMENTS, "")) or Vague.PRAISE]
        probes = phrases.probes_adult if self._flow.is_for_adults else phrases.probes
        return probes.get(depth_of(text), probes[1])

    def reads(self, question: Question) -> str:
        """Say who will read the answer, in six words or fewer, and whether a name stands beside it."""
        phrases = self._flow.phrases
        if question.visibility is Visibility.PRIVATE:
            return phrases.reads_private
        if question.visibility is Visibility.GROUP:
            return phrases.reads_group
        if self._flow.reads is None:
            return phrases.reads_facilitators.format(facilitator=self.facilitator)
        naming = phrases.naming.get(self._opening.given.get("naming", ""), "")
        return f"{self._flow.reads.fill(self.word)} {naming.format(facilitator=self.facilitator)}".strip()

    def prompt(self, question: Question, slip: str = "", given: Raw | None = None) -> Prompt:
        """Write one question out; `given` is what did not fit, so that nobody types it twice."""
        said = self._said.get(question.key)
        text = self.text(question)
        options = options_for(question, self._opening)
        if question.picks_people and not options:
            slip = self._flow.phrases.slip_nobody
        return Prompt(
            key=question.key,
            text=text,
            label=question.label or text,
            input=question.input,
            reads=self.reads(question),
            options=options,
            hint=question.hint,
            example=question.example.fill(self.word),
            lines=question.lines,
            takes_text=question.takes_text,
            said=(said if isinstance(said, str) else tuple(said or ())) if given is None else _keepable(given),
            slip=slip,
        )


def _quote(text: str) -> str:
    """Keep a quoted answer short enough to read at a glance."""
    if len(text) <= QUOTE:
        return text
    return text[:QUOTE].rsplit(" ", 1)[0] + " \N{HORIZONTAL ELLIPSIS}"


def _keepable(raw: Raw) -> str | tuple[str, ...]:
    """Give back what did not fit, as far as any page or database can hold it."""
    if not isinstance(raw, str):
        return tuple(_clean(part) for part in raw)
    return _clean(raw)


def _clean(text: str) -> str:
    return keepable(text)[:TEXT_LIMIT]
