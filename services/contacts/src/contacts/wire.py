"""The one mapper between rows, drafts and messages of contacts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.structs import plain
from funia.contacts.v1.account_pb2 import Account
from funia.contacts.v1.activity_pb2 import Activity, TimelineEntry
from funia.contacts.v1.contact_pb2 import Contact, PostalAddress
from funia.type.v1.money_pb2 import Money
from google.protobuf.timestamp_pb2 import Timestamp

from contacts.model.drafts import AccountDraft, Address, ContactDraft, Email, Phone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(value: datetime) -> Timestamp:
    """A moment as a message carries it, to the microsecond."""
    delta = value - _EPOCH
    return Timestamp(seconds=delta.days * 86_400 + delta.seconds, nanos=delta.microseconds * 1000)


def contact(row: Any) -> Contact:
    """The whole contact from a row of `queries.contact.FULL`."""
    message = contact_summary(row)
    message.title = row.title
    message.language = row.language
    message.country_code = row.country_code
    message.source = row.source
    message.do_not_contact = row.do_not_contact
    message.score = row.score
    message.description = row.description
    if row.addresses:
        message.addresses.extend([PostalAddress(**address) for address in row.addresses])
    if row.tags:
        message.tags.extend(row.tags)
    if row.external_ids:
        message.external_ids.update(row.external_ids)
    if row.custom:
        message.custom.update(row.custom)
    if row.merged_into_id is not None:
        message.merged_into_id = str(row.merged_into_id)
    return message


def contact_summary(row: Any) -> Contact:
    """The summary of a contact from a row of `queries.contact.SUMMARY`."""
    message = Contact(
        id=str(row.id),
        etag=str(row.version),
        given_name=row.given_name,
        middle_name=row.middle_name,
        family_name=row.family_name,
        display_name=row.display_name,
        job_title=row.job_title,
        lifecycle_stage=row.lifecycle_stage,
        emails=row.emails,
        phones=row.phones,
        accounts=row.accounts,
        created_at=timestamp(row.created_at),
        updated_at=timestamp(row.updated_at),
    )
    if row.owner_id is not None:
        message.owner_id = str(row.owner_id)
    if row.team_id is not None:
        message.team_id = str(row.team_id)
    if row.deleted_at is not None:
        message.deleted_at.CopyFrom(timestamp(row.deleted_at))
    return message


def account(row: Any) -> Account:
    """An account from its row."""
    message = Account(
        id=str(row.id),
        etag=str(row.version),
        name=row.name,
        domains=row.domains,
        industry=row.industry,
        employees=row.employees,
        founded_year=row.founded_year,
        type=row.type,
        tier=row.tier,
        phone=row.phone,
        website=row.website,
        country_code=row.country_code,
        tags=row.tags,
        external_ids=row.external_ids,
        description=row.description,
        addresses=[PostalAddress(**address) for address in row.addresses],
        created_at=timestamp(row.created_at),
        updated_at=timestamp(row.updated_at),
    )
    if row.custom:
        message.custom.update(row.custom)
    if row.revenue_currency:
        message.annual_revenue.CopyFrom(Money(currency_code=row.revenue_currency, amount_minor=row.revenue_minor))
    for name in ("parent_id", "owner_id", "team_id"):
        value = getattr(row, name)
        if value is not None:
            setattr(message, name, str(value))
    if row.deleted_at is not None:
        message.deleted_at.CopyFrom(timestamp(row.deleted_at))
    return message


def activity(row: Any) -> Activity:
    """An activity from its row."""
    return Activity(
        id=str(row.id),
        etag=str(row.version),
        kind=row.kind,
        subject_id=str(row.subject_id),
        title=row.title,
        body=row.body,
        status=row.status,
        assignee_id="" if row.assignee_id is None else str(row.assignee_id),
        created_by=str(row.created_by),
        created_at=timestamp(row.created_at),
        due_at=None if row.due_at is None else timestamp(row.due_at),
        completed_at=None if row.completed_at is None else timestamp(row.completed_at),
    )


def timeline_entry(row: Any, activities: dict[UUID, Activity]) -> TimelineEntry:
    """A line of the timeline; its activity is looked up among `activities`."""
    return TimelineEntry(
        id=str(row.id),
        subject_id=str(row.subject_id),
        type=row.type,
        occurred_at=timestamp(row.occurred_at),
        actor_type=row.actor_type,
        actor_id=row.actor_id,
        changed_fields=row.changed_fields,
        details=row.details,
        activity=activities.get(row.activity_id),
    )


def contact_draft(message: Contact) -> ContactDraft:
    """A contact as the caller wrote it."""
    return ContactDraft(
        title=message.title.strip(),
        given_name=message.given_name.strip(),
        middle_name=message.middle_name.strip(),
        family_name=message.family_name.strip(),
        job_title=message.job_title.strip(),
        lifecycle_stage=message.lifecycle_stage,
        language=message.language,
        country_code=message.country_code,
        source=message.source.strip(),
        owner_id=optional_id(message.owner_id),
        team_id=optional_id(message.team_id),
        do_not_contact=message.do_not_contact,
        score=message.score,
        emails=tuple(Email(email.address.strip(), email.label, email.primary) for email in message.emails),
        phones=tuple(Phone(phone.number.strip(), phone.label, phone.primary) for phone in message.phones),
        addresses=addresses(message.addresses),
        tags=tuple(dict.fromkeys(tag.strip() for tag in message.tags if tag.strip())),
        external_ids=dict(message.external_ids),
        description=message.description,
        custom=plain(message.custom) if message.HasField("custom") else {},
    )


def account_draft(message: Account) -> AccountDraft:
    """An account as the caller wrote it."""
    return AccountDraft(
        name=message.name.strip(),
        domains=tuple(message.domains),
        industry=message.industry.strip(),
        employees=message.employees,
        revenue_currency=message.annual_revenue.currency_code,
        revenue_minor=message.annual_revenue.amount_minor,
        founded_year=message.founded_year,
        type=message.type,
        tier=message.tier.strip(),
        parent_id=optional_id(message.parent_id),
        phone=message.phone.strip(),
        website=message.website.strip(),
        addresses=addresses(message.addresses),
        country_code=message.country_code,
        owner_id=optional_id(message.owner_id),
        team_id=optional_id(message.team_id),
        tags=tuple(dict.fromkeys(tag.strip() for tag in message.tags if tag.strip())),
        external_ids=dict(message.external_ids),
        description=message.description,
        custom=plain(message.custom) if message.HasField("custom") else {},
    )


_COLUMNS_OF = {"annual_revenue": ("revenue_currency", "revenue_minor")}


def account_columns(names: Iterable[str]) -> list[str]:
    """Fields of the draft behind fields of the message."""
    return [column for name in names for column in _COLUMNS_OF.get(name, (name,))]


def addresses(messages: Iterable[PostalAddress]) -> tuple[Address, ...]:
    """Postal addresses as the caller wrote them."""
    return tuple(
        Address(item.street, item.city, item.region, item.postal_code, item.country_code, item.label)
        for item in messages
    )


def optional_id(value: str) -> UUID | None:
    """An optional id from a message."""
    return UUID(value) if value else None
