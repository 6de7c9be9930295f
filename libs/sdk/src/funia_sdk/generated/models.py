"""What the API answers, as dataclasses. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as _field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessExplanation:
    """What a person may do with a record, and the steps that lead there."""

    user_id: str = ""
    """Person."""
    record_id: str = ""
    """Record."""
    record_kind: str = ""
    """"contact", "account", "deal" or "lead"."""
    sees: bool = False
    """The person sees the record."""
    changes: bool = False
    """The person changes the record."""
    steps: list[AccessStep] = _field(default_factory=list)
    """The questions that were asked, in their order; the first that does not hold is what is missing."""
    hidden_fields: list[str] = _field(default_factory=list)
    """Fields of the record that the person's role hides."""
    read_only_fields: list[str] = _field(default_factory=list)
    """Fields of the record that the person's role locks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessStep:
    """One question on the way to a record."""

    code: str = ""
    """"member": the person works in the company; "read" and "write": the role has the scope; "all", "owner",
    "team", "rule" (by a sharing rule), "share" (shared by hand), "break_glass" (opened by break-glass): the
    record is in sight that way; "out_of_sight": it is in none; "only_read": it is, but by ways that do not
    let it be changed.
    """
    holds: bool = False
    """The answer is yes."""
    role: str = ""
    """Role that was asked."""
    scope: str = ""
    """Scope that was asked for."""
    team_path: list[str] = _field(default_factory=list)
    """Teams from that of the record up to that of the person, for "team"."""
    sharing_rule_ids: list[str] = _field(default_factory=list)
    """Sharing rules that show the record, for "rule"."""
    break_glass_id: str = ""
    """Opening that shows the record, for "break_glass"."""
    break_glass_reason: str = ""
    """Why it was opened, in the words of who did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A company."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name of the company."""
    domains: list[str] = _field(default_factory=list)
    """Web domains, without scheme."""
    industry: str = ""
    """Industry, as the company's own people call it."""
    employees: int = 0
    """Number of employees."""
    annual_revenue: Money | None = None
    """Revenue a year."""
    founded_year: int = 0
    """Year of foundation."""
    type: str = ""
    """What it is to us: prospect, customer, partner, competitor, other."""
    tier: str = ""
    """Importance, such as "A" or "key"."""
    parent_id: str = ""
    """Parent company."""
    phone: str = ""
    """Telephone."""
    website: str = ""
    """Web site."""
    addresses: list[PostalAddress] = _field(default_factory=list)
    """Addresses."""
    country_code: str = ""
    """Country of the seat."""
    owner_id: str = ""
    """User who owns the relationship."""
    team_id: str = ""
    """Team of the owner."""
    tags: list[str] = _field(default_factory=list)
    """Tags."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    description: str = ""
    """Free text about the company."""
    created_at: datetime | None = None
    """When the account was created."""
    updated_at: datetime | None = None
    """When the account last changed."""
    deleted_at: datetime | None = None
    """When the account was moved to the bin."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountContact:
    """A person in a company."""

    account_id: str = ""
    """Company."""
    contact_id: str = ""
    """Person."""
    role: str = ""
    """Role such as "buyer" or "decision maker"."""
    primary: bool = False
    """The person's main company."""
    contact: Contact | None = None
    """The person, as a summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLink:
    """A person's place in a company."""

    account_id: str = ""
    """Company."""
    account_name: str = ""
    """Name of the company."""
    role: str = ""
    """Role such as "buyer" or "decision maker"."""
    primary: bool = False
    """The person's main company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A note, task, meeting or call."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    kind: str = ""
    """Kind of activity."""
    subject_id: str = ""
    """Contact or account it belongs to."""
    title: str = ""
    """Short line."""
    body: str = ""
    """Text."""
    status: str = ""
    """State: not_started, in_progress, completed, deferred, canceled for tasks; planned, held, not_held,
    canceled for meetings.
    """
    due_at: datetime | None = None
    """When it is due or takes place."""
    assignee_id: str = ""
    """Who shall do it."""
    created_by: str = ""
    """Who created it."""
    created_at: datetime | None = None
    """When it was created."""
    completed_at: datetime | None = None
    """When it was completed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEvent:
    """One event as the report counted it."""

    id: str = ""
    """Id of the event."""
    type: str = ""
    """Type."""
    subject_id: str = ""
    """Aggregate it is about."""
    occurred_at: datetime | None = None
    """When it happened."""
    actor_type: str = ""
    """Kind of the one who did it."""
    actor_id: str = ""
    """Id of the one who did it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityReport:
    """Counts of events."""

    series: list[ActivitySeries] = _field(default_factory=list)
    """One series a type, the largest first."""
    steps: list[datetime] = _field(default_factory=list)
    """Start of each step, oldest first; shared by all series."""
    total: int = 0
    """All events counted."""
    as_of: datetime | None = None
    """When the newest event counted was recorded; what the report is true as of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySeries:
    """Counts of one type."""

    type: str = ""
    """Type such as "contacts.contact.created"."""
    counts: list[int] = _field(default_factory=list)
    """Count in each step."""
    total: int = 0
    """Sum of the counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedAmount:
    """What a rule or coupon took off."""

    id: str = ""
    """Rule or coupon."""
    amount_minor: int = 0
    """Amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An operation that waits, or that was decided."""

    id: str = ""
    """UUIDv7."""
    operation: str = ""
    """Operation, such as "sales.order.confirm"."""
    status: str = ""
    """"waiting", "approved" until it has run, "rejected", "recalled", "expired", "done" or "failed"."""
    requester_type: str = ""
    """Who asked: "user" or "client"."""
    requester_id: str = ""
    """Person or app."""
    record_kind: str = ""
    """Kind of the record that it is about, such as "order"."""
    record_id: str = ""
    """Record; empty where it is yet to be made."""
    facts: dict[str, str] = _field(default_factory=dict)
    """Facts by which it was judged."""
    digest: str = ""
    """SHA-256 of exactly what runs, in hexadecimal digits."""
    policy_id: str = ""
    """Policy that asked for it."""
    policy_name: str = ""
    """Its name then."""
    steps: list[ApprovalStep] = _field(default_factory=list)
    """Its steps then."""
    step: int = 0
    """Step that it is in, from 1."""
    approver_kind: str = ""
    """Whom it waits for now: "role", "user" or "lead" of a team."""
    approver_id: str = ""
    """Name of the role, id of the person or id of the team; empty where it waits for nobody."""
    may_decide: bool = False
    """The caller may agree to it now."""
    failure: str = ""
    """Why it could not run."""
    submitted_at: datetime | None = None
    """When it was asked for."""
    expires_at: datetime | None = None
    """After this nobody can agree any more."""
    ended_at: datetime | None = None
    """When it ended."""
    decisions: list[ApprovalDecision] = _field(default_factory=list)
    """What was decided, in order; empty in lists."""
    etag: str = ""
    """Changes with every write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDecision:
    """Something that was decided."""

    verdict: str = ""
    """"approved", "rejected", "delegated", "escalated", "recalled" or "expired"."""
    step: int = 0
    """Step that it was decided in, from 1."""
    actor_id: str = ""
    """Who decided; empty where it was the time."""
    reason: str = ""
    """What was said."""
    handed_to: str = ""
    """To whom it went, such as "role:manager"; empty where it went to nobody."""
    decided_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFact:
    """A fact of an operation."""

    name: str = ""
    """Name."""
    type: str = ""
    """What it is compared with: "number", "text", "boolean" or "id"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOperation:
    """An operation that can be made to wait."""

    name: str = ""
    """Name, such as "sales.order.confirm"."""
    facts: list[ApprovalFact] = _field(default_factory=list)
    """Facts that a condition may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPolicy:
    """An operation waits for approval where the condition fits."""

    id: str = ""
    """UUIDv7."""
    name: str = ""
    """What it is for, in the company's words."""
    operation: str = ""
    """Operation, such as "sales.order.confirm"."""
    condition: str = ""
    """Filter over the facts of the operation, such as "discount_basis_points > 2000"; empty for every time."""
    steps: list[ApprovalStep] = _field(default_factory=list)
    """Who agrees, one after another."""
    priority: int = 0
    """Where several policies fit, the one of the lowest number asks."""
    paused: bool = False
    """True where it asks nobody for now."""
    etag: str = ""
    """Changes with every write."""
    created_at: datetime | None = None
    """When it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalStep:
    """Somebody agrees."""

    approver_kind: str = ""
    """Who: "role" for anybody of a role, "user" for one person, "lead" for the lead of the team of whoever
    asks (of the team above where that is the asker himself; owners where there is none).
    """
    approver_id: str = ""
    """Name of the role, or id of the person; empty for "lead"."""
    escalate_after_hours: int = 0
    """Hours after which it goes to somebody else; 0 for never."""
    escalate_kind: str = ""
    """To whom it goes then: "role" or "user"."""
    escalate_id: str = ""
    """Name of that role, or id of that person."""
    expires_after_hours: int = 0
    """Hours after which nobody can agree any more; 0 for the default of the installation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedDocument:
    """A document that a mail carries."""

    document_id: str = ""
    """Document."""
    number: int = 0
    """Version."""
    file_name: str = ""
    """Name of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCheckpoint:
    """A signed statement of where the chain ended at a moment. Whoever keeps one outside can prove that the
    log was cut.
    """

    sequence: int = 0
    """Last entry at that moment."""
    hash: str = ""
    """Its hash, in hexadecimal."""
    created_at: datetime | None = None
    """When it was signed."""
    statement: str = ""
    """The statement: a JWS (ES256) under the keys of /.well-known/jwks.json of that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act. Its hash covers every field but `origin`, and the hash of the entry before it."""

    sequence: int = 0
    """Position in the company's chain: 1, 2, 3 without a gap."""
    recorded_at: datetime | None = None
    """When it was chained; never before the entry that precedes it."""
    occurred_at: datetime | None = None
    """When it happened."""
    actor_type: str = ""
    """Kind of the actor: user, client, service or system."""
    actor_id: str = ""
    """The actor."""
    client_id: str = ""
    """App through which the actor came; empty where there was none."""
    action: str = ""
    """What was done, such as "identity.user.suspended"."""
    target_id: str = ""
    """Id of what it was done to."""
    changed_fields: list[str] = _field(default_factory=list)
    """Names of the fields that changed."""
    detail: dict[str, str] = _field(default_factory=dict)
    """Ids and states that belong to the act. Never names, addresses or texts."""
    request_id: str = ""
    """Request in which it happened."""
    event_id: str = ""
    """Event that told of it, if any."""
    origin: AuditOrigin | None = None
    """Where the act came from; kept for a limited time."""
    origin_digest: str = ""
    """SHA-256 of `origin` with its salt, in hexadecimal; empty where no origin was known. Stays when the
    origin is gone.
    """
    previous_hash: str = ""
    """Hash of the entry before it, in hexadecimal."""
    hash: str = ""
    """SHA-256 of previous_hash and the content, in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFault:
    """The first entry that is not as it was written."""

    sequence: int = 0
    """Position of the entry."""
    reason: str = ""
    """ALTERED (content and hash do not belong together), BROKEN_LINK (it does not follow the entry before it),
    MISSING (a gap), TRUNCATED (the chain ends before its recorded end), CHECKPOINT_MISMATCH (a signed
    checkpoint says otherwise), FORGED_CHECKPOINT (a checkpoint that was not signed here) or ORIGIN_ALTERED.
    """
    message: str = ""
    """The same in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOrigin:
    """Where an act at the front door came from. Personal: it is forgotten while the entry stays."""

    address: str = ""
    """Address of the browser or program."""
    user_agent: str = ""
    """What the browser or program calls itself."""
    salt: str = ""
    """Random salt of the digest, in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketsResult:
    """What is bought together, in figures; the rules are listed by ListBasketRules."""

    baskets: int = 0
    """Orders that were looked at; one order is one basket."""
    single: int = 0
    """Of them, those with one product only, which tell nothing of what goes together."""
    products: int = 0
    """Different products in them."""
    least_baskets: int = 0
    """Orders that a set had to be in."""
    frequent_sets: int = 0
    """Sets of products that were in as many."""
    tested: int = 0
    """Rules that were tested, and corrected for."""
    rules: int = 0
    """Rules that were kept."""
    first_day: str = ""
    """First day of the orders."""
    last_day: str = ""
    """Last day of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCanContactResponse:
    """Answer of BatchCanContact."""

    decisions: list[ContactDecision] = _field(default_factory=list)
    """What holds for each, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCreateLeadsResponse:
    """Answer of BatchCreateLeads."""

    results: list[LeadResult] = _field(default_factory=list)
    """One a lead, in the order of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetAccountsResponse:
    """Answer of BatchGetAccounts."""

    accounts: list[Account] = _field(default_factory=list)
    """Accounts found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetConsentPurposesResponse:
    """Answer of BatchGetConsentPurposes."""

    consent_purposes: list[ConsentPurpose] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetContactsResponse:
    """Answer of BatchGetContacts."""

    contacts: list[Contact] = _field(default_factory=list)
    """Contacts found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetCouponsResponse:
    """Answer of BatchGetCoupons."""

    coupons: list[Coupon] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetDealsResponse:
    """Answer of BatchGetDeals."""

    deals: list[Deal] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetDiscountPoliciesResponse:
    """Answer of BatchGetDiscountPolicies."""

    discount_policies: list[DiscountPolicy] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetInvoicesResponse:
    """Answer of BatchGetInvoices."""

    invoices: list[Invoice] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetLeadsResponse:
    """Answer of BatchGetLeads."""

    leads: list[Lead] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetLoyaltyMembersResponse:
    """Answer of BatchGetLoyaltyMembers."""

    loyalty_members: list[LoyaltyMember] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetNeedsResponse:
    """Answer of BatchGetNeeds."""

    needs: list[Need] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetOrdersResponse:
    """Answer of BatchGetOrders."""

    orders: list[Order] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetPriceBooksResponse:
    """Answer of BatchGetPriceBooks."""

    price_books: list[PriceBook] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetPriceRulesResponse:
    """Answer of BatchGetPriceRules."""

    price_rules: list[PriceRule] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetProductVariantsResponse:
    """Answer of BatchGetProductVariants."""

    product_variants: list[ProductVariant] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetProductsResponse:
    """Answer of BatchGetProducts."""

    products: list[Product] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetQuotesResponse:
    """Answer of BatchGetQuotes."""

    quotes: list[Quote] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetRegistersResponse:
    """Answer of BatchGetRegisters."""

    registers: list[Register] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetSalesActivitiesResponse:
    """Answer of BatchGetSalesActivities."""

    sales_activities: list[SalesActivity] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetStoresResponse:
    """Answer of BatchGetStores."""

    stores: list[Store] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchGetTicketsResponse:
    """Answer of BatchGetTickets."""

    tickets: list[Ticket] = _field(default_factory=list)
    """Those found, in the order asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of one item."""

    index: int = 0
    """Place of the item in the request, from 0."""
    id: str = ""
    """Record; empty where the item failed before one was found."""
    etag: str = ""
    """Etag of the record after the request."""
    outcome: str = ""
    """created, updated, unchanged, deleted or failed."""
    problem: ItemProblem | None = None
    """Why it failed; unset otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResults:
    """What became of the items."""

    results: list[BatchResult] = _field(default_factory=list)
    """One result an item, in the order of the items."""
    created: int = 0
    """Items created."""
    updated: int = 0
    """Items updated."""
    unchanged: int = 0
    """Items that changed nothing."""
    deleted: int = 0
    """Items moved to the bin."""
    failed: int = 0
    """Items refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchUpsertTicketsResponse:
    """Answer of BatchUpsertTickets."""

    results: list[UpsertedTicket] = _field(default_factory=list)
    """One a ticket, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardColumn:
    """A stage, and what stands in it."""

    stage: Stage | None = None
    """Stage."""
    deal_count: int = 0
    """Deals that the caller sees in it."""
    amount_minor: int = 0
    """What they are worth, in the company's currency."""
    weighted_minor: int = 0
    """The same by their chances."""
    deals: list[Deal] = _field(default_factory=list)
    """The first of them."""
    filter: str = ""
    """Filter by which ListDeals goes on in this column, in the same order."""
    next_page_token: str = ""
    """Token of ListDeals with that filter; empty where all are here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """An opening."""

    id: str = ""
    """UUIDv7."""
    user_id: str = ""
    """Owner who opened."""
    reason: str = ""
    """Why, in the owner's words."""
    record_id: str = ""
    """The one record that is open; empty where the whole company is."""
    client_id: str = ""
    """Where it holds: the client_id of the console or of an app."""
    opened_at: datetime | None = None
    """When it began."""
    expires_at: datetime | None = None
    """When it ends by itself."""
    ended_at: datetime | None = None
    """When it ended; not set while it is open."""
    ended_for: str = ""
    """Why it ended: "hand" or "time"; empty while it is open."""
    calls: int = 0
    """Calls on records made under it, as far as they have come to the audit log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkJob:
    """A bulk job and its progress."""

    id: str = ""
    """UUIDv7."""
    object: str = ""
    """contact or account."""
    operation: str = ""
    """create, update, upsert or delete."""
    format: str = ""
    """jsonl: items as the batch methods take them, one a line. csv: columns as in an import, and id and etag."""
    system: str = ""
    """For upserts: system by whose external ids records are recognised."""
    allow_duplicate: bool = False
    """For CSV: create records even where they look like duplicates."""
    status: str = ""
    """State: open, uploaded, running, paused, completed, cancelled or failed."""
    file_bytes: int = 0
    """Size of the file in bytes."""
    items_done: int = 0
    """Items dealt with."""
    items_total: int = 0
    """Items in the file; 0 until known."""
    created: int = 0
    """Items created."""
    updated: int = 0
    """Items updated."""
    unchanged: int = 0
    """Items that changed nothing."""
    deleted: int = 0
    """Items moved to the bin."""
    failed: int = 0
    """Items refused."""
    failure: str = ""
    """Why the job as a whole failed; empty otherwise."""
    created_by: str = ""
    """Who created it."""
    created_at: datetime | None = None
    """When it was created."""
    finished_at: datetime | None = None
    """When it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """The hours in which a company works"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    time_zone: str = ""
    """Time zone of its hours, such as "Europe/Sofia"."""
    hours: list[WorkingHours] = _field(default_factory=list)
    """When work is done, in any order; several a day may be given."""
    holidays: list[Holiday] = _field(default_factory=list)
    """Days on which nobody works."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Customers with chances about as large."""

    predicted: float = 0.0
    """Chance foretold, on average."""
    happened: float = 0.0
    """Share of whom it happened to."""
    rows: int = 0
    """Customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAccount:
    """How the company is paid by card."""

    provider: str = ""
    """Card provider; empty where none is set."""
    publishable_key: str = ""
    """Public key for the payer's browser."""
    webhook_path: str = ""
    """Path, below the address of Funia, that the provider sends its webhooks to."""
    has_secret_key: bool = False
    """A secret key is kept."""
    has_webhook_secret: bool = False
    """A webhook secret is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashCount:
    """So many notes or coins of a kind."""

    value_minor: int = 0
    """Value of one in minor units."""
    quantity: int = 0
    """How many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashMovement:
    """Cash put into a drawer or taken out beside sales."""

    id: str = ""
    """Movement."""
    kind: str = ""
    """"in" or "out"."""
    amount_minor: int = 0
    """Amount in minor units, above zero."""
    reason: str = ""
    """Why."""
    moved_at: datetime | None = None
    """When."""
    moved_by: str = ""
    """Who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnResult:
    """Chances that customers buy nothing within the horizon."""

    rows: int = 0
    """Customers the model learned from."""
    happened: int = 0
    """Of them, those who bought nothing."""
    auc: float = 0.0
    """How often one who left got the larger chance than one who stayed: 0.5 is guessing."""
    brier: float = 0.0
    """Mean squared miss of the chances."""
    brier_of_share: float = 0.0
    """The same of saying the overall share to everybody."""
    calibration: list[CalibrationBin] = _field(default_factory=list)
    """Chances foretold against what happened."""
    weights: list[ModelWeight] = _field(default_factory=list)
    """What goes with leaving."""
    expected: float = 0.0
    """Customers expected to leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCompanyAnswer:
    """CloseCompanyAnswer"""

    erased_at: datetime | None = None
    """When the company is erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterChoice:
    """A number of clusters that was tried."""

    k: int = 0
    """How many."""
    silhouette: float = 0.0
    """Mean silhouette, from -1 to 1: the higher the better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterProfile:
    """A cluster in figures."""

    band: str = ""
    """Band of its customers."""
    kind: str = ""
    """Kind: CHAMPIONS, AT_RISK, NEW, LOST, LOYAL or AVERAGE."""
    traits: list[str] = _field(default_factory=list)
    """What sets it apart: RECENT or LAPSED, FREQUENT or RARE, HIGH_SPEND or LOW_SPEND."""
    customers: int = 0
    """Customers."""
    share_of_spend: float = 0.0
    """Share of all spend."""
    recency_median: float = 0.0
    """Median of the days since the last purchase."""
    frequency_median: float = 0.0
    """Median of purchases."""
    spend_median: float = 0.0
    """Median of spend, in minor units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersResult:
    """Clusters of customers."""

    k: int = 0
    """How many."""
    choices: list[ClusterChoice] = _field(default_factory=list)
    """How well each number tried parts the customers."""
    profiles: list[ClusterProfile] = _field(default_factory=list)
    """The clusters, the highest spend first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Customers who bought first in the same step."""

    starts_on: str = ""
    """First day of that step."""
    customers: int = 0
    """Customers."""
    active: list[int] = _field(default_factory=list)
    """How many of them bought in each step from the first on, up to the step of the last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortReport:
    """Customers who came back."""

    step: str = ""
    """Length of a step."""
    first_day: str = ""
    """First day."""
    last_day: str = ""
    """Last day."""
    cohorts: list[Cohort] = _field(default_factory=list)
    """Cohorts, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyExport:
    """An export of everything a company has."""

    id: str = ""
    """UUIDv7."""
    state: str = ""
    """State: waiting, ready, failed, gone."""
    services_done: int = 0
    """Services whose part is done."""
    services_total: int = 0
    """Services that have a part."""
    rows: int = 0
    """Rows in the archive."""
    size_bytes: int = 0
    """Size of the archive in bytes."""
    sha256: str = ""
    """SHA-256 of the archive, in hex."""
    problem: str = ""
    """What went wrong, for one that failed."""
    created_by: str = ""
    """Who asked for it."""
    created_at: datetime | None = None
    """When it was asked for."""
    finished_at: datetime | None = None
    """When the archive was ready."""
    expires_at: datetime | None = None
    """When the archive is removed, and its link ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Where a person stands on a purpose and a channel."""

    purpose_id: str = ""
    """Purpose."""
    channel: str = ""
    """Channel."""
    status: str = ""
    """"granted", "pending", "withdrawn", "expired" (asked, and never confirmed), or empty where nothing was
    said.
    """
    allowed: bool = False
    """Whether a message may go out now, as far as the address is not suppressed."""
    reason: str = ""
    """Why, as CanContact says it."""
    happened_at: datetime | None = None
    """When it was said."""
    source: str = ""
    """Where it was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """Something that was said, as it was recorded."""

    id: str = ""
    """Entry."""
    purpose_id: str = ""
    """Purpose."""
    channel: str = ""
    """Channel."""
    status: str = ""
    """"granted", "withdrawn", "pending" or "expired"."""
    lawful_basis: str = ""
    """What allowed the purpose then."""
    source: str = ""
    """Where it was said."""
    text_version: str = ""
    """Version of the text that was shown."""
    happened_at: datetime | None = None
    """When it was said."""
    recorded_at: datetime | None = None
    """When it was recorded."""
    recorded_by: str = ""
    """Who recorded it: a colleague, an app, or the person by a link."""
    ip_digest: str = ""
    """Hash of the internet address, in base64url."""
    user_agent_digest: str = ""
    """Hash of the browser, likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPurpose:
    """What people may be written to for, such as a newsletter"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name, as people read it in the preference centre."""
    description: str = ""
    """What it means for them, as they read it there."""
    channels: list[str] = _field(default_factory=list)
    """Channels on which it may be used."""
    lawful_basis: str = ""
    """What allows it; "consent" where not given. Consent is asked for before; legitimate interest holds until
    somebody objects; contract and legal obligation are service messages, which nobody can object to.
    """
    double_opt_in: bool = False
    """Consent counts once it is confirmed by the link in a message."""
    public: bool = False
    """People see it in the preference centre."""
    position: int = 0
    """Place among the purposes."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write; send it back in If-Match or in the request to avoid overwriting others."""
    title: str = ""
    """Title such as "Dr"."""
    given_name: str = ""
    """Given name."""
    middle_name: str = ""
    """Middle name or patronymic."""
    family_name: str = ""
    """Family name."""
    display_name: str = ""
    """Name as shown, built from the parts, or from the first e-mail or phone where there is no name."""
    job_title: str = ""
    """Job title."""
    lifecycle_stage: str = ""
    """Stage of the relationship."""
    language: str = ""
    """Preferred language."""
    country_code: str = ""
    """Country of residence."""
    source: str = ""
    """Where the contact came from, such as "import", "web form", "referral"."""
    owner_id: str = ""
    """User who owns the relationship."""
    team_id: str = ""
    """Team of the owner."""
    do_not_contact: bool = False
    """The person asked not to be contacted at all."""
    score: int = 0
    """Lead score."""
    emails: list[EmailAddress] = _field(default_factory=list)
    """E-mail addresses; at most one is primary, the first where none is marked."""
    phones: list[PhoneNumber] = _field(default_factory=list)
    """Phone numbers; at most one is primary, the first where none is marked."""
    addresses: list[PostalAddress] = _field(default_factory=list)
    """Postal addresses."""
    tags: list[str] = _field(default_factory=list)
    """Tags."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system: {"mailchimp": "x81"}."""
    accounts: list[AccountLink] = _field(default_factory=list)
    """Companies the person belongs to. Changed through AccountContactService."""
    description: str = ""
    """Free text about the person."""
    created_at: datetime | None = None
    """When the contact was created."""
    updated_at: datetime | None = None
    """When the contact last changed."""
    deleted_at: datetime | None = None
    """When the contact was moved to the bin; unset while it is alive."""
    merged_into_id: str = ""
    """Contact this one was merged into; empty otherwise."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDecision:
    """Whether a message may go out."""

    allowed: bool = False
    """It may."""
    reason: str = ""
    """Why. Allowed: "CONSENT_GIVEN", "LEGITIMATE_INTEREST" or "SERVICE_MESSAGE". Refused: "CONTACT_UNKNOWN",
    "DO_NOT_CONTACT", "ADDRESS_SUPPRESSED", "ADDRESS_BOUNCES", "WITHDRAWN", "NOT_CONFIRMED" or "NO_CONSENT".
    """
    contact_id: str = ""
    """Person asked about; who stayed, where the person was merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """A code that takes something off a document"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    code: str = ""
    """Code, its own; letters count the same in either case."""
    name: str = ""
    """Name, as receipts show it."""
    discount_basis_points: int = 0
    """Share it takes off, or"""
    discount_amount: Money | None = None
    """the amount it takes off."""
    min_amount: Money | None = None
    """What its goods must come to."""
    variant_ids: list[str] = _field(default_factory=list)
    """Variants it holds for."""
    product_ids: list[str] = _field(default_factory=list)
    """Products it holds for."""
    category_ids: list[str] = _field(default_factory=list)
    """Branches of the catalogue it holds for. With no goods named it holds for all."""
    segment: str = ""
    """Segment it is for; empty for all."""
    store_id: str = ""
    """Store it is for; empty for all."""
    channel: str = ""
    """Channel it is for; empty for all."""
    valid_from: str = ""
    """First day; empty for always."""
    valid_to: str = ""
    """Last day; empty for ever."""
    max_uses: int = 0
    """Times it can be used in all; 0 for no bound."""
    max_uses_per_customer: int = 0
    """Times one customer can use it; 0 for no bound."""
    uses: int = 0
    """Times it was used."""
    active: bool | None = None
    """Only active coupons are taken; true where not given."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLimit:
    """How much a company may owe by placed orders. Only orders in its currency are counted."""

    account_id: str = ""
    """Company."""
    amount: Money | None = None
    """The most it may owe; missing where there is no limit."""
    etag: str = ""
    """Changes with every write; empty where there is no limit."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyRate:
    """What one unit of a currency is in another from a day on"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    source_currency: str = ""
    """Currency changed from."""
    target_currency: str = ""
    """Currency changed into."""
    valid_from: str = ""
    """Day, such as 2026-11-22, from which the rate holds until the next."""
    rate_billionths: int = 0
    """Units of the target for one of the source, in billionths."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A field that the company added."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    object: str = ""
    """Kind of record: contact, account, lead, deal, quote, order or invoice."""
    key: str = ""
    """Name in the API, in filters as custom.<key>, and in files."""
    label: str = ""
    """Name that people read."""
    type: str = ""
    """text (500 characters), number, money ({currency_code, amount_minor}), date (YYYY-MM-DD), boolean, choice
    (one of the options), choices (some of them) or reference (id of a record).
    """
    options: list[str] = _field(default_factory=list)
    """What a choice offers, in the order shown."""
    references: str = ""
    """What a reference points to: contact or account."""
    required: bool = False
    """New records need a value, and nobody can empty it."""
    searchable: bool = False
    """Search finds records by its value; for text, choice and choices. Records written before are found after
    their next change or a rebuild.
    """
    position: int = 0
    """Place among the fields of the record."""
    archived: bool = False
    """Not shown and not writable any more."""
    created_at: datetime | None = None
    """When it was added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAgeing:
    """What one customer owes in one currency, in minor units."""

    customer_id: str = ""
    """Company, or the person where there is none; empty for invoices without one."""
    currency_code: str = ""
    """Currency."""
    not_due_minor: int = 0
    """Not due yet."""
    days_30_minor: int = 0
    """Late by up to 30 days."""
    days_60_minor: int = 0
    """Late by 31 to 60 days."""
    days_90_minor: int = 0
    """Late by 61 to 90 days."""
    older_minor: int = 0
    """Late by more."""
    invoice_count: int = 0
    """Open invoices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHit:
    """A customer that was found."""

    kind: str = ""
    """"contact" or "account"."""
    id: str = ""
    """Id of the record."""
    name: str = ""
    """Name as shown."""
    subtitle: str = ""
    """One line that tells this one from the others: job and company, or industry and country."""
    email: str = ""
    """Primary e-mail or domain."""
    phone: str = ""
    """Primary phone."""
    score: float = 0.0
    """Rank of the search engine; comparable within one answer only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerInsight:
    """What the models say of a customer."""

    customer_id: str = ""
    """Customer; for somebody who was merged, the person who stayed."""
    models: list[CustomerModelScore] = _field(default_factory=list)
    """What each active model says; none where the customer has bought nothing that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerModelScore:
    """What one model says of a customer."""

    score: ModelScore | None = None
    """Score."""
    model_run_id: str = ""
    """Run."""
    as_of: str = ""
    """Last day that it looked at."""
    horizon_days: int = 0
    """Days it looks ahead; 0 where it does not."""
    currency_code: str = ""
    """Currency of amounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Figures that are looked at together."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """What it is called."""
    shared: bool = False
    """True where everybody who may see figures may see it."""
    made_by: str = ""
    """Person who made it."""
    tiles: list[Tile] = _field(default_factory=list)
    """Tiles in their order."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """Something that may be sold"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    account_id: str = ""
    """Company that would buy."""
    contacts: list[DealContact] = _field(default_factory=list)
    """People on the buying side."""
    pipeline_id: str = ""
    """Pipeline; the first where not given."""
    stage_id: str = ""
    """Stage; the first of its pipeline where not given. MoveDeal changes it."""
    status: str = ""
    """"open", "won" or "lost", as its stage says."""
    amount: Money | None = None
    """What it is worth: the sum of its lines without tax, unless given. Emptied, it follows the lines again."""
    home_amount: Money | None = None
    """The amount in the company's own currency, by the rate of the day it was set."""
    expected_close_date: str = ""
    """Day on which it should close; thirty days ahead where not given."""
    probability: int | None = None
    """Chance in per cent; its stage's where not given."""
    forecast_category: str = ""
    """Where it counts in the forecast; as its stage says where not given."""
    source: str = ""
    """Where it came from, such as "trade fair"."""
    lead_id: str = ""
    """Lead it was made of."""
    campaign_id: str = ""
    """Campaign that brought it."""
    next_step: str = ""
    """What is to be done next."""
    need_ids: list[str] = _field(default_factory=list)
    """Needs it answers."""
    description: str = ""
    """Text."""
    lost_reason: str = ""
    """Why it was lost, by the company's own list."""
    lost_note: str = ""
    """What is to be said about the loss."""
    stage_entered_at: datetime | None = None
    """Since when it stands in its stage."""
    closed_at: datetime | None = None
    """When it was won or lost."""
    rotting: bool = False
    """Longer in its stage than the stage allows, with nothing happening."""
    tags: list[str] = _field(default_factory=list)
    """Tags."""
    owner_id: str = ""
    """Person who owns it."""
    team_id: str = ""
    """Team it belongs to."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""
    last_activity_at: datetime | None = None
    """When something last happened with it: an activity was entered or done."""
    next_activity_at: datetime | None = None
    """When the next thing that is still to be done is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealBoard:
    """The columns of a pipeline."""

    columns: list[BoardColumn] = _field(default_factory=list)
    """Columns, the first stage first."""
    currency_code: str = ""
    """Currency of the sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealContact:
    """A person on the buying side."""

    contact_id: str = ""
    """Person."""
    role: str = ""
    """What the person is in it."""
    is_primary: bool = False
    """The one to talk to first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLines:
    """What is sold in a deal."""

    deal_id: str = ""
    """Deal."""
    etag: str = ""
    """Etag of the deal."""
    currency_code: str = ""
    """Currency."""
    lines: list[LineItem] = _field(default_factory=list)
    """Lines in their order."""
    list_minor: int = 0
    """Sum at list prices."""
    discount_minor: int = 0
    """What rules and discounts took off."""
    net_minor: int = 0
    """Sum without tax."""
    tax_minor: int = 0
    """Tax."""
    gross_minor: int = 0
    """Sum with tax."""
    amount_by_hand: bool = False
    """The deal's amount was given by hand and does not follow the lines. Emptying it makes it follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteApprovalPolicyResponse:
    """Answer of DeleteApprovalPolicy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCompanyExportResponse:
    """Answer of DeleteCompanyExport."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCurrencyRateResponse:
    """Answer of DeleteCurrencyRate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteInvitationResponse:
    """Answer of DeleteInvitation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOAuthClientResponse:
    """Answer of DeleteOAuthClient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePriceBookEntryResponse:
    """Answer of DeletePriceBookEntry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteReportScheduleResponse:
    """Answer of DeleteReportSchedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRoleResponse:
    """Answer of DeleteRole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSandboxResponse:
    """Answer of DeleteSandbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteScimTokenResponse:
    """Answer of DeleteScimToken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSharingRuleResponse:
    """Answer of DeleteSharingRule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSsoConnectionResponse:
    """Answer of DeleteSsoConnection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSsoDomainResponse:
    """Answer of DeleteSsoDomain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTeamResponse:
    """Answer of DeleteTeam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteWebhookEndpointResponse:
    """Answer of DeleteWebhookEndpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountLeakage:
    """What people took off: discounts on lines and orders, and coupons; price rules aside."""

    first_day: str = ""
    """First day."""
    last_day: str = ""
    """Last day."""
    currency_code: str = ""
    """Currency."""
    rows: list[LeakageRow] = _field(default_factory=list)
    """Rows, those with the most beyond first."""
    total: LeakageRow | None = None
    """Everything, also what is not in `rows`."""
    left_out_orders: int = 0
    """Orders of the period in another currency, which are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountPolicy:
    """How much may be taken off by hand before somebody must agree; the highest that holds counts"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    team_id: str = ""
    """Team whose people it is for; empty for all."""
    store_id: str = ""
    """Store it is for; empty for all."""
    channel: str = ""
    """Channel it is for; empty for all."""
    max_discount_basis_points: int = 0
    """Share that may be taken off a line."""
    min_margin_basis_points: int | None = None
    """Margin that must be left of a line with a discount; none where not given."""
    priority: int = 0
    """Of several that hold, the highest counts."""
    active: bool | None = None
    """Only active policies count; true where not given."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that sellers use."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """What it is called; one name is given once."""
    description: str = ""
    """What it is for."""
    category: str = ""
    """Kind: "brochure", "price_list", "contract", "manual", "presentation" or "other"; "other" where empty."""
    language: str = ""
    """Language that it is written in; empty where it has none."""
    tags: list[str] = _field(default_factory=list)
    """Tags, 20 at most."""
    product_ids: list[str] = _field(default_factory=list)
    """Products that it is about."""
    valid_until: str = ""
    """Last day on which it holds; empty where it holds until it is withdrawn."""
    archived: bool = False
    """True where it is withdrawn: it stays, and is sent to nobody any more."""
    file_version: int = 0
    """Number of its newest version; 0 where it has no file yet."""
    file_name: str = ""
    """Name of the file."""
    content_type: str = ""
    """Type of the file, found in its content, such as "application/pdf"."""
    size_bytes: int = 0
    """Size of the file in bytes."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUse:
    """Where a document is used."""

    kind: str = ""
    """"quote", "mail" or "stage"."""
    record_id: str = ""
    """The quote, the activity of the mail, or the stage."""
    title: str = ""
    """Title of the quote, subject of the mail, or name of the stage."""
    number: int = 0
    """Version that it carries; 0 for a stage, which has the newest."""
    download_count: int = 0
    """How often the customer downloaded it there; 0 for mails."""
    created_at: datetime | None = None
    """When the quote was made, or the mail written."""
    about_kind: str = ""
    """What a mail is about: "deal", "lead", "quote" and so on; empty for quotes."""
    about_id: str = ""
    """That record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersion:
    """A file of a document as it was uploaded; it never changes."""

    number: int = 0
    """Number, from 1."""
    file_name: str = ""
    """Name of the file."""
    content_type: str = ""
    """Type of the file."""
    size_bytes: int = 0
    """Size in bytes."""
    sha256: str = ""
    """SHA-256 of the file in hexadecimal."""
    created_by: str = ""
    """Who uploaded it."""
    created_at: datetime | None = None
    """When it was uploaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTime:
    """When working time has passed."""

    due_at: datetime | None = None
    """When it has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateCandidate:
    """An existing contact that looks like the one at hand."""

    contact: Contact | None = None
    """The existing contact, as a summary."""
    score: int = 0
    """How alike, 0 to 100."""
    reasons: list[str] = _field(default_factory=list)
    """What agrees: "email", "phone", "external_id", "name"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnRule:
    """Goods that earn more or less than others."""

    product_id: str = ""
    """Product, or"""
    category_id: str = ""
    """category with all below it."""
    percent: int = 0
    """Points in per cent of those that others earn; 0 earns none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elasticity:
    """How demand answers to price."""

    first_day: str = ""
    """First day with sales."""
    last_day: str = ""
    """Last day with sales."""
    currency_code: str = ""
    """Currency."""
    rows: int = 0
    """Rows that were fitted."""
    left_out_lines: int = 0
    """Lines left out, since their price or quantity is not more than nothing."""
    refusal: ModelRefusal | None = None
    """Why there is no estimate; absent where there is one."""
    slope: ElasticityEstimate | None = None
    """Per cent of demand a per cent of price, where nothing is promoted."""
    naive: ElasticityEstimate | None = None
    """The same if promotion is ignored."""
    promotion: ElasticityEstimate | None = None
    """What a promotion adds to log demand; absent where the rows cannot tell it."""
    price_in_promotion: ElasticityEstimate | None = None
    """What a promotion adds to the slope; absent where the rows cannot tell it."""
    r_squared: float = 0.0
    """Share of the variation within fixed effects that is explained."""
    clusters: int = 0
    """Groups of rows whose errors may go together; 0 where each row stands alone."""
    lowest_price_minor: float = 0.0
    """Lowest price of a unit seen, in minor units."""
    highest_price_minor: float = 0.0
    """Highest price of a unit seen, in minor units."""
    remarks: list[ModelRemark] = _field(default_factory=list)
    """What a reader must know."""
    points: list[PricePoint] = _field(default_factory=list)
    """Rows for a plot, 300 at most, evenly chosen."""
    today: PriceToday | None = None
    """What was sold in the last 90 days with sales; what-ifs are held against it."""
    what_ifs: list[PriceWhatIf] = _field(default_factory=list)
    """What other prices would do, in the order asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticityEstimate:
    """An estimate with its interval."""

    value: float = 0.0
    """Value."""
    error: float = 0.0
    """Standard error."""
    low: float = 0.0
    """Lower bound."""
    high: float = 0.0
    """Upper bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress:
    """An e-mail address of a person."""

    address: str = ""
    """Address; stored as given, compared case-folded."""
    label: str = ""
    """Label such as "work" or "home"."""
    primary: bool = False
    """The one to use first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUserSessionsResponse:
    """Answer of EndUserSessions."""

    ended: int = 0
    """Sessions that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedRows:
    """How many rows of a kind went."""

    name: str = ""
    """What they were, such as "activity"."""
    count: int = 0
    """How many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. Carries ids and states; read the record by its id for the rest."""

    id: str = ""
    """Id of the event: the same however often it comes."""
    type: str = ""
    """Such as contacts.contact.created."""
    time: datetime
    """When it happened."""
    subject: str = ""
    """Id of the record that changed."""
    version: int = 0
    """Version of the record after the change. Of two events on a record the higher is later."""
    actor: EventActor = _field(default_factory=lambda: EventActor())
    """Who did it."""
    changed_fields: list[str] = _field(default_factory=list)
    """Names of changed fields."""
    data: dict[str, Any] = _field(default_factory=dict)
    """What the type of event tells besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventActor:
    """Who did something."""

    type: str = ""
    """user, client, service or system."""
    id: str = ""
    """Id of the user or client; empty for the system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFunnel:
    """How far something got."""

    reached: list[int] = _field(default_factory=list)
    """How many came to each step, or further; none where nobody came to the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Events behind a cursor."""

    events: list[Event] = _field(default_factory=list)
    """Oldest first."""
    next_cursor: str = ""
    """Where to go on: after= of the next call."""
    has_more: bool = False
    """False where everything that is there has been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """A field that is wrong."""

    field: str = ""
    """Path of the field."""
    message: str = ""
    """What is wrong and what to do."""
    reason: str = ""
    """Reason, such as "TOO_LONG"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDuplicateContactsResponse:
    """Answer of FindDuplicateContacts."""

    candidates: list[DuplicateCandidate] = _field(default_factory=list)
    """Likely duplicates, likeliest first, ten at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is won and what may come, in the company's currency."""

    currency_code: str = ""
    """Currency of the sums."""
    months: list[ForecastMonth] = _field(default_factory=list)
    """By month of the expected close; won deals by the month they closed."""
    owners: list[ForecastOwner] = _field(default_factory=list)
    """By owner, over all months asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastBackTest:
    """How a method did where the outcome is known."""

    method: str = ""
    """Method."""
    mase: float = 0.0
    """Mean miss in units of what repeating the last cycle misses; below 1 is better than that."""
    smape: float = 0.0
    """Mean of twice the miss by what came and was expected, from 0 to 2."""
    coverage: float = 0.0
    """Share of outcomes inside the intervals, before these were widened."""
    origins: int = 0
    """Points in the past from which it forecast."""
    ahead: int = 0
    """Steps ahead it forecast from each."""
    tested: int = 0
    """Outcomes it was held against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastDay:
    """How it stood on a day."""

    day: str = ""
    """Day."""
    commit_minor: int = 0
    """Committed."""
    best_case_minor: int = 0
    """Best case, committed ones not counted."""
    pipeline_minor: int = 0
    """Pipeline, the above not counted."""
    weighted_minor: int = 0
    """All open ones by their chances."""
    open_count: int = 0
    """Open deals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastHistory:
    """How the forecast stood."""

    currency_code: str = ""
    """Currency of the sums."""
    days: list[ForecastDay] = _field(default_factory=list)
    """Days that there are snapshots of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastMonth:
    """A month."""

    month: str = ""
    """Month, such as 2026-11."""
    sums: ForecastSums | None = None
    """Its sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastOwner:
    """A person."""

    owner_id: str = ""
    """Person; empty for deals without one."""
    sums: ForecastSums | None = None
    """Sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPast:
    """A step that was."""

    first_day: str = ""
    """First day."""
    value: int = 0
    """What it came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSeries:
    """A figure until now and ahead."""

    method: str = ""
    """Method that did best: SEASONAL_NAIVE, HOLT_WINTERS or CALENDAR_REGRESSION."""
    confidence_permille: int = 0
    """Confidence of the intervals in thousandths."""
    season: int = 0
    """Steps that make a cycle; 1 where the history is too short to know of any."""
    widened: float = 0.0
    """Factor by which the intervals grew to have held in the back-test; 1 where they held."""
    history: list[ForecastPast] = _field(default_factory=list)
    """What was, the oldest first, without steps that were not over. The first with a sale counts if it was
    sold on its first day, for it may be a part of a step otherwise.
    """
    steps: list[ForecastStep] = _field(default_factory=list)
    """What may come."""
    back_tests: list[ForecastBackTest] = _field(default_factory=list)
    """How each method did; empty where the history is too short to test on."""
    remarks: list[ModelRemark] = _field(default_factory=list)
    """What a reader must know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastStep:
    """A step ahead."""

    first_day: str = ""
    """First day."""
    expected: int = 0
    """What is expected."""
    low: int = 0
    """Lower bound."""
    high: int = 0
    """Upper bound."""
    came: int | None = None
    """What came; absent while the step is not over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSums:
    """Sums in minor units."""

    won_minor: int = 0
    """Won."""
    commit_minor: int = 0
    """Committed, open."""
    best_case_minor: int = 0
    """Best case, open, committed ones not counted."""
    pipeline_minor: int = 0
    """Pipeline, open, the above not counted."""
    weighted_minor: int = 0
    """All open ones by their chances."""
    open_count: int = 0
    """Open deals."""
    won_count: int = 0
    """Won deals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBasketRule:
    """Who buys all of `antecedent_product_ids` buys `consequent_product_id`, too, so often."""

    id: str = ""
    """Rule: the same products have the same id in every run."""
    antecedent_product_ids: list[str] = _field(default_factory=list)
    """Products of the left side, from one on."""
    consequent_product_id: str = ""
    """Product of the right side."""
    together: int = 0
    """Orders with both sides."""
    antecedent_count: int = 0
    """Orders with the left side."""
    consequent_count: int = 0
    """Orders with the right side."""
    support: float = 0.0
    """Share of orders with both sides among all, from 0 to 1."""
    confidence: float = 0.0
    """Share of orders with both sides among those with the left side, from 0 to 1."""
    lift: float = 0.0
    """How many times more often than by chance."""
    p_value: float = 0.0
    """Chance of as many orders together where the sides have nothing to do with each other (Fisher's exact
    test, one-sided).
    """
    p_adjusted: float = 0.0
    """The same, corrected for the number of rules tested, as the run was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCustomer:
    """A customer at a counter."""

    member: LoyaltyMember | None = None
    """Membership; not set for a contact who is no member."""
    contact_id: str = ""
    """Person, where known."""
    account_id: str = ""
    """Company, where known."""
    tier_name: str = ""
    """Name of the tier."""
    points_worth: Money | None = None
    """What the points that can be spent are worth."""
    credits: list[Money] = _field(default_factory=list)
    """What is left on the customer's gift cards, by currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """Something handed over or shipped."""

    id: str = ""
    """Fulfilment."""
    order_id: str = ""
    """Order."""
    lines: list[LineQuantity] = _field(default_factory=list)
    """What it holds."""
    tracking_code: str = ""
    """Code by which a parcel is followed."""
    note: str = ""
    """Text."""
    fulfilled_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLeak:
    """Deals lost in a stage for a reason."""

    stage_id: str = ""
    """Stage that they had reached."""
    lost_reason: str = ""
    """Reason."""
    deals: int = 0
    """Deals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStage:
    """A stage of a funnel."""

    stage_id: str = ""
    """Stage; empty for what was won."""
    name: str = ""
    """Name of the stage."""
    reached: int = 0
    """Deals that came this far or further."""
    standing: int = 0
    """Deals that stand here now."""
    lost: int = 0
    """Deals that were lost here."""
    median_seconds: int = 0
    """Median of seconds that deals stayed before they moved on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Repeat purchases after so many days."""

    from_days: int = 0
    """At least so many days."""
    to_days: int = 0
    """Less than so many; 0 for no end."""
    purchases: int = 0
    """Purchases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCard:
    """A gift card."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    last_digits: str = ""
    """Last characters of its code; the code itself is kept nowhere."""
    status: str = ""
    """active, blocked, expired or void: it came back, and its money was given back."""
    issued_amount: Money | None = None
    """What was put on it first."""
    balance_amount: Money | None = None
    """What is left."""
    expires_on: str = ""
    """Last day on which it can be spent; empty is without end."""
    order_id: str = ""
    """Order that it was sold with."""
    contact_id: str = ""
    """Person who holds it."""
    member_id: str = ""
    """Member who holds it."""
    reason: str = ""
    """Why it was given, where it was not sold."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardPosting:
    """Something that happened to the money of a card."""

    id: str = ""
    """Posting."""
    kind: str = ""
    """issue, redeem, restore or expire."""
    change_minor: int = 0
    """What was added in minor units, below zero where taken."""
    order_id: str = ""
    """Order it is about."""
    posted_by: str = ""
    """Who did it."""
    posted_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What somebody is to reach in a month or a quarter"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    user_id: str = ""
    """Person; the team's or the company's goal where not given."""
    team_id: str = ""
    """Team."""
    pipeline_id: str = ""
    """Only deals of this pipeline."""
    metric: str = ""
    """What is counted."""
    period: str = ""
    """How long it runs."""
    starts_on: str = ""
    """First day of its month or quarter."""
    target: int = 0
    """How much: minor units of the company's currency for amount_won, else a number."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalProgress:
    """A goal, and how far it is."""

    goal: Goal | None = None
    """The goal."""
    ends_on: str = ""
    """Last day."""
    achieved: int = 0
    """What was reached, in the unit of the target."""
    percent: int = 0
    """Reached of the target, in per cent."""
    time_percent: int = 0
    """Gone of the time, in per cent."""
    currency_code: str = ""
    """Currency of amounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a company lets an app of another company do. People's own roles narrow it further."""

    id: str = ""
    """UUIDv7."""
    client_id: str = ""
    """client_id of the app."""
    app_name: str = ""
    """Name of the app."""
    publisher: str = ""
    """Company that made the app."""
    scopes: list[str] = _field(default_factory=list)
    """Scopes that the app may ask the company's people for."""
    granted_by: str = ""
    """Person who let it in."""
    created_at: datetime | None = None
    """When it was let in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOutCheck:
    """Purchases foretold and made in a time that the model had not seen."""

    until: str = ""
    """Last day that the model saw."""
    days: int = 0
    """Days from then on."""
    expected: float = 0.0
    """Purchases foretold."""
    actual: float = 0.0
    """Purchases made."""
    mean_absolute_error: float = 0.0
    """Mean miss a customer."""
    rows: list[HoldOutRow] = _field(default_factory=list)
    """By purchases before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOutRow:
    """Customers with as many repeat purchases before the check."""

    frequency: int = 0
    """Repeat purchases; of the last row, or more."""
    customers: int = 0
    """Customers."""
    expected: float = 0.0
    """Purchases foretold a customer."""
    actual: float = 0.0
    """Purchases made a customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day on which nobody works."""

    day: str = ""
    """The day."""
    name: str = ""
    """What it is called."""
    yearly: bool = False
    """It is so on this day of every year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportColumn:
    """A column of the file."""

    heading: str = ""
    """Heading in the file."""
    field: str = ""
    """Field it fills, such as "given_name" or "emails"; empty means the column is left out."""
    samples: list[str] = _field(default_factory=list)
    """Up to five values from the first rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """An import and its progress."""

    id: str = ""
    """UUIDv7."""
    kind: str = ""
    """"contact" or "account"."""
    file_name: str = ""
    """Name of the file."""
    file_bytes: int = 0
    """Size of the file in bytes."""
    status: str = ""
    """State: uploaded, mapped, validating, ready, running, paused, completed, completed_with_errors, failed,
    reverting, reverted.
    """
    encoding: str = ""
    """Encoding found, such as "utf-8" or "cp1251"."""
    delimiter: str = ""
    """Delimiter found."""
    columns: list[ImportColumn] = _field(default_factory=list)
    """Columns of the file in order, with the field proposed for each and sample values."""
    mode: str = ""
    """create, update or upsert."""
    match_by: str = ""
    """Field by which existing records are recognised: "email", "phone", "external_id", "name" or "domain"."""
    on_duplicate: str = ""
    """What to do with a likely duplicate: "skip", "create" or "update"."""
    dry_run: bool = False
    """Counts only; nothing is written."""
    rows_read: int = 0
    """Rows read so far."""
    rows_total: int = 0
    """Rows in the file; 0 until known."""
    rows_created: int = 0
    """Records created."""
    rows_updated: int = 0
    """Records updated."""
    rows_skipped: int = 0
    """Rows that changed nothing or were skipped as duplicates."""
    rows_failed: int = 0
    """Rows that did not go in."""
    failure: str = ""
    """Why the import as a whole failed; empty otherwise."""
    created_by: str = ""
    """Who uploaded it."""
    created_at: datetime | None = None
    """When it was uploaded."""
    started_at: datetime | None = None
    """When it started."""
    finished_at: datetime | None = None
    """When it ended."""
    default_country: str = ""
    """Country in which national phone numbers are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRowError:
    """A row that did not go in."""

    row: int = 0
    """Row in the file, the heading being row 1."""
    column: str = ""
    """Column, where one is to blame."""
    reason: str = ""
    """Reason, such as "INVALID_EMAIL" or "DUPLICATE"."""
    message: str = ""
    """What happened and what to do."""
    values: list[str] = _field(default_factory=list)
    """The row as it stands in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation into the company."""

    id: str = ""
    """UUIDv7."""
    email: str = ""
    """Address the mail goes to, and which the account of the person will have."""
    role: str = ""
    """Role that the person will have."""
    team_id: str = ""
    """Team that the person will be in."""
    locale: str = ""
    """Language of the mail, the company's where unset."""
    invited_by: str = ""
    """Who invited."""
    created_at: datetime | None = None
    """When the person was first invited."""
    sent_at: datetime | None = None
    """When the mail was sent last."""
    expires_at: datetime | None = None
    """When the link stops working; the invitation can be sent again after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice or a credit note. From when it is issued nothing of what it says changes"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    number: str = ""
    """Number, from when it is issued."""
    kind: str = ""
    """"invoice" or "credit_note"."""
    status: str = ""
    """draft, issued, partially_paid, paid, overdue, written_off or void."""
    order_id: str = ""
    """Order it is for."""
    credited_invoice_id: str = ""
    """Invoice that a credit note takes back."""
    account_id: str = ""
    """Company that pays."""
    contact_id: str = ""
    """Person who pays."""
    customer_name: str = ""
    """Name of the customer on the paper."""
    customer_address: str = ""
    """Address of the customer on the paper."""
    customer_tax_number: str = ""
    """Tax number of the customer on the paper."""
    reference: str = ""
    """The customer's own number for it."""
    note: str = ""
    """Text."""
    lines: list[LineItem] = _field(default_factory=list)
    """Lines. Lists leave them out."""
    currency_code: str = ""
    """Currency; the company's own where not given."""
    net_amount: Money | None = None
    """Sum without tax."""
    tax_amount: Money | None = None
    """Tax."""
    gross_amount: Money | None = None
    """Sum with tax: what is to be paid."""
    paid_amount: Money | None = None
    """What was paid."""
    refunded_amount: Money | None = None
    """What of it was given back."""
    credited_amount: Money | None = None
    """What credit notes took back."""
    open_amount: Money | None = None
    """What is still to be paid."""
    taxes: list[TaxAmount] = _field(default_factory=list)
    """Tax by rate."""
    issued_on: str = ""
    """Day it was issued, at the company's place; of a draft the day it was begun."""
    due_on: str = ""
    """Day by which it is to be paid; by the company's settings where not given."""
    reason: str = ""
    """Why it was credited, voided or written off."""
    owner_id: str = ""
    """Person who owns it."""
    team_id: str = ""
    """Team it belongs to."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedGiftCard:
    """A card and its code."""

    gift_card: GiftCard | None = None
    """Card."""
    code: str = ""
    """Code, to be printed or sent; it is kept nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProblem:
    """Why an item failed, as the single method would have said it."""

    status: int = 0
    """HTTP status the single method answers with."""
    reason: str = ""
    """Reason, such as "DUPLICATE_CONTACT"."""
    detail: str = ""
    """What happened and what to do."""
    violations: list[FieldProblem] = _field(default_factory=list)
    """Fields that are wrong, as paths inside of the item such as "contact.emails[0].address"."""
    duplicate_ids: list[str] = _field(default_factory=list)
    """Existing records that the item looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Somebody who may become a customer"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    given_name: str = ""
    """Given name."""
    family_name: str = ""
    """Family name."""
    company_name: str = ""
    """Company, as it was told."""
    job_title: str = ""
    """Job title."""
    email: str = ""
    """E-mail address."""
    phone: str = ""
    """Phone number."""
    website: str = ""
    """Web site of the company."""
    country_code: str = ""
    """Country."""
    language: str = ""
    """Language to talk in."""
    industry: str = ""
    """Industry."""
    description: str = ""
    """What was said or written."""
    source: str = ""
    """Where it came from, such as "web form" or "trade fair"."""
    form_id: str = ""
    """Form that captured it."""
    campaign_id: str = ""
    """Campaign that brought it."""
    status: str = ""
    """"new", "assigned", "contacted", "qualified", "nurturing", "unqualified" or "converted"."""
    rating: str = ""
    """How warm it is."""
    score: int = 0
    """Score; the higher, the sooner somebody should call."""
    budget: Money | None = None
    """What may be spent."""
    authority: str = ""
    """What the person decides."""
    need: str = ""
    """What is needed."""
    timing: str = ""
    """When it is wanted."""
    completeness: int = 0
    """How much is known of budget, authority, need and timing, in per cent."""
    product_ids: list[str] = _field(default_factory=list)
    """Products asked for."""
    assigned_by_rule_id: str = ""
    """Rule that gave it to its owner."""
    assignment_reason: str = ""
    """Why it went to its owner."""
    assigned_at: datetime | None = None
    """When it went to its owner."""
    nurture_until: str = ""
    """Day on which a nurtured lead comes back."""
    disqualify_reason: str = ""
    """Why it is none."""
    disqualify_note: str = ""
    """What is to be said about that."""
    contact_id: str = ""
    """Person it became."""
    account_id: str = ""
    """Company it became."""
    deal_id: str = ""
    """Deal it became."""
    converted_at: datetime | None = None
    """When it was converted."""
    tags: list[str] = _field(default_factory=list)
    """Tags."""
    owner_id: str = ""
    """Person who owns it. Where not given, the rules of assignment choose."""
    team_id: str = ""
    """Team it belongs to."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadResult:
    """What became of one lead of a batch."""

    lead: Lead | None = None
    """The lead, where it was written."""
    reason: str = ""
    """Why it was not written; empty where it was."""
    message: str = ""
    """What to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRule:
    """Who gets leads of a kind. The first rule that fits decides"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    position: int = 0
    """Place among the rules, the lowest first."""
    active: bool = False
    """In use."""
    condition: str = ""
    """Filter over fields of leads, in the one filter language; empty fits all."""
    method: str = ""
    """In turn, or to who has the fewest open leads."""
    team_id: str = ""
    """Team whose people take part."""
    user_ids: list[str] = _field(default_factory=list)
    """People who take part, in place of a team."""
    assigned_count: int = 0
    """Leads that it has given away."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakageOrder:
    """An order in which people took off more than is usual or allowed."""

    order_id: str = ""
    """Order."""
    base_minor: int = 0
    """What its lines would have cost without discounts, in minor units."""
    given_minor: int = 0
    """What was taken off."""
    beyond_minor: int = 0
    """Of that, what lies beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakageRow:
    """What was taken off in one group of lines."""

    key: str = ""
    """Key of the group; empty for none."""
    orders: int = 0
    """Orders."""
    beyond_orders: int = 0
    """Orders with lines beyond what is usual or allowed."""
    base_minor: int = 0
    """What the lines would have cost after price rules and without discounts, in minor units."""
    given_minor: int = 0
    """What was taken off."""
    beyond_minor: int = 0
    """Of that, what lies beyond what is usual or allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityMonth:
    """A month of points, or of gift cards in one currency."""

    month: str = ""
    """Month, such as 2026-01."""
    unit: str = ""
    """"points", or the currency of gift cards."""
    opening: int = 0
    """Owed at its beginning."""
    issued: int = 0
    """Earned, or put on cards."""
    restored: int = 0
    """Given back after a refund."""
    adjusted: int = 0
    """Added or taken by hand."""
    redeemed: int = 0
    """Spent."""
    reversed: int = 0
    """Taken back with goods that came back."""
    expired: int = 0
    """Lapsed."""
    closing: int = 0
    """Owed at its end."""
    worth: Money | None = None
    """What is owed at its end, in money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityReport:
    """What the company owes, month by month."""

    months: list[LiabilityMonth] = _field(default_factory=list)
    """Months, the first first, points before money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeValueResult:
    """Worth of customers, by purchases expected and what they spend."""

    model: str = ""
    """Model of buying."""
    buying: list[ModelEstimate] = _field(default_factory=list)
    """Its parameters, weeks being the unit of time."""
    log_likelihood: float = 0.0
    """Log-likelihood of the model of buying."""
    spending: list[ModelEstimate] = _field(default_factory=list)
    """Parameters of the model of spending (Gamma-Gamma), minor units being the unit of money."""
    correlation: float = 0.0
    """How spend a purchase goes with their number; the models take them for independent."""
    repeat_customers: int = 0
    """Customers with more than one purchase."""
    alive: float = 0.0
    """Customers expected to be such still."""
    expected_purchases: float = 0.0
    """Purchases expected within the horizon."""
    value_minor: int = 0
    """What they are worth now, in minor units."""
    hold_out: HoldOutCheck | None = None
    """How the model did on a time that it had not seen; absent where there is too little of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """A line of a document, with its waterfall: list - rule - discount - coupon - document discount = net (+
    tax = gross). Prices stay as they were when it was priced. Amounts are in minor units of the document's
    currency.
    """

    id: str = ""
    """Line. Made by the server where not given."""
    product_variant_id: str = ""
    """Variant."""
    quantity_milli: int = 0
    """Quantity in thousandths of the unit."""
    unit_micros: int | None = None
    """Price of one given by hand, in millionths of the currency; no rule then applies."""
    discount_basis_points: int = 0
    """Discount on the line as a share, or"""
    discount_minor: int = 0
    """as an amount."""
    description: str = ""
    """What is to be said about the line."""
    name: str = ""
    """Name of the product and its variant, as it was."""
    sku: str = ""
    """Stock keeping unit, as it was."""
    unit: str = ""
    """What a quantity of one is."""
    product_id: str = ""
    """Product."""
    list_unit_micros: int = 0
    """List price of one, in millionths of the currency."""
    price_book_id: str = ""
    """Price book it came from; empty for the catalogue."""
    tax_included: bool = False
    """Whether the amounts before net include tax."""
    list_minor: int = 0
    """Price at the list price."""
    rules: list[AppliedAmount] = _field(default_factory=list)
    """What each price rule took off."""
    rule_minor: int = 0
    """What price rules took off."""
    discounted_minor: int = 0
    """What the line's own discount took off, and a price by hand below the list."""
    coupon_minor: int = 0
    """Its part of the coupons."""
    document_discount_minor: int = 0
    """Its part of the discount on the whole document."""
    tax_rate_basis_points: int = 0
    """Tax rate."""
    net_minor: int = 0
    """Without tax."""
    tax_minor: int = 0
    """Tax."""
    gross_minor: int = 0
    """With tax."""
    cost_minor: int | None = None
    """What the goods cost the seller, where that is known."""
    breaches: list[str] = _field(default_factory=list)
    """Why somebody must agree: discount_above_limit, margin_below_floor."""
    fulfilled_milli: int = 0
    """What of it was handed over, in thousandths of the unit; of orders."""
    invoiced_milli: int = 0
    """What of it was invoiced; of orders."""
    returned_milli: int = 0
    """What of it came back; of orders."""
    suggestion_id: str = ""
    """Suggestion for which the line was added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuantity:
    """So much of a line."""

    line_id: str = ""
    """Line."""
    quantity_milli: int = 0
    """Quantity in thousandths of the unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAccountContactsResponse:
    """Answer of ListAccountContacts."""

    contacts: list[AccountContact] = _field(default_factory=list)
    """People of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAccountsResponse:
    """Answer of ListAccounts."""

    accounts: list[Account] = _field(default_factory=list)
    """Accounts of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListActivityEventsResponse:
    """Answer of ListActivityEvents."""

    events: list[ActivityEvent] = _field(default_factory=list)
    """Events of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListApprovalOperationsResponse:
    """Answer of ListApprovalOperations."""

    operations: list[ApprovalOperation] = _field(default_factory=list)
    """Operations, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListApprovalPoliciesResponse:
    """Answer of ListApprovalPolicies."""

    approval_policies: list[ApprovalPolicy] = _field(default_factory=list)
    """Policies; a company has a bounded number of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListApprovalsResponse:
    """Answer of ListApprovals."""

    approvals: list[Approval] = _field(default_factory=list)
    """Approvals."""
    next_page_token: str = ""
    """Where to go on; empty at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAuditCheckpointsResponse:
    """Answer of ListAuditCheckpoints."""

    checkpoints: list[AuditCheckpoint] = _field(default_factory=list)
    """Checkpoints of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAuditEntriesResponse:
    """Answer of ListAuditEntries."""

    entries: list[AuditEntry] = _field(default_factory=list)
    """Entries of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBasketRuleOrdersResponse:
    """Answer of ListBasketRuleOrders."""

    order_ids: list[str] = _field(default_factory=list)
    """Ids of orders."""
    next_page_token: str = ""
    """Token of the next page; empty at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBasketRulesResponse:
    """Answer of ListBasketRules."""

    rules: list[FoundBasketRule] = _field(default_factory=list)
    """Rules."""
    next_page_token: str = ""
    """Token of the next page; empty at the end."""
    model_run_id: str = ""
    """Run that they are of; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBreakGlassesResponse:
    """Answer of ListBreakGlasses."""

    break_glasses: list[BreakGlass] = _field(default_factory=list)
    """Openings of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBulkJobsResponse:
    """Answer of ListBulkJobs."""

    bulk_jobs: list[BulkJob] = _field(default_factory=list)
    """Jobs of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBusinessCalendarsResponse:
    """Answer of ListBusinessCalendars."""

    business_calendars: list[BusinessCalendar] = _field(default_factory=list)
    """Calendars of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCashMovementsResponse:
    """Answer of ListCashMovements."""

    movements: list[CashMovement] = _field(default_factory=list)
    """Movements of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCohortCustomersResponse:
    """Answer of ListCohortCustomers."""

    customer_ids: list[str] = _field(default_factory=list)
    """Customers of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCompanyExportsResponse:
    """Answer of ListCompanyExports."""

    company_exports: list[CompanyExport] = _field(default_factory=list)
    """Exports of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConsentEntriesResponse:
    """Answer of ListConsentEntries."""

    entries: list[ConsentEntry] = _field(default_factory=list)
    """Entries of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConsentPurposesResponse:
    """Answer of ListConsentPurposes."""

    consent_purposes: list[ConsentPurpose] = _field(default_factory=list)
    """Purposes of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContactConsentsResponse:
    """Answer of ListContactConsents."""

    consents: list[Consent] = _field(default_factory=list)
    """Every channel of every purpose."""
    do_not_contact: bool = False
    """The person asked not to be contacted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContactsResponse:
    """Answer of ListContacts."""

    contacts: list[Contact] = _field(default_factory=list)
    """Contacts of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCouponsResponse:
    """Answer of ListCoupons."""

    coupons: list[Coupon] = _field(default_factory=list)
    """Coupons of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCurrencyRatesResponse:
    """Answer of ListCurrencyRates."""

    currency_rates: list[CurrencyRate] = _field(default_factory=list)
    """Currency rates of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCustomFieldsResponse:
    """Answer of ListCustomFields."""

    custom_fields: list[CustomField] = _field(default_factory=list)
    """The fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDashboardsResponse:
    """Answer of ListDashboards."""

    dashboards: list[Dashboard] = _field(default_factory=list)
    """Dashboards of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDealsResponse:
    """Answer of ListDeals."""

    deals: list[Deal] = _field(default_factory=list)
    """Deals of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDiscountLeakageOrdersResponse:
    """Answer of ListDiscountLeakageOrders."""

    orders: list[LeakageOrder] = _field(default_factory=list)
    """Orders."""
    next_page_token: str = ""
    """Token of the next page; empty at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDiscountPoliciesResponse:
    """Answer of ListDiscountPolicies."""

    discount_policies: list[DiscountPolicy] = _field(default_factory=list)
    """Discount policies of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocumentUsesResponse:
    """Answer of ListDocumentUses."""

    uses: list[DocumentUse] = _field(default_factory=list)
    """Stages whose playbook has it, then what it went out with, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocumentVersionsResponse:
    """Answer of ListDocumentVersions."""

    versions: list[DocumentVersion] = _field(default_factory=list)
    """Versions, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocumentsResponse:
    """Answer of ListDocuments."""

    documents: list[Document] = _field(default_factory=list)
    """Documents of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFulfilmentsResponse:
    """Answer of ListFulfilments."""

    fulfilments: list[Fulfilment] = _field(default_factory=list)
    """All of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFunnelDealsResponse:
    """Answer of ListFunnelDeals."""

    deal_ids: list[str] = _field(default_factory=list)
    """Deals of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGiftCardPostingsResponse:
    """Answer of ListGiftCardPostings."""

    postings: list[GiftCardPosting] = _field(default_factory=list)
    """Postings of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGiftCardsResponse:
    """Answer of ListGiftCards."""

    gift_cards: list[GiftCard] = _field(default_factory=list)
    """Gift cards of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGoalProgressResponse:
    """Answer of ListGoalProgress."""

    goals: list[GoalProgress] = _field(default_factory=list)
    """Goals that run on the day, 500 at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGoalsResponse:
    """Answer of ListGoals."""

    goals: list[Goal] = _field(default_factory=list)
    """Goals of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGrantsResponse:
    """Answer of ListGrants."""

    grants: list[Grant] = _field(default_factory=list)
    """Grants of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListImportErrorsResponse:
    """Answer of ListImportErrors."""

    errors: list[ImportRowError] = _field(default_factory=list)
    """Rows that did not go in."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListImportsResponse:
    """Answer of ListImports."""

    imports: list[ImportJob] = _field(default_factory=list)
    """Imports of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInvitationsResponse:
    """Answer of ListInvitations."""

    invitations: list[Invitation] = _field(default_factory=list)
    """Invitations of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInvoicesResponse:
    """Answer of ListInvoices."""

    invoices: list[Invoice] = _field(default_factory=list)
    """Invoices of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLeadDuplicatesResponse:
    """Answer of ListLeadDuplicates."""

    leads: list[Lead] = _field(default_factory=list)
    """Leads that look the same, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLeadRulesResponse:
    """Answer of ListLeadRules."""

    lead_rules: list[LeadRule] = _field(default_factory=list)
    """Lead rules of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLeadsResponse:
    """Answer of ListLeads."""

    leads: list[Lead] = _field(default_factory=list)
    """Leads of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLoyaltyMembersResponse:
    """Answer of ListLoyaltyMembers."""

    loyalty_members: list[LoyaltyMember] = _field(default_factory=list)
    """Members of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLoyaltyTiersResponse:
    """Answer of ListLoyaltyTiers."""

    loyalty_tiers: list[LoyaltyTier] = _field(default_factory=list)
    """Tiers of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMailTemplatesResponse:
    """Answer of ListMailTemplates."""

    mail_templates: list[MailTemplate] = _field(default_factory=list)
    """Templates of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMetricRecordsResponse:
    """Answer of ListMetricRecords."""

    record: str = ""
    """Kind of the records: order, deal or return; "document" where each has its own."""
    ids: list[str] = _field(default_factory=list)
    """Ids of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""
    kinds: list[str] = _field(default_factory=list)
    """Kind of each, in the order of the ids: deal, quote, order or return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMetricsResponse:
    """Answer of ListMetrics."""

    metrics: list[Metric] = _field(default_factory=list)
    """Figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListModelRunsResponse:
    """Answer of ListModelRuns."""

    model_runs: list[ModelRun] = _field(default_factory=list)
    """Runs."""
    next_page_token: str = ""
    """Token of the next page; empty at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListModelScoresResponse:
    """Answer of ListModelScores."""

    scores: list[ModelScore] = _field(default_factory=list)
    """Customers."""
    next_page_token: str = ""
    """Token of the next page; empty at the end."""
    model_run_id: str = ""
    """Run that they are of; empty where there is none."""
    currency_code: str = ""
    """Currency of amounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNeedsResponse:
    """Answer of ListNeeds."""

    needs: list[Need] = _field(default_factory=list)
    """Needs of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOAuthClientsResponse:
    """Answer of ListOAuthClients."""

    oauth_clients: list[OAuthClient] = _field(default_factory=list)
    """Clients of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOperatedTenantsResponse:
    """Answer of ListOperatedTenants."""

    tenants: list[OperatedTenant] = _field(default_factory=list)
    """Companies of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrdersResponse:
    """Answer of ListOrders."""

    orders: list[Order] = _field(default_factory=list)
    """Orders of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPaymentsResponse:
    """Answer of ListPayments."""

    payments: list[Payment] = _field(default_factory=list)
    """All of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPersonErasuresResponse:
    """Answer of ListPersonErasures."""

    person_erasures: list[PersonErasure] = _field(default_factory=list)
    """Erasures of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPipelinesResponse:
    """Answer of ListPipelines."""

    pipelines: list[Pipeline] = _field(default_factory=list)
    """Pipelines of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlacementsResponse:
    """Answer of ListPlacements."""

    placements: list[Placement] = _field(default_factory=list)
    """All of them; "pooled" first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPointPostingsResponse:
    """Answer of ListPointPostings."""

    postings: list[PointPosting] = _field(default_factory=list)
    """Postings of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPosSessionsResponse:
    """Answer of ListPosSessions."""

    pos_sessions: list[PosSession] = _field(default_factory=list)
    """Sessions of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPriceBookEntriesResponse:
    """Answer of ListPriceBookEntries."""

    price_book_entries: list[PriceBookEntry] = _field(default_factory=list)
    """Price book entries of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPriceBooksResponse:
    """Answer of ListPriceBooks."""

    price_books: list[PriceBook] = _field(default_factory=list)
    """Price books of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPriceRulesResponse:
    """Answer of ListPriceRules."""

    price_rules: list[PriceRule] = _field(default_factory=list)
    """Price rules of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProductCategoriesResponse:
    """Answer of ListProductCategories."""

    product_categories: list[ProductCategory] = _field(default_factory=list)
    """Product categories of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProductVariantsResponse:
    """Answer of ListProductVariants."""

    product_variants: list[ProductVariant] = _field(default_factory=list)
    """Product variants of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProductsResponse:
    """Answer of ListProducts."""

    products: list[Product] = _field(default_factory=list)
    """Products of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQueuesResponse:
    """Answer of ListQueues."""

    queues: list[Queue] = _field(default_factory=list)
    """Queues of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuotesResponse:
    """Answer of ListQuotes."""

    quotes: list[Quote] = _field(default_factory=list)
    """Quotes of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecordSharesResponse:
    """Answer of ListRecordShares."""

    shares: list[RecordShare] = _field(default_factory=list)
    """Shares that have not ended; a record has a bounded number of them."""
    level: str = ""
    """What the caller may do: "read", "write", or "hold" for everything, sharing among it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecordViewersResponse:
    """Answer of ListRecordViewers."""

    viewers: list[AccessExplanation] = _field(default_factory=list)
    """People of this page who see the record."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRegistersResponse:
    """Answer of ListRegisters."""

    registers: list[Register] = _field(default_factory=list)
    """Registers of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReportRunsResponse:
    """Answer of ListReportRuns."""

    report_runs: list[ReportRun] = _field(default_factory=list)
    """Runs."""
    next_page_token: str = ""
    """For the next page; empty on the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReportSchedulesResponse:
    """Answer of ListReportSchedules."""

    report_schedules: list[ReportSchedule] = _field(default_factory=list)
    """Schedules."""
    next_page_token: str = ""
    """For the next page; empty on the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReturnsResponse:
    """Answer of ListReturns."""

    returns: list[ReturnOrder] = _field(default_factory=list)
    """All of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRfmCustomersResponse:
    """Answer of ListRfmCustomers."""

    customers: list[RfmCustomer] = _field(default_factory=list)
    """Customers of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRfmMovementCustomersResponse:
    """Answer of ListRfmMovementCustomers."""

    customers: list[RfmMovementCustomer] = _field(default_factory=list)
    """Customers of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""
    currency_code: str = ""
    """Currency of amounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRolesResponse:
    """Answer of ListRoles."""

    roles: list[Role] = _field(default_factory=list)
    """Roles, all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSalesActivitiesResponse:
    """Answer of ListSalesActivities."""

    sales_activities: list[SalesActivity] = _field(default_factory=list)
    """Activities of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSalesImportErrorsResponse:
    """Answer of ListSalesImportErrors."""

    errors: list[SalesImportRowError] = _field(default_factory=list)
    """Rows with a finding."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSalesImportValuesResponse:
    """Answer of ListSalesImportValues."""

    values: list[SalesImportValue] = _field(default_factory=list)
    """Values of this page, by field, those without a decision first."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSalesImportsResponse:
    """Answer of ListSalesImports."""

    imports: list[SalesImport] = _field(default_factory=list)
    """Imports of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSalesRecordSharesResponse:
    """Answer of ListSalesRecordShares."""

    shares: list[RecordShare] = _field(default_factory=list)
    """Shares that have not ended; a record has a bounded number of them."""
    level: str = ""
    """What the caller may do: "read", "write", or "hold" for everything, sharing among it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSalesReportsResponse:
    """Answer of ListSalesReports."""

    reports: list[SalesReportDefinition] = _field(default_factory=list)
    """Reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSandboxesResponse:
    """Answer of ListSandboxes."""

    sandboxes: list[Sandbox] = _field(default_factory=list)
    """All sandboxes of the company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScimGroupsResponse:
    """Answer of ListScimGroups."""

    groups: list[ScimGroup] = _field(default_factory=list)
    """Groups, all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScimTokensResponse:
    """Answer of ListScimTokens."""

    tokens: list[ScimToken] = _field(default_factory=list)
    """Tokens, all of them."""
    base_url: str = ""
    """Address of the SCIM endpoints, to be given to the directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSharingRulesResponse:
    """Answer of ListSharingRules."""

    sharing_rules: list[SharingRule] = _field(default_factory=list)
    """Rules; a company has a bounded number of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSlaPoliciesResponse:
    """Answer of ListSlaPolicies."""

    sla_policies: list[SlaPolicy] = _field(default_factory=list)
    """Policies of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSsoDomainsResponse:
    """Answer of ListSsoDomains."""

    domains: list[SsoDomain] = _field(default_factory=list)
    """Domains, all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStageHistoryResponse:
    """Answer of ListStageHistory."""

    steps: list[StageStep] = _field(default_factory=list)
    """Steps of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStagesResponse:
    """Answer of ListStages."""

    stages: list[Stage] = _field(default_factory=list)
    """Stages of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStockResponse:
    """Answer of ListStock."""

    levels: list[StockLevel] = _field(default_factory=list)
    """Levels, by variant and store. What was never counted is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStoresResponse:
    """Answer of ListStores."""

    stores: list[Store] = _field(default_factory=list)
    """Stores of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSuppressionsResponse:
    """Answer of ListSuppressions."""

    suppressions: list[Suppression] = _field(default_factory=list)
    """Entries of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTaxRatesResponse:
    """Answer of ListTaxRates."""

    tax_rates: list[TaxRate] = _field(default_factory=list)
    """Tax rates of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTeamsResponse:
    """Answer of ListTeams."""

    teams: list[Team] = _field(default_factory=list)
    """Teams, all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTicketCommentsResponse:
    """Answer of ListTicketComments."""

    comments: list[TicketComment] = _field(default_factory=list)
    """Comments of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTicketsResponse:
    """Answer of ListTickets."""

    tickets: list[Ticket] = _field(default_factory=list)
    """Tickets of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTillReceiptsResponse:
    """Answer of ListTillReceipts."""

    receipts: list[TillReceipt] = _field(default_factory=list)
    """Receipts of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTimelineResponse:
    """Answer of ListTimeline."""

    entries: list[TimelineEntry] = _field(default_factory=list)
    """Entries of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsersResponse:
    """Answer of ListUsers."""

    users: list[User] = _field(default_factory=list)
    """People of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWebhookDeliveriesResponse:
    """Answer of ListWebhookDeliveries."""

    webhook_deliveries: list[WebhookDelivery] = _field(default_factory=list)
    """Deliveries of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWebhookEndpointsResponse:
    """Answer of ListWebhookEndpoints."""

    webhook_endpoints: list[WebhookEndpoint] = _field(default_factory=list)
    """Endpoints of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListZReportsResponse:
    """Answer of ListZReports."""

    reports: list[ZReport] = _field(default_factory=list)
    """Reports of this page."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyMember:
    """A member."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    contact_id: str = ""
    """Person."""
    account_id: str = ""
    """Company."""
    card_number: str = ""
    """Number of the card, as its barcode has it."""
    name: str = ""
    """Name, for a member who is no contact."""
    phone: str = ""
    """Phone number; kept in E.164."""
    email: str = ""
    """E-mail address; kept in lower case."""
    status: str = ""
    """active, suspended or closed."""
    tier_id: str = ""
    """Tier."""
    tier_points: int = 0
    """Points earned in the last twelve months."""
    available_points: int = 0
    """Points that can be spent."""
    pending_points: int = 0
    """Points that can be spent later."""
    owed_points: int = 0
    """Points that were spent before the goods that earned them came back; earned points settle them first."""
    joined_on: str = ""
    """Day of joining."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyProgram:
    """How points are earned, and what they are worth."""

    etag: str = ""
    """Changes with every write."""
    active: bool = False
    """Orders earn points, and points can be spent."""
    currency_code: str = ""
    """Currency in which points are earned and spent; the company's own where not given."""
    earn_milli: int = 0
    """Thousandths of a point for each unit of the currency that is paid: 1000 is a point for each euro."""
    earn_rules: list[EarnRule] = _field(default_factory=list)
    """Products and categories that earn more or less; the first that fits decides."""
    rounding: str = ""
    """How points of a line are rounded; "down" where not given."""
    point_value_minor: int = 0
    """What a point is worth when it is spent, in minor units of the currency. Without it points cannot be
    spent.
    """
    pending_days: int = 0
    """Days until points can be spent, such as the time in which goods may come back."""
    expiry_months: int = 0
    """Months after which points expire, counted from when they can be spent; 0 is never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyTier:
    """A tier of members."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    threshold_points: int = 0
    """Points earned in twelve months from which on a member belongs to it."""
    earn_percent: int = 0
    """Points in per cent of those that others earn; 100 where not given."""
    segment: str = ""
    """Segment that its members belong to, for price books and price rules."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTemplate:
    """A mail with places that a record's values fill: {{ contact.given_name }}, {{ deal.amount }} and so on,
    in the Liquid language without its loops and its including of other templates.
    """

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """What it is called."""
    subject: str = ""
    """Subject."""
    body: str = ""
    """Text."""
    language: str = ""
    """Language that it is written in: amounts and dates are written so."""
    shared: bool = False
    """True where colleagues may use it."""
    made_by: str = ""
    """Person who made it."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingCustomer:
    """A contact or an account as marketing needs it; names and addresses stay with contacts."""

    id: str = ""
    """Id of the contact or account."""
    kind: str = ""
    """"contact" or "account"."""
    stage: str = ""
    """Stage of the relationship of a contact, or type of an account."""
    owner_id: str = ""
    """Owner."""
    team_id: str = ""
    """Team of the owner."""
    account_id: str = ""
    """Main company of a contact, or parent of an account."""
    language: str = ""
    """Language."""
    country_code: str = ""
    """Country."""
    do_not_contact: bool = False
    """The person asked not to be contacted."""
    version: int = 0
    """Version of the record in contacts that this projection shows."""
    updated_at: datetime | None = None
    """When this projection last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A figure."""

    metric: str = ""
    """Name, such as net_sales."""
    definition: str = ""
    """What it counts, in English."""
    unit: str = ""
    """How its values are to be read: number, quantity (thousandths), money (minor units), percent (hundredths
    of a per cent), days.
    """
    fact: str = ""
    """Fact that it is counted from, such as order_line_fact."""
    formula: str = ""
    """Formula over the fact's columns."""
    dimensions: list[str] = _field(default_factory=list)
    """What it can be split by."""
    record: str = ""
    """Kind of the records behind it: order, deal or return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFilter:
    """Only records that have this value."""

    dimension: str = ""
    """Dimension."""
    key: str = ""
    """Value, as a row has it for its key; empty for records without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """A row of figures."""

    keys: list[str] = _field(default_factory=list)
    """Keys, one for each dimension: ids, days, months or words. Empty for records without one."""
    currency_code: str = ""
    """Currency of amounts."""
    values: list[MetricValue] = _field(default_factory=list)
    """Values, one for each figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTable:
    """Figures."""

    metrics: list[Metric] = _field(default_factory=list)
    """Figures that the values belong to."""
    group_by: list[str] = _field(default_factory=list)
    """What the rows are made of."""
    first_day: str = ""
    """First day counted."""
    last_day: str = ""
    """Last day counted."""
    rows: list[MetricRow] = _field(default_factory=list)
    """Rows."""
    totals: list[MetricRow] = _field(default_factory=list)
    """Figures of everything at once, a row a currency."""
    more: bool = False
    """There are more rows than were asked for; the totals are of all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricValue:
    """A figure's value."""

    value: int | None = None
    """Value in the unit of its figure; not given where there is none, and where the caller may not see
    amounts.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEstimate:
    """A parameter of a model."""

    name: str = ""
    """Name, such as alpha."""
    value: float = 0.0
    """Value."""
    error: float | None = None
    """Standard error; absent where it cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelParameters:
    """What a model is computed with."""

    model: str = ""
    """Of lifetime_value: bg_nbd (the default) or pareto_nbd."""
    horizon_days: int = 0
    """Days to look ahead: 365 for lifetime_value, 90 for churn."""
    discount_permille: int | None = None
    """Of lifetime_value: what money a year later is worth less, in thousandths; 100 where nothing is given."""
    least_clusters: int = 0
    """Of clusters: the fewest of them to try, 2 where not given."""
    most_clusters: int = 0
    """Of clusters: the most of them to try, 8 where not given; the same as the fewest fixes their number."""
    as_of: str = ""
    """Last day to look at; the day of the run where not given. A run of the night looks at its own day again."""
    first_day: str = ""
    """First day of orders that count; all where not given."""
    store_id: str = ""
    """Of baskets: only orders of this store. The night looks at all."""
    group: str = ""
    """Of baskets: only orders of customers who are in this group of rfm on the last day, such as champions.
    The night looks at all.
    """
    least_support_ppm: int = 0
    """Of baskets: least share of the orders that hold a set of products, in millionths; 5000 (half a per cent)
    where not given. A set must be in three orders at least.
    """
    least_confidence_permille: int = 0
    """Of baskets: least confidence of a rule in thousandths, 100 where not given."""
    longest: int = 0
    """Of baskets: products of a rule at most, both sides together; 3 where not given."""
    significance_permille: int = 0
    """Of baskets: the greatest chance, in thousandths, that a rule is kept with; 50 where not given, 1000
    keeps all. It is corrected for the number of rules that were tested.
    """
    correction: str = ""
    """Of baskets: the correction: hochberg (the default: of the rules kept, that share is by chance, after
    Benjamini and Hochberg) or bonferroni (the chance that any of them is).
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRefusal:
    """Why a model cannot be computed honestly."""

    reason: str = ""
    """Stable code, such as NO_REPEAT_PURCHASE."""
    message: str = ""
    """A sentence that says what is missing."""
    figures: dict[str, float] = _field(default_factory=dict)
    """Figures of the sentence by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRemark:
    """What a reader of a result must know."""

    code: str = ""
    """Stable code, such as FEW_REPEAT_CUSTOMERS."""
    figures: dict[str, float] = _field(default_factory=dict)
    """Figures by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelResult:
    """What a run found."""

    customers: int = 0
    """Customers it speaks of."""
    currency_code: str = ""
    """Currency of amounts."""
    bands: list[ScoreBand] = _field(default_factory=list)
    """Customers by band, in the order of the bands."""
    remarks: list[ModelRemark] = _field(default_factory=list)
    """What a reader must know."""
    lifetime_value: LifetimeValueResult | None = None
    """Of lifetime_value."""
    churn: ChurnResult | None = None
    """Of churn."""
    clusters: ClustersResult | None = None
    """Of clusters."""
    baskets: BasketsResult | None = None
    """Of baskets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRun:
    """A run of a model."""

    id: str = ""
    """Id."""
    kind: str = ""
    """What is computed."""
    state: str = ""
    """State: scheduled, training, active, superseded by a newer one, or failed."""
    parameters: ModelParameters | None = None
    """With what; complete."""
    as_of: str = ""
    """Last day that it looks at."""
    requested_at: datetime | None = None
    """When it was asked for."""
    started_at: datetime | None = None
    """When it began last, if it has."""
    finished_at: datetime | None = None
    """When it ended, if it has."""
    refusal: ModelRefusal | None = None
    """Why there is no result, of a run that failed."""
    result: ModelResult | None = None
    """What was found, of a run that succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelScore:
    """What a model says of a customer."""

    customer_id: str = ""
    """Customer."""
    customer_kind: str = ""
    """What the customer is: account or contact."""
    kind: str = ""
    """Kind of model."""
    band: str = ""
    """Band."""
    score: int = 0
    """Score: worth in minor units, chance of leaving in hundredths of a per cent, the three scores of rfm as
    one number, spend in minor units of clusters.
    """
    figures: dict[str, float] = _field(default_factory=dict)
    """Figures by name: of rfm recency, frequency, monetary; of lifetime_value alive, purchases, spend,
    next_days (absent where the next purchase is less likely than not); of churn chance; of clusters
    recency, frequency.
    """
    reasons: list[ScoreReason] = _field(default_factory=list)
    """What moves the chance of leaving, the strongest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWeight:
    """What a feature does to the odds."""

    feature: str = ""
    """Feature: recency_days, purchases, mean_spend, known_days or overdue (days since the last purchase by the
    usual gap).
    """
    odds_ratio: float = 0.0
    """How the odds change with one standard deviation more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in the minor unit of its currency (cents, kopecks, stotinki)."""

    currency_code: str = ""
    """ISO 4217 code."""
    amount_minor: int = 0
    """Amount in minor units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDay:
    """What somebody has to do."""

    day: str = ""
    """The day."""
    overdue: list[SalesActivity] = _field(default_factory=list)
    """Undone things of former days, the oldest first, 100 at most."""
    planned: list[SalesActivity] = _field(default_factory=list)
    """Things of the day, in their order, 100 at most."""
    undated: list[SalesActivity] = _field(default_factory=list)
    """Tasks that have no time, the newest first, 50 at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a customer wants"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    statement: str = ""
    """What is wanted, in the customer's words."""
    priority: str = ""
    """How much it matters; "should" where not given."""
    budget: Money | None = None
    """What may be spent."""
    timeframe: str = ""
    """When it is wanted."""
    product_ids: list[str] = _field(default_factory=list)
    """Products that would answer it."""
    description: str = ""
    """What else was said."""
    contact_id: str = ""
    """Person who has it."""
    account_id: str = ""
    """Company that has it."""
    lead_id: str = ""
    """Lead that has it."""
    deal_id: str = ""
    """Deal that answers it."""
    status: str = ""
    """"identified", "validated", "addressed" or "dropped"."""
    drop_reason: str = ""
    """Why it was dropped."""
    owner_id: str = ""
    """Person who owns it; who owns its deal or lead, where not given."""
    team_id: str = ""
    """Team it belongs to."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """An app that calls the API in the company's name."""

    id: str = ""
    """UUIDv7."""
    client_id: str = ""
    """client_id of OAuth."""
    client_secret: str = ""
    """client_secret of OAuth; only in the answer of CreateOAuthClient."""
    name: str = ""
    """Name shown to people."""
    redirect_uris: list[str] = _field(default_factory=list)
    """Where the browser may return to. Empty for clients without a browser."""
    scopes: list[str] = _field(default_factory=list)
    """Scopes the client may ask for."""
    grant_types: list[str] = _field(default_factory=list)
    """Grants: authorization_code, refresh_token, client_credentials,
    urn:ietf:params:oauth:grant-type:device_code.
    """
    public: bool = False
    """A client that cannot keep a secret (a browser or mobile app); PKCE alone protects it."""
    created_at: datetime | None = None
    """When it was registered."""
    jwks: str = ""
    """Public keys of private_key_jwt, the text of a JWK Set; such a client has no secret."""
    require_pushed_requests: bool = False
    """A client whose authorization requests are taken only through /oauth/par."""
    status: str = ""
    """State: draft, in_review, published, suspended, revoked. An app that is not published works in its own
    company only.
    """
    description: str = ""
    """What the app does, for those who are asked to let it in."""
    homepage_url: str = ""
    """Page of the app."""
    visibility: str = ""
    """Whose records a client of client_credentials sees: all where unset; "own" are those it made itself."""
    review_note: str = ""
    """What the reviewer wrote."""
    dpop_bound_access_tokens: bool = False
    """A client that gets access tokens bound to a key of its own (DPoP, RFC 9449), and no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatedPlan:
    """A company's plan as operators see it."""

    tenant_id: str = ""
    """Company."""
    plan: Plan | None = None
    """The plan and what is used of it."""
    own_limits: list[OwnLimit] = _field(default_factory=list)
    """Limits of the company's own over the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatedTenant:
    """A company as operators see it."""

    id: str = ""
    """Company."""
    status: str = ""
    """State: trial, active, past_due, suspended, closing, deleted."""
    placement: str = ""
    """Where it lives."""
    plan: str = ""
    """Plan; empty where it has none."""
    sandbox_of: str = ""
    """The company whose sandbox it is; empty where it is none."""
    created_at: datetime | None = None
    """When it signed up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something sold"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    number: str = ""
    """Number, from when it is placed."""
    channel: str = ""
    """Where it is sold; "sales" where not given."""
    status: str = ""
    """draft, pending_approval, confirmed, partially_fulfilled, fulfilled, completed, partially_returned,
    returned or canceled.
    """
    payment_status: str = ""
    """unpaid, partially_paid, paid, partially_refunded or refunded."""
    account_id: str = ""
    """Company that buys."""
    contact_id: str = ""
    """Person who buys."""
    deal_id: str = ""
    """Deal it comes from."""
    quote_id: str = ""
    """Quote it comes from."""
    store_id: str = ""
    """Store it is sold in."""
    reference: str = ""
    """The customer's own number for it."""
    note: str = ""
    """Text."""
    lines: list[LineItem] = _field(default_factory=list)
    """Lines. Lists leave them out."""
    currency_code: str = ""
    """Currency; the company's own where not given."""
    coupon_codes: list[str] = _field(default_factory=list)
    """Coupons."""
    document_discount_basis_points: int = 0
    """Discount on the whole order as a share, or"""
    document_discount_minor: int = 0
    """as an amount in minor units."""
    list_amount: Money | None = None
    """Sum at list prices."""
    rule_amount: Money | None = None
    """What price rules took off."""
    discount_amount: Money | None = None
    """What discounts and coupons took off."""
    net_amount: Money | None = None
    """Sum without tax."""
    tax_amount: Money | None = None
    """Tax."""
    gross_amount: Money | None = None
    """Sum with tax: what is to be paid."""
    home_amount: Money | None = None
    """Sum without tax in the company's own currency, by the rate of the day it was priced."""
    paid_amount: Money | None = None
    """What was paid."""
    refunded_amount: Money | None = None
    """What of it was given back."""
    taxes: list[TaxAmount] = _field(default_factory=list)
    """Tax by rate."""
    coupons: list[AppliedAmount] = _field(default_factory=list)
    """What each coupon took off."""
    breaches: list[str] = _field(default_factory=list)
    """Why somebody must agree before it is confirmed."""
    ordered_on: str = ""
    """Day of the sale at the company's place; of a draft the day it was begun."""
    placed_at: datetime | None = None
    """When it was placed."""
    closed_at: datetime | None = None
    """When it was completed or canceled."""
    cancel_reason: str = ""
    """Why it was canceled."""
    owner_id: str = ""
    """Person who owns it."""
    team_id: str = ""
    """Team it belongs to."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """
    loyalty_member_id: str = ""
    """Member whose card was shown; found by the customer where not given."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimit:
    """A limit of a company's own."""

    name: str = ""
    """What is limited, such as "contacts", or "requests_per_s"."""
    most: int | None = None
    """The most there may be; where unset, the plan's limit is lifted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came, or is to come, for an order or an invoice."""

    id: str = ""
    """Payment."""
    order_id: str = ""
    """Order it is for."""
    invoice_id: str = ""
    """Invoice it is for."""
    method: str = ""
    """cash, transfer, card, gift_card, points, exchange or other."""
    status: str = ""
    """pending, captured, failed or canceled."""
    amount: Money | None = None
    """Amount."""
    refunded_amount: Money | None = None
    """What of it was given back."""
    reference: str = ""
    """Where it is found, such as the line of a bank statement."""
    provider: str = ""
    """Card provider: "stripe"."""
    provider_reference: str = ""
    """The provider's own id of it."""
    failure: str = ""
    """Why it failed, in the provider's word."""
    captured_at: datetime | None = None
    """When the money came."""
    refunds: list[Refund] = _field(default_factory=list)
    """Refunds, the first first."""
    created_at: datetime | None = None
    """When it was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErasure:
    """That a person was erased."""

    id: str = ""
    """UUIDv7."""
    contact_digest: str = ""
    """SHA-256 of "funia:contact:" and the id of the contact, in hex: whoever knows the id can tell, nobody
    else.
    """
    erased_at: datetime | None = None
    """When."""
    erased_by: str = ""
    """By whom."""
    rows: list[ErasedRows] = _field(default_factory=list)
    """Rows that went, by kind."""
    files_left: int = 0
    """Uploaded files about the person that are still to be removed; the worker does so within seconds."""
    identities_kept_away: int = 0
    """How many identities are known again by their keyed hashes, so that the person stays away; 0 once it was
    lifted.
    """
    lifted_at: datetime | None = None
    """When an administrator let the person come back."""
    lifted_by: str = ""
    """Who did."""
    lift_reason: str = ""
    """Why, in the administrator's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Everything that is held about a person."""

    contact_id: str = ""
    """Contact."""
    as_of: datetime | None = None
    """When it was read."""
    tables: list[PersonalTable] = _field(default_factory=list)
    """Tables with rows about the person."""
    missing_services: list[str] = _field(default_factory=list)
    """Services that did not answer, such as "sales": what they hold is missing here. Ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalTable:
    """Rows of one kind."""

    name: str = ""
    """What the rows are, such as "activity"."""
    rows: list[dict[str, Any]] = _field(default_factory=list)
    """The rows as they are stored."""
    service: str = ""
    """Service that holds them; empty for contacts."""
    more: bool = False
    """More rows are held than stand here; the lists of the API give all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """A phone number of a person."""

    number: str = ""
    """Number; answered in E.164. A national number is read in the contact's country, else the tenant's."""
    label: str = ""
    """Label such as "mobile"."""
    primary: bool = False
    """The one to use first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A way that deals go, stage by stage"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    position: int = 0
    """Place among the pipelines."""
    after_sales: bool = False
    """Deals of it come after the sale: onboarding, renewal."""
    stages: list[Stage] = _field(default_factory=list)
    """Its stages, the first first."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A database, or one a service, that companies live in."""

    name: str = ""
    """Name: "pooled", or one of FUNIA_PLACEMENTS."""
    tenants: int = 0
    """Companies that live there; sandboxes are none."""
    sandboxes: int = 0
    """Sandboxes that live there."""
    health: list[PlacementHealth] = _field(default_factory=list)
    """Services, each with whether it reaches its database there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementHealth:
    """How a service does with its database of a placement."""

    service: str = ""
    """Service."""
    state: str = ""
    """"ok", "away" (the database does not answer), or "silent" (the service's worker has told nothing for a
    while).
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A company's plan."""

    name: str = ""
    """Name of the plan; empty where the company has none, and nothing is limited."""
    requests_per_s: int = 0
    """API requests a second that the company may send; 0 where its plan does not say."""
    uses: list[PlanUse] = _field(default_factory=list)
    """What is counted, each with its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanUse:
    """What a company uses of something, and how much it may."""

    meter: str = ""
    """What is counted: seats, contacts, accounts, storage_bytes, api_calls, bulk_rows, webhook_endpoints,
    custom_fields, partner_apps.
    """
    unit: str = ""
    """Unit, such as "records"."""
    daily: bool = False
    """True where it begins anew at midnight UTC."""
    used: int = 0
    """What is used; of a daily meter, today."""
    most: int | None = None
    """The most there may be; not set where nothing limits it."""
    counted_at: datetime | None = None
    """When it was counted; what is written is refused beyond the limit at once, this figure follows within a
    minute.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """What a stage says about a deal."""

    deal_id: str = ""
    """Deal."""
    stage_id: str = ""
    """Stage that it stands in."""
    guidance: str = ""
    """What to do there."""
    items: list[PlaybookItem] = _field(default_factory=list)
    """Checklist, in its order."""
    documents: list[PlaybookDocument] = _field(default_factory=list)
    """Documents that help, in their order, without those withdrawn, deleted or still without a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookDocument:
    """A document that helps in a stage."""

    document_id: str = ""
    """Document."""
    name: str = ""
    """What it is called."""
    file_name: str = ""
    """Name of its newest file."""
    number: int = 0
    """Newest version."""
    size_bytes: int = 0
    """Size of the newest file, in bytes."""
    valid_until: str = ""
    """Last day that it holds; empty where it holds for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookItem:
    """Something of a checklist."""

    item: str = ""
    """Words."""
    done: bool = False
    """Whether it is done."""
    done_at: datetime | None = None
    """When it was ticked off."""
    done_by: str = ""
    """By whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPosting:
    """Something that happened to the points of a member."""

    id: str = ""
    """Posting."""
    kind: str = ""
    """earn, release, redeem, restore, reverse, expire or adjust."""
    available: int = 0
    """What was added to the points that can be spent, below zero where taken."""
    pending: int = 0
    """What was added to the points that can be spent later."""
    owed: int = 0
    """What was added to the points that are owed."""
    order_id: str = ""
    """Order it is about."""
    reason: str = ""
    """Why, where it was by hand."""
    posted_by: str = ""
    """Who did it."""
    posted_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PosSession:
    """A stay of a drawer at a register: opening, open, closing, closed"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    store_id: str = ""
    """Store."""
    register_id: str = ""
    """Register."""
    status: str = ""
    """"opening", "open", "closing" or "closed"."""
    currency_code: str = ""
    """Currency of the drawer."""
    opening_float_minor: int = 0
    """Cash in the drawer at the start, in minor units."""
    opening_counts: list[CashCount] = _field(default_factory=list)
    """How the float was counted, where it was."""
    opened_at: datetime | None = None
    """When selling began."""
    opened_by: str = ""
    """Who opened it."""
    closing_counts: list[CashCount] = _field(default_factory=list)
    """How the cash was counted at the end, where it was."""
    counted_minor: int | None = None
    """Cash counted at the end."""
    expected_minor: int | None = None
    """Cash that should have been there."""
    difference_minor: int | None = None
    """Counted less expected: below zero, cash is missing."""
    closing_note: str = ""
    """What was said about the difference."""
    z_number: int | None = None
    """Number of its Z report."""
    closed_at: datetime | None = None
    """When it was closed."""
    closed_by: str = ""
    """Who closed it."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTillOrdersResponse:
    """Answer of PostTillOrders."""

    receipts: list[TillReceipt] = _field(default_factory=list)
    """Those that are kept now, in the order asked for, without their lines."""
    refusal: TillRefusal | None = None
    """Why the next one was not taken; not set where all were."""
    last_sequence: int = 0
    """Sequence number of the last receipt that is kept; the next one is expected to follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """A postal address."""

    street: str = ""
    """Street, house, flat."""
    city: str = ""
    """City or town."""
    region: str = ""
    """State, province or oblast."""
    postal_code: str = ""
    """Postal code."""
    country_code: str = ""
    """Country."""
    label: str = ""
    """Label such as "billing"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceLink:
    """A link to a preference centre."""

    link: str = ""
    """Address of the page. It holds for as long as the secret of the installation does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """Prices in one currency for some or all buyers; the nearest that holds is asked first"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    currency_code: str = ""
    """Currency of its prices."""
    tax_included: bool = False
    """Its prices include tax."""
    priority: int = 0
    """Of two books as near to the buyer, the higher is asked first."""
    account_id: str = ""
    """Company it is for; empty for all."""
    segment: str = ""
    """Segment it is for; empty for all."""
    store_id: str = ""
    """Store it is for; empty for all."""
    channel: str = ""
    """Channel it is for; empty for all."""
    valid_from: str = ""
    """First day, such as 2026-11-22; empty for always."""
    valid_to: str = ""
    """Last day; empty for ever."""
    active: bool | None = None
    """Only active books are asked; true where not given."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBookEntry:
    """The price of a variant in a book, from a quantity on"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    price_book_id: str = ""
    """Price book."""
    product_variant_id: str = ""
    """Variant."""
    min_quantity_milli: int = 0
    """Quantity from which it holds, in thousandths of the unit."""
    unit_micros: int = 0
    """Price of one in millionths of the book's currency."""
    valid_from: str = ""
    """First day; empty for always."""
    valid_to: str = ""
    """Last day; empty for ever."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBridge:
    """Why turnover changed."""

    first_day: str = ""
    """First day of the later period."""
    last_day: str = ""
    """Last day of it."""
    before_first_day: str = ""
    """First day of the earlier period."""
    before_last_day: str = ""
    """Last day of it."""
    currency_code: str = ""
    """Currency."""
    before_minor: int = 0
    """Turnover of the earlier period, in minor units."""
    after_minor: int = 0
    """Turnover of the later one; `before_minor` and the effects add up to it."""
    effects: PriceEffects | None = None
    """Effects of all products."""
    rows: list[PriceBridgeRow] = _field(default_factory=list)
    """Products with the largest change."""
    other_rows: int = 0
    """Products that are not in `rows`."""
    other_effects: PriceEffects | None = None
    """Effects of those."""
    left_out_orders: int = 0
    """Orders of the two periods in another currency, which are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBridgeRow:
    """A product in the bridge."""

    key: str = ""
    """Product, or variant."""
    before_minor: int = 0
    """Turnover before."""
    after_minor: int = 0
    """Turnover after."""
    before_quantity_milli: int = 0
    """Quantity before, in thousandths."""
    after_quantity_milli: int = 0
    """Quantity after, in thousandths."""
    effects: PriceEffects | None = None
    """Its effects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEffects:
    """Parts of a change, in minor units."""

    price: int = 0
    """By other prices: the new quantity at the difference of the prices."""
    volume: int = 0
    """By more or less sold: what the old turnover gains if every product sells as much more as all together."""
    mix: int = 0
    """By what was sold instead: the rest of products sold in both periods."""
    new: int = 0
    """Products sold in the later period only."""
    lost: int = 0
    """Products sold in the earlier period only."""
    other: int = 0
    """Products whose returns outweigh their sales in a period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """What was sold of a product in a store and step."""

    price_minor: float = 0.0
    """Price of a unit, in minor units."""
    quantity_milli: int = 0
    """Quantity in thousandths."""
    promoted: bool = False
    """Whether it was promoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """What comes off the list price by itself"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name, as receipts show it."""
    effect: str = ""
    """What it does."""
    value: int = 0
    """Basis points for percent_off, millionths of the currency a unit for amount_off and fixed_price."""
    buy_quantity: int = 0
    """For buy_get: units paid in each group."""
    get_quantity: int = 0
    """For buy_get: units free in each group."""
    currency_code: str = ""
    """Currency it is for; required for amounts, empty for all otherwise."""
    variant_ids: list[str] = _field(default_factory=list)
    """Variants it holds for."""
    product_ids: list[str] = _field(default_factory=list)
    """Products it holds for."""
    category_ids: list[str] = _field(default_factory=list)
    """Branches of the catalogue it holds for, with all below them. With no goods named it holds for all."""
    account_id: str = ""
    """Company it is for; empty for all."""
    segment: str = ""
    """Segment it is for; empty for all."""
    store_id: str = ""
    """Store it is for; empty for all."""
    channel: str = ""
    """Channel it is for; empty for all."""
    valid_from: str = ""
    """First day; empty for always."""
    valid_to: str = ""
    """Last day; empty for ever."""
    min_quantity_milli: int = 0
    """Quantity of a line from which it holds, in thousandths of the unit."""
    priority: int = 0
    """Stackable rules apply from the highest down."""
    stackable: bool = False
    """Applies after the best of the others; others exclude one another."""
    active: bool | None = None
    """Only active rules apply; true where not given."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceToday:
    """What is sold at today's prices."""

    first_day: str = ""
    """First of the days."""
    price_minor: float = 0.0
    """Price of a unit on average, in minor units."""
    quantity_milli: int = 0
    """Quantity in thousandths."""
    revenue_minor: int = 0
    """Sales without tax."""
    margin_minor: int | None = None
    """Sales less cost; absent where no cost is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWhatIf:
    """What another price would do to the sales of `today`, with the interval that follows from that of the
    slope.
    """

    change_permille: int = 0
    """Change of the price, in thousandths."""
    quantity_milli: int = 0
    """Quantity in thousandths."""
    quantity_low_milli: int = 0
    """Lower bound of it."""
    quantity_high_milli: int = 0
    """Upper bound of it."""
    revenue_minor: int = 0
    """Sales without tax."""
    revenue_low_minor: int = 0
    """Lower bound of it."""
    revenue_high_minor: int = 0
    """Upper bound of it."""
    margin_minor: int | None = None
    """Sales less cost; absent where no cost is known."""
    margin_low_minor: int | None = None
    """Lower bound of it."""
    margin_high_minor: int | None = None
    """Upper bound of it."""
    extrapolates: bool = False
    """Whether a product would cost what it never has, so that the answer reaches beyond what was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedDocument:
    """A priced document. Amounts are in minor units of its currency."""

    currency_code: str = ""
    """Currency."""
    lines: list[PricedLine] = _field(default_factory=list)
    """Lines, in the order asked for."""
    coupons: list[AppliedAmount] = _field(default_factory=list)
    """What each coupon took off."""
    list_minor: int = 0
    """Sum at list prices."""
    rule_minor: int = 0
    """What price rules took off."""
    discount_minor: int = 0
    """What discounts and coupons took off."""
    net_minor: int = 0
    """Sum without tax."""
    tax_minor: int = 0
    """Tax."""
    gross_minor: int = 0
    """Sum with tax."""
    taxes: list[TaxAmount] = _field(default_factory=list)
    """Tax by rate."""
    breaches: list[str] = _field(default_factory=list)
    """Why somebody must agree before this is sold: discount_above_limit, margin_below_floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """The waterfall of a line: list - rule - discount - coupon - document discount = net (+ tax = gross)."""

    product_variant_id: str = ""
    """Variant."""
    quantity_milli: int = 0
    """Quantity in thousandths of the unit."""
    unit_micros: int = 0
    """List price of one, in millionths of the currency."""
    price_book_id: str = ""
    """Book the list price stands in; empty for the catalogue's own."""
    tax_included: bool = False
    """Amounts before net include tax."""
    list_minor: int = 0
    """Amount at the list price."""
    rules: list[AppliedAmount] = _field(default_factory=list)
    """What each price rule took off."""
    rule_minor: int = 0
    """What price rules took off."""
    discount_minor: int = 0
    """What the line's own discount took off."""
    coupon_minor: int = 0
    """Its share of coupons."""
    document_discount_minor: int = 0
    """Its share of the document's discount."""
    tax_rate_basis_points: int = 0
    """Tax rate."""
    net_minor: int = 0
    """Without tax."""
    tax_minor: int = 0
    """Tax."""
    gross_minor: int = 0
    """With tax."""
    cost_minor: int | None = None
    """What it costs the company, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something a company sells; what is bought is one of its variants"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    kind: str = ""
    """What it is; a good where not given."""
    category_id: str = ""
    """Branch of the catalogue."""
    description: str = ""
    """Text for quotes and catalogues."""
    unit: str = ""
    """What a quantity of one is; a piece where not given."""
    tax_code: str = ""
    """Code of its tax rate; "standard" where not given."""
    status: str = ""
    """Archived products are kept for old orders and cannot be sold."""
    options: list[str] = _field(default_factory=list)
    """Names of what its variants differ in, such as "size"."""
    track_stock: bool = False
    """Its variants have a stock in each store."""
    tags: list[str] = _field(default_factory=list)
    """Tags."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""
    low_stock_milli: int = 0
    """From here down what is on hand of its variants is shown as little, in thousandths of the unit; 0 is the
    company's own threshold.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCategory:
    """A branch of the catalogue"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    parent_id: str = ""
    """Branch above, empty at the top."""
    position: int = 0
    """Place among its sisters."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductVariant:
    """A product as it is sold: one size, one colour, one price"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    product_id: str = ""
    """Product."""
    sku: str = ""
    """Stock keeping unit, its own among all variants."""
    name: str = ""
    """Name, such as "Red, large"; empty where the product has but one."""
    barcodes: list[str] = _field(default_factory=list)
    """Barcodes (EAN, UPC or the company's own), each its own among all variants."""
    option_values: dict[str, str] = _field(default_factory=dict)
    """What it is by each option of its product."""
    price: UnitPrice | None = None
    """The catalogue's own price, where no price book has one."""
    cost: UnitPrice | None = None
    """What one costs the company; margins are counted from it."""
    weight_grams: int = 0
    """Weight of one."""
    position: int = 0
    """Place among its product's variants."""
    status: str = ""
    """Archived variants are kept for old orders and cannot be sold."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A place where tickets wait for somebody"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    description: str = ""
    """What belongs here."""
    team_id: str = ""
    """Team whose tickets they become."""
    priority: str = ""
    """Priority of tickets that name none; "normal" where not given."""
    position: int = 0
    """Place among the queues."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """An offer at fixed prices, good until a day"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    number: str = ""
    """Number, the same for all versions."""
    revision: int = 0
    """Version, from 1."""
    series_id: str = ""
    """Id of its first version."""
    previous_id: str = ""
    """Version that it takes the place of; empty for the first."""
    status: str = ""
    """draft, sent, viewed, accepted, ordered, declined, expired or superseded."""
    title: str = ""
    """What it offers, as the paper is headed."""
    deal_id: str = ""
    """Deal it is for."""
    account_id: str = ""
    """Company that would buy; the deal's where not given."""
    contact_id: str = ""
    """Person it goes to; the deal's first where not given."""
    recipient: str = ""
    """Name and address of the customer, as the paper shows them."""
    language: str = ""
    """Language of paper and page; English where not given."""
    valid_until: str = ""
    """Last day on which it can be accepted, at the company's place. By the company's settings where not given."""
    introduction: str = ""
    """Text above the lines."""
    terms: str = ""
    """Text below the lines."""
    lines: list[LineItem] = _field(default_factory=list)
    """Lines. Lists leave them out."""
    currency_code: str = ""
    """Currency; the company's own where not given."""
    coupon_codes: list[str] = _field(default_factory=list)
    """Coupons."""
    document_discount_basis_points: int = 0
    """Discount on the whole as a share, or"""
    document_discount_minor: int = 0
    """as an amount in minor units."""
    list_amount: Money | None = None
    """Sum at list prices."""
    rule_amount: Money | None = None
    """What price rules took off."""
    discount_amount: Money | None = None
    """What discounts and coupons took off."""
    net_amount: Money | None = None
    """Sum without tax."""
    tax_amount: Money | None = None
    """Tax."""
    gross_amount: Money | None = None
    """Sum with tax."""
    taxes: list[TaxAmount] = _field(default_factory=list)
    """Tax by rate."""
    coupons: list[AppliedAmount] = _field(default_factory=list)
    """What each coupon took off."""
    breaches: list[str] = _field(default_factory=list)
    """Why somebody must agree before it is sent."""
    sent_at: datetime | None = None
    """When it was sent."""
    first_viewed_at: datetime | None = None
    """When the customer first opened it."""
    last_viewed_at: datetime | None = None
    """When the customer last opened it."""
    view_count: int = 0
    """How often it was opened."""
    decided_at: datetime | None = None
    """When it was accepted or declined."""
    accepted_by: str = ""
    """Name that was typed to accept it."""
    decline_reason: str = ""
    """Why it was declined."""
    paper_digest: str = ""
    """SHA-256 of the paper that was sent, in hexadecimal digits."""
    order_id: str = ""
    """Order that was made of it."""
    owner_id: str = ""
    """Person who owns it; the deal's where not given."""
    team_id: str = ""
    """Team it belongs to."""
    documents: list[QuoteDocument] = _field(default_factory=list)
    """Documents of the library that go with it, each in the version that it had when it was added. Lists leave
    them out.
    """
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDocument:
    """A document that goes with a quote."""

    document_id: str = ""
    """Document."""
    number: int = 0
    """Version that the customer gets."""
    name: str = ""
    """What it is called."""
    file_name: str = ""
    """Name of the file."""
    size_bytes: int = 0
    """Size of the file in bytes."""
    download_count: int = 0
    """How often the customer downloaded it."""
    last_downloaded_at: datetime | None = None
    """When the customer last downloaded it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteEvidence:
    """How a quote was accepted."""

    name: str = ""
    """Name that was typed, or who is said to have accepted."""
    accepted_at: datetime | None = None
    """When."""
    by: str = ""
    """"customer", on the page, or "seller", who recorded it."""
    actor_id: str = ""
    """Who recorded it; empty for the customer."""
    address: str = ""
    """Internet address of the browser."""
    user_agent: str = ""
    """What the browser called itself."""
    paper_digest: str = ""
    """SHA-256 of the paper that was accepted."""
    note: str = ""
    """What the seller said about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePaper:
    """A paper."""

    content: str = ""
    """PDF."""
    file_name: str = ""
    """Name of the file."""
    digest: str = ""
    """SHA-256 of the content, in hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivablesAgeing:
    """What is open, by customer and currency."""

    customers: list[CustomerAgeing] = _field(default_factory=list)
    """Customers of this page, in the order of their ids."""
    next_page_token: str = ""
    """Token of the next page; empty on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsentsResponse:
    """Answer of RecordConsents."""

    recorded_count: int = 0
    """How many were recorded; a statement that is recorded already, word for word, is not recorded twice."""
    changed_count: int = 0
    """How many of them changed where somebody stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMail:
    """A mail to one person."""

    id: str = ""
    """UUIDv7; that of its activity."""
    to: str = ""
    """Address it goes to."""
    subject: str = ""
    """Subject."""
    body: str = ""
    """Text."""
    status: str = ""
    """"queued", "sending", "sent", "failed", or "uncertain" where the mail server's answer was lost."""
    reason: str = ""
    """Why it failed; empty otherwise."""
    quote_ids: list[str] = _field(default_factory=list)
    """Quotes whose papers are attached."""
    sent_at: datetime | None = None
    """When the mail server took it."""
    created_at: datetime | None = None
    """When it was written."""
    documents: list[AttachedDocument] = _field(default_factory=list)
    """Documents of the library that are attached, in the version that was the newest when the mail was
    written.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMailDraft:
    """A mail before it is sent."""

    to: str = ""
    """Address it would go to; empty where there is none."""
    contact_id: str = ""
    """Person it would go to; empty for a lead that is no contact yet."""
    subject: str = ""
    """Subject."""
    body: str = ""
    """Text."""
    problem: str = ""
    """Why it cannot be sent: "NO_RECIPIENT", "NO_ADDRESS" or "DO_NOT_CONTACT"; empty where it can."""
    missing: list[str] = _field(default_factory=list)
    """Places of the template that the record has no value for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordShare:
    """A record that somebody sees although neither role nor rules show it."""

    grantee_kind: str = ""
    """"team" for the people of a team and of the teams below it, "user" for one person."""
    grantee_id: str = ""
    """Team or person."""
    level: str = ""
    """"read": they see the record; "write": they change it, too, but do not delete it, give it away or share
    it on.
    """
    until: datetime | None = None
    """When it ends by itself; unset where it does not."""
    created_at: datetime | None = None
    """When it was shared."""
    created_by: str = ""
    """Who shared it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordShownSuggestionsResponse:
    """Answer of RecordShownSuggestions."""

    recorded: int = 0
    """Suggestions of this document that are newly known as shown or as taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back."""

    id: str = ""
    """Refund."""
    payment_id: str = ""
    """Payment it is of."""
    return_id: str = ""
    """Return it is for."""
    status: str = ""
    """pending, succeeded or failed."""
    amount: Money | None = None
    """Amount."""
    reason: str = ""
    """Why."""
    provider_reference: str = ""
    """The card provider's own id of it."""
    failure: str = ""
    """Why it failed, in the provider's word."""
    created_at: datetime | None = None
    """When it was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A till: one drawer, one sequence of receipts"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    store_id: str = ""
    """Store it stands in."""
    name: str = ""
    """Name."""
    active: bool | None = None
    """It can be opened; true where not given."""
    last_sequence: int = 0
    """Sequence number of the last receipt that has arrived."""
    last_z_number: int = 0
    """Number of the last Z report."""
    receipt_prefix: str = ""
    """What the numbers of its receipts begin with, its own; the store's code and a number where not given."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationToken:
    """A token for /oauth/register."""

    token: str = ""
    """The token; only in this answer."""
    expires_at: datetime | None = None
    """Until when it is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatPurchases:
    """Who comes back, and when."""

    customers: int = 0
    """Customers who bought."""
    repeat_customers: int = 0
    """Customers who bought more than once."""
    repeat_purchases: int = 0
    """Purchases after a customer's first."""
    mean_days: float = 0.0
    """Mean of days between two purchases of a customer."""
    quarter_days: float = 0.0
    """Days within which a quarter of them came."""
    median_days: float = 0.0
    """Days within which half of them came."""
    three_quarter_days: float = 0.0
    """Days within which three quarters came."""
    gaps: list[Gap] = _field(default_factory=list)
    """Repeat purchases by days since the one before; none where nobody came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayDeadWebhooksResponse:
    """Answer of ReplayDeadWebhooks."""

    replayed: int = 0
    """Deliveries that wait again. Where it is a thousand, call again for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCondition:
    """A figure of the company that lies above or below a value, as far as the schedule's owner may see it."""

    metric: str = ""
    """Figure of the catalogue, such as sales."""
    period: str = ""
    """Time that is counted, moving with the days."""
    comparison: str = ""
    """On which side of the value it is told."""
    value: int = 0
    """Value in the figure's unit, such as minor units of the currency. It is told where any currency lies on
    that side.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRun:
    """One time that a report was due."""

    due_at: datetime | None = None
    """When it was due; there is one run for each due time."""
    state: str = ""
    """State: waiting, sent (its mail stands in the line of those going out), quiet (an alert with nothing to
    tell), failed or paused.
    """
    reason: str = ""
    """Why it was not sent; empty where it was. ASKED while it waits because somebody asked for it now; NOT_SO
    where what an alert waits for does not hold, STILL_SO where it has held since it was told.
    """
    recipients: int = 0
    """How many people it went to."""
    size_bytes: int = 0
    """Size of the attached file."""
    ended_at: datetime | None = None
    """When it ended; not given while it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSchedule:
    """A report that is sent regularly."""

    id: str = ""
    """UUIDv7."""
    name: str = ""
    """What it is called; it is the subject of its mails."""
    report: str = ""
    """Address of the report's page, such as /reports/sales/sales?period=last_month&by=store. A period by its
    name moves with the time; one from day to day stays.
    """
    format: str = ""
    """Kind of file that is attached."""
    every: str = ""
    """How often."""
    weekday: int = 0
    """Day of the week, 1 for Monday to 7, where it is sent weekly."""
    month_day: int = 0
    """Day of the month, where it is sent monthly; the last day of months that are shorter."""
    hour: int = 0
    """Hour of the day, 0 to 23."""
    time_zone: str = ""
    """Time zone of hour and day, such as Europe/Sofia; the company's where not given."""
    recipient_ids: list[str] = _field(default_factory=list)
    """People of the company who get it. They see what the owner may see."""
    owner_id: str = ""
    """Whose it is: it shows what this person may see."""
    paused: bool = False
    """True where nothing is sent for now. False lets it go on."""
    paused_reason: str = ""
    """Why it was paused by itself: OWNER_GONE, MISSING_SCOPE, REPORT_REFUSED, TOO_LARGE or NOBODY_LEFT; empty
    otherwise.
    """
    next_at: datetime | None = None
    """When it is sent next; not given while it is paused."""
    last_run: ReportRun | None = None
    """The latest run."""
    etag: str = ""
    """Changes with every write."""
    created_at: datetime | None = None
    """When it was made."""
    condition: ReportCondition | None = None
    """Makes it an alert: it is looked at each time it is due, and sent when this has come to hold. Needs
    analytics.read.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestConsentResponse:
    """Answer of RequestConsent."""

    link: str = ""
    """Link to send to the person. It is shown once and kept nowhere."""
    expires_at: datetime | None = None
    """Until when it can be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """So much of a line of the order."""

    line_id: str = ""
    """Line of the order."""
    quantity_milli: int = 0
    """What is sent back, in thousandths of the unit."""
    accepted_milli: int = 0
    """What of it is taken back."""
    restocked_milli: int = 0
    """What of that can be sold again."""
    amount_minor: int = 0
    """What is given for it, with tax."""
    product_variant_id: str = ""
    """Variant, where the order is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOrder:
    """Goods of an order that come back."""

    id: str = ""
    """Return."""
    etag: str = ""
    """Changes with every write."""
    number: str = ""
    """Number."""
    order_id: str = ""
    """Order; empty for a return of another system whose order is not known here."""
    status: str = ""
    """requested, authorized, received, inspected, refunded, exchanged or rejected."""
    reason: str = ""
    """Why the customer sends them."""
    note: str = ""
    """Why it was rejected."""
    lines: list[ReturnLine] = _field(default_factory=list)
    """Lines."""
    amount: Money | None = None
    """What is to be given for what is taken back, with tax."""
    exchange_order_id: str = ""
    """Order of the goods given in exchange."""
    created_at: datetime | None = None
    """When it was asked for."""
    account_id: str = ""
    """Company that sends them."""
    contact_id: str = ""
    """Person who sends them."""
    returned_on: str = ""
    """Day of the return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueForecast:
    """What may come."""

    step: str = ""
    """Step of time."""
    as_of: str = ""
    """Day as of which it forecasts."""
    currency_code: str = ""
    """Currency."""
    left_out_orders: int = 0
    """Orders left out, since they are kept in another currency."""
    refusal: ModelRefusal | None = None
    """Why there is no forecast; absent where there is one."""
    revenue: ForecastSeries | None = None
    """Revenue without tax, in minor units."""
    orders: ForecastSeries | None = None
    """Number of orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeGrantResponse:
    """Answer of RevokeGrant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmCell:
    """Customers with the same scores."""

    recency_score: int = 0
    """Score of recency, 5 for the latest."""
    value_score: int = 0
    """Score of frequency and money together, 5 for the most."""
    customers: int = 0
    """Customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmCustomer:
    """A customer's figures."""

    customer_id: str = ""
    """Company, or person where no company buys."""
    kind: str = ""
    """"account" or "contact"."""
    recency: int = 0
    """Days since the last order."""
    frequency: int = 0
    """Orders."""
    monetary_minor: int = 0
    """What they were worth without tax, in minor units."""
    recency_score: int = 0
    """Score of recency, 1 to 5."""
    frequency_score: int = 0
    """Score of frequency."""
    monetary_score: int = 0
    """Score of money."""
    group: str = ""
    """Group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmDirection:
    """Customers who went one way."""

    direction: str = ""
    """improved, worsened, stayed, or came for those who had not bought by the first day."""
    customers: int = 0
    """Customers."""
    orders: int = 0
    """Their orders after the first day."""
    monetary_minor: int = 0
    """What those were worth, in minor units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmGroup:
    """Customers of like behaviour."""

    group: str = ""
    """Name, such as champions."""
    customers: int = 0
    """Customers."""
    orders: int = 0
    """Their orders."""
    monetary_minor: int = 0
    """What those were worth, in minor units."""
    recency_mean: float = 0.0
    """Mean of the days since their last order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmGroupChange:
    """A group on both days."""

    group: str = ""
    """Name, such as champions."""
    before: int = 0
    """Customers on the first day."""
    after: int = 0
    """Customers on the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmMove:
    """Customers who were in one group and are in another, or still in the same."""

    from_group: str = ""
    """Group on the first day; "none" for those who had not bought by then."""
    to_group: str = ""
    """Group on the second."""
    direction: str = ""
    """Which way that is."""
    customers: int = 0
    """Customers."""
    orders: int = 0
    """Their orders after the first day."""
    monetary_minor: int = 0
    """What those were worth, in minor units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmMovement:
    """Who moved between groups. A group is better than those after it in `groups`."""

    from_day: str = ""
    """Day of the first groups."""
    to_day: str = ""
    """Day of the second groups."""
    cuts: str = ""
    """What scores follow from."""
    currency_code: str = ""
    """Currency of amounts."""
    customers: int = 0
    """Customers who had bought by the second day."""
    groups: list[RfmGroupChange] = _field(default_factory=list)
    """Groups, the best first; every group is there, unless there are no customers at all."""
    directions: list[RfmDirection] = _field(default_factory=list)
    """Customers by the way they went; all four are there, unless there are no customers at all."""
    moves: list[RfmMove] = _field(default_factory=list)
    """Movements that anybody made, those who stayed among them: by the first group, then by the second."""
    left_out_orders: int = 0
    """Orders between the days left out because they are kept in another currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmMovementCustomer:
    """A customer's groups on both days, and what was bought between them."""

    customer_id: str = ""
    """Company, or person where no company buys."""
    kind: str = ""
    """"account" or "contact"."""
    from_group: str = ""
    """Group on the first day, or "none"."""
    to_group: str = ""
    """Group on the second."""
    recency: int = 0
    """Days since the last order, on the second day."""
    orders: int = 0
    """Orders after the first day."""
    monetary_minor: int = 0
    """What those were worth without tax, in minor units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmReport:
    """Customers by recency, frequency and money."""

    as_of: str = ""
    """Day on which recency is counted."""
    currency_code: str = ""
    """Currency of amounts."""
    customers: int = 0
    """Customers."""
    orders: int = 0
    """Orders."""
    monetary_minor: int = 0
    """What they were worth without tax, in minor units."""
    recency: RfmSpread | None = None
    """Days since the last order."""
    frequency: RfmSpread | None = None
    """Orders a customer."""
    monetary: RfmSpread | None = None
    """Minor units a customer."""
    groups: list[RfmGroup] = _field(default_factory=list)
    """Groups, the best first; every group is there, unless there are no customers at all."""
    cells: list[RfmCell] = _field(default_factory=list)
    """Customers by score, those that are not zero."""
    left_out_orders: int = 0
    """Orders left out because they are kept in another currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmSpread:
    """How a figure is spread over customers."""

    mean: float = 0.0
    """Mean."""
    median: float = 0.0
    """Median; between the two in the middle where their number is even."""
    cuts: list[int] = _field(default_factory=list)
    """Values at which the score changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A set of scopes and a visibility."""

    name: str = ""
    """Name by which users carry the role, such as "seller". Cannot be changed later."""
    scopes: list[str] = _field(default_factory=list)
    """Scopes."""
    visibility: str = ""
    """Whose records the role shows: own, team (with every team below it) or all."""
    title: str = ""
    """What people read. Built-in roles have none here; the console translates their names."""
    description: str = ""
    """What the role is for."""
    built_in: bool = False
    """Whether the role is built in and the same for every company."""
    etag: str = ""
    """Changes with every write. Empty for built-in roles."""
    created_at: datetime | None = None
    """When it was made."""
    hidden_fields: list[str] = _field(default_factory=list)
    """Fields of records that the role does not show, such as "contact.score" or "account.custom.margin"."""
    read_only_fields: list[str] = _field(default_factory=list)
    """Fields of records that the role shows and does not let change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesActivity:
    """A task, a meeting, a call or a note"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    kind: str = ""
    """What it is; also "email" for mails, which are made by sending one."""
    title: str = ""
    """Short line."""
    body: str = ""
    """Text."""
    status: str = ""
    """"queued", "sent", "failed" or "uncertain" of a mail; "not_started", "in_progress", "completed",
    "deferred" or "canceled" of a task; "planned", "held", "not_held" or "canceled" of a meeting or call;
    "noted" of a note.
    """
    priority: str = ""
    """How much it matters; "normal" where not given."""
    deal_id: str = ""
    """Deal it is about."""
    lead_id: str = ""
    """Lead it is about."""
    contact_id: str = ""
    """Person it is with."""
    account_id: str = ""
    """Company it is with."""
    due_at: datetime | None = None
    """When it is due, or begins."""
    minutes: int = 0
    """How long it takes."""
    location: str = ""
    """Where it takes place."""
    remind_at: datetime | None = None
    """When its owner is to be reminded by mail."""
    outcome: str = ""
    """What came of it."""
    completed_at: datetime | None = None
    """When it was done."""
    owner_id: str = ""
    """Person who does it; who enters it, where not given."""
    team_id: str = ""
    """Team it belongs to."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesCustomer:
    """A contact or an account as sales needs it; names and addresses stay with contacts."""

    id: str = ""
    """Id of the contact or account."""
    kind: str = ""
    """"contact" or "account"."""
    stage: str = ""
    """Stage of the relationship of a contact, or type of an account."""
    owner_id: str = ""
    """Owner."""
    team_id: str = ""
    """Team of the owner."""
    account_id: str = ""
    """Main company of a contact, or parent of an account."""
    language: str = ""
    """Language."""
    country_code: str = ""
    """Country."""
    do_not_contact: bool = False
    """The person asked not to be contacted."""
    version: int = 0
    """Version of the record in contacts that this projection shows."""
    updated_at: datetime | None = None
    """When this projection last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesFunnel:
    """How far deals got."""

    pipeline_id: str = ""
    """Pipeline; empty where no deal began."""
    first_day: str = ""
    """First day."""
    last_day: str = ""
    """Last day."""
    deals: int = 0
    """Deals that began."""
    open: int = 0
    """Of these, still open."""
    won: int = 0
    """Won."""
    lost: int = 0
    """Lost."""
    stages: list[FunnelStage] = _field(default_factory=list)
    """Open stages in their order, then one without an id for what was won."""
    leaks: list[FunnelLeak] = _field(default_factory=list)
    """Why deals were lost, and where, the most first."""
    cycle_days: float = 0.0
    """Mean of days from the beginning to the win."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesImport:
    """An import and its progress."""

    id: str = ""
    """UUIDv7."""
    kind: str = ""
    """"lead", "product", "deal" or "order"."""
    file_name: str = ""
    """Name of the file."""
    file_bytes: int = 0
    """Size of the file in bytes."""
    status: str = ""
    """State: uploaded, validating, ready, running, paused, completed, completed_with_errors, failed,
    reverting, reverted.
    """
    encoding: str = ""
    """Encoding found, such as "utf-8" or "cp1251"."""
    delimiter: str = ""
    """Delimiter found."""
    columns: list[SalesImportColumn] = _field(default_factory=list)
    """Columns of the file in order, with the field proposed for each and sample values."""
    dry_run: bool = False
    """Only the check ran; nothing is written."""
    rows_read: int = 0
    """Rows read so far."""
    rows_total: int = 0
    """Rows in the file; 0 until known."""
    rows_created: int = 0
    """Rows that went in, or that would."""
    rows_updated: int = 0
    """Rows that changed something that was there."""
    rows_skipped: int = 0
    """Rows that were there already."""
    rows_failed: int = 0
    """Rows that did not go in."""
    rows_noted: int = 0
    """Rows that went in with a remark."""
    made: dict[str, int] = _field(default_factory=dict)
    """What was made so far: "leads", "products", "deals", "orders", "returns", each with its number."""
    values_undecided: int = 0
    """Values of the file that somebody has to decide upon before it can run."""
    failure: str = ""
    """Why the import as a whole failed; empty otherwise."""
    options: SalesImportOptions | None = None
    """How the file is to be understood."""
    created_by: str = ""
    """Who uploaded it."""
    created_at: datetime | None = None
    """When it was uploaded."""
    started_at: datetime | None = None
    """When it started."""
    finished_at: datetime | None = None
    """When it ended."""
    undo_total: int = 0
    """Records that are to be taken back, once undoing was asked for."""
    undo_left: int = 0
    """Records that could not be taken back; why stands among the rows with a finding."""
    undone: dict[str, int] = _field(default_factory=dict)
    """What was taken back so far: "leads", "products", "variants", "categories", "deals", "orders", "returns",
    each with its number.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesImportColumn:
    """A column of the file."""

    heading: str = ""
    """Heading in the file."""
    field: str = ""
    """Field it fills, such as "name" or "sku"; empty means the column is left out."""
    samples: list[str] = _field(default_factory=list)
    """Up to five values from the first rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesImportOptions:
    """How a file is to be understood."""

    system: str = ""
    """Name of the system the file comes from: ids of rows, customers and products are kept under it, and found
    by it when the file comes again.
    """
    currency_code: str = ""
    """Currency of amounts that name none; the company's own where empty."""
    pipeline_id: str = ""
    """Pipeline of the deals; the first where empty."""
    channel: str = ""
    """Where the orders were placed; "web" where empty."""
    date_order: str = ""
    """Which comes first in dates such as 03/04/2026: "day" or "month"; "day" where empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesImportRowError:
    """A row with a finding."""

    row: int = 0
    """Row in the file, the heading being row 1."""
    column: str = ""
    """Column, where one is to blame."""
    reason: str = ""
    """Reason, such as "INVALID_DATE" or "EXACT_DUPLICATE"."""
    message: str = ""
    """What happened and what to do."""
    values: list[str] = _field(default_factory=list)
    """The row as it stands in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesImportValue:
    """A value of the file that names something else."""

    field: str = ""
    """Field it stands in: "stage", "product", "owner", "account" or "customer"."""
    value: str = ""
    """The value as it stands in the file."""
    rows: int = 0
    """Rows that have it."""
    choice: str = ""
    """What it means: an id, "new" to find or make it, "text" to keep the name of a seller who is no colleague
    (a tag of deals and leads, the note of orders), "none" to leave it out; empty while nobody has decided.
    """
    suggestion: str = ""
    """Id of what it probably means."""
    suggestion_name: str = ""
    """Name of what it probably means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReport:
    """Figures."""

    definition: SalesReportDefinition | None = None
    """Report, with the columns that the values belong to."""
    group_by: list[str] = _field(default_factory=list)
    """What the rows are made of."""
    first_day: str = ""
    """First day; empty for a report of how things are now."""
    last_day: str = ""
    """Last day."""
    rows: list[SalesReportRow] = _field(default_factory=list)
    """Rows: times and ages in their order, others by the leading column, the most first. Amounts of different
    currencies stand in different rows.
    """
    totals: list[SalesReportRow] = _field(default_factory=list)
    """Figures of everything at once, a row a currency. Averages and numbers of customers are those of the
    whole.
    """
    next_page_token: str = ""
    """Token for the next page; empty at the end, and where all rows were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReportColumn:
    """A column of figures."""

    column: str = ""
    """Name, such as won_amount."""
    unit: str = ""
    """How its values are to be read: number, quantity (thousandths), money (minor units), percent (hundredths
    of a per cent), seconds.
    """
    filter: str = ""
    """What a row's filter is narrowed by to find the records that this figure counts."""
    records: str = ""
    """Collection that its figures open, where that is not the report's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReportDefinition:
    """A report that can be asked for."""

    report: str = ""
    """Name, such as win_rate."""
    definition: str = ""
    """What it counts, in English."""
    columns: list[SalesReportColumn] = _field(default_factory=list)
    """Columns, in their order."""
    group_by: list[str] = _field(default_factory=list)
    """What its rows can be made of; the first where none is asked for."""
    records: str = ""
    """Collection of the API that its figures open, such as deals: its filter is the report's, too."""
    dated: bool = False
    """Whether it is about a period; otherwise it tells how things are now."""
    lead: str = ""
    """Column that rows are ordered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReportFile:
    """A file."""

    content: str = ""
    """Content."""
    file_name: str = ""
    """Name of the file."""
    content_type: str = ""
    """Media type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReportRow:
    """A row of figures."""

    keys: list[str] = _field(default_factory=list)
    """Keys, one for each group: ids, days, months or words. Empty for records without one."""
    names: list[str] = _field(default_factory=list)
    """What the keys are called, where sales knows: names of stages, pipelines, stores, registers, products and
    price rules.
    """
    currency_code: str = ""
    """Currency of amounts."""
    values: list[SalesReportValue] = _field(default_factory=list)
    """Values, one for each column."""
    filter: str = ""
    """Filter by which the collection lists the records behind the row; empty where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReportValue:
    """A figure."""

    value: int | None = None
    """Value in the unit of its column; not given where there is none, and where the caller may not see
    amounts.
    """
    filter: str = ""
    """Filter by which its column's records are listed, where it is not that of the row narrowed by the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesSettings:
    """How a company sells."""

    etag: str = ""
    """Changes with every write."""
    tax_included: bool = False
    """The catalogue's own prices include tax."""
    currency_code: str = ""
    """Currency of the company, from its profile."""
    country_code: str = ""
    """Country of the company, from its profile."""
    time_zone: str = ""
    """Time zone of the company, from its profile: a day of sales is a day there."""
    quote_valid_days: int = 0
    """Days for which a quote holds where nothing is said; 30 at first."""
    payment_days: int = 0
    """Days in which an invoice is due where nothing is said; 14 at first."""
    seller_name: str = ""
    """Name of the seller on papers."""
    seller_address: str = ""
    """Address of the seller on papers."""
    seller_tax_number: str = ""
    """Tax number of the seller on papers."""
    lost_reasons: list[str] = _field(default_factory=list)
    """Why deals are lost, in the order that sellers choose from."""
    paper_footer: str = ""
    """Text below every paper, such as bank details."""
    number_formats: dict[str, str] = _field(default_factory=dict)
    """How numbers of papers look, by kind: order, invoice, credit_note, return. "INV-{year}-{number:5}" gives
    INV-2026-00001; each year begins with one.
    """
    backorders: bool = False
    """Goods whose stock is counted may be sold beyond what is on hand."""
    low_stock_milli: int = 0
    """From here down what is on hand is shown as little, in thousandths of the unit; 5000 at first. A product
    can have its own.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A sandbox: a company of its own that belongs to another one."""

    id: str = ""
    """The sandbox's company."""
    name: str = ""
    """Its name."""
    state: str = ""
    """State: filling, ready."""
    created_at: datetime | None = None
    """When it was made."""
    expires_at: datetime | None = None
    """When it is erased by itself."""
    seed: int = 0
    """The same seed makes the same customers."""
    client_id: str = ""
    """client_id of a service account in the sandbox; only in the answers of CreateSandbox and ResetSandbox."""
    client_secret: str = ""
    """client_secret of that service account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScimGroup:
    """A group of the company's directory."""

    id: str = ""
    """Id, as the directory knows it too."""
    etag: str = ""
    """Changes with every write."""
    display_name: str = ""
    """Name that the directory gave it."""
    role: str = ""
    """Role its people get; empty for none. Whoever is in several groups gets the role with the most rights."""
    team_id: str = ""
    """Team its people come into; empty for none. Of several groups, the first by name decides."""
    member_count: int = 0
    """People in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScimToken:
    """A token with which the company's directory calls the SCIM endpoints."""

    id: str = ""
    """Id."""
    token: str = ""
    """The token itself; only in the answer of CreateScimToken."""
    created_at: datetime | None = None
    """When it was made."""
    expires_at: datetime | None = None
    """When it ends by itself."""
    last_used_at: datetime | None = None
    """When it was used last, within some minutes. Not set before its first use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBand:
    """Customers of one band."""

    band: str = ""
    """Band: the group of rfm, the cluster, top to least of worth, high to low of churn."""
    customers: int = 0
    """Customers."""
    score_sum: int = 0
    """Sum of their scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReason:
    """A reason of a score."""

    feature: str = ""
    """Feature."""
    value: float = 0.0
    """Its value."""
    contribution: float = 0.0
    """What it adds to the log-odds, against a customer who is average in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCustomersResponse:
    """Answer of SearchCustomers."""

    hits: list[CustomerHit] = _field(default_factory=list)
    """Results, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendQuoteResponse:
    """Answer of SendQuote."""

    quote: Quote | None = None
    """Quote."""
    link: str = ""
    """Address of the customer's page. It is told once: only its hash is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSalesRecordResponse:
    """Answer of ShareSalesRecord."""

    share: RecordShare | None = None
    """The share as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRule:
    """Records of a source are shown to a grantee."""

    id: str = ""
    """UUIDv7."""
    name: str = ""
    """What the rule is for, in the company's words."""
    source_kind: str = ""
    """Whose records: "team" for those of a team and the teams below it, "user" for those that a person owns."""
    source_id: str = ""
    """Team or person."""
    grantee_kind: str = ""
    """To whom: "team" for the people of a team and of the teams below it, "role" for everybody with a role,
    "user" for one person.
    """
    grantee_id: str = ""
    """Id of the team or person, or name of the role."""
    level: str = ""
    """"read": they see the records; "write": they change them, too. Deleting, giving away and sharing stay
    with those who see them by their own role.
    """
    etag: str = ""
    """Changes with every write."""
    created_at: datetime | None = None
    """When it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpAnswer:
    """SignUpAnswer"""

    tenant: Tenant = _field(default_factory=lambda: Tenant())
    user: User = _field(default_factory=lambda: User())


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaClock:
    """A clock that runs until something promised is done."""

    kind: str = ""
    """"first_response", "next_response" or "resolution"."""
    state: str = ""
    """"running", "paused", "met" or "breached"."""
    sla_policy_id: str = ""
    """Policy that promises it."""
    target_s: int = 0
    """Working time that was promised."""
    elapsed_s: int = 0
    """Working time that had passed when it last began to run, or rested."""
    due_at: datetime | None = None
    """When it is to be done, while it runs."""
    warned_at: datetime | None = None
    """When was warned that it is nearly over."""
    breached_at: datetime | None = None
    """When it was over."""
    met_at: datetime | None = None
    """When it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """What is promised for some tickets"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    position: int = 0
    """Place among the policies; the first that fits a ticket counts."""
    active: bool = False
    """Tickets come under it."""
    business_calendar_id: str = ""
    """Hours in which its clocks run; around the clock where not given."""
    queue_ids: list[str] = _field(default_factory=list)
    """Queues whose tickets it is for; all where not given."""
    types: list[str] = _field(default_factory=list)
    """Types of ticket it is for; all where not given."""
    channels: list[str] = _field(default_factory=list)
    """Channels it is for; all where not given."""
    targets: list[SlaTarget] = _field(default_factory=list)
    """What is promised, by priority. Tickets of other priorities do not come under it."""
    warn_percent: int = 0
    """Share of a promised time after which is warned; 80 where not given."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaTarget:
    """What is promised for tickets of a priority, in minutes of the calendar. Zero promises nothing."""

    priority: str = ""
    """Priority."""
    first_response_minutes: int = 0
    """Until the customer is first answered."""
    next_response_minutes: int = 0
    """Until each later answer, since the customer wrote."""
    resolution_minutes: int = 0
    """Until it is solved; time in which we wait for the customer or a third party does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoConnection:
    """A company's OpenID provider."""

    etag: str = ""
    """Changes with every write."""
    issuer: str = ""
    """Issuer, as the provider names itself."""
    client_id: str = ""
    """client_id that the provider gave to Funia."""
    client_secret: str = ""
    """client_secret that the provider gave to Funia. Never read back."""
    default_role: str = ""
    """Role of people who come for the first time; any but owner."""
    sso_only: bool = False
    """Whether passwords are refused. Owners keep theirs, so that nobody is locked out."""
    redirect_uri: str = ""
    """Address to return to, to be registered with the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoDomain:
    """An e-mail domain of the company."""

    domain: str = ""
    """The domain, in lower case."""
    record_name: str = ""
    """Name of the TXT record that proves it."""
    record_value: str = ""
    """Value of that record."""
    verified: bool = False
    """Whether the record was found."""
    verified_at: datetime | None = None
    """When it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step of a pipeline"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    pipeline_id: str = ""
    """Pipeline."""
    name: str = ""
    """Name."""
    position: int = 0
    """Place in the pipeline."""
    category: str = ""
    """What a deal is while it stands here; open where not given."""
    probability: int = 0
    """Chance, in per cent, that a deal here is won."""
    forecast_category: str = ""
    """Where a deal here counts in the forecast; pipeline where not given."""
    entry_criteria: list[str] = _field(default_factory=list)
    """What a deal must have before it comes here."""
    rot_days: int = 0
    """Days here without anything happening after which a deal rots; 0 for never."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""
    guidance: str = ""
    """What to do with a deal that stands here: shown beside it."""
    checklist: list[str] = _field(default_factory=list)
    """What is ticked off for each deal that stands here. The criterion "checklist" of the next stage asks for
    all of it.
    """
    document_ids: list[str] = _field(default_factory=list)
    """Documents of the library that help with a deal here: shown beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStep:
    """A stay in a stage."""

    id: str = ""
    """Step."""
    from_stage_id: str = ""
    """Stage before; empty for the first."""
    to_stage_id: str = ""
    """Stage."""
    entered_at: datetime | None = None
    """When the deal came here."""
    seconds_before: int = 0
    """How long it stood in the stage before."""
    moved_by: str = ""
    """Who moved it."""
    reason: str = ""
    """Why it was lost or opened again."""
    amount: Money | None = None
    """What it was worth then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCardPaymentResponse:
    """Answer of StartCardPayment."""

    payment: Payment | None = None
    """Payment, pending until the provider tells of it."""
    client_secret: str = ""
    """What the provider's form in the payer's browser goes on with."""
    publishable_key: str = ""
    """The company's public key at the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """What is on hand of a variant in one place."""

    product_variant_id: str = ""
    """Variant."""
    store_id: str = ""
    """Store; empty for the company's own warehouse."""
    on_hand_milli: int = 0
    """Thousandths of the unit; below zero where more was sold than was there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A place where the company sells over the counter"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name."""
    code: str = ""
    """Short name on receipts and reports, one's own."""
    address: str = ""
    """Address, as receipts show it."""
    phone: str = ""
    """Phone, as receipts show it."""
    time_zone: str = ""
    """Time zone: a day of sales is a day there. The company's where not given."""
    currency_code: str = ""
    """Currency of its tills. The company's where not given."""
    channel: str = ""
    """Channel whose prices hold here; pos where not given."""
    receipt_footer: str = ""
    """Text below every receipt."""
    active: bool | None = None
    """Tills of it can be opened; true where not given."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestProductsResponse:
    """Answer of SuggestProducts."""

    suggestions: list[Suggestion] = _field(default_factory=list)
    """Suggestions, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedBecause:
    """A product of the basket."""

    product_id: str = ""
    """Product."""
    name: str = ""
    """Its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A product to add."""

    suggestion_id: str = ""
    """What a line that is added for it carries as `suggestion_id`: the rule, or the pair of products. The same
    reason has the same id on every day.
    """
    product_id: str = ""
    """Product."""
    product_variant_id: str = ""
    """The first of its variants that can be sold."""
    name: str = ""
    """Name of product and variant."""
    source: str = ""
    """Where it comes from: "rule" for a rule of analytics, "pair" for the company's own orders."""
    because: list[SuggestedBecause] = _field(default_factory=list)
    """Products of the basket because of which it is suggested."""
    share_basis_points: int = 0
    """In how many orders with these products it was, too, in basis points."""
    lift: float = 0.0
    """How many times more often than by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportCustomer:
    """A contact or an account as support needs it; names and addresses stay with contacts."""

    id: str = ""
    """Id of the contact or account."""
    kind: str = ""
    """"contact" or "account"."""
    stage: str = ""
    """Stage of the relationship of a contact, or type of an account."""
    owner_id: str = ""
    """Owner."""
    team_id: str = ""
    """Team of the owner."""
    account_id: str = ""
    """Main company of a contact, or parent of an account."""
    language: str = ""
    """Language."""
    country_code: str = ""
    """Country."""
    do_not_contact: bool = False
    """The person asked not to be contacted."""
    version: int = 0
    """Version of the record in contacts that this projection shows."""
    updated_at: datetime | None = None
    """When this projection last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressAddressesResponse:
    """Answer of SuppressAddresses."""

    added_count: int = 0
    """How many were not suppressed before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A suppressed address. Which one it is, nobody can read."""

    id: str = ""
    """Entry."""
    channel: str = ""
    """Channel."""
    reason: str = ""
    """"hard_bounce", "complaint", "unsubscribed" or "manual"."""
    created_by: str = ""
    """Who suppressed it."""
    created_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncTillResponse:
    """Answer of SyncTill."""

    reset: bool = False
    """Forget all items, branches and rules: what follows is everything anew."""
    store: Store | None = None
    """The till's store."""
    register: Register | None = None
    """The till itself."""
    session: PosSession | None = None
    """Its session that is not closed; not set where there is none."""
    day: str = ""
    """Day at the store for which these prices hold, such as 2026-11-22."""
    server_time: datetime | None = None
    """The server's clock."""
    tax_rates: list[TillTaxRate] = _field(default_factory=list)
    """All tax rates; only where `reset` is true."""
    price_rules: list[PriceRule] = _field(default_factory=list)
    """Rules that hold for anybody at this store on this day; only where `reset` is true."""
    max_discount_basis_points: int = 0
    """Share that the clerk may take off a line; beyond it somebody must agree."""
    items: list[TillItem] = _field(default_factory=list)
    """Items of this page."""
    branches: list[TillBranch] = _field(default_factory=list)
    """Branches of the catalogue that these items hang on, the top first."""
    next_cursor: str = ""
    """Cursor for the next call: the next page, or what will have changed."""
    complete: bool = False
    """Nothing more for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAmount:
    """Tax at one rate."""

    rate_basis_points: int = 0
    """Rate."""
    tax_minor: int = 0
    """Tax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A tax rate that products name by its code"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    code: str = ""
    """Code, such as "standard" or "reduced"."""
    name: str = ""
    """Name on invoices."""
    rate_basis_points: int = 0
    """Rate in basis points: 2,000 is 20 %."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    name: str = ""
    """Name, unlike that of any other team below the same one."""
    parent_id: str = ""
    """Team above it; empty for one at the top."""
    lead_id: str = ""
    """Person who leads it, and sees its records as if a member."""
    created_at: datetime | None = None
    """When it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A company."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    slug: str = ""
    """Name in addresses: lower-case letters, digits, hyphens."""
    name: str = ""
    """Name of the company."""
    status: str = ""
    """State: trial, active, past_due, suspended, closing, deleted."""
    country_code: str = ""
    """Country in which national phone numbers are read."""
    currency_code: str = ""
    """Currency of new amounts."""
    time_zone: str = ""
    """Time zone in which days begin."""
    locale: str = ""
    """Language of the console where a person has not chosen one."""
    accent_color: str = ""
    """Accent colour, "#rrggbb"."""
    created_at: datetime | None = None
    """When the company signed up."""
    second_factor_required: bool = False
    """Whether people must log in with a second factor; who has none is asked to add one before anything else."""
    owner_visibility: str = ""
    """Whose records owners see: all, those of their teams, or their own. Only an owner changes it, and makes
    it no wider than what the owner sees; with break-glass an owner sees all for a while.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Something a customer asked for"""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    number: int = 0
    """Number by which people speak of it, its own in the company. Numbers grow, and some are left out."""
    subject: str = ""
    """Short line."""
    description: str = ""
    """What was asked for, in the requester's words."""
    type: str = ""
    """What it is; "question" where not given. A problem is what many incidents come from."""
    status: str = ""
    """"new", "open", "pending" (on the customer), "on_hold" (on a third party), "solved", "closed", "merged"
    or "spam". MoveTicket changes it.
    """
    priority: str = ""
    """How much it matters; that of its queue, or "normal", where not given."""
    channel: str = ""
    """How it came; "api" where not given."""
    contact_id: str = ""
    """Person who asks."""
    account_id: str = ""
    """Company that asks."""
    queue_id: str = ""
    """Queue it waits in."""
    product_id: str = ""
    """Product it is about."""
    order_id: str = ""
    """Order it is about."""
    problem_id: str = ""
    """Problem that it comes from, a ticket of that type."""
    merged_into_id: str = ""
    """Ticket it was merged into."""
    follow_up_of_id: str = ""
    """Closed ticket that its requester came back to."""
    watcher_ids: list[str] = _field(default_factory=list)
    """Colleagues who follow it."""
    tags: list[str] = _field(default_factory=list)
    """Tags."""
    reopened: int = 0
    """How often it was opened again."""
    first_replied_at: datetime | None = None
    """When the customer was first answered."""
    customer_wrote_at: datetime | None = None
    """When the customer last wrote."""
    agent_replied_at: datetime | None = None
    """When the customer was last answered."""
    solved_at: datetime | None = None
    """When it was solved, while it is."""
    closed_at: datetime | None = None
    """When it was closed."""
    owner_id: str = ""
    """Person it is assigned to; empty while nobody has it."""
    team_id: str = ""
    """Team it belongs to; that of its queue where not given."""
    external_ids: dict[str, str] = _field(default_factory=dict)
    """Ids in other systems, by system. Each is one ticket's in its system."""
    custom: dict[str, Any] = _field(default_factory=dict)
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""
    created_at: datetime | None = None
    """When it was created."""
    updated_at: datetime | None = None
    """When it last changed."""
    deleted_at: datetime | None = None
    """When it was moved to the bin."""
    next_due_at: datetime | None = None
    """When the first promise that runs is to be kept."""
    sla_state: str = ""
    """How it stands with what was promised: "running", "paused", "warned", "breached", "met", or empty where
    nothing is.
    """
    sla_clocks: list[SlaClock] = _field(default_factory=list)
    """Its clocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketComment:
    """Something written on a ticket. It stays as it was written."""

    id: str = ""
    """UUIDv7."""
    ticket_id: str = ""
    """Ticket."""
    public: bool = False
    """The customer sees it; a note among colleagues where not."""
    author_kind: str = ""
    """"agent", "customer" or "system"."""
    author_id: str = ""
    """Colleague or person who wrote it."""
    channel: str = ""
    """How it came, or went."""
    body: str = ""
    """Text."""
    origin_ticket_id: str = ""
    """Ticket on which it was written, where it came here by a merge or a split."""
    created_at: datetime | None = None
    """When it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A question of a dashboard, and how its answer is drawn."""

    title: str = ""
    """What it is called; empty for the name of its figure."""
    metrics: list[str] = _field(default_factory=list)
    """Figures; all of one fact."""
    group_by: list[str] = _field(default_factory=list)
    """What rows are made of, such as month or seller; not given for one figure of everything."""
    filters: list[MetricFilter] = _field(default_factory=list)
    """Only records with these values."""
    period: str = ""
    """Time that is counted, moving with the days."""
    chart: str = ""
    """How it is drawn: a number, a line, bars or a table."""
    compared: bool = False
    """True to count the time before, too: as many days, or the same days of the month, quarter or year before."""
    limit: int = 0
    """Rows at most, 10 where not given; where rows are times, all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileFigures:
    """Figures of a tile."""

    tile: Tile | None = None
    """The tile, with the time that was counted."""
    figures: MetricTable | None = None
    """Figures of its time."""
    before: MetricTable | None = None
    """Figures of the time before as a whole, a row a currency; not given where it is not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileTable:
    """Answer of QueryTiles."""

    tiles: list[TileFigures] = _field(default_factory=list)
    """Figures, a table a tile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillBranch:
    """A branch of the catalogue."""

    id: str = ""
    """Branch."""
    parent_id: str = ""
    """Branch above, empty at the top."""
    name: str = ""
    """Name."""
    position: int = 0
    """Place among its sisters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillCompanion:
    """A product that is bought together with another."""

    product_id: str = ""
    """Product."""
    suggestion_id: str = ""
    """What a line that is added for it carries."""
    share_basis_points: int = 0
    """In how many orders with the first it was, too, in basis points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillDiscountGrant:
    """Leave for one sale."""

    discount_grant: str = ""
    """To be sent with the sale."""
    granted_by: str = ""
    """Who gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillItem:
    """Something on the shelf."""

    product_variant_id: str = ""
    """Variant."""
    gone: bool = False
    """No longer sold; of the rest only the id is set."""
    product_id: str = ""
    """Product."""
    category_id: str = ""
    """Branch it hangs on."""
    name: str = ""
    """Name of the product."""
    variant_name: str = ""
    """Name of the variant."""
    sku: str = ""
    """Stock keeping unit."""
    barcodes: list[str] = _field(default_factory=list)
    """Barcodes."""
    unit: str = ""
    """What a quantity of one is."""
    kind: str = ""
    """"good", "service" or "gift_card"."""
    tax_code: str = ""
    """Code of its tax rate."""
    prices: list[TillPrice] = _field(default_factory=list)
    """Price of one by quantity, the smallest quantity first; none where there is no price."""
    companions: list[TillCompanion] = _field(default_factory=list)
    """Products that are bought together with it, the best first: what the till suggests by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillPayments:
    """Money of one way to pay."""

    method: str = ""
    """Way to pay, such as "cash"."""
    count: int = 0
    """Payments."""
    amount_minor: int = 0
    """Amount in minor units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillPrice:
    """The price of one from a quantity on, before rules and discounts."""

    min_quantity_milli: int = 0
    """Quantity from which it holds, in thousandths of the unit."""
    unit_micros: int = 0
    """Price of one in millionths of the store's currency."""
    tax_included: bool = False
    """It includes tax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillPriceDifference:
    """What a line cost at the till, and what the price function makes of it."""

    line_id: str = ""
    """Line."""
    sold_minor: int = 0
    """What was taken, with tax."""
    priced_minor: int = 0
    """What the price function makes of it, with tax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReceipt:
    """What a till gave out for a sale or a return. Never changed."""

    id: str = ""
    """Receipt; of a sale the id of its order, too."""
    number: str = ""
    """Number as printed: the register's prefix and the sequence."""
    register_id: str = ""
    """Register."""
    session_id: str = ""
    """Session."""
    sequence: int = 0
    """Place in the till's order."""
    kind: str = ""
    """"sale" or "return"."""
    order_id: str = ""
    """Order that was sold, or of which goods came back."""
    order_number: str = ""
    """Number of that order."""
    return_id: str = ""
    """Return, of a return."""
    sold_at: datetime | None = None
    """When it was sold, by the server's clock."""
    till_said_at: datetime | None = None
    """When it was sold, by the till's clock."""
    received_at: datetime | None = None
    """When it arrived."""
    sold_by: str = ""
    """Who sold it."""
    currency_code: str = ""
    """Currency."""
    gross_minor: int = 0
    """What was taken, with tax; of a return what was given back."""
    discount_minor: int = 0
    """What rules and discounts took off."""
    taxes: list[TillReceiptTax] = _field(default_factory=list)
    """Tax by rate."""
    payments: list[TillReceiptPayment] = _field(default_factory=list)
    """How it was paid or given back."""
    flags: list[str] = _field(default_factory=list)
    """What is to be looked at: price_differs, not_priced, stock_negative, discount_not_agreed, clock_off,
    session_closed, customer_unknown, coupon_not_valid or rate_missing.
    """
    priced_gross_minor: int | None = None
    """What the price function makes of the sale, with tax; not set where it could not price it."""
    differences: list[TillPriceDifference] = _field(default_factory=list)
    """Lines that the price function makes cost something else."""
    card_number: str = ""
    """Number of the loyalty card that was noted."""
    agreed_by: str = ""
    """Who agreed to a discount beyond the policy."""
    posted_by: str = ""
    """Who sent it."""
    lines: list[LineItem] = _field(default_factory=list)
    """Lines, where one receipt is asked for."""
    points: TillReceiptPoints | None = None
    """What the sale did to points; not set where no member bought."""
    gift_cards: list[TillReceiptGiftCard] = _field(default_factory=list)
    """Gift cards that were sold; where receipts are listed they are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReceiptGiftCard:
    """A gift card that was sold at a till."""

    gift_card_id: str = ""
    """Card."""
    last_digits: str = ""
    """Last characters of its code."""
    amount_minor: int = 0
    """What was put on it, in minor units."""
    code: str = ""
    """Code, in the answer to PostTillOrders alone: for who sold it, and for sales.admin, where the sale is
    sent again within seven days and nothing was spent. It is kept nowhere.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReceiptPaper:
    """A receipt on paper."""

    file_name: str = ""
    """Name of the file."""
    content: str = ""
    """PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReceiptPayment:
    """A payment on a receipt."""

    method: str = ""
    """How."""
    amount_minor: int = 0
    """Amount in minor units."""
    tendered_minor: int = 0
    """Cash that was handed over."""
    left_minor: int | None = None
    """What was left on the gift card that paid, in minor units; not set where another way paid."""
    gift_card_last_digits: str = ""
    """Last characters of the code of that card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReceiptPoints:
    """What a sale did to the points of its member."""

    member_id: str = ""
    """Member."""
    earned: int = 0
    """Earned with the sale."""
    spent: int = 0
    """Spent on it."""
    available: int = 0
    """What the member could spend when it was done."""
    pending: int = 0
    """What the member can spend later, when it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReceiptTax:
    """Tax of one rate on a receipt."""

    rate_basis_points: int = 0
    """Rate in basis points."""
    net_minor: int = 0
    """Without tax."""
    tax_minor: int = 0
    """Tax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillRefusal:
    """Why a sale was not taken. It and those after it are still to be sent."""

    id: str = ""
    """The sale."""
    reason: str = ""
    """What is wrong, such as SEQUENCE_GAP, SEQUENCE_TAKEN, SESSION_CLOSED, OUT_OF_STOCK, PRICE_DIFFERS or
    APPROVAL_NEEDED.
    """
    message: str = ""
    """What is wrong and what to do, in words."""
    field: str = ""
    """Field that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReport:
    """The figures of a session, in minor units of its currency."""

    session_id: str = ""
    """Session."""
    currency_code: str = ""
    """Currency."""
    opened_at: datetime | None = None
    """When selling began."""
    made_at: datetime | None = None
    """When these figures were taken."""
    first_sequence: int = 0
    """First receipt of the session; 0 where there is none."""
    last_sequence: int = 0
    """Last receipt of the session."""
    sale_count: int = 0
    """Sales."""
    return_count: int = 0
    """Returns."""
    sales_minor: int = 0
    """Paid for sales, with tax."""
    returns_minor: int = 0
    """Given back for returns, with tax."""
    discount_minor: int = 0
    """Taken off list prices."""
    taxes: list[TillTax] = _field(default_factory=list)
    """Tax by rate, returns taken off."""
    payments: list[TillPayments] = _field(default_factory=list)
    """Money by how it was paid, what was given back taken off."""
    opening_float_minor: int = 0
    """Cash at the start."""
    paid_in_minor: int = 0
    """Cash put in."""
    paid_out_minor: int = 0
    """Cash taken out."""
    expected_cash_minor: int = 0
    """Cash that should be in the drawer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillTax:
    """Tax of one rate."""

    rate_basis_points: int = 0
    """Rate in basis points."""
    net_minor: int = 0
    """Amount without tax."""
    tax_minor: int = 0
    """Tax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillTaxRate:
    """A tax rate."""

    code: str = ""
    """Code."""
    rate_basis_points: int = 0
    """Rate in basis points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of the timeline."""

    id: str = ""
    """Id of the event behind the entry."""
    subject_id: str = ""
    """Contact or account."""
    type: str = ""
    """Type of the event, such as "contacts.contact.created"."""
    occurred_at: datetime | None = None
    """When it happened."""
    actor_type: str = ""
    """Kind of the one who did it: user, client, service, system."""
    actor_id: str = ""
    """Id of the one who did it."""
    changed_fields: list[str] = _field(default_factory=list)
    """Names of the fields that changed."""
    details: dict[str, str] = _field(default_factory=dict)
    """Values that the line of text needs, by name: {"from": "lead", "to": "customer"}, {"deal_id": "...",
    "stage_id": "..."}.
    """
    activity: Activity | None = None
    """The activity, where the entry is about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPrice:
    """The price of one unit in millionths of its currency, since a screw may cost a quarter of a cent."""

    currency_code: str = ""
    """ISO 4217 code."""
    amount_micros: int = 0
    """Price in millionths of the currency's major unit: 1,500,000 is 1.50 EUR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkContactResponse:
    """Answer of UnlinkContact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnshareRecordResponse:
    """Answer of UnshareRecord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnshareSalesRecordResponse:
    """Answer of UnshareSalesRecord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsuppressAddressResponse:
    """Answer of UnsuppressAddress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsertedTicket:
    """What became of a ticket."""

    id: str = ""
    """Ticket; empty where it was refused."""
    number: int = 0
    """Its number."""
    created: bool = False
    """It was not there before."""
    reason: str = ""
    """Why it was refused, such as "INVALID_FIELD"."""
    field: str = ""
    """Field that is wrong."""
    message: str = ""
    """What is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a company used."""

    months: list[UsageOfMonth] = _field(default_factory=list)
    """Newest month first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageOfMonth:
    """What a meter came to in a month."""

    month: str = ""
    """Month, such as "2026-11"."""
    meter: str = ""
    """What was counted."""
    unit: str = ""
    """Its unit."""
    used: int = 0
    """The sum of a daily meter, the highest of another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the company."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    email: str = ""
    """E-mail, the log-in name."""
    full_name: str = ""
    """Full name."""
    role: str = ""
    """Role in this company."""
    status: str = ""
    """State: invited, active, suspended, deactivated."""
    locale: str = ""
    """Language of the console."""
    team_id: str = ""
    """Team."""
    created_at: datetime | None = None
    """When the person joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAuditLogResponse:
    """Answer of VerifyAuditLog."""

    verified_sequence: int = 0
    """Last entry that is proven so far."""
    fault: AuditFault | None = None
    """The first fault; unset while there is none."""
    next_page_token: str = ""
    """Token of the next part; empty at the end of the chain or at a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyErasureCertificateAnswer:
    """VerifyErasureCertificateAnswer"""

    valid: bool | None = None
    """Whether it was written here and not changed."""
    says: dict[str, Any] = _field(default_factory=dict)
    """What it says; missing where it is not valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """A message to an endpoint: one event, sent until it is taken or given up."""

    id: str = ""
    """UUIDv7."""
    endpoint_id: str = ""
    """Endpoint."""
    event_id: str = ""
    """Event."""
    event_type: str = ""
    """Type of the event."""
    status: str = ""
    """State: waiting, delivered or dead (given up)."""
    attempts: int = 0
    """Times it was sent since it was made or replayed."""
    response_status: int = 0
    """HTTP status of the last answer; 0 where there was none."""
    response_ms: int = 0
    """How long the last answer took, milliseconds."""
    error: str = ""
    """Why the last attempt failed."""
    created_at: datetime | None = None
    """When the event was queued."""
    next_attempt_at: datetime | None = None
    """When it is sent next, while it waits."""
    attempted_at: datetime | None = None
    """When it was last sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """An address that events are sent to."""

    id: str = ""
    """UUIDv7."""
    etag: str = ""
    """Changes with every write."""
    url: str = ""
    """Where messages are posted to: https, at a public address."""
    description: str = ""
    """What it is for."""
    event_types: list[str] = _field(default_factory=list)
    """Event types such as contacts.contact.created, contacts.contact.*, contacts.* or *."""
    disabled: bool = False
    """Nothing is sent, and no new event is kept for it, while this is true."""
    disabled_reason: str = ""
    """Why it is disabled: by_user, gone (it answered 410), failing (for days) or app_out (the app that made it
    was shut out, or let in for less).
    """
    secret: str = ""
    """Secret of the v1 signature, whsec_...; only in the answers of CreateWebhookEndpoint and
    RotateWebhookSecret.
    """
    public_key: str = ""
    """Public key of the v1a signature, whpk_..."""
    former_keys_until: datetime | None = None
    """Until when messages are signed with the former keys too."""
    waiting: int = 0
    """Messages that wait to be sent."""
    skipped: int = 0
    """Events that found the company's queue full and were not kept; read them by the event API."""
    overflowed_at: datetime | None = None
    """When the queue was last found full."""
    failing_since: datetime | None = None
    """Since when no message has been taken."""
    created_at: datetime | None = None
    """When it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """Hours of one day of the week."""

    weekday: int = 0
    """Day of the week, 1 is Monday."""
    opens: str = ""
    """When work begins, such as 09:00."""
    closes: str = ""
    """When it ends, such as 18:00; at most 24:00."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZReport:
    """The figures with which a session was closed; they never change."""

    number: int = 0
    """Number, without gaps in its register."""
    register_id: str = ""
    """Register."""
    store_id: str = ""
    """Store."""
    figures: TillReport | None = None
    """Figures at the close."""
    counted_cash_minor: int = 0
    """Cash counted."""
    difference_minor: int = 0
    """Counted less expected."""
    note: str = ""
    """What was said about the difference."""
    closed_at: datetime | None = None
    """When."""
    closed_by: str = ""
    """Who closed it."""
