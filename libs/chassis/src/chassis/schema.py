"""DDL that every migration uses: forced row-level security, grants, and the frame's own tables.

Migrations run as the owner role; the app role gets rows of its tenant only, the relay role the outbox only.
"""

from __future__ import annotations

from dataclasses import dataclass

TENANT_PREDICATE = "tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)"


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of a database's roles."""

    owner: str
    app: str
    relay: str

    @staticmethod
    def of(database: str) -> Roles:
        """The roles of a service's database."""
        return Roles(f"{database}_owner", f"{database}_app", f"{database}_relay")


def protect(table: str, roles: Roles, *, grants: str = "SELECT, INSERT, UPDATE, DELETE") -> list[str]:
    """Statements that force row-level security on a table and let the app role at its tenant's rows.

    The owner gets at one tenant's rows at a time, too: it carries, restores and deletes whole tenants.
    """
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} TO {roles.app} USING ({TENANT_PREDICATE}) WITH CHECK ({TENANT_PREDICATE})",
        f"CREATE POLICY whole ON {table} TO {roles.owner} USING ({TENANT_PREDICATE}) WITH CHECK ({TENANT_PREDICATE})",
        f"GRANT {grants} ON {table} TO {roles.app}",
    ]


def tenant_erasing(roles: Roles) -> list[str]:
    """Statements that let the relay role erase one tenant's rows, table by table, and nobody else.

    The app role may not delete from every table (the audit log takes no deletions), so the owner does it.
    """
    return [
        _WHOLE_POLICIES.format(owner=roles.owner, tenant=TENANT_PREDICATE),
        _TENANT_ERASE,
        "REVOKE ALL ON FUNCTION tenant_erase(uuid, text, text[], integer) FROM public",
        f"GRANT EXECUTE ON FUNCTION tenant_erase(uuid, text, text[], integer) TO {roles.relay}",
    ]


def homes(roles: Roles) -> list[str]:
    """Statements that let a database say which tenants live in it, and close it to those that do not.

    `tenant_bind` begins every transaction of the app role.
    """
    return [
        """
        CREATE TABLE tenant_home (
            tenant_id uuid PRIMARY KEY,
            state text NOT NULL CHECK (state IN ('here', 'paused', 'gone')),
            placement text NOT NULL,
            epoch bigint NOT NULL,
            paused_until timestamptz,
            updated_at timestamptz NOT NULL DEFAULT now()
        )
        """,
        *protect("tenant_home", roles, grants="SELECT"),
        _TENANT_BIND,
    ]


def frame(roles: Roles) -> list[str]:
    """Statements that create the outbox, inbox and idempotency tables of a service database."""
    return [
        """
        CREATE TABLE outbox (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            shard smallint NOT NULL,
            subject text NOT NULL,
            envelope bytea NOT NULL,
            published_at timestamptz,
            PRIMARY KEY (tenant_id, id, created_at)
        ) PARTITION BY RANGE (created_at)
        """,
        "CREATE INDEX ix_outbox_pending ON outbox (id) WHERE published_at IS NULL",
        "CREATE TABLE outbox_rest PARTITION OF outbox DEFAULT",
        "ALTER TABLE outbox_rest ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE outbox_rest FORCE ROW LEVEL SECURITY",
        *protect("outbox", roles, grants="SELECT, INSERT"),
        f"CREATE POLICY relay ON outbox TO {roles.relay} USING (true) WITH CHECK (true)",
        f"GRANT SELECT, UPDATE (published_at) ON outbox TO {roles.relay}",
        f"CREATE POLICY maintain ON outbox FOR SELECT TO {roles.owner} USING (true)",
        _OUTBOX_MAINTAIN,
        "REVOKE ALL ON FUNCTION outbox_maintain(integer) FROM public",
        f"GRANT EXECUTE ON FUNCTION outbox_maintain(integer) TO {roles.relay}",
        "SELECT outbox_maintain(8)",
        """
        CREATE TABLE inbox (
            tenant_id uuid NOT NULL,
            consumer text NOT NULL,
            event_id uuid NOT NULL,
            received_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (tenant_id, consumer, event_id)
        )
        """,
        *protect("inbox", roles, grants="SELECT, INSERT, DELETE"),
        f"CREATE POLICY relay ON inbox TO {roles.relay} USING (true)",
        f"GRANT SELECT, DELETE ON inbox TO {roles.relay}",
        "CREATE INDEX ix_inbox_received_at ON inbox USING brin (received_at)",
        """
        CREATE TABLE idempotency_key (
            tenant_id uuid NOT NULL,
            actor_id uuid NOT NULL,
            key text NOT NULL,
            method text NOT NULL,
            request_hash bytea NOT NULL,
            response bytea NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (tenant_id, actor_id, key)
        )
        """,
        *protect("idempotency_key", roles, grants="SELECT, INSERT, DELETE"),
        f"CREATE POLICY relay ON idempotency_key TO {roles.relay} USING (true)",
        f"GRANT SELECT, DELETE ON idempotency_key TO {roles.relay}",
        "CREATE INDEX ix_idempotency_key_created_at ON idempotency_key USING brin (created_at)",
    ]


