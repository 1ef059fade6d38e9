"""Where Alembic meets the connection that `bot.storage.upgrading` hands it."""

from alembic import context

from bot.storage.review_tables import audit

context.configure(
    connection=context.config.attributes["connection"], target_metadata=audit.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
