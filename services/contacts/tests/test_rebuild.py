"""Rebuilding search from the tables, with a second company present."""

from __future__ import annotations

import threading
from pathlib import Path

from chassis.jobs import Control
from chassis.testing.databases import TestDatabase
from chassis.work import Database
from contacts.rebuild import SearchRebuild
from contacts.search.embedded import EmbeddedSearch
from contacts.search.port import SearchRequest, Visibility
from funia.contacts.v1 import account_pb2
from funia.contacts.v1 import contact_pb2 as pb

from .conftest import Person


def test_a_rebuild_finds_everything_again_and_leaves_other_companies_alone(
    alice: Person, bob: Person, database: Database, contacts_database: TestDatabase, tmp_path: Path
) -> None:
    request = account_pb2.CreateAccountRequest(account=account_pb2.Account(name="Initech"))
    company = alice.call("AccountService.CreateAccount", request)
    for who in (alice, bob):
        contact = pb.Contact(given_name="Milton", family_name="Waddams")
        who.call(
            "ContactService.CreateContact",
            pb.CreateContactRequest(contact=contact, account_id=company.id if who is alice else ""),
        )
    gone = alice.call("ContactService.CreateContact", pb.CreateContactRequest(contact=pb.Contact(given_name="Gone")))
    alice.call("ContactService.DeleteContact", pb.DeleteContactRequest(id=gone.id))
    engine = EmbeddedSearch(tmp_path / "search")
    try:
        rebuild = SearchRebuild(database, lambda: engine)
        control = Control(threading.Event(), slice_s=60, attempt=1, last_attempt=False)
        for _ in range(2):
            rebuild.handle(alice.tenant_id, alice.tenant_id, control)
        assert engine.document_count(str(alice.tenant_id)) == 2
        assert engine.document_count(str(bob.tenant_id)) == 0
        hits = engine.search(
            SearchRequest(str(alice.tenant_id), "initech milton", visibility=Visibility.everything(), limit=5)
        )
        assert [hit.kind for hit in hits][:1] == ["contact"]
    finally:
        engine.close()
