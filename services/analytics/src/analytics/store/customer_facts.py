"""Customers as contacts tells of them: what groups them, never what names them."""

from __future__ import annotations

from analytics.store.state_facts import key, number, state_table, word

CUSTOMER_FACT = state_table(
    "customer_fact",
    ("customer_id",),
    word("kind"),
    word("lifecycle_stage"),
    word("type"),
    word("industry"),
    word("tier"),
    word("country_code"),
    word("language"),
    word("source"),
    key("owner_id"),
    key("team_id"),
    key("account_id"),
    key("merged_into_id"),
    number("deleted"),
)
"""A person ("contact") or a company ("account"); `deleted` is 1 in the bin and for what was merged or erased."""

MERGE_FACT = state_table(
    "merge_fact",
    ("customer_id",),
    key("merged_into_id"),
)
"""People who were merged, and into whom; zeroes since that was undone. An erased person stays merged: the figures of
what was bought go on counting one customer, whom nobody can name."""
