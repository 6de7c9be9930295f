"""Tickets, what is written on them, their numbers and queues; custom fields, jobs and timers."""

from alembic import op
from chassis.custom_values import custom_tables
from chassis.jobs_schema import job_tables, timer_function
from chassis.schema import Roles, protect

revision = "0005"
down_revision = "0004"

ROLES = Roles.of("support")

RECORD = """
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    custom jsonb NOT NULL DEFAULT '{}',
    external_ids jsonb NOT NULL DEFAULT '{}'
"""

TABLES = {
    "queue": f"""
        CREATE TABLE queue (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            description text NOT NULL,
            team_id uuid,
            priority text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
            position integer NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "ticket": f"""
        CREATE TABLE ticket (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            number bigint NOT NULL,
            subject text NOT NULL,
            description text NOT NULL,
            type text NOT NULL CHECK (type IN ('question', 'incident', 'problem', 'task', 'complaint')),
            status text NOT NULL CHECK (status IN ('new', 'open', 'pending', 'on_hold', 'solved', 'closed',
                'merged', 'spam')),
            active boolean NOT NULL,
            priority text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
            channel text NOT NULL,
            contact_id uuid,
            account_id uuid,
            queue_id uuid,
            product_id uuid,
            order_id uuid,
            problem_id uuid,
            merged_into_id uuid,
            follow_up_of_id uuid,
            watcher_ids uuid[] NOT NULL,
            tags text[] NOT NULL,
            reopened integer NOT NULL,
            first_replied_at timestamptz,
            customer_wrote_at timestamptz,
            agent_replied_at timestamptz,
            solved_at timestamptz,
            closed_at timestamptz,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "ticket_comment": """
        CREATE TABLE ticket_comment (
            tenant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            id uuid NOT NULL,
            public boolean NOT NULL,
            author_kind text NOT NULL CHECK (author_kind IN ('agent', 'customer', 'system')),
            author_id uuid NOT NULL,
            channel text NOT NULL,
            body text NOT NULL,
            origin_ticket_id uuid,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
        )""",
    "ticket_external": """
        CREATE TABLE ticket_external (
            tenant_id uuid NOT NULL,
            system text NOT NULL,
            external_id text NOT NULL,
            ticket_id uuid NOT NULL,
            PRIMARY KEY (tenant_id, system, external_id),
            FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
        )""",
    "ticket_number": """
        CREATE TABLE ticket_number (
            tenant_id uuid NOT NULL,
            lane smallint NOT NULL,
            next bigint NOT NULL,
            PRIMARY KEY (tenant_id, lane)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_queue_name ON queue (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_queue_newest ON queue (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_queue_place ON queue (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_queue_updated ON queue (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_ticket_account ON ticket (tenant_id, account_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_ticket_active ON ticket (tenant_id, active, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_ticket_bin ON ticket (tenant_id, deleted_at DESC, id DESC)",
    "CREATE INDEX ix_ticket_contact ON ticket (tenant_id, contact_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_ticket_newest ON ticket (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX ix_ticket_number ON ticket (tenant_id, number)",
    "CREATE INDEX ix_ticket_order ON ticket (tenant_id, order_id) WHERE order_id IS NOT NULL",
    "CREATE INDEX ix_ticket_owner ON ticket (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_ticket_problem ON ticket (tenant_id, problem_id, id) WHERE problem_id IS NOT NULL",
    "CREATE INDEX ix_ticket_queue ON ticket (tenant_id, queue_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_ticket_updated ON ticket (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_ticket_comment_author ON ticket_comment (tenant_id, author_id)",
    "CREATE INDEX ix_ticket_comment_thread ON ticket_comment (tenant_id, ticket_id, id)",
    "CREATE INDEX ix_ticket_external_ticket ON ticket_external (tenant_id, ticket_id)",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
    for statement in [*custom_tables(ROLES), *job_tables(ROLES), *timer_function(ROLES)]:
        op.execute(statement)
