"""The same answers, given in the same words on every platform, are kept as the same answers."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Literal, TypeAlias

import pytest

from bot.flows.document import KINDS, Document
from bot.flows.library import read
from bot.storage.database import Database
from tests.adapters.browser_driver import at_his_page
from tests.adapters.conformance import BEN, Driver
from tests.adapters.discord.driver import on_discord, on_simcord
from tests.adapters.slack.driver import in_slack
from tests.adapters.terminal_driver import at_a_terminal
from tests.stage import pupil, rows

EVERY_KIND = read(
    """
flow: every-kind
title: Every kind of question
band: 14-18
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
nudge_after: 24
steps:
  - say: Hi {first_name}.
  - id: hard
    ask: How hard was the bridge?
    scale: [not hard, a little hard, very hard]
  - id: moment
    ask: Which moment made you stop?
    text: {lines: 2}
  - id: helped
    ask: What helped?
    choice: {options: [a picture, a friend, a break], none: true}
  - id: place
    ask: Where were you?
    choice: {options: [at school, at home], own: true}
  - id: tools
    ask: Which tools did you use?
    choice: {options: [glue, paper, a ruler, string], many: true}
  - id: model
    ask: How well does your bridge hold?
    rubric:
      levels: [I can make it stand, I can make it hold a book, I can say why it holds]
      evidence: {ask: "Where could somebody see that?"}
  - id: partner
    ask: Whom would you ask?
    people: {most: 1}
  - id: day
    ask: When will you try again?
    date: {}
  - id: next
    ask: What will you do?
    plan:
      cue: {ask: "When will you do it?"}
      remember: plan
  - id: wish
    ask: What do you wish for?
    goal:
      outcome: {ask: "What would be the best of it?"}
      obstacle: {ask: "What in you may stand in the way?"}
      plan: {ask: "What will you do then?"}
  - id: draft
    ask: What would you rather keep to yourself?
    visibility: private
    text: {lines: 2}
  - id: more
    ask: Is there anything else?
    text: {lines: 2}
  - say: Thanks, {first_name}.
""",
    "every-kind.yaml",
)

Step: TypeAlias = tuple[Literal["choose", "say"], *tuple[str, ...]]

MOMENT = "When the *glue* gave way.\nتوقف & <b>stop</b>"
PLAN = "Ask somebody first – when I sit down"

STEPS: list[Step] = [
    ("choose", "very hard"),
    ("choose", "Back"),
    ("choose", "a little hard"),
    ("say", MOMENT),
    ("choose", "None of these"),
    ("say", "in the yard, by the wall"),
    ("choose", "glue", "string"),
    ("choose", "I can make it hold a book"),
    ("say", "In the photo."),
    ("choose", "Ben 2"),
    ("say", "2026-03-20"),
    ("say", "Ask somebody first"),
    ("say", "when I sit down"),
    ("say", "A bridge that holds"),
    ("say", "It stands all night"),
    ("say", "I hurry"),
    ("say", "Then I count to ten"),
    ("say", "That I was tired."),
    ("choose", "Skip"),
]
"""One conversation, in the words of whoever has it."""

KEPT = {
    "hard": ("2", "a little hard"),
    "moment": (MOMENT, MOMENT),
    "helped": ("none", "None of these"),
    "place": ("in the yard, by the wall", "in the yard, by the wall"),
    "tools": (["glue", "string"], "glue, string"),
    "model": ("2", "I can make it hold a book"),
    "model.evidence": ("In the photo.", "In the photo."),
    "partner": (pupil(2), "Ben 2"),
    "day": ("2026-03-20", "2026-03-20"),
    "next": ("Ask somebody first", "Ask somebody first"),
    "next.cue": ("when I sit down", "when I sit down"),
    "wish": ("A bridge that holds", "A bridge that holds"),
    "wish.outcome": ("It stands all night", "It stands all night"),
    "wish.obstacle": ("I hurry", "I hurry"),
    "wish.plan": ("Then I count to ten", "Then I count to ten"),
    "draft": ("That I was tired.", "That I was tired."),
    "more": (None, ""),
}
"""Each answer's value, and what is shown of it."""

PLATFORMS: dict[str, Callable[[Database, Document], AbstractAsyncContextManager[Driver]]] = {
    "browser": at_his_page,
    "terminal": at_a_terminal,
    "slack": in_slack,
    "discord": on_discord,
    "simcord": on_simcord,
}


def test_every_kind_of_step_is_in_the_conversation() -> None:
    assert {type(step) for step in EVERY_KIND.steps} == set(KINDS.values())


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_the_same_conversation_leaves_the_same_answers(database: Database, platform: str) -> None:
    async with PLATFORMS[platform](database, EVERY_KIND) as driver:
        await driver.begin()
        for deed, *words in STEPS:
            await (driver.choose(*words) if deed == "choose" else driver.say(*words))
        assert "Thanks, Ben." in await driver.seen()
    found = await rows(database, "SELECT key, value, said, visibility FROM answers WHERE person_id = :ben", ben=BEN)
    assert {key: (json.loads(value), said) for key, value, said, _ in found} == KEPT
    assert {key: visibility for key, *_, visibility in found} == {
        key: "private" if key == "draft" else "facilitators" for key in KEPT
    }
    assert await rows(database, "SELECT name, text FROM memories WHERE person_id = :ben", ben=BEN) == [("plan", PLAN)]
