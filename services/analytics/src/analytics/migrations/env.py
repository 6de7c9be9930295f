"""Alembic's entry for analytics."""

from chassis.migrate import run_env

run_env()
