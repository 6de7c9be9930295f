"""Sentences about what went wrong and what happened, in the person's language.

Errors of the services come with an English message and a reason; a known reason is said in the person's own words,
an unknown one is shown as the service said it.
"""

from __future__ import annotations

from collections.abc import Mapping

from chassis.errors import FuniaError, Kind
from funia.contacts.v1.activity_pb2 import TimelineEntry

from gateway.console import sales_lines, support_lines
from gateway.console.fields import COMPANY_FIELDS, PERSON_FIELDS, STAGES, Label
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.kinds import KINDS

BY_REASON: Mapping[str, Lazy] = {
    "WRONG_LOG_IN": lazy("The e-mail or the password is not right."),
    "TOO_MANY_SCIM_TOKENS": lazy("Your company has the most tokens there can be. Revoke one first."),
    "TOO_MANY_SANDBOXES": lazy("Your company has the most sandboxes there can be. Reset or delete one of them."),
    "IS_SANDBOX": lazy("This company is a sandbox itself."),
    "LIMIT_REACHED": lazy("Your plan allows no more of this. An administrator sees under Plan and usage what is used."),
    "UNKNOWN_PLAN": lazy("Choose one of the plans."),
    "INVALID_LIMIT": lazy("Write a whole number, or a dash."),
    "TOO_MANY_ATTEMPTS": lazy("Too many attempts. Wait a few minutes, then try again."),
    "LOG_IN_BUSY": lazy("Many people are logging in right now. Try again in a moment."),
    "QUOTE_EXPIRED": lazy("This offer is no longer valid. Ask for a new one."),
    "CONSENT_LINK_NOT_FOUND": lazy("This link leads nowhere, or no longer. Open the newest message, or sign up again."),
    "LINK_NOT_FOUND": lazy("This link leads to no offer, or no longer. Ask who sent it for a new one."),
    "PAPER_CHANGED": lazy("The offer has changed since you opened this page. Load it again and read it."),
    "PAPER_NOT_FOUND": lazy("This paper is not there any more. Ask who sent it for a new one."),
    "SESSION_ENDED": lazy("Your session is over. Log in again."),
    "NO_MEMBER": lazy("You do not belong to this company. Ask its administrator to add you."),
    "MEMBER_SUSPENDED": lazy("Your company has suspended your access; nothing was deleted. Ask its administrator."),
    "EMAIL_TAKEN": lazy("There is an account with this e-mail already. Log in with it."),
    "WRONG_CODE": lazy("This code is wrong or was used already. Wait for the next one."),
    "WRONG_PASSKEY": lazy("This passkey was not accepted. Try again, or log in another way."),
    "APP_IS_ON": lazy("An app is set up already. Turn it off first to use another."),
    "LINK_GONE": lazy("This link was used before, replaced by a newer one, or is too old. Ask for a new one."),
    "EMAIL_UNCONFIRMED": lazy("Confirm your e-mail address first: open the link in the mail we sent you."),
    "INVITATION_OF_ANOTHER": lazy("This invitation was sent to another address. Log in with the account of that one."),
    "INVITED_ALREADY": lazy("This person is invited already. Send the invitation again, or revoke it first."),
    "USER_EXISTS": lazy("This person belongs to your company already."),
    "LAST_OWNER": lazy("This is the last owner of the company. Make somebody else an owner first."),
    "OWN_STATUS": lazy("You cannot suspend or remove yourself. Ask another administrator."),
    "OWNER_ONLY": lazy("Only an owner can do this."),
    "SSO_REQUIRED": lazy('This company asks you to log in with its own account. Use "Log in with your company".'),
    "SSO_SESSION": lazy("Your company's log-in opens that company only. Log in with your password to work in another."),
    "SSO_REFUSED": lazy("Your company's log-in was not accepted. Try again, or ask your administrator."),
    "SSO_PROVIDER_AWAY": lazy("Your company's log-in does not answer as it should. Ask your administrator."),
    "SSO_EMAIL_NOT_VERIFIED": lazy("Your company's log-in does not say that your e-mail address is confirmed."),
    "SSO_FOREIGN_DOMAIN": lazy("Your e-mail address is of a domain that this company has not proven to be its own."),
    "SSO_CANCELLED": lazy("The log-in of your company was cancelled there."),
    "NO_SSO": lazy("No company logs in with addresses like this. Use your password."),
    "INVALID_ISSUER": lazy("Write the issuer as https://login.example.com, as the provider names itself."),
    "WRONG_PASSWORD": lazy("This is not your password."),
    "TOO_WEAK": lazy("Choose one that is harder to guess."),
    "REQUIRED": lazy("This cannot be empty."),
    "INVALID_URL": lazy("Use an https address on port 443 or 8443 that is open to the internet."),
    "INVALID_EVENT_TYPE": lazy("There is no such kind of event. Write it as contacts.contact.created or contacts.*."),
    "INVALID_EMAIL": lazy("This is not an e-mail address. It looks like name@example.com."),
    "INVALID_PHONE": lazy("This is not a phone number. Write it with the country code, such as +359 88 123 4567."),
    "TOO_LONG": lazy("This is too long."),
    "TOO_SHORT": lazy("This is too short."),
    "ROLE_BEYOND_OWN": lazy("You cannot give more than you may do yourself."),
    "TEAMS_BEYOND_OWN": lazy("This goes beyond what you see yourself. Ask an administrator who sees everything."),
    "ROLE_IN_USE": lazy("People have this role. Choose the role that they get in its place."),
    "ROLE_EXISTS": lazy("There is a role of this name already."),
    "TEAM_EXISTS": lazy("There is a team of this name in this place already."),
    "SHARING_RULE_EXISTS": lazy("There is a rule between these two already. Change what it allows instead."),
    "SAME_PARTY": lazy("Choose somebody else than whose records they are."),
    "TOO_MUCH_SHARED": lazy("The sharing rules name too many teams and people. Share fewer, or widen a role."),
    "TOO_MANY_SHARING_RULES": lazy("There are as many sharing rules as a company can have. Delete one first."),
    "SHARING_BEYOND_OWN": lazy("Only people who see all records of the company can change its sharing rules."),
    "RECORD_READ_ONLY": lazy("This is shared with you to look at only. Ask its owner to let you change it."),
    "RECORD_SHARED_WITH_YOU": lazy("This is shared with you. Deleting, merging and giving away are up to its owner."),
    "TOO_MANY_SHARES": lazy("This is shared with as many as can be. Share it with a team instead."),
    "TOO_MANY_SHARED_RECORDS": lazy("They have as many shared records as can be. Ask for a sharing rule."),
    "IN_THE_PAST": lazy("Choose a day to come."),
    "FILE_TYPE_NOT_ALLOWED": lazy(
        "The library takes PDF, pictures, plain texts, tables and office files without macros."
    ),
    "FILE_TYPE_MISMATCH": lazy("What is in the file is not what its name says. Save it anew, or choose another one."),
    "FILE_EMPTY": lazy("There is nothing in this file."),
    "FILE_TOO_LARGE": lazy("This file is too large. Make it smaller, or split it."),
    "TOO_MANY_VERSIONS": lazy("This document has as many versions as can be. Add a new document."),
    "NAME_TAKEN": lazy("There is one of this name already. Choose another name."),
    "DOCUMENT_EXPIRED": lazy("This document does not hold any more. Renew it first."),
    "DOCUMENT_WITHDRAWN": lazy("This document was withdrawn."),
    "TEAM_CYCLE": lazy("A team cannot lie below itself."),
    "TOO_DEEP": lazy("Teams cannot be nested any deeper."),
    "TENANT_SUSPENDED": lazy("Your company is suspended; nothing was deleted. Its owner can have it opened again."),
    "APPROVAL_PENDING": lazy(
        "This waits for approval now. It runs by itself once that is given; nothing has changed yet."
    ),
    "APPROVAL_NOT_FOUND": lazy("This approval is not yours to see, or not there any more."),
    "OWN_REQUEST": lazy("Nobody decides about what he asked for himself."),
    "NOT_APPROVER": lazy("This does not wait for you."),
    "CREDIT_LIMIT_REACHED": lazy("With this order the company would owe more than its credit limit."),
    "STALE_ETAG": lazy("Somebody else changed this in the meantime."),
    "GATE_NEED": lazy("Record at least one need of the customer."),
    "GATE_ACCOUNT": lazy("Name the company that would buy."),
    "GATE_CONTACT": lazy("Name at least one person on the buying side."),
    "GATE_DECISION_MAKER": lazy("Name the person who decides or buys."),
    "GATE_AMOUNT": lazy("Say what the deal is worth."),
    "GATE_EXPECTED_CLOSE_DATE": lazy("Say when the deal should close."),
    "GATE_NEXT_STEP": lazy("Say what is to be done next."),
    "GATE_PRODUCTS": lazy("Add at least one product."),
    "GATE_QUOTE_ACCEPTED": lazy("Have a quote accepted by the customer."),
    "GATE_CHECKLIST": lazy("Tick off everything on the checklist of the stage."),
    "GATE_LOST_REASON": lazy("Say why the deal was lost."),
    "DUPLICATE": lazy("This looks like somebody you already have."),
    "FORMER_COLLEAGUE": lazy("This colleague left and has no name here any more. Invite the person anew."),
    "ERASED_PERSON": lazy(
        "Somebody with this address, number or id was erased for good. An administrator can let the person come back "
        "under Erased people."
    ),
    "DUPLICATE_CONTACT": lazy("This looks like somebody you already have."),
    "DUPLICATE_ACCOUNT": lazy("This looks like a company you already have."),
}
BY_KIND: Mapping[Kind, Lazy] = {
    Kind.UNAVAILABLE: lazy("A part of Funia is away for the moment. Try again in a minute."),
    Kind.DEADLINE_EXCEEDED: lazy("This took too long. Try again."),
    Kind.RESOURCE_EXHAUSTED: lazy("Too much at once. Wait a moment, then try again."),
    Kind.PERMISSION_DENIED: lazy("Your role does not allow this. Ask an administrator of your company."),
    Kind.NOT_FOUND: lazy("This is not here any more. Somebody may have deleted it."),
    Kind.INTERNAL: lazy("Something went wrong on our side. Nothing was saved."),
}
EVENTS: Mapping[str, Lazy] = {
    "contacts.contact.created": lazy("%(who)s added this person"),
    "contacts.contact.updated": lazy("%(who)s changed %(fields)s"),
    "contacts.contact.deleted": lazy("%(who)s moved this person to the bin"),
    "contacts.contact.undeleted": lazy("%(who)s took this person out of the bin"),
    "contacts.contact.merged": lazy("%(who)s merged another person into this one"),
    "contacts.lifecycle.changed": lazy("%(who)s moved the stage from %(from)s to %(to)s"),
    "contacts.account.created": lazy("%(who)s added this company"),
    "contacts.account.updated": lazy("%(who)s changed %(fields)s"),
    "contacts.account.deleted": lazy("%(who)s moved this company to the bin"),
    "contacts.account.undeleted": lazy("%(who)s took this company out of the bin"),
    "contacts.account_contact.linked": lazy("%(who)s linked a person and a company"),
    "contacts.account_contact.unlinked": lazy("%(who)s took a person out of a company"),
    "contacts.activity.completed": lazy("%(who)s completed this"),
    "contacts.contact.shared": lazy("%(who)s shared this person"),
    "contacts.contact.unshared": lazy("%(who)s ended the sharing of this person"),
    "contacts.account.shared": lazy("%(who)s shared this company"),
    "contacts.account.unshared": lazy("%(who)s ended the sharing of this company"),
}
LINKS: Mapping[str, tuple[Lazy, Lazy]] = {
    "contacts.account_contact.linked": (
        lazy("%(who)s linked this person to %(name)s"),
        lazy("%(who)s linked %(name)s to this company"),
    ),
    "contacts.account_contact.unlinked": (
        lazy("%(who)s took this person out of %(name)s"),
        lazy("%(who)s took %(name)s out of this company"),
    ),
}
"""What happened to a link, on the person's page and on the company's, where the other side's name is known."""
ACTIVITIES: Mapping[str, Lazy] = {
    "note": lazy("%(who)s wrote a note"),
    "task": lazy("%(who)s added a task"),
    "meeting": lazy("%(who)s planned a meeting"),
    "call": lazy("%(who)s logged a call"),
}
ICONS: Mapping[str, str] = {
    "contacts.contact.created": "user-plus",
    "contacts.account.created": "building-plus",
    "contacts.contact.merged": "arrows-join",
    "contacts.lifecycle.changed": "arrow-right",
    "contacts.account_contact.linked": "link",
    "contacts.account_contact.unlinked": "link-off",
    "contacts.contact.deleted": "trash",
    "contacts.account.deleted": "trash",
}
ACTIVITY_ICONS: Mapping[str, str] = {"note": "note", "task": "checkbox", "meeting": "calendar-event", "call": "phone"}
REPORT_GROUPS: tuple[tuple[str, Lazy, tuple[str, ...]], ...] = (
    ("people", lazy("People added"), ("contacts.contact.created",)),
    ("companies", lazy("Companies added"), ("contacts.account.created",)),
    (
        "changes",
        lazy("Changes"),
        ("contacts.contact.", "contacts.account.", "contacts.account_contact.", "contacts.lifecycle."),
    ),
    ("activities", lazy("Notes and tasks"), ("contacts.activity.",)),
    ("other", lazy("Other"), ("",)),
)
FIELD_LABELS: Mapping[str, Label] = {
    **{field.name: field.label for field in (*COMPANY_FIELDS, *PERSON_FIELDS)},
    "custom": lazy("Your own fields"),
}


