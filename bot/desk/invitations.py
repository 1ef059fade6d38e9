"""What a group was asked in its channel and somebody has not taken up."""

import json
from dataclasses import dataclass

from bot.core.occurrences import Occurrence, OccurrenceId
from bot.core.people import Action
from bot.desk.here import Here
from bot.runner.conductor import errand_run
from bot.storage.flows import current_versions
from bot.storage.occurrences import open_in_groups
from bot.storage.turns import load_runs

KIND = "check_in"
IN_CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Something to join."""

    id: OccurrenceId
    title: str
    group: str


def invitation(here: Here) -> Invitation | None:
    """Find the newest invitation that whoever asks has not taken up."""
    person = here.asker.person
    circles = {circle.id: circle for circle in here.asker.may(Action.ANSWER)}
    asked = [one for one in open_in_groups(here.connection, circles) if _is_in_channel(one)]
    runs = {one.id: errand_run(one.id, f"ask:{person}", person) for one in asked}
    begun = load_runs(here.connection, set(runs.values())) if runs else {}
    for one in sorted(asked, key=lambda one: (one.started_at, one.id), reverse=True):
        title = "" if runs[one.id] in begun else _title(here, one)
        if title:
            return Invitation(id=one.id, title=title, group=circles[one.group].name)
    return None


def _title(here: Here, one: Occurrence) -> str:
    flow = json.loads(one.state).get("flow", "")
    version = current_versions(here.connection, {flow}).get(flow)
    return here.shelf.get(here.connection, flow, version, here.asker.lang).title if version else ""


def _is_in_channel(one: Occurrence) -> bool:
    return one.kind == KIND and json.loads(one.state).get("where") == IN_CHANNEL
