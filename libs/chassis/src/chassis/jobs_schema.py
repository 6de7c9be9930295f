"""DDL of the job tables, for the migrations of services that have jobs.

They are procrastinate's own tables and hold only job name, tenant id and record id, never customer data. Their keys
are its own and do not lead with the tenant, which the catalogue test exempts by `TABLES`; row-level security is
forced on them all the same. The app role has no right on them: it may only call `job_enqueue`, which takes the
tenant from the transaction. The relay role runs the jobs.
"""

from __future__ import annotations

from procrastinate.schema import SchemaManager

from chassis.schema import Roles

TABLES = ("procrastinate_workers", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_events")


def job_tables(roles: Roles) -> list[str]:
    """Statements that create the job tables, their policies and `job_enqueue`."""
    statements = [
        SchemaManager.get_schema(),
        # Notifications serialise commits across the whole server; workers poll instead.
        "DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs",
        "DROP TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 ON procrastinate_jobs",
    ]
    for table in TABLES:
        statements += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY worker ON {table} TO {roles.relay} USING (true) WITH CHECK (true)",
            f"CREATE POLICY enqueue ON {table} TO {roles.owner} USING (true) WITH CHECK (true)",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {roles.relay}",
            f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {roles.relay}",
        ]
    return [
        *statements,
        _ENQUEUE,
        "REVOKE ALL ON FUNCTION job_enqueue(text, uuid, text) FROM public",
        f"GRANT EXECUTE ON FUNCTION job_enqueue(text, uuid, text) TO {roles.app}",
    ]


def timer_function(roles: Roles) -> list[str]:
    """Statements that create `job_enqueue_at`, beside the job tables."""
    return [
        _ENQUEUE_AT,
        "REVOKE ALL ON FUNCTION job_enqueue_at(text, uuid, timestamptz) FROM public",
        f"GRANT EXECUTE ON FUNCTION job_enqueue_at(text, uuid, timestamptz) TO {roles.app}",
    ]


_ENQUEUE = """
CREATE FUNCTION job_enqueue(job_name text, record_id uuid, lane text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    turn text;
BEGIN
    IF tenant IS NULL THEN
        RAISE EXCEPTION 'a job needs a tenant';
    END IF;
    turn := CASE lane WHEN 'bulk' THEN 'bulk:' || tenant ELSE job_name || ':' || record_id END;
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        lane, job_name, 0, turn, job_name || ':' || record_id,
        jsonb_build_object('tenant_id', tenant, 'record_id', record_id), NULL
    )::procrastinate_job_to_defer_v1]);
EXCEPTION WHEN unique_violation THEN
    -- It waits in line already.
    NULL;
END
$$
"""

_ENQUEUE_AT = """
CREATE FUNCTION job_enqueue_at(job_name text, record_id uuid, due timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    turn text := job_name || ':' || record_id;
BEGIN
    IF tenant IS NULL THEN
        RAISE EXCEPTION 'a job needs a tenant';
    END IF;
    LOOP
        UPDATE procrastinate_jobs SET scheduled_at = due
         WHERE queueing_lock = turn AND status = 'todo' AND args ->> 'tenant_id' = tenant::text;
        EXIT WHEN FOUND;
        BEGIN
            PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
                'interactive', job_name, 0, turn, turn,
                jsonb_build_object('tenant_id', tenant, 'record_id', record_id), due
            )::procrastinate_job_to_defer_v1]);
            EXIT;
        EXCEPTION WHEN unique_violation THEN
            -- Somebody set it a moment ago, or the worker has just taken it: look again.
            NULL;
        END;
    END LOOP;
END
$$
"""
