"""The playbook over gRPC: what a stage says, what is ticked off, and the gate that asks for it."""

from __future__ import annotations

import pytest
from chassis.testing.events import recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import document_pb2 as library
from funia.sales.v1 import pipeline_pb2 as pipelines
from funia.sales.v1 import playbook_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask

from .test_deals import customer, deal, move, settle, stages
from .test_documents import made, upload


@pytest.fixture(autouse=True)
def settled(alice: Person, database: Database) -> None:
    settle(database, alice.tenant_id)


def write(person: Person, stage: str, **given: object) -> None:
    changed = pipelines.Stage(id=stages(person)[stage].id, **given)  # type: ignore[arg-type]
    request = pipelines.UpdateStageRequest(stage=changed, update_mask=FieldMask(paths=list(given)))
    person.call("StageService.UpdateStage", request)


def tick(person: Person, one: deals.Deal, item: str, *, done: bool = True) -> pb.Playbook:
    request = pb.TickPlaybookItemRequest(deal_id=one.id, item=item, done=done)
    answer: pb.Playbook = person.call("PlaybookService.TickPlaybookItem", request)
    return answer


def test_a_stage_asks_for_what_its_predecessor_has_on_its_list(
    alice: Person, bob: Person, house: House, database: Database
) -> None:
    write(alice, "Prospecting", guidance="Ask what hurts.", checklist=["Call them", "Send the deck", "Call them", " "])
    write(alice, "Negotiation", entry_criteria=["checklist"])
    account = customer(database, alice.tenant_id, "account")
    made = deal(alice, account_id=account)
    shown = alice.call("PlaybookService.GetPlaybook", pb.GetPlaybookRequest(deal_id=made.id))
    assert (shown.guidance, [one.item for one in shown.items]) == ("Ask what hurts.", ["Call them", "Send the deck"])
    assert refused(move, alice, made, "Negotiation").violations[0].reason == "GATE_CHECKLIST"
    tick(alice, made, "Call them")
    half = tick(alice, made, "Call them")
    assert [(one.done, one.done_by) for one in half.items] == [(True, str(alice.actor_id)), (False, "")]
    tick(alice, made, "Send the deck")
    tick(alice, made, "Send the deck", done=False)
    assert refused(move, alice, made, "Negotiation").reason == "STAGE_GATE"
    tick(alice, made, "Send the deck")
    assert move(alice, made, "Negotiation").status == "open"
    assert refused(tick, alice, made, "Call them").reason == "NOT_ON_THE_LIST"
    assert refused(tick, bob, made, "Call them").reason == "DEAL_NOT_FOUND"
    seller = house.person(alice.tenant_id, visibility="own")
    assert refused(tick, seller, made, "Call them").reason == "DEAL_NOT_FOUND"
    verbs = [one.type.rpartition(".")[2] for one in recorded(database, alice.tenant_id) if ".deal." in one.type]
    assert verbs == ["created", "ticked", "ticked", "unticked", "ticked", "stage_changed"]


def test_a_stage_shows_the_documents_that_help_in_their_order_while_they_are_in_use(
    alice: Person, bob: Person, database: Database
) -> None:
    deck = upload(alice, made(alice, "Deck").id)
    prices = upload(alice, made(alice, "Prices").id)
    unfinished, foreign = made(alice, "Unfinished"), made(bob, "Foreign")
    write(alice, "Prospecting", document_ids=[prices.id, deck.id, unfinished.id, prices.id])
    one = deal(alice, account_id=customer(database, alice.tenant_id, "account"))

    def helping() -> list[tuple[str, int]]:
        shown = alice.call("PlaybookService.GetPlaybook", pb.GetPlaybookRequest(deal_id=one.id))
        return [(document.name, document.number) for document in shown.documents]

    assert helping() == [("Prices", 1), ("Deck", 1)]
    upload(alice, deck.id)
    withdrawn = library.Document(id=prices.id, archived=True)
    request = library.UpdateDocumentRequest(document=withdrawn, update_mask=FieldMask(paths=["archived"]))
    alice.call("DocumentService.UpdateDocument", request)
    assert helping() == [("Deck", 2)]
    uses = alice.call("DocumentService.ListDocumentUses", library.ListDocumentUsesRequest(id=deck.id)).uses
    assert [(use.kind, use.title, use.record_id) for use in uses] == [
        ("stage", "Prospecting", stages(alice)["Prospecting"].id)
    ]
    problem = refused(write, alice, "Prospecting", document_ids=[deck.id, foreign.id])
    assert [violation.field for violation in problem.violations] == ["stage.document_ids[1]"]
    alice.call("DocumentService.DeleteDocument", library.DeleteDocumentRequest(id=deck.id))
    write(alice, "Prospecting", guidance="Still to be written, though a document is gone.")
    assert helping() == []
