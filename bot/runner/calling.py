"""People whom Mull writes to only when they wish it: they are called in their channel, and shown what waits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.effects import AnyEffect, AskQuestion, CallGroup, EffectId, OfferForm
from bot.core.people import GroupId, PersonId, is_list, platform_of
from bot.core.runs import OPEN, Run, RunId
from bot.runner.posting import title_of
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.outbox import Claimed, held_for, let_go, pass_over, question_said_with, seqs_of, take_held
from bot.storage.turns import Lease, Outgoing, load_runs

OVER = "it was answered, or asked again, meanwhile"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held for somebody: effects to show, by their numbers, and the numbers of those that are over."""

    wanted: Mapping[int, AnyEffect]
    over: Sequence[int]


def held(connection: Connection, person: PersonId, platform: str = "", *, is_taken: bool = False) -> Held:
    """Find what is held for somebody, everywhere or on one platform; a question held twice, or answered, is over."""
    rows = held_for(connection, person, is_taken=is_taken)
    found = [one for one in rows if platform in ("", platform_of(one[1].place))]
    over = _over(connection, found)
    return Held({seq: effect for seq, effect in found if seq not in over}, over)


def settled_meanwhile(connection: Connection, claimed: Sequence[Claimed]) -> list[int]:
    """Find what was held, and was answered, or asked again, before it could go out: with what led up to it."""
    held_back = [(row.seq, row.effect) for row in claimed if row.was_held and not row.is_over]
    leads_to = {seq: question_said_with(connection, effect) for seq, effect in held_back}
    questions = [(seq, question) for seq, question in leads_to.items() if question is not None]
    return _over(connection, questions) if questions else []


def let_come(connection: Connection, person: PersonId, at: datetime) -> None:
    """Send what was held for somebody, once their pause is over or they came by."""
    pass_over(connection, held(connection, person).over, OVER)
    let_go(connection, person, at)


def hand_over(connection: Connection, person: PersonId, platform: str, lease: Lease) -> list[AnyEffect]:
    """Lease what was held for somebody on a platform to whoever shows it at once."""
    found = held(connection, person, platform, is_taken=True)
    pass_over(connection, found.over, OVER)
    take_held(connection, found.wanted.keys(), lease)
    return list(found.wanted.values())


def calls(connection: Connection, waiting: Sequence[AnyEffect], now: datetime) -> Iterator[Outgoing]:
    """Call groups in their channels, each once a day, because something waits for some of their people."""
    if not waiting:
        return
    runs = load_runs(connection, {effect.run for effect in waiting if effect.run is not None})
    called: set[GroupId] = set()
    for effect in waiting:
        run = runs.get(effect.run) if effect.run is not None else None
        if run is None or run.group is None or run.group in called:
            continue
        called.add(run.group)
        call = _call(connection, effect, run, run.group, now)
        if call is not None:
            yield Outgoing(call, now)


def _call(connection: Connection, effect: AnyEffect, run: Run, group: GroupId, now: datetime) -> CallGroup | None:
    [found] = load_groups(connection, [group])
    if found.place is None or is_list(found.place) or platform_of(found.place) != platform_of(effect.place):
        return None
    name = EffectId(f"call/{group}/{now.astimezone(ZoneInfo(found.zone)):%Y%m%d}")
    if seqs_of(connection, [name]):
        return None
    title = title_of(connection, run.flow)
    return CallGroup(id=name, person=effect.person, place=found.place, group=group, title=title)


def _over(connection: Connection, found: Sequence[tuple[int, AnyEffect]]) -> list[int]:
    """Find the questions that were answered meanwhile, or stand there once more, by their numbers."""
    runs = load_runs(connection, {effect.run for _, effect in found if isinstance(effect, AskQuestion | OfferForm)})
    newest: dict[RunId, EffectId] = {}
    over = []
    for seq, effect in reversed(found):
        if isinstance(effect, AskQuestion | OfferForm):
            is_asked_again = newest.setdefault(effect.run, effect.id) != effect.id
            if is_asked_again or not _is_open(runs.get(effect.run), effect):
                over.append(seq)
    return over


def _is_open(run: Run | None, effect: AskQuestion | OfferForm) -> bool:
    return run is not None and run.status is OPEN and run.wait == effect.wait
