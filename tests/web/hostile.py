"""A school in which everything that somebody can write is hostile, and a reader who finds what came of it on a page."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from bot.core.calendars import FreeTime, SchoolYear, year_to_json
from bot.core.events import (
    AdultAsked,
    CalendarSet,
    Control,
    Event,
    Outcome,
    ProgramSet,
    RunRequested,
)
from bot.core.people import GroupId, PersonId, Place, Role
from bot.core.programs import ProgramId
from bot.core.review import AnswerCommented, ThreadContinued
from bot.core.runs import Mode, RunId
from bot.core.schedules import Weekly, rule_to_json
from bot.flows.conversation import run_id
from bot.flows.library import read
from bot.runner.review import thread_named
from bot.storage.audit import Deed, note_deed
from bot.storage.connection import Connection
from bot.storage.flows import publish_flow
from bot.storage.groups import add_group, add_members, change_group
from bot.storage.people import add_people, rename_person
from bot.storage.tables import groups
from bot.web import rendering
from tests.hostile import HOSTILE, SCRIPT, squeezed
from tests.programs.group import BEN, CLASS, CLEO, DANA, Group
from tests.stage import ADA, OLA, a_group
from tests.web.answering import WEEKLY, answer, edit
from tests.web.house import Stage
from tests.web.living import THREE, open_class
from tests.web.test_preview_page import connect
from tests.web.test_rights import Objects

PIA = PersonId("pia")
"""She leads the school that the class belongs to."""

SCHOOL = GroupId("school")
BREAKER = f"""'"><x-owned onclick={SCRIPT}></title></textarea></option></script><script>{SCRIPT}</script>"""
ENDS = re.compile("⟦([a-z]+)⟧")

FLOW = """
flow: {id}
title: {title}
about: {about}
band: 14-18
settings: [class, club, staff]
exercises: {{attributes: [voice], phases: [notice]}}
steps:
  - id: part
    ask: {ask}
    label: {label}
    text: {{lines: 2}}
  - id: way
    ask: {ask}
    label: {label}
    choice: {{options: [{{value: one, label: {option}}}, {{value: two, label: two}}], own: true, none: true}}
  - say: {say}
"""


@dataclass
class HostileSchool:
    """A school and all that its people wrote, by the field they wrote it in; each text ends with its field's name."""

    stage: Stage
    said: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    objects: Objects = field(default_factory=lambda: Objects(*["nothing"] * 9))
    open_run: str = ""
    _payloads: Iterator[str] = field(default_factory=lambda: cycle(HOSTILE.values()))

    def text(self, name: str, most: int = 4_000) -> str:
        """Write in a field: always what breaks out of everything, and something else where there is room."""
        end = f"{BREAKER} ⟦{name}⟧"
        text = f"{next(self._payloads)[: most - len(end) - 1]} {end}".strip() if len(end) < most else ""
        return self.keep(name, text or f'"><x-owned> ⟦{name}⟧')

    def line(self, name: str, most: int = 160) -> str:
        """Write in a field that holds one line."""
        return self.keep(name, " ".join(self.text(name, most).split()))

    def keep(self, name: str, text: str) -> str:
        """Know that this was written in a field, as it will be compared."""
        self.said[name].add(squeezed(text).casefold())
        return text

    async def happen(self, *events: Event) -> None:
        """Let events happen."""
        for event in events:
            assert await self.stage.happen(event) is Outcome.ACCEPTED, event


