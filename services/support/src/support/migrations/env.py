"""Alembic's entry for support."""

from chassis.migrate import run_env

run_env()
