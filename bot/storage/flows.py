"""Flow documents: every version ever published, and which one is current."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.columns import among
from bot.storage.tables import flow_versions, flows

CURRENT = sa.select(flows.c.flow, flows.c.version).where(among(flows.c.flow, "ids"))


def publish_flow(connection: Connection, flow: str, version: str, document: str, at: datetime) -> bool:
    """Make a version the current one; answer whether it was new. Older versions stay for the runs on them."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"flow": flow, "version": version, "document": document, "published_at": at}
    # Two processes that start at once publish the same flows.
    kept = connection.execute(insert(flow_versions).values(row).on_conflict_do_nothing())
    current = insert(flows).values(flow=flow, version=version)
    connection.execute(current.on_conflict_do_update(index_elements=["flow"], set_={"version": version}))
    return bool(kept.rowcount)


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
