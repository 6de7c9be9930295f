"""Leads, the rules by which they are given away, and the colleagues they are given to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from chassis.tables import Access, Record
from sqlalchemy import ARRAY, Date, Index, Integer, String, Uuid, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable
from sales.model.record_share import RecordShare


class Lead(Record, Access, SalesTable):
    """Somebody who may become a customer. The keys are what duplicates are found by."""

    __tablename__ = "lead"
    SHARES = RecordShare

    given_name: Mapped[str]
    family_name: Mapped[str]
    company_name: Mapped[str]
    company_key: Mapped[str] = mapped_column(String(collation="C"))
    job_title: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(String(collation="C"))
    phone: Mapped[str]
    phone_key: Mapped[str] = mapped_column(String(collation="C"))
    website: Mapped[str]
    country_code: Mapped[str]
    language: Mapped[str]
    industry: Mapped[str]
    description: Mapped[str]
    source: Mapped[str]
    form_id: Mapped[UUID | None]
    campaign_id: Mapped[UUID | None]
    status: Mapped[str]
    rating: Mapped[str]
    score: Mapped[int] = mapped_column(Integer())
    budget_currency: Mapped[str]
    budget_minor: Mapped[int]
    authority: Mapped[str]
    need: Mapped[str]
    timing: Mapped[str]
    completeness: Mapped[int] = mapped_column(Integer())
    product_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    assigned_by_rule_id: Mapped[UUID | None]
    assignment_reason: Mapped[str]
    assigned_at: Mapped[datetime | None]
    nurture_until: Mapped[date | None] = mapped_column(Date())
    disqualify_reason: Mapped[str]
    disqualify_note: Mapped[str]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    deal_id: Mapped[UUID | None]
    converted_at: Mapped[datetime | None]
    tags: Mapped[list[str]]

    __table_args__ = (
        Index("ix_lead_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_owner", "tenant_id", "owner_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_score", "tenant_id", desc("score"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_budget", "tenant_id", desc("budget_minor"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_completeness", "tenant_id", desc("completeness"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_company", "tenant_id", "company_key", "id", postgresql_where=LIVING),
        Index("ix_lead_email", "tenant_id", "email_key", "id", postgresql_where=LIVING),
        Index("ix_lead_phone", "tenant_id", "phone_key", "id", postgresql_where=LIVING),
        Index("ix_lead_status", "tenant_id", "status", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_contact", "tenant_id", "contact_id"),
        Index("ix_lead_bin", "tenant_id", desc("deleted_at"), desc("id")),
    )


class LeadRule(Record, SalesTable):
    """Who gets leads of a kind."""

    __tablename__ = "lead_rule"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    position: Mapped[int] = mapped_column(Integer())
    active: Mapped[bool]
    condition: Mapped[str]
    method: Mapped[str]
    team_id: Mapped[UUID | None]
    user_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))

    __table_args__ = (
        Index("ix_lead_rule_place", "tenant_id", "position", "id", postgresql_where=LIVING),
        Index("ix_lead_rule_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_lead_rule_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_lead_rule_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
    )


class LeadTurn(SalesTable):
    """How far a rule has come with giving leads away. Apart from the rule, so that no change of it waits for a lead."""

    __tablename__ = "lead_turn"

    rule_id: Mapped[UUID] = mapped_column(primary_key=True)
    given: Mapped[int]
    last_user_id: Mapped[UUID | None]


class Colleague(SalesTable):
    """A person of the company, by identity's events."""

    __tablename__ = "colleague"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[UUID | None]
    active: Mapped[bool]
    version: Mapped[int]

    __table_args__ = (Index("ix_colleague_team", "tenant_id", "team_id", "id"),)
