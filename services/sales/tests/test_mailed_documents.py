"""Documents of the library that go out with mails: in the version they had, and never once they are withdrawn."""

from __future__ import annotations

import pytest
from chassis.jobs import Outcome
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import document_pb2 as documents
from funia.sales.v1 import record_mail_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from sales.jobs.mail import MailOut

from .neighbour import Neighbour
from .test_documents import NOBODYS, PDF, made, upload
from .test_record_mails import GET, SEND, Post, known, out, post, run, sally, write

__all__ = ["out", "post", "sally"]


def _change(person: Person, document_id: str, **values: object) -> None:
    changed = documents.Document(id=document_id, **values)  # type: ignore[arg-type]
    person.call(
        "DocumentService.UpdateDocument",
        documents.UpdateDocumentRequest(document=changed, update_mask=FieldMask(paths=list(values))),
    )


def test_a_mail_carries_the_version_that_was_the_newest_when_it_was_written(
    database: Database, neighbour: Neighbour, sally: Person, post: Post, out: MailOut
) -> None:
    ada = known(database, neighbour, sally)
    document = upload(sally, made(sally).id)
    sent = sally.call(SEND, write(ada, document_ids=[document.id, document.id]))
    assert [(one.document_id, one.number, one.file_name) for one in sent.documents] == [(document.id, 1, "prices.pdf")]
    upload(sally, document.id, PDF + b"dearer", "new.pdf")

    assert run(out, sally, sent.id) is Outcome.DONE
    [attachment] = post.sent[0].iter_attachments()
    assert (attachment.get_filename(), attachment.get_content_type()) == ("prices.pdf", "application/pdf")
    assert attachment.get_content() == PDF


@pytest.mark.parametrize("binned", [True, False])
def test_a_document_withdrawn_before_the_mail_left_is_not_sent(
    database: Database, neighbour: Neighbour, sally: Person, post: Post, out: MailOut, binned: bool
) -> None:
    ada = known(database, neighbour, sally)
    document = upload(sally, made(sally).id)
    mail = sally.call(SEND, write(ada, document_ids=[document.id]))
    if binned:
        sally.call("DocumentService.DeleteDocument", documents.DeleteDocumentRequest(id=document.id))
    else:
        _change(sally, document.id, archived=True)

    assert run(out, sally, mail.id) is Outcome.DONE
    assert post.sent == []
    now = sally.call(GET, pb.GetRecordMailRequest(id=mail.id))
    assert (now.status, now.reason) == ("failed", "DOCUMENT_WITHDRAWN")


def test_what_cannot_be_sent_is_named(
    database: Database, neighbour: Neighbour, sally: Person, bob: Person, post: Post
) -> None:
    ada = known(database, neighbour, sally)
    empty = made(sally, "Empty")
    old = upload(sally, made(sally, "Old", valid_until="2020-01-31").id)
    gone = upload(sally, made(sally, "Gone").id)
    _change(sally, gone.id, archived=True)
    theirs = upload(bob, made(bob).id)
    for document_id, reason in (
        (empty.id, "DOCUMENT_WITHOUT_FILE"),
        (old.id, "DOCUMENT_EXPIRED"),
        (gone.id, "DOCUMENT_WITHDRAWN"),
        (theirs.id, "DOCUMENT_NOT_FOUND"),
        (NOBODYS, "DOCUMENT_NOT_FOUND"),
    ):
        error = refused(sally.call, SEND, write(ada, document_ids=[document_id]))
        assert (error.reason, "document_ids[0]" in str(error)) == (reason, True)
    assert post.sent == []