def say(error: FuniaError) -> str:
    """The error in one sentence for the person."""
    if error.reason in BY_REASON:
        return str(BY_REASON[error.reason])
    if error.kind in BY_KIND:
        return str(BY_KIND[error.kind])
    return error.message


_RECORDS = frozenset(
    {
        *("tenant", "user", "activity", "oauth_client", "invitation", "custom_field"),
        *("webhook_endpoint", "sso_connection", "sharing_rule", "share"),
        *(kind.singular for kind in KINDS.values()),
    }
)
"""What a request calls the record that it carries."""


def violations(error: FuniaError) -> dict[str, str]:
    """Sentences by the last name of the field they are about: ``contact.emails[0].address`` is ``emails``."""
    found: dict[str, str] = {}
    for violation in error.violations:
        names = [part.split("[")[0] for part in violation.field.split(".")]
        if len(names) > 1 and names[0] in _RECORDS:
            del names[0]
        if names[:1] == ["custom"]:
            names = [".".join(names[:2])]
        sentence = str(BY_REASON[violation.reason]) if violation.reason in BY_REASON else violation.message
        found.setdefault(names[0], sentence)
    return found


def actor(entry: TimelineEntry, names: Mapping[str, str]) -> str:
    if entry.actor_type == "user":
        return names.get(entry.actor_id) or gettext("A colleague")
    if entry.actor_type == "client":
        return gettext("An app")
    return "Funia"


