"""Sample requests for the methods of the document library."""

from __future__ import annotations

from typing import cast
from uuid import uuid4

from funia.sales.v1 import document_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from rpc_world import Sample, World

_SERVICE = "/funia.sales.v1.DocumentService"
_CALLED = "sales.v1.DocumentService"


def _draft(world: World) -> pb.Document:
    # A name is given once, and the samples of one company are many.
    return pb.Document(name=f"{world.mark} {uuid4().hex[:8]}", category="price_list")


def _made(world: World) -> str:
    made = world.call(_CALLED, "CreateDocument", pb.CreateDocumentRequest(document=_draft(world)))
    return cast(pb.Document, made).id


def _file(world: World) -> list[Message]:
    named = pb.UploadDocumentRequest(id=_made(world), file_name=f"{world.mark}.txt")
    return [named, pb.UploadDocumentRequest(chunk=world.mark.encode())]


def _filled(world: World) -> str:
    return cast(pb.Document, world.call(_CALLED, "UploadDocument", _file(world))).id


def _changed(world: World) -> pb.UpdateDocumentRequest:
    changed = pb.Document(id=_made(world), description=world.mark)
    return pb.UpdateDocumentRequest(document=changed, update_mask=FieldMask(paths=["description"]))


def _fresh(world: World) -> pb.CreateDocumentRequest:
    return pb.CreateDocumentRequest(document=_draft(world))


def _listed(world: World) -> pb.ListDocumentsRequest:
    _made(world)
    return pb.ListDocumentsRequest()


def _binned(world: World) -> pb.UndeleteDocumentRequest:
    document_id = _made(world)
    world.call(_CALLED, "DeleteDocument", pb.DeleteDocumentRequest(id=document_id))
    return pb.UndeleteDocumentRequest(id=document_id)


DOCUMENT_SAMPLES: dict[str, Sample] = {
    f"{_SERVICE}/GetDocument": Sample(lambda w: pb.GetDocumentRequest(id=_made(w))),
    f"{_SERVICE}/ListDocuments": Sample(_listed),
    f"{_SERVICE}/CreateDocument": Sample(_fresh, ours=True),
    f"{_SERVICE}/UpdateDocument": Sample(_changed),
    f"{_SERVICE}/DeleteDocument": Sample(lambda w: pb.DeleteDocumentRequest(id=_made(w))),
    f"{_SERVICE}/UndeleteDocument": Sample(_binned),
    f"{_SERVICE}/UploadDocument": Sample(_file),
    f"{_SERVICE}/DownloadDocument": Sample(lambda w: pb.DownloadDocumentRequest(id=_filled(w))),
    f"{_SERVICE}/ListDocumentVersions": Sample(lambda w: pb.ListDocumentVersionsRequest(id=_filled(w))),
}
