"""What support holds about a person: tickets and what was written, whole, and to no stranger."""

from __future__ import annotations

from chassis.errors import Kind
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.support.v1 import held_pb2 as pb

from .desk import create, customer, write


def held(person: Person, *contact_ids: str) -> dict[str, pb.ListHeldRowsResponse]:
    answer = person.call("HeldService.ListHeldRows", pb.ListHeldRowsRequest(contact_ids=contact_ids))
    return {one.name: one for one in answer.tables}


def test_tickets_and_words_of_a_person_are_shown_whole(house: House, database: Database, bob: Person) -> None:
    admin = house.person(scopes=("support.read", "support.write", "identity.admin"))
    anna, ivan = (customer(database, admin.tenant_id) for _ in range(2))
    ours, theirs = create(admin, contact_id=anna, description="My lid"), create(admin, contact_id=ivan)
    write(admin, ours.id, "Dear Anna", public=True)
    write(admin, theirs.id, "I am Anna", contact_id=anna)
    write(admin, theirs.id, "Ours alone")
    found = held(admin, anna)
    assert [(row["subject"], row["description"]) for row in found["ticket"].rows] == [(ours.subject, "My lid")]
    assert {row["body"] for row in found["ticket_comment"].rows} == {"Dear Anna", "I am Anna"}
    assert not any("tenant_id" in row for table in found.values() for row in table.rows)
    for _ in range(3):
        create(admin, contact_id=anna)
    table = held(admin, anna)["ticket"]
    assert (len(table.rows), table.more) == (3, True)
    assert held(house.person(scopes=("identity.admin",)), anna) == {}
    assert refused(held, bob, anna).kind is Kind.PERMISSION_DENIED
