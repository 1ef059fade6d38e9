"""Groups below a group, found at once: whoever administers the one looks after the others."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_index("ix_groups_parent_id", "groups", ["parent_id"])