_OUTBOX_MAINTAIN = """
CREATE FUNCTION outbox_maintain(keep_days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET "TimeZone" = 'UTC' AS $$
DECLARE
    day date;
    partition text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('outbox_maintain'));
    FOR day IN SELECT generate_series(current_date, current_date + 3, interval '1 day')::date LOOP
        partition := 'outbox_' || to_char(day, 'YYYYMMDD');
        IF to_regclass(partition) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF outbox FOR VALUES FROM (%L) TO (%L)',
                               partition, day::timestamptz, (day + 1)::timestamptz);
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
                EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
            EXCEPTION WHEN check_violation THEN
                -- Rows of that day already lie in the default partition; they stay there for good.
                NULL;
            END;
        END IF;
    END LOOP;
    FOR partition IN
        SELECT relid::text FROM pg_partition_tree('outbox')
         WHERE isleaf AND relid::text ~ '^outbox_[0-9]{8}$'
           AND relid::text < 'outbox_' || to_char(current_date - keep_days, 'YYYYMMDD')
    LOOP
        day := to_date(right(partition, 8), 'YYYYMMDD');
        IF NOT EXISTS (SELECT FROM outbox WHERE created_at >= day::timestamptz
                          AND created_at < (day + 1)::timestamptz AND published_at IS NULL) THEN
            EXECUTE format('DROP TABLE %I', partition);
        END IF;
    END LOOP;
END
$$
"""

_WHOLE_POLICIES = """
DO $do$
DECLARE
    found text;
BEGIN
    FOR found IN
        SELECT c.relname FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
         WHERE p.polname = 'tenant' AND c.relnamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT FROM pg_policy AS w WHERE w.polrelid = c.oid AND w.polname = 'whole')
    LOOP
        EXECUTE format($q$CREATE POLICY whole ON %I TO {owner} USING ({tenant}) WITH CHECK ({tenant})$q$, found);
    END LOOP;
END
$do$
"""

_TENANT_ERASE = """
CREATE FUNCTION tenant_erase(tenant uuid, target text, loose text[], most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    reference text;
    gone bigint;
BEGIN
    PERFORM set_config('app.tenant_id', tenant::text, true);
    FOREACH reference IN ARRAY loose LOOP
        -- A row may point at another of its own table, or round in a circle: such references go first.
        EXECUTE format('UPDATE %I SET %I = NULL WHERE tenant_id = $1 AND %I IS NOT NULL', target, reference, reference)
          USING tenant;
    END LOOP;
    EXECUTE format('DELETE FROM %I WHERE tenant_id = $1 AND ctid = ANY (ARRAY(
                        SELECT ctid FROM %I WHERE tenant_id = $1 LIMIT $2))', target, target)
      USING tenant, most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$
"""

MOVE_LOCK = 7_310_248
"""Space of the advisory locks of tenants: every writing transaction shares its tenant's, a move takes it alone."""

REFUSED = "P0F01"
"""SQLSTATE of `tenant_bind` where the tenant is not to be served here. The detail is state, placement and epoch."""

# A statement of its own after the lock sees what was committed while it waited: functions that are not STABLE do.
_TENANT_BIND = f"""
CREATE FUNCTION tenant_bind(tenant uuid, known_epoch bigint, writes boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home record;
    ignored text := set_config('app.tenant_id', tenant::text, true);
BEGIN
    IF writes THEN
        ignored := pg_advisory_xact_lock_shared({MOVE_LOCK}, hashtext(tenant::text));
    END IF;
    SELECT state, placement, epoch, paused_until INTO home FROM public.tenant_home WHERE tenant_id = tenant;
    IF NOT FOUND OR home.state = 'here' THEN
        RETURN;
    END IF;
    IF home.state = 'gone' AND known_epoch <= home.epoch
       OR home.state = 'paused' AND writes AND home.paused_until > clock_timestamp() THEN
        RAISE EXCEPTION 'the tenant is not served here' USING ERRCODE = '{REFUSED}',
            DETAIL = home.state || ' ' || home.placement || ' ' || home.epoch;
    END IF;
END
$$
"""
