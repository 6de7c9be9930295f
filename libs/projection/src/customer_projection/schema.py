"""DDL of the projection's first revision. Migrations name it, so it is never edited: a change is a new migration."""

from __future__ import annotations

from chassis.schema import Roles, protect


def customer_tables(roles: Roles) -> list[str]:
    """Statements that create `customer` and `customer_account` with their row-level security."""
    return [
        """
        CREATE TABLE customer (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('contact', 'account')),
            version bigint NOT NULL,
            stage text NOT NULL,
            owner_id uuid,
            team_id uuid,
            parent_id uuid,
            language text NOT NULL,
            country_code text NOT NULL,
            do_not_contact boolean NOT NULL,
            deleted boolean NOT NULL,
            merged_into_id uuid,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """,
        """
        CREATE TABLE customer_account (
            tenant_id uuid NOT NULL,
            contact_id uuid NOT NULL,
            account_id uuid NOT NULL,
            version bigint NOT NULL,
            is_primary boolean NOT NULL,
            removed boolean NOT NULL,
            PRIMARY KEY (tenant_id, contact_id, account_id)
        )
        """,
        *protect("customer", roles, grants="SELECT, INSERT, UPDATE"),
        *protect("customer_account", roles, grants="SELECT, INSERT, UPDATE"),
    ]
