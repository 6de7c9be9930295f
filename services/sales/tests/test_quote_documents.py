"""Documents that go with quotes: in a fixed version, to their customer alone, counted, and found from the library."""

from __future__ import annotations

from uuid import UUID

import grpc
from chassis.caller import Caller
from chassis.errors import Kind
from chassis.statements import Prepared, text
from chassis.status import from_rpc_error
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import document_pb2 as library
from funia.sales.v1 import quote_link_pb2 as links
from funia.sales.v1 import quote_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from sales.queries import quote_documents
from sales.usecases import quotes

from .shop import Shop
from .test_documents import PDF, made, upload
from .test_quotes import ask, quote, send, shop  # noqa: F401 - the fixture

NEWER = PDF + b"%newer"
_SEQUENTIAL = text("SELECT set_config('enable_seqscan', 'off', true)")


def filled(person: Person, name: str = "Prices") -> library.Document:
    return upload(person, made(person, name).id)


def going_with(*documents: library.Document) -> list[pb.QuoteDocument]:
    return [pb.QuoteDocument(document_id=one.id) for one in documents]


def enclose(person: Person, one: pb.Quote, *documents: library.Document) -> pb.Quote:
    changed = pb.Quote(id=one.id, documents=going_with(*documents))
    answer: pb.Quote = ask(person, "UpdateQuote", quote=changed, update_mask=FieldMask(paths=["documents"]))
    return answer


def shown(one: pb.Quote) -> list[tuple[str, int]]:
    return [(document.name, document.number) for document in one.documents]


def fetch(person: Person, secret: str, document_id: str) -> tuple[library.DocumentVersion, bytes]:
    """The file as the customer gets it. Raises what the service says."""
    request = links.DownloadLinkedDocumentRequest(token=secret, document_id=document_id)
    metadata = [("authorization", f"Bearer {person.token}")]
    try:
        answers = list(
            person.house.stub("QuoteLinkService").DownloadLinkedDocument(request, metadata=metadata, timeout=10)
        )
    except grpc.RpcError as error:
        raise from_rpc_error(error) from None
    return answers[0].version, b"".join(one.chunk for one in answers)


def uses(person: Person, document: library.Document) -> list[tuple[str, str, int, int]]:
    answer = person.call("DocumentService.ListDocumentUses", library.ListDocumentUsesRequest(id=document.id))
    return [(one.kind, one.title, one.number, one.download_count) for one in answer.uses]


def test_a_customer_gets_the_version_that_the_quote_had_and_nothing_else(
    alice: Person,
    bob: Person,
    shop: Shop,  # noqa: F811
) -> None:
    prices, manual, other = filled(alice), filled(alice, "Manual"), filled(alice, "Secret")
    draft = quote(alice, shop, documents=going_with(manual, prices))
    assert shown(draft) == [("Manual", 1), ("Prices", 1)]
    upload(alice, prices.id, NEWER)
    sent, secret = send(alice, draft)
    version, content = fetch(alice, secret, prices.id)
    assert (content, version.file_name, version.created_by, version.number) == (PDF, "prices.pdf", "", 0)
    fetch(alice, secret, prices.id)
    opened = ask(alice, "OpenQuoteLink", token=secret)
    assert [(one.name, one.file_name, one.download_count) for one in opened.quote.documents] == [
        ("Manual", "prices.pdf", 0), ("Prices", "prices.pdf", 0),
    ]  # fmt: skip
    seen = {one.name: one for one in ask(alice, "GetQuote", id=sent.id).documents}
    assert (seen["Prices"].download_count, seen["Manual"].download_count) == (2, 0)
    assert seen["Prices"].HasField("last_downloaded_at")
    for person, token, document_id in (
        (alice, secret, other.id),
        (alice, "no-such", prices.id),
        (bob, secret, prices.id),
    ):
        assert refused(fetch, person, token, document_id).kind is Kind.NOT_FOUND
    following = ask(alice, "ReviseQuote", id=sent.id)
    assert shown(following) == [("Manual", 1), ("Prices", 1)]
    assert refused(fetch, alice, secret, prices.id).reason == "LINK_NOT_FOUND"


