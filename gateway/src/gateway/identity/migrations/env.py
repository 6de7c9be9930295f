"""Alembic's entry for identity."""

from chassis.migrate import run_env

run_env()