async def hostile_school(stage: Stage) -> HostileSchool:
    """Let a class live through a check-in, comments, a round and a habit week, and write in all of it."""
    school = HostileSchool(connect(stage, "slack", "discord"))
    group = await open_class(stage)
    await _name_everybody(school)
    await _publish(school)
    run, thread = await _answer_and_comment(school)
    round_, week = await _live(school, group)
    flag, program = stage.name(), ProgramId("program-7b")
    at = stage.hands()
    rule = rule_to_json(Weekly(weekdays=(0,), at=time(9), since=at.date()))
    free = FreeTime(date(2026, 4, 3), date(2026, 4, 4), school.line("holiday", 80))
    await school.happen(
        CalendarSet(id=stage.name(), at=at, who=PIA, group=SCHOOL, body=year_to_json(SchoolYear(free=(free,)))),
        ProgramSet(
            id=stage.name(),
            at=at,
            who=ADA,
            group=CLASS,
            program=program,
            kind="check_in",
            choices={"flow": "hostile", "where": "each"},
            rule=rule,
        ),
        AdultAsked(id=flag, at=at, who=BEN, group=CLASS),
    )
    for person, mode in ((BEN, Mode.FORM), (CLEO, Mode.DIALOGUE)):
        place = Place(f"browser:{person}")
        wish = RunRequested(
            id=stage.name(), at=stage.hands(), who=person, place=place, flow="hostile", group=CLASS, mode=mode
        )
        await school.happen(wish)
        school.open_run = school.open_run or run_id(wish, person)
    await stage.database.write(
        lambda connection: note_deed(connection, ADA, Deed.READ, group=CLASS, about=[BEN], at=stage.hands())
    )
    school.objects = Objects(
        group=CLASS,
        person=BEN,
        mate=CLEO,
        run=run,
        thread=thread,
        round=round_,
        week=week,
        flag=flag,
        program=program,
        what="hostile",
    )
    return school


async def _name_everybody(school: HostileSchool) -> None:
    stage = school.stage
    named = {BEN: "learner", CLEO: "mate", DANA: "other", ADA: "leader", OLA: "observer"}
    names = {person: school.line(name) for person, name in named.items()}
    above = school.line("above")
    changes = {"name": school.line("group"), "task": school.line("task"), "reply_day": school.line("day")}
    changes |= {"adult": school.line("adult"), "crisis_lines": school.text("crisis")}

    def work(connection: Connection) -> None:
        for person, name in names.items():
            rename_person(connection, person, name)
        add_people(connection, [(PIA, school.line("principal"))], stage.hands.at)
        add_group(connection, replace(a_group(SCHOOL, PIA, name=above), setting="class"))
        add_members(connection, SCHOOL, [PIA], Role.FACILITATOR, stage.hands.at)
        connection.execute(groups.update().where(groups.c.id == CLASS).values(parent_id=SCHOOL))
        change_group(connection, CLASS, changes)

    await stage.database.write(work)


async def _publish(school: HostileSchool) -> None:
    names = ("title", "about", "ask", "label", "option", "say")
    words = {name: json.dumps(school.line(name, len(BREAKER))) for name in names}
    document = read(FLOW.format(id="hostile", **words), "hostile.yaml")

    def work(connection: Connection) -> None:
        publish_flow(connection, document.flow, document.version, document.to_json(), school.stage.hands.at)

    await school.stage.database.write(work)


async def _answer_and_comment(school: HostileSchool) -> tuple[RunId, str]:
    """Let Ben answer everything that there is, change one answer, and talk with Ada about another."""
    stage = school.stage
    texts = [*HOSTILE.values(), *HOSTILE.values()]
    for first in range(0, len(HOSTILE), 3):
        part, own, plan = texts[first : first + 3]
        given = {**WEEKLY, "plan_kept": own, "thinking": "5", "part": part, "way": own, "next": plan, "next.cue": part}
        await answer(stage, BEN, CLASS, raw=given)
        stage.hands.move(minutes=1)
    run = await answer(stage, BEN, CLASS, "hostile", raw={"part": school.text("before"), "way": school.text("own")})
    await edit(stage, run, "part", school.text("answer"))
    for person in (CLEO, DANA):
        await answer(stage, person, CLASS, "hostile", raw={"part": school.text("mates"), "way": "one"})
        await answer(stage, person, CLASS, raw={**WEEKLY, "thinking": "5", "part": school.text("mates")})
    at = stage.hands()
    text, back = school.text("comment"), school.text("reply")
    said = AnswerCommented(id=stage.name(), at=at, who=ADA, run=run, key="part", text=text, quote=BREAKER)
    thread = thread_named(said)
    await school.happen(said, ThreadContinued(id=stage.name(), at=at, who=BEN, thread=thread, text=back))
    return run, thread