def test_documents_of_a_draft_change_and_those_that_stay_keep_their_version(
    alice: Person,
    bob: Person,
    shop: Shop,  # noqa: F811
) -> None:
    prices, manual = filled(alice), filled(alice, "Manual")
    draft = enclose(alice, quote(alice, shop), prices)
    upload(alice, prices.id, NEWER)
    changed = enclose(alice, draft, manual, prices, manual)
    assert shown(changed) == [("Manual", 1), ("Prices", 1)]
    assert changed.etag != draft.etag
    assert enclose(alice, changed, manual, prices).etag == changed.etag
    assert shown(enclose(alice, changed)) == []
    assert shown(enclose(alice, changed, prices)) == [("Prices", 2)]
    for wrong, reason in ((made(alice, "Empty"), "DOCUMENT_WITHOUT_FILE"), (filled(bob), "NOT_FOUND")):
        error = refused(enclose, alice, changed, prices, wrong)
        assert error.violations[0].field == "quote.documents[1].document_id"
        assert reason in error.reason
    assert refused(enclose, bob, changed).kind is Kind.NOT_FOUND


def test_what_was_withdrawn_is_not_sent_and_what_was_sent_stays(alice: Person, shop: Shop) -> None:  # noqa: F811
    prices = filled(alice)
    sent, secret = send(alice, quote(alice, shop, documents=going_with(prices)))
    draft = quote(alice, shop, documents=going_with(prices))
    withdrawn = library.Document(id=prices.id, archived=True)
    mask = FieldMask(paths=["archived"])
    alice.call("DocumentService.UpdateDocument", library.UpdateDocumentRequest(document=withdrawn, update_mask=mask))
    error = refused(send, alice, draft)
    assert (error.reason, error.violations[0].field) == ("DOCUMENT_WITHDRAWN", "quote.documents[0].document_id")
    assert ask(alice, "GetQuote", id=draft.id).status == "draft"
    assert fetch(alice, secret, prices.id)[1] == PDF
    send(alice, sent)


def test_a_document_says_where_it_is_used_to_those_who_see_that(
    alice: Person,
    bob: Person,
    house: House,
    shop: Shop,  # noqa: F811
) -> None:
    prices = filled(alice)
    _, secret = send(alice, quote(alice, shop, documents=going_with(prices)))
    quote(alice, shop, documents=going_with(filled(alice, "Manual")))
    fetch(alice, secret, prices.id)
    assert uses(alice, prices) == [("quote", "Cups", 1, 1)]
    assert uses(house.person(alice.tenant_id, visibility="own"), prices) == []
    assert refused(uses, bob, prices).kind is Kind.NOT_FOUND


def test_the_paper_names_what_goes_with_it(alice: Person, database: Database, shop: Shop) -> None:  # noqa: F811
    draft = quote(alice, shop, language="bg", documents=going_with(filled(alice)))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        row = quotes.QUOTES.get(work, UUID(draft.id))
        assert row is not None
        assert quotes.content(work, row).documents == [("Prices", "prices.pdf")]
    assert ask(alice, "GetQuotePaper", id=draft.id).content.startswith(b"%PDF")


def test_uses_are_read_from_their_index(alice: Person, database: Database) -> None:
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_SEQUENTIAL)
        for statements, index in (
            (quote_documents.IN_QUOTES, "ix_quote_document_use"),
            (quote_documents.IN_MAILS, "ix_record_mail_document_use"),
        ):
            asked = statements["all"]
            plan = Prepared(f"EXPLAIN {asked.text}", asked.constants, asked.names)
            assert index in str(work.rows(plan, document_id=alice.tenant_id, most=50))
