"""Words of the import wizard: steps, options, fields to fill, and the outcome in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funia.contacts.v1.import_pb2 import ImportJob, ImportRowError

from gateway.console import custom_fields
from gateway.console.formats import format_number
from gateway.console.i18n import Lazy, lazy, ngettext
from gateway.console.words import BY_REASON

RUNNING = frozenset({"validating", "running", "reverting"})
STATES: Mapping[str, Lazy] = {
    "uploaded": lazy("Waiting for its columns"),
    "mapped": lazy("Waiting for the check"),
    "validating": lazy("Being checked"),
    "ready": lazy("Ready to import"),
    "running": lazy("Running"),
    "paused": lazy("Paused"),
    "completed": lazy("Done"),
    "completed_with_errors": lazy("Done, some rows left out"),
    "failed": lazy("Failed"),
    "reverting": lazy("Being undone"),
    "reverted": lazy("Undone"),
}
CUSTOMER_KINDS: Mapping[str, tuple[Lazy, Lazy, str]] = {
    "contact": (lazy("People"), lazy("One person in each row"), "users"),
    "account": (lazy("Companies"), lazy("One company in each row"), "building"),
}
"""What a file of customers may hold: its name, what a row is, and its icon."""
MODES: Mapping[str, Lazy] = {
    "upsert": lazy("Add new ones and update those that exist"),
    "create": lazy("Only add new ones"),
    "update": lazy("Only update those that exist"),
}
MATCH_FIELDS: Mapping[str, Mapping[str, Lazy]] = {
    "contact": {"email": lazy("E-mail"), "phone": lazy("Phone"), "external_id": lazy("Id in another system")},
    "account": {
        "name": lazy("Company name"),
        "domain": lazy("Web domain"),
        "external_id": lazy("Id in another system"),
    },
}
DUPLICATE_RULES: Mapping[str, Lazy] = {
    "skip": lazy("Leave the row out"),
    "create": lazy("Add it all the same"),
    "update": lazy("Update the existing one"),
}
CONTACT_TARGETS: Mapping[str, Lazy] = {
    "full_name": lazy("Full name"),
    "given_name": lazy("First name"),
    "middle_name": lazy("Middle name"),
    "family_name": lazy("Last name"),
    "title": lazy("Form of address"),
    "job_title": lazy("Job title"),
    "emails": lazy("E-mail"),
    "phones": lazy("Phone"),
    "account_name": lazy("Company"),
    "lifecycle_stage": lazy("Stage"),
    "language": lazy("Language"),
    "country_code": lazy("Country"),
    "source": lazy("Source"),
    "score": lazy("Score"),
    "tags": lazy("Tags"),
    "address.street": lazy("Street"),
    "address.city": lazy("Town"),
    "address.region": lazy("Region"),
    "address.postal_code": lazy("Postal code"),
    "do_not_contact": lazy("Do not contact"),
    "external_ids.other": lazy("Id in another system"),
    "description": lazy("Notes about the person"),
}
ACCOUNT_TARGETS: Mapping[str, Lazy] = {
    "name": lazy("Company name"),
    "domains": lazy("Web domain"),
    "industry": lazy("Industry"),
    "employees": lazy("Employees"),
    "annual_revenue": lazy("Revenue a year"),
    "annual_revenue_thousands": lazy("Revenue a year, in thousands"),
    "annual_revenue_millions": lazy("Revenue a year, in millions"),
    "founded_year": lazy("Founded in"),
    "type": lazy("Type"),
    "tier": lazy("Importance"),
    "phone": lazy("Phone"),
    "website": lazy("Web site"),
    "country_code": lazy("Country"),
    "address.street": lazy("Street"),
    "address.city": lazy("Town"),
    "address.region": lazy("Region"),
    "address.postal_code": lazy("Postal code"),
    "parent_name": lazy("Parent company"),
    "tags": lazy("Tags"),
    "external_ids.other": lazy("Id in another system"),
    "description": lazy("Notes about the company"),
}


def target_fields(job: ImportJob) -> list[tuple[str, str]]:
    """Fields that a column may fill, with what the service proposed even where we have no word for it."""
    known = ACCOUNT_TARGETS if job.kind == "account" else CONTACT_TARGETS
    named = [(name, str(label)) for name, label in known.items()]
    named += own_fields(job.kind)
    words = dict(named)
    more = dict.fromkeys(column.field for column in job.columns if column.field and column.field not in words)
    return named + [(name, name.replace("_", " ").replace(".", " ")) for name in more]


def own_fields(kind: str) -> list[tuple[str, str]]:
    """Fields that the company defined itself, which a column may fill too."""
    return [(one.name, str(one.label)) for one in custom_fields.fields_of(kind)]


def stage_of(job: ImportJob) -> str:
    """Which step of the wizard shows the import as it stands."""
    if job.status in {"uploaded", "mapped"}:
        return "mapping"
    if job.status == "ready":
        return "checked"
    if job.status in RUNNING:
        return "running"
    if job.status == "paused":
        return "paused"
    return "finished"


def outcome_sentences(job: ImportJob) -> Sequence[tuple[str, str]]:
    """What the import did or would do: (kind of outcome, sentence)."""
    would = job.dry_run or job.status in {"validating", "ready"}
    people = job.kind != "account"
    created, updated = job.rows_created, job.rows_updated
    found = []
    if created or not updated:
        found.append(("created", created_sentence(created, would, people)))
    if updated:
        found.append(("updated", updated_sentence(updated, would, people)))
    if job.rows_skipped:
        skipped = ngettext(
            "%(num)s row changes nothing or is a likely duplicate, and is left out.",
            "%(num)s rows change nothing or are likely duplicates, and are left out.",
            job.rows_skipped,
            num=format_number(job.rows_skipped),
        )
        found.append(("skipped", skipped))
    if job.rows_failed:
        failed = ngettext(
            "%(num)s row has a mistake and does not go in.",
            "%(num)s rows have mistakes and do not go in.",
            job.rows_failed,
            num=format_number(job.rows_failed),
        )
        found.append(("failed", failed))
    return found


def created_sentence(count: int, would: bool, people: bool) -> str:
    number = format_number(count)
    if would and people:
        return ngettext("%(num)s person will be added.", "%(num)s people will be added.", count, num=number)
    if would:
        return ngettext("%(num)s company will be added.", "%(num)s companies will be added.", count, num=number)
    if people:
        return ngettext("%(num)s person was added.", "%(num)s people were added.", count, num=number)
    return ngettext("%(num)s company was added.", "%(num)s companies were added.", count, num=number)


def updated_sentence(count: int, would: bool, people: bool) -> str:
    number = format_number(count)
    if would and people:
        return ngettext("%(num)s person will be updated.", "%(num)s people will be updated.", count, num=number)
    if would:
        return ngettext("%(num)s company will be updated.", "%(num)s companies will be updated.", count, num=number)
    if people:
        return ngettext("%(num)s person was updated.", "%(num)s people were updated.", count, num=number)
    return ngettext("%(num)s company was updated.", "%(num)s companies were updated.", count, num=number)


def run_label(job: ImportJob) -> str:
    """What the button that starts the import says."""
    count = job.rows_created + job.rows_updated
    number = format_number(count)
    if job.kind == "account":
        return ngettext("Import %(num)s company", "Import %(num)s companies", count, num=number)
    return ngettext("Import %(num)s person", "Import %(num)s people", count, num=number)


def say_row(error: ImportRowError) -> str:
    """Why a row does not go in; known reasons in the person's language."""
    return str(BY_REASON[error.reason]) if error.reason in BY_REASON else error.message
