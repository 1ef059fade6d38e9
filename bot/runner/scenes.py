"""What programs may know of a group, read once a move."""

from bot.core.people import GroupId, PersonId, Place, is_list
from bot.flows.program import Scene
from bot.storage.connection import Connection
from bot.storage.groups import learners_by_joining, load_groups, load_kept_apart


def load_scene(connection: Connection, group: GroupId) -> Scene:
    """Read a group as its programs see it."""
    row = load_groups(connection, [group])[0]
    return Scene(
        group=group,
        setting=row.setting,
        zone=row.zone,
        task=row.task,
        channel=Place(row.place) if row.place and not is_list(row.place) else None,
        learners={PersonId(one.id): one.name for one in learners_by_joining(connection, group)},
        apart=frozenset(frozenset(pair) for pair in load_kept_apart(connection, group)),
    )
