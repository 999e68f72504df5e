"""Runs the migrations on the connection given by migrate.run, inside its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True, transaction_per_migration=False
)
context.run_migrations()
