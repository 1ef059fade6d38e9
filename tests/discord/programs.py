"""A club on Discord that lives through a program."""

from bot.adapters.discord.inbound import identity
from bot.core.events import EventId, OccurrenceRequested, Outcome
from bot.core.people import GroupId
from tests.discord.house import Walk
from tests.discord.person import Person
from tests.stage import rows

CALL = "Something from Mull waits for some of you: {}.\n[See mine] [Message me too] [Who reads this?]"


async def club_of(walk: Walk) -> GroupId:
    """Find the one club there is."""
    [(group,)] = await rows(walk.database, "SELECT id FROM groups")
    return GroupId(group)


async def begin(walk: Walk, kind: str, **choices: str) -> None:
    """Let Ada begin a program for the club, as she does on her pages; what it asks at once is on its way then."""
    event = OccurrenceRequested(
        id=EventId(f"pages/{kind}/{walk.hands():%Y%m%d%H%M%S}"),
        at=walk.hands(),
        who=identity(walk.ada.id),
        group=await club_of(walk),
        kind=kind,
        choices=choices,
    )
    assert await walk.house.inbox.accept(event) is Outcome.ACCEPTED
    await walk.house.move(minutes=5)


async def join(walk: Walk, *people: Person) -> None:
    """Let people come into the club, look away again, and a while pass."""
    for person in people:
        await walk.run(person, "who-reads-this")
        person.restart()
    await walk.house.move(minutes=5)