async def _live(school: HostileSchool, group: Group) -> tuple[str, str]:
    """Let the class share work, write about each other's, and plan for a habit."""
    hands = school.stage.hands
    round_ = await group.begin("peer_exchange", practice="no", hold="flagged", naming="named")
    for _ in range(3):
        for person in THREE:
            await _write_through(school, group, person)
        hands.move(hours=1)
    week = await group.begin("habit_of_week", habit="persisting")
    for person in THREE:
        await _write_through(school, group, person)
    return round_, week


async def _write_through(school: HostileSchool, group: Group, person: PersonId) -> None:
    fixed = {"peer-received:use": "will_use", "peer-received:helped": "place", "peer-share:kind": "clear"}
    for _ in range(40):
        if not (asked := await group.asked(person)):
            return
        words = fixed.get(asked) or school.text(re.sub(r"[^a-z]", "", asked))
        await group.say(person, words)
        if await group.asked(person) == asked:
            await group.control(person, Control.SKIP)


# Reading a page.

PARTS = "".join(path.read_text() for path in sorted(Path(rendering.__file__).parent.glob("templates/*.html")))
TAGS = frozenset(re.findall(r"<([a-z][a-z0-9]*)", PARTS))
BARE = {"autofocus", "checked", "download", "formnovalidate", "hidden", "multiple", "novalidate", "open", "required"}
NAMED = re.findall(r"[\s\"](?:([a-z][a-z0-9-]*)=|(data-[a-z-]+))", PARTS.casefold())
ATTRIBUTES = frozenset({*(name or bare for name, bare in NAMED), *BARE, "selected"})
"""What the templates are made of: whatever else is on a page came with somebody's words."""

ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "cite", "srcset", "ping", "xlink:href")
SHARED = "noopener noreferrer nofollow ugc"
"""What says of a link that it was made of somebody's words."""


class PageRead(HTMLParser):
    """What a browser makes of a page: its words, those in attributes as well, and what should not be there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.texts = [""]
        self._in: str = ""
        self.feed(html)
        self.close()

    @property
    def all_text(self) -> str:
        """Give all words, those of attributes on lines of their own."""
        return "\n".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in = tag
        if tag == "a" and given.get("rel") == SHARED:
            self._shared(given)
            return
        if tag not in TAGS or not set(given) <= ATTRIBUTES or "style" in given:
            self.faults.append(f"made of words: {self.get_starttag_text()}")
        if any(name.startswith("on") or name == "srcdoc" for name in given):
            self.faults.append(f"runs: {self.get_starttag_text()}")
        for name, value in given.items():
            if name in ADDRESSES:
                self._address(tag, value)
            else:
                self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment: {data}")

    def handle_data(self, data: str) -> None:
        self.texts[0] += data
        if self._in in ("script", "style") and data.strip():
            self.faults.append(f"a script: {data}")

    def _address(self, tag: str, value: str) -> None:
        address, is_file = urlsplit(value), tag in ("script", "link", "img", "use")
        is_here = not address.scheme and not address.netloc and not value.startswith(("//", "\\"))
        if not is_here or (is_file and not value.startswith("/static/")):
            self.faults.append(f"leads elsewhere: {self.get_starttag_text()}")

    def _shared(self, given: Mapping[str, str]) -> None:
        self.texts.append(given["href"])
        if set(given) != {"href", "target", "rel"} or not re.match("https?://[^@]+$", given["href"], re.IGNORECASE):
            self.faults.append(f"a link of words: {self.get_starttag_text()}")


def fields_on(school: HostileSchool, page: PageRead) -> tuple[set[str], list[str]]:
    """Name the fields whose words stand on a page in whole, and all that is wrong with it."""
    found, faults = set(), list(page.faults)
    for number, text in enumerate(page.texts):
        shown = squeezed(text).casefold() if "⟦" in text else ""
        for end in ENDS.finditer(shown):
            found.add(end[1])
            # One sentence of an answer may stand alone where it is chosen.
            is_sentence = number > 0 and "<x-owned" in shown and end.end() == len(shown)
            known = school.said[end[1]]
            if not any(shown.endswith(said, 0, end.end()) or (is_sentence and said.endswith(shown)) for said in known):
                faults.append(f"not as it was written: {shown[max(0, end.start() - 200) : end.end()]}")
    return found, faults
