"""Alembic's entry for marketing."""

from chassis.migrate import run_env

run_env()
