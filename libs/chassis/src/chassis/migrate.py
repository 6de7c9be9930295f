"""Runs a service's Alembic migrations as the owner role. Safe to run at once from several processes."""

from __future__ import annotations

import io
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

_LOCK = 7_310_245


def migrate(migrations: Path, owner_url: str) -> bool:
    """Brings the database to the newest revision. True where anything was to do.

    A database that is ahead of this code is left as it is: code of the release before runs on it, and must be able to
    come back.
    """
    engine = sqlalchemy.create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
            config = alembic_config(migrations)
            current = MigrationContext.configure(connection).get_current_revision()
            connection.commit()
            known = ScriptDirectory.from_config(config)
            if current == known.get_current_head():
                return False
            if current is not None and current not in {one.revision for one in known.walk_revisions()}:
                return False
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            return True
    finally:
        engine.dispose()


def offline_sql(migrations: Path) -> str:
    """The SQL of all migrations, for linting."""
    buffer = io.StringIO()
    config = alembic_config(migrations)
    config.output_buffer = buffer
    command.upgrade(config, "head", sql=True)
    return buffer.getvalue()


def run_env(target_metadata: MetaData | None = None) -> None:
    """Body of every service's ``migrations/env.py``."""
    from alembic import context

    connection = context.config.attributes.get("connection")
    if connection is None:
        context.configure(dialect_name="postgresql", literal_binds=True, target_metadata=target_metadata)
    else:
        context.configure(connection=connection, target_metadata=target_metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def sqlalchemy_url(url: str) -> str:
    """The URL with SQLAlchemy's driver name in it."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def alembic_config(migrations: Path) -> Config:
    """Where Alembic finds a service's migrations."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config