def timeline_sentence(entry: TimelineEntry, names: Mapping[str, str]) -> str:
    """The line of an entry. `names` are those of colleagues and of people, by id."""
    who = actor(entry, names)
    if entry.type.startswith(sales_lines.PREFIX):
        return sales_lines.sentence(entry, who)
    if entry.type.startswith(support_lines.PREFIX):
        return support_lines.sentence(entry, who)
    if entry.type in LINKS:
        of_person, of_company = LINKS[entry.type]
        if company := entry.details.get("account_name"):
            return gettext(of_person.key, who=who, name=company)
        if person := names.get(entry.details.get("contact_id", "")):
            return gettext(of_company.key, who=who, name=person)
    if entry.type == "contacts.activity.created" and entry.activity.kind in ACTIVITIES:
        return gettext(ACTIVITIES[entry.activity.kind].key, who=who)
    known = EVENTS.get(entry.type)
    if known is None:
        return gettext("%(who)s: %(event)s", who=who, event=entry.type)
    values: dict[str, object] = {"who": who}
    if "%(fields)s" in known.key:
        values["fields"] = field_names(entry.changed_fields)
    if "%(from)s" in known.key:
        values |= {key: stage_name(entry.details.get(key, "")) for key in ("from", "to")}
    return gettext(known.key, **values)


