"""Transcripts: a conversation as a teacher would read it, played through the engine.

A file begins with a header and a blank line:

    flow: weekly-check-in              a flow that comes with Mull, or a file in tests/transcripts/_documents
    first_name: Ben                    words of the group: first_name, facilitator, group, task, reply_day
    remembered plan: Draw it first     what an earlier run left
    peers: Cy, Dee                     who else is in the group
    now: 2026-11-20 10:00              local time in `zone`; also: lang, mode: form, begun by: Ben

Then everything that happens, a line each. `#` begins a remark.

    ben> At the scale.                 typed text; <NUL>, <new line>, <half an emoji>, <9 times x> stand for odd signs
    ben> [A little]                    a button of the newest question; [A | B] ticks several boxes
    ben> [old: A little]               the same button on an earlier question
    ben> {way: Ask somebody; part: …}  a form, also over several lines; A + B ticks several boxes
    ben> edit way: Ask somebody        an answer changed afterwards
    @ +24h                             time passes (m, h, d), or a moment: @ 2026-11-22 09:00
    == also sent: staff-check-in       one more flow is sent; == asks for: … (as a form) is Ben's own wish

The lines `bot>`, the lines below them, and `--` are what Mull did; `pytest --update-transcripts` writes them anew.
Who reads an answer, and the controls, are written where they differ from the question before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from textwrap import wrap
from zoneinfo import ZoneInfo

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
from bot.core.events import (
    AnswerEdited,
    ChoicePressed,
    Control,
    ControlPressed,
    EventId,
    FormSubmitted,
    Raw,
    RunEvent,
    RunRequested,
    TextReceived,
    TimerFired,
)
from bot.core.people import GroupId, PersonId, Place
from bot.core.runs import Mode, Opening, Run, RunStatus, Visibility
from bot.flows.document import Document
from bot.flows.library import flows, read
from bot.flows.phrases import ENGLISH
from tests.flows.world import Shelf, World

FOLDER = Path(__file__).parent.parent / "transcripts"
WORDS = ("first_name", "facilitator", "group", "task", "reply_day")
SETTINGS = ("flow", "who", "zone", "lang", "now", "mode", "peers", "begun by")
GROUP = GroupId("class-7b")
WIDTH = 100
INDENT = " " * 5
SPANS = {"m": "minutes", "h": "hours", "d": "days"}
SIGNS = {"<NUL>": "\x00", "<new line>": "\n", "<half an emoji>": "\ud83d", "<right to left>": "\u202e"}
TIMES = re.compile(r"<(\d[\d,]*) times (.+?)>")
MANY_TIMES = re.compile(r"(.)\1{49,}", re.DOTALL)
IS_NOW = {
    RunStatus.OPEN: "is open",
    RunStatus.DONE: "is done",
    RunStatus.STOPPED: "was stopped",
    RunStatus.BROKEN: "is broken",
}
MARKS = {Visibility.PRIVATE: " [private]", Visibility.GROUP: " [group]", Visibility.FACILITATORS: ""}


@dataclass
class Transcript:
    """A file taken apart: its header, and what happens, each with the remarks above it."""

    head: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    scenes: list[list[str]] = field(default_factory=list)
    remarks: list[list[str]] = field(default_factory=list)


def play(source: str) -> str:
    """Play a transcript; answer it as it now runs."""
    transcript = parse(source)
    stage = Stage(transcript.settings)
    written = [*transcript.head, "", *stage.begin()]
    for scene, remarks in zip(transcript.scenes, transcript.remarks[:-1], strict=True):
        written += ["", *remarks, *scene, *stage.play("\n".join(scene))]
    written += ["", *stage.kept(), *transcript.remarks[-1]]
    return "\n".join(written) + "\n"


def parse(source: str) -> Transcript:
    """Take a file apart, leaving out what Mull said."""
    head, _, body = source.partition("\n\n")
    found = Transcript(head.splitlines(), remarks=[[]])
    for line in found.head:
        if not line.startswith("#"):
            name, _, value = line.partition(": ")
            found.settings[name] = value.strip()
    who = found.settings.get("who", "ben")
    lines = iter(body.splitlines())
    for line in lines:
        if line.startswith("#"):
            found.remarks[-1].append(line)
        elif line.startswith((f"{who}> ", "@ ", "== ")):
            found.scenes.append([line, *_rest_of_form(line, lines)])
            found.remarks.append([])
        else:
            assert not line or line.startswith(("bot> ", INDENT[:3], "-- ")), f"what is this? {line}"
    return found


def _rest_of_form(line: str, lines: Iterator[str]) -> Iterator[str]:
    if line.endswith("> {"):
        for more in lines:
            yield more
            if more == "}":
                return


@cache
def documents() -> tuple[Document, ...]:
    """Read the flows that come with Mull, and those made for transcripts."""
    made = sorted((FOLDER / "_documents").glob("*.yaml"))
    return (*flows().values(), *(read(file.read_text("utf-8"), file.name) for file in made))


class Stage:
    """Where one transcript is played."""

    def __init__(self, settings: dict[str, str]) -> None:
        unknown = [name for name in settings if name not in (*SETTINGS, *WORDS) and not name.startswith("remembered ")]
        assert not unknown, f"unknown in the header: {unknown}"
        self.settings = settings
        self.who = settings.get("who", "ben")
        self.place = Place(f"browser:{self.who}")
        self.zone = ZoneInfo(settings.get("zone", "UTC"))
        self.now = self._moment(settings.get("now", "2026-11-20 10:00"))
        opening = Opening(
            lang=settings.get("lang", "en"),
            zone=self.zone.key,
            words={word: settings[word] for word in WORDS if word in settings},
            remembered={n.removeprefix("remembered "): t for n, t in settings.items() if n.startswith("remembered ")},
            peers={name.lower(): name for name in filter(None, settings.get("peers", "").split(", "))},
        )
        self.world = World(PersonId(self.who), Shelf(documents()), opening)
        self.asked: list[AskQuestion] = []
        self.forms: list[OfferForm] = []
        self.newest: AskQuestion | OfferForm | None = None
        self.events = 0
        self.reads = ""
        self.controls: tuple[Control, ...] = ()

    def begin(self) -> list[str]:
        """Send the flow of the header."""
        is_own_wish = "begun by" in self.settings
        return self._show(self._request(self.settings["flow"], self.settings.get("mode", "dialogue"), is_own_wish))

    def play(self, scene: str) -> list[str]:
        """Let one scene happen; answer what is seen of it."""
        if scene.startswith("@ "):
            return self._pass_time(scene.removeprefix("@ ")) or ["-- nothing happens"]
        self.now += timedelta(seconds=1)
        if scene.startswith("== "):
            what, _, flow = scene.removeprefix("== ").partition(": ")
            assert what in ("also sent", "asks for"), scene
            flow, is_form, _ = flow.partition(" as a form")
            event: RunEvent = self._request(flow, "form" if is_form else "dialogue", what == "asks for")
        else:
            event = self._said(scene.removeprefix(f"{self.who}> "))
        return self._show(event) or ["-- nothing happens"]

    def kept(self) -> Iterator[str]:
        """List at the end where every run stands, what was kept, and what will be remembered."""
        for run in self.world.runs.values():
            yield f"-- {self._flow_title(run)} {IS_NOW[run.status]}{'' if run.is_shown else ', not yet shown'}"
            for answer in self.world.answers[run.id].values():
                said = "(skipped)" if answer.value is None else _visible(answer.said)
                yield f"   {answer.key}: {said}{MARKS[answer.visibility]}"
        for name, text in self.world.memories.items():
            yield f"-- remembered {name}: {_visible(text) or '(nothing)'}"

    # What happens.

    def _event(self, kind: str) -> EventId:
        self.events += 1
        return EventId(f"browser/class/{kind}-{self.events}")

    def _request(self, flow: str, mode: str, is_own_wish: bool) -> RunRequested:
        assert flow in self.world.shelf.documents, f"there is no flow {flow}"
        return RunRequested(
            id=self._event("request"),
            at=self.now,
            who=self.world.person,
            place=self.place,
            flow=flow,
            group=GROUP,
            mode=Mode(mode),
            is_own_wish=is_own_wish,
        )

    def _said(self, typed: str) -> RunEvent:
        common = {"at": self.now, "who": self.world.person, "place": self.place}
        if typed.startswith("{"):
            assert self.forms, "there is no form yet"
            raw = dict(self._form_fields(typed))
            return FormSubmitted(id=self._event("form"), run=self.forms[-1].run, raw=raw, **common)  # type: ignore[arg-type]
        if typed.startswith("edit "):
            assert self.newest, "nothing was asked yet"
            key, _, text = typed.removeprefix("edit ").partition(":")
            edit = self._event("edit")
            return AnswerEdited(id=edit, run=self.newest.run, key=key, raw=_spelled(text.strip()), **common)  # type: ignore[arg-type]
        if typed.startswith("["):
            return self._press(typed)
        return TextReceived(id=self._event("text"), text=_spelled(typed), **common)  # type: ignore[arg-type]

    def _press(self, typed: str) -> RunEvent:
        label = typed.removeprefix("[").removesuffix("]")
        shown = self.asked[::-1]
        if label.startswith("old: "):
            label = label.removeprefix("old: ")
            shown = [ask for ask in shown if (ask.run, ask.wait) != (shown[0].run, shown[0].wait)]
        else:
            shown = shown[:1]
        for ask in shown:
            event = self._pressed(ask, label)
            if event is not None:
                return event
        raise AssertionError(f"no question has a button {label}")

    def _pressed(self, ask: AskQuestion, label: str) -> RunEvent | None:
        values = {option.label: option.value for option in ask.prompt.options}
        labels = label.split(" | ") if label else []
        if all(one in values for one in labels):
            return ChoicePressed(
                id=self._event("press"),
                at=self.now,
                who=self.world.person,
                place=self.place,
                run=ask.run,
                wait=ask.wait,
                chosen=tuple(values[one] for one in labels),
            )
        control = next((control for control in ask.controls if ENGLISH.buttons[control] == label), None)
        if control is None:
            return None
        return ControlPressed(
            id=self._event("press"),
            at=self.now,
            who=self.world.person,
            place=self.place,
            run=ask.run,
            wait=ask.wait,
            control=control,
        )

    def _form_fields(self, typed: str) -> Iterator[tuple[str, Raw]]:
        asked = {prompt.key: prompt for form in self.forms for prompt in form.prompts}
        inner = typed.removeprefix("{").removesuffix("}")
        for line in filter(str.strip, inner.split("\n" if "\n" in inner else ";")):
            key, _, text = line.strip().partition(":")
            text = text.strip()
            yield key, _ticked(asked[key], text) if key in asked and asked[key].options else _spelled(text)

    def _pass_time(self, span: str) -> list[str]:
        until = self._moment(span)
        lines: list[str] = []
        while (due := min(self.world.timers.values(), key=lambda t: t.due_at, default=None)) and due.due_at <= until:
            del self.world.timers[due.run]
            self.now = max(self.now, due.due_at)
            lines.append(f"-- {self.now.astimezone(self.zone):%A %d %B, %H:%M}")
            name, who = self._event("timer"), self.world.person
            lines += self._show(
                TimerFired(id=name, at=self.now, who=who, run=due.run, wait=due.wait, kind=due.kind)
            ) or ["-- nothing happens"]
        self.now = until
        return lines

    def _moment(self, written: str) -> datetime:
        if written.startswith("+"):
            return self.now + timedelta(**{SPANS[written[-1]]: float(written[1:-1])})
        return datetime.fromisoformat(written).replace(tzinfo=self.zone).astimezone(UTC)

    # What is seen.

    def _show(self, event: RunEvent) -> list[str]:
        return [line for effect in self.world.happen(event) for line in self._lines(effect)]

    def _lines(self, effect: AnyEffect) -> list[str]:
        match effect:
            case SendMessage():
                return _bot(effect.text)
            case AskQuestion():
                self.newest = effect
                self.asked.append(effect)
                return [*self._question(effect.prompt), *self._controls(effect)]
            case OfferForm():
                self.newest = effect
                self.forms.append(effect)
                return [f"bot> Form: {effect.title}", *(line for p in effect.prompts for line in self._field(p))]
            case SettleQuestion() | InviteGroup() | CallGroup() | AskAboutPost() | ShowComment() | CallAdult():
                raise AssertionError(f"{type(effect).__name__} is nothing that a transcript shows")

    def _question(self, prompt: Prompt) -> list[str]:
        lines = _bot(*filter(None, [prompt.slip, prompt.text]))
        return lines + [line for more in self._below(prompt) for line in _indented(more)]

    def _field(self, prompt: Prompt) -> list[str]:
        lines = _indented(f"{prompt.key}: {prompt.text}")
        more = [line for more in self._below(prompt) for line in _indented(more, "  ")]
        return [*lines, *more, *_indented(f"! {prompt.slip}", "  ")] if prompt.slip else lines + more

    def _below(self, prompt: Prompt) -> Iterator[str]:
        if prompt.options or prompt.input in (Input.ONE, Input.MANY):
            several = " (as many as fit)" if prompt.input is Input.MANY else ""
            yield f"[{' | '.join(option.label for option in prompt.options)}]{several}"
        if prompt.hint:
            yield prompt.hint
        if prompt.example:
            yield f"For example: {prompt.example}"
        if prompt.said:
            yield f"You said: {_labels(prompt.options, prompt.said)}"
        if prompt.reads != self.reads:
            yield prompt.reads
            self.reads = prompt.reads

    def _controls(self, ask: AskQuestion) -> Iterator[str]:
        if ask.controls != self.controls:
            self.controls = ask.controls
            yield f"{INDENT}({' · '.join(ENGLISH.buttons[control] for control in ask.controls)})"

    def _flow_title(self, run: Run) -> str:
        return self.world.shelf(run.flow, run.version, run.opening.lang).title


def _ticked(prompt: Prompt, text: str) -> Raw:
    """Find what a page would send: the values of the boxes that are ticked, or what was typed beside them."""
    values = {option.label: option.value for option in prompt.options}
    given = tuple(values.get(part, _spelled(part)) for part in text.split(" + "))
    return given if prompt.input is Input.MANY else given[0]


def _labels(options: tuple[Option, ...], said: str | tuple[str, ...]) -> str:
    labels = {option.value: option.label for option in options}
    return ", ".join(labels.get(one, _visible(one)) for one in ([said] if isinstance(said, str) else said))


def _bot(*texts: str) -> list[str]:
    lines = [line for text in texts for line in _indented(text)]
    return ["bot> " + lines[0][len(INDENT) :], *lines[1:]]


def _indented(text: str, more: str = "") -> list[str]:
    indent = INDENT + more
    fill = {"initial_indent": indent, "subsequent_indent": indent}
    return wrap(_visible(text), WIDTH, break_long_words=False, break_on_hyphens=False, **fill) or [indent]  # type: ignore[arg-type]


def _spelled(text: str) -> str:
    """Put in the signs that a file cannot show."""
    for name, sign in SIGNS.items():
        text = text.replace(name, sign)
    return TIMES.sub(lambda found: found[2] * int(found[1].replace(",", "")), text)


def _visible(text: str) -> str:
    """Show the signs that a file cannot show."""
    text = MANY_TIMES.sub(lambda found: f"<{len(found[0]):,} times {found[1]}>", text)
    for name, sign in SIGNS.items():
        text = text.replace(sign, name)
    return text
