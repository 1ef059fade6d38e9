"""A run on the move: the hands of the engine during one turn."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.effects import AnyEffect, AskQuestion, EffectId, OfferForm, SendMessage
from bot.core.events import FormSubmitted, RunEvent, RunReminded, TimerFired
from bot.core.runs import OPEN, Answer, Comment, Memory, Mode, Run, RunStatus, Value
from bot.flows.comments import OTHER_COMMENTS, vagueness_of
from bot.flows.conditions import holds
from bot.flows.depth import DEEPEST, depth_of
from bot.flows.flow import CANT_SAY, NONE, Flow, Leg, Question
from bot.flows.form import applies, is_open, lay_out, path
from bot.flows.phrases import Phrases
from bot.flows.prompting import Prompting
from bot.flows.reading import shown

STEPS_A_TURN = 200
"""More steps than any flow has (60): a walk that is longer goes in circles."""

NOT_WORTH_IT = (NONE, CANT_SAY)
"""Answers that say nothing worth reminding anybody of."""


ABOUT = 120
"""Characters quoted of an answer that a comment is about."""


def shortened(about: str) -> str:
    """Quote no more of an answer than brings it back to mind."""
    return about if len(about) <= ABOUT else about[: ABOUT - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def before_prompt(comment: Comment, phrases: Phrases) -> str:
    """Say a comment that waits to be read."""
    return phrases.comment_before.format(by=comment.by, about=shortened(comment.about), text=comment.text)


class Walk:
    """A run's fields while a turn changes them, and what the turn leaves behind."""

    def __init__(self, flow: Flow, run: Run, event: RunEvent, first_effect: int = 0) -> None:
        self.flow, self.run, self.event = flow, run, event
        self.phrases = flow.phrases
        self.status = run.status
        self.place = run.place if isinstance(event, TimerFired | RunReminded) else event.place
        self.key, self.wait, self.slips = run.key, run.wait, run.slips
        self.is_probed, self.is_nudged, self.is_shown = run.is_probed, run.is_nudged, run.is_shown
        self.put_off_until, self.asked_at = run.put_off_until, run.asked_at
        self.trail, self.again = run.trail, run.again
        self.said = dict(run.said)
        self.prompting = Prompting(flow, run, self.said)
        self.effects: list[AnyEffect] = []
        self.answers: list[Answer] = []
        self.memories: list[Memory] = []
        self._first_effect = first_effect

    @property
    def question(self) -> Question | None:
        """Name the question that waits for an answer."""
        return self.flow.questions.get(self.key) if self.key else None

    def result(self) -> Run:
        """Close the turn."""
        run = self.run
        return Run(
            id=run.id,
            person=run.person,
            group=run.group,
            flow=run.flow,
            version=run.version,
            opening=run.opening,
            place=self.place if run.status is OPEN else run.place,
            started_at=run.started_at,
            asked_at=self.asked_at,
            put_off_until=self.put_off_until,
            status=self.status,
            mode=run.mode,
            key=self.key if self.status is OPEN else None,
            wait=self.wait,
            slips=self.slips,
            is_probed=self.is_probed,
            is_nudged=self.is_nudged,
            is_shown=self.is_shown,
            trail=self.trail,
            again=self.again,
            said=self.said,
        )

    # Saying and asking.

    def tell(self, text: str) -> None:
        """Say something that asks for nothing."""
        run = self.run
        self.effects.append(
            SendMessage(id=self._effect_id(), person=run.person, place=self.place, text=text, run=run.id)
        )

    def tell_comments(self) -> None:
        """Say what was written about earlier answers and waits to be read, before anything is asked."""
        for comment in self.run.opening.comments:
            self.tell(before_prompt(comment, self.phrases))

    def ask(self, slip: str = "") -> None:
        """Show the open question; the same question keeps its wait, so that each copy of it works."""
        question = self.question
        if question is None:
            return
        if self.run.mode is Mode.FORM:
            self.offer_form({question.key: slip} if slip else {})
            return
        run = self.run
        self.asked_at, self.put_off_until = self.event.at, None
        self.effects.append(
            AskQuestion(
                id=self._effect_id(),
                person=run.person,
                place=self.place,
                run=run.id,
                wait=self.wait,
                title=self.flow.title,
                prompt=self.prompting.lone_prompt(question, slip),
                is_first=question.key == self.trail[0],
            )
        )

    def offer_form(self, slips: dict[str, str], given: dict[str, str | tuple[str, ...]] | None = None) -> None:
        """Show all open questions at once; what did not fit comes back with its slip."""
        run = self.run
        self.asked_at, self.put_off_until = self.event.at, None
        layout = lay_out(self.flow, self.said, run.opening, {*slips, *self.again})
        lead = self.prompting.what_this_is
        self.effects.append(
            OfferForm(
                id=self._effect_id(),
                person=run.person,
                place=self.place,
                run=run.id,
                wait=self.wait,
                title=self.flow.title,
                prompts=tuple(
                    replace(
                        self.prompting.prompt(part.question, slips.get(key, ""), (given or {}).get(key)),
                        before=(
                            *(say.fill(self.prompting.word) for say in part.says),
                            *((lead,) if lead and part is layout.parts[0] else ()),
                        ),
                    )
                    for part in layout.parts
                    for key in [part.question.key]
                ),
            )
        )

    # Answering.

    def record(self, question: Question, value: Value) -> None:
        """Keep an answer, or that a question was skipped."""
        run, key = self.run, question.key
        asked = self.prompting.text(question)
        is_edit, closes_at = key in self.said, run.opening.closes_at
        self.said[key] = value
        if self.again:
            self.again = tuple(k for k in self.again if k != key)
        self.slips = 0
        self.answers.append(
            Answer(
                run=run.id,
                key=key,
                person=run.person,
                group=run.group,
                flow=run.flow,
                asked=asked,
                value=value,
                said=shown(question, value, run.opening),
                visibility=question.visibility,
                at=self.event.at,
                is_edit=is_edit,
                is_late=closes_at is not None and self.event.at >= closes_at,
            )
        )
        self._remember(self.flow.leg_of[key])

    def _remember(self, leg: Leg) -> None:
        """Leave a step's answers for later runs, as one sentence."""
        if leg.remembers is None:
            return
        run, said = self.run, self.said
        parts = [shown(q, said.get(q.key), run.opening) for q in leg.questions if said.get(q.key) not in NOT_WORTH_IT]
        text = " \N{EN DASH} ".join(filter(None, parts)).replace(". \N{EN DASH} ", " \N{EN DASH} ")
        if said.get(leg.questions[0].key) is None:
            text = ""  # a cue without its act is no plan
        self.memories.append(
            Memory(person=run.person, group=run.group, name=leg.remembers, text=text, at=run.started_at)
        )

    # Moving.

    def go_on_after(self, question: Question) -> None:
        """Walk to whatever follows a question that was answered or skipped."""
        leg = self.flow.leg_of[question.key]
        if not self.ask_open_in(leg) and not self._probe(leg, question):
            self.go_on(self.leave(leg))

    def go_on(self, leg: Leg | None) -> None:
        """Walk from a step, saying what is to be said, to the next question that waits, or to the end."""
        before = len(self.effects)
        for _ in range(STEPS_A_TURN):
            if leg is None:
                self.status = RunStatus.DONE
                if not self.effects:
                    self.tell(self.phrases.done)
                return
            if not holds(leg.when, self.said, self.run.opening):
                leg = self.flow.after(leg)
                continue
            if leg.say is not None:
                self.tell(leg.say.fill(self.prompting.word))
            elif self.ask_open_in(leg):
                return
            leg = self.leave(leg)
        del self.effects[before:]  # what a circle says, it says over and over
        self.status = RunStatus.BROKEN
        self.tell(self.phrases.broken)

    def go_back(self) -> None:
        """Show the question before this one again, passing over those that have no place any more."""
        place = self.trail.index(self.key) if self.key in self.trail else 0
        on_the_way = {question.key for question in self._on_the_way()}
        before = next((key for key in reversed(self.trail[:place]) if key in on_the_way), None)
        if before is None:
            self.tell(self.phrases.first_question)
        else:
            self.again = (*self.again, before)
            self.stand_at(before)
        self.ask()

    def ask_open_in(self, leg: Leg) -> bool:
        """Ask the first question of a step that has no answer yet, or is to be asked again."""
        for question in leg.questions:
            if is_open(leg, question, self.said, self.again):
                self.stand_at(question.key)
                self.ask()
                return True
        return False

    def ask_what_is_left(self) -> bool:
        """Ask, after a form, what opened by its answers, and the one follow-up that a comment may have."""
        legs = list(path(self.flow, self.said, self.run.opening))
        nudged = next((leg for leg in legs if leg.probe and self._may_probe(leg, leg.questions[0])), None)
        if nudged is not None and nudged.probe is not None:
            self.is_probed = True
            self.again = (*self.again, nudged.probe.key)
        if any(self.ask_open_in(leg) for leg in legs):
            return True
        if nudged is not None and nudged.probe is not None:
            self.stand_at(nudged.probe.key)
            self.ask()
        return nudged is not None

    def leave(self, leg: Leg) -> Leg | None:
        """Find the step after this one; a jump backwards asks what lies there again."""
        target = self.flow.next(leg)
        if target is not None and target.index <= leg.index:
            passed = self.flow.legs[target.index : leg.index + 1]
            keys = (q.key for one in passed for q in one.questions if q.key in self.said)
            self.again = tuple(dict.fromkeys((*self.again, *keys)))
        return target

    def stand_at(self, key: str) -> None:
        """Wait at a question: its buttons are the ones that count from now on."""
        self.key = key
        self.wait += 1
        self.slips = 0
        if key not in self.trail:
            self.trail = (*self.trail, key)

    def _probe(self, leg: Leg, question: Question) -> bool:
        """Ask the one follow-up a run may have, where an answer in one's own words leaves room for it."""
        if leg.probe is None or not self._may_probe(leg, question):
            return False
        self.is_probed = True
        if self.run.mode is Mode.FORM:
            self.again = (*self.again, leg.probe.key)
        self.stand_at(leg.probe.key)
        self.ask()
        return True

    def _may_probe(self, leg: Leg, question: Question) -> bool:
        """Say whether an answer gets its follow-up; on a page of many questions only a comment does."""
        said = self.said.get(question.key)
        if leg.probe is None or question is leg.probe or self.is_probed or not isinstance(said, str):
            return False
        is_on_a_page = self.run.mode is Mode.FORM or isinstance(self.event, FormSubmitted)
        if is_on_a_page and leg.probe.probe_by != "comment":
            return False
        return self.flow.has_depth_cues and self._leaves_room(leg.probe, said)

    def _leaves_room(self, probe: Question, said: str) -> bool:
        if probe.probe_by == "comment":
            return vagueness_of(said, self.run.opening.given.get(OTHER_COMMENTS, "")) is not None
        return 0 < depth_of(said) < DEEPEST

    def _on_the_way(self) -> Iterator[Question]:
        """List the questions that what was said leads to, each follow-up behind its own."""
        for leg in path(self.flow, self.said, self.run.opening):
            probe = [leg.probe] if leg.probe else []
            yield from (q for q in (*leg.questions, *probe) if applies(leg, q, self.said))

    def _effect_id(self) -> EffectId:
        return EffectId(f"{self.event.id}/{self._first_effect + len(self.effects)}")
