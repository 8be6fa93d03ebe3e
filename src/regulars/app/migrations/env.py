"""What Alembic runs: on the connection that ``regulars.app.schema`` gives it, one transaction a migration."""

from alembic import context

from regulars.app import schema

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=schema.metadata(),
    transaction_per_migration=True,
    compare_server_default=False,
    include_name=lambda name, kind, _parents: not (kind == "table" and (name or "").startswith("procrastinate_")),
)
with context.begin_transaction():
    context.run_migrations()