def timeline_icon(entry: TimelineEntry) -> str:
    if entry.type.startswith(sales_lines.PREFIX):
        return sales_lines.icon(entry)
    if entry.type.startswith(support_lines.PREFIX):
        return support_lines.icon(entry)
    if entry.type.startswith("contacts.activity."):
        return ACTIVITY_ICONS.get(entry.activity.kind, "circle-check")
    return ICONS.get(entry.type, "edit")


def field_names(names: object) -> str:
    labels = [str(FIELD_LABELS[name]) for name in names if name in FIELD_LABELS]  # type: ignore[attr-defined]
    return ", ".join(label[:1].lower() + label[1:] for label in labels) or gettext("some fields")


def stage_name(stage: str) -> str:
    return str(STAGES[stage]) if stage in STAGES else (stage or gettext("none"))


def event_name(event_type: str) -> str:
    """A short name of an event type for tables."""
    return str(EVENT_NAMES[event_type]) if event_type in EVENT_NAMES else event_type


EVENT_NAMES: Mapping[str, Lazy] = {
    "contacts.contact.created": lazy("Person added"),
    "contacts.contact.updated": lazy("Person changed"),
    "contacts.contact.deleted": lazy("Person moved to the bin"),
    "contacts.contact.undeleted": lazy("Person taken out of the bin"),
    "contacts.contact.merged": lazy("People merged"),
    "contacts.lifecycle.changed": lazy("Stage changed"),
    "contacts.account.created": lazy("Company added"),
    "contacts.account.updated": lazy("Company changed"),
    "contacts.account.deleted": lazy("Company moved to the bin"),
    "contacts.account.undeleted": lazy("Company taken out of the bin"),
    "contacts.account_contact.linked": lazy("Person linked to a company"),
    "contacts.account_contact.unlinked": lazy("Person taken out of a company"),
    "contacts.activity.created": lazy("Note or task added"),
    "contacts.activity.completed": lazy("Task completed"),
    "contacts.contact.shared": lazy("Person shared"),
    "contacts.contact.unshared": lazy("Sharing of a person ended"),
    "contacts.account.shared": lazy("Company shared"),
    "contacts.account.unshared": lazy("Sharing of a company ended"),
    "contacts.import.completed": lazy("Import finished"),
    "contacts.import.reverted": lazy("Import undone"),
    "contacts.import.failed": lazy("Import failed"),
    "sales.import.completed": lazy("Import finished"),
    "sales.import.reverted": lazy("Import undone"),
    "sales.import.failed": lazy("Import failed"),
    "identity.tenant.created": lazy("Company signed up"),
    "identity.user.activated": lazy("Colleague joined"),
    "identity.user.invited": lazy("Colleague invited"),
}
