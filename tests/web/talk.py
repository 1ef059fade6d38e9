"""A conversation by plain forms, and what is kept of it."""

import json

import httpx
from sqlalchemy import select

from bot.core.people import PersonId
from bot.core.runs import Mode, Run, Value
from bot.flows.library import read as read_flow
from bot.storage.connection import Connection
from bot.storage.flows import publish_flow
from bot.storage.tables import answers
from bot.storage.tables import runs as runs_table
from bot.storage.turns import load_open_runs, run_from
from tests.web.house import BEN, Stage, submit

CHECK_IN = "weekly-check-in"

EVERYTHING = """\
flow: everything
title: Every kind of question
band: 11-13
settings: [class]
exercises: {attributes: [voice], phases: [notice]}
steps:
  - id: many
    ask: Which of these helped?
    choice: {options: [a map, a friend, a break], many: true, own: true}
  - id: day
    ask: When will you look again?
    date: {}
  - id: one
    ask: Which one next?
    choice: {options: [a map, a friend], own: true, none: true}
  - id: secret
    ask: What is for you alone?
    visibility: private
    text: {lines: 4}
"""


async def begin(
    stage: Stage, client: httpx.AsyncClient, flow: str = CHECK_IN, mode: Mode = Mode.DIALOGUE
) -> httpx.Response:
    """Begin a flow from one's own page."""
    return await submit(client, await client.get("/me"), "/me/start", flow=flow, mode=mode.value)


async def say(client: httpx.AsyncClient, page: httpx.Response, **fields: str | list[str]) -> httpx.Response:
    """Answer the open question of a page."""
    return await submit(client, page, "/me/say", **fields)


async def kept(stage: Stage, person: PersonId = BEN) -> dict[str, Value]:
    """Read what a person has answered, by question."""

    def work(connection: Connection) -> dict[str, Value]:
        found = connection.execute(select(answers).where(answers.c.person_id == person))
        return {row.key: json.loads(row.value) for row in found}

    return await stage.database.read(work)


async def open_runs(stage: Stage, person: PersonId = BEN) -> list[Run]:
    """Read a person's open runs."""
    return list((await stage.database.read(lambda connection: load_open_runs(connection, [person])))[person].values())


async def all_runs(stage: Stage, person: PersonId = BEN) -> list[Run]:
    """Read all runs of a person, oldest first."""

    def work(connection: Connection) -> list[Run]:
        found = select(runs_table).where(runs_table.c.person_id == person).order_by(runs_table.c.started_at)
        return [run_from(row) for row in connection.execute(found)]

    return await stage.database.read(work)


async def publish_everything(stage: Stage) -> None:
    """Add a flow with every kind of input."""
    document = read_flow(EVERYTHING, "everything.yaml")

    def work(connection: Connection) -> None:
        publish_flow(connection, document.flow, document.version, document.to_json(), stage.hands.at)

    await stage.database.write(work)
