"""Share one contact or account by hand with a person or a team, and end that again."""

from __future__ import annotations

from chassis.record_sharing import RecordSharing, Sharable

from contacts import events
from contacts.errors import customer_not_found, in_the_bin
from contacts.queries import account as account_queries
from contacts.queries import contact as contact_queries

SHARING = RecordSharing(
    kinds=(
        Sharable("contact", "contact", contact_queries.get, contact_queries.bump),
        Sharable("account", "company", account_queries.get, account_queries.bump),
    ),
    told=events.record_shared,
    missing=customer_not_found,
    in_the_bin=in_the_bin,
)
