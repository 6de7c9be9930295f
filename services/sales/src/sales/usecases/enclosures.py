"""Documents of the library that go out with mails and quotes: which may, and in which version."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import invalid_field
from chassis.work import Row, Work

from sales.errors import not_there
from sales.queries import documents as queries

WITHDRAWN = "DOCUMENT_WITHDRAWN"
"""Why a mail failed whose document was withdrawn before it had left."""


def sendable(work: Work, ids: Sequence[str], field: str) -> list[Row]:
    """Documents that may go to a customer. Raises InvalidArgument naming the one that may not, and why; the place in
    the list stands for ``{}`` in `field`."""
    found: list[Row] = []
    for index, document_id in enumerate(dict.fromkeys(ids)):
        at = field.format(index)
        document = queries.living(work, UUID(document_id))
        if document is None:
            raise not_there(at, "document")
        if document.archived:
            raise invalid_field(at, f"{document.name} is withdrawn; choose another document", reason=WITHDRAWN)
        if document.valid_until is not None and document.valid_until < work.now.date():
            raise invalid_field(
                at, f"{document.name} held until {document.valid_until}; renew it first", reason="DOCUMENT_EXPIRED"
            )
        if not document.file_version:
            raise invalid_field(at, f"{document.name} has no file yet; upload one", reason="DOCUMENT_WITHOUT_FILE")
        found.append(document)
    return found


def chosen(work: Work, ids: Sequence[str], *, most_bytes: int) -> list[Row]:
    """The documents of a new mail. Raises InvalidArgument naming the one that cannot be sent, and why."""
    found = sendable(work, ids, "document_ids[{}]")
    if sum(one.size_bytes for one in found) > most_bytes:
        raise invalid_field(
            "document_ids",
            f"together they are larger than {most_bytes:,} bytes, the most a mail carries; send fewer",
            reason="ATTACHMENTS_TOO_LARGE",
        )
    return found


def attach(work: Work, activity_id: UUID, documents: Sequence[Row]) -> None:
    """Writes that a mail carries these, each in its newest version."""
    for one in documents:
        queries.attach(work, activity_id, one.id, one.file_version)
