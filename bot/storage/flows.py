"""Flow documents: every version ever published, and which one is current."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.columns import among
from bot.storage.tables import flow_versions, flows

CURRENT = sa.select(flows.c.flow, flows.c.version).where(among(flows.c.flow, "ids"))


def publish_flow(connection: Connection, flow: str, version: str, document: str, at: datetime) -> bool:
    """Make a version the current one; answer whether it was new. Older versions stay for the runs on them."""
    known = sa.select(flow_versions.c.version).where(flow_versions.c.flow == flow, flow_versions.c.version == version)
    is_new = connection.execute(known).scalar() is None
    if is_new:
        row = {"flow": flow, "version": version, "document": document, "published_at": at}
        connection.execute(sa.insert(flow_versions), row)
    moved = connection.execute(sa.update(flows).where(flows.c.flow == flow).values(version=version))
    if not moved.rowcount:
        connection.execute(sa.insert(flows), {"flow": flow, "version": version})
    return is_new


def current_versions(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Name the current version of each flow that exists."""
    return {row.flow: row.version for row in connection.execute(CURRENT, {"ids": sorted(ids)})}


def all_current(connection: Connection) -> dict[str, str]:
    """Read the current document of every flow, by id."""
    found = sa.select(flows.c.flow, flow_versions.c.document).join(
        flow_versions,
        sa.and_(flow_versions.c.flow == flows.c.flow, flow_versions.c.version == flows.c.version),
    )
    return {row.flow: row.document for row in connection.execute(found)}


def read_document(connection: Connection, flow: str, version: str) -> str | None:
    """Read one version of a flow."""
    found = sa.select(flow_versions.c.document).where(flow_versions.c.flow == flow, flow_versions.c.version == version)
    return connection.execute(found).scalar()
