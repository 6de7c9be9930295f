"""Sample requests for imports of leads, products, deals and orders."""

from __future__ import annotations

from typing import cast
from uuid import uuid4

from funia.sales.v1 import sales_import_pb2 as imports
from google.protobuf.message import Message
from harness import wait_for
from rpc_world import Sample, World

_SERVICE = "/funia.sales.v1.SalesImportService"
_CALLED = "sales.v1.SalesImportService"


def _file(world: World) -> list[Message]:
    lines = ["first name,email,owner", f"{world.mark},no address,"]
    lines += [f"{world.mark},{uuid4().hex}@example.com,{world.mark}" for _ in range(2)]
    body = "\n".join(lines).encode()
    return [
        imports.UploadSalesImportRequest(kind="lead", file_name=f"{world.mark}.csv"),
        *(imports.UploadSalesImportRequest(chunk=body[at : at + 10**5]) for at in range(0, len(body), 10**5)),
    ]


def _uploaded(world: World) -> imports.SalesImport:
    return cast(imports.SalesImport, world.call(_CALLED, "UploadSalesImport", _file(world)))


def _mapping(world: World) -> imports.MapSalesImportRequest:
    job = _uploaded(world)
    fields = {column.heading: column.field for column in job.columns}
    return imports.MapSalesImportRequest(id=job.id, fields=fields)


def _checked(world: World) -> str:
    request = _mapping(world)
    world.call(_CALLED, "MapSalesImport", request)

    def ready() -> bool:
        job = world.call(_CALLED, "GetSalesImport", imports.GetSalesImportRequest(id=request.id))
        return bool(cast(imports.SalesImport, job).status == "ready")

    wait_for("the import is checked", ready, timeout_s=60)
    return request.id


def _paused(world: World) -> Message:
    """A check that was stopped while it read; a second time it stays stopped."""
    lines = ["name", *(f"{world.mark} {number}" for number in range(40_000))]
    body = "\n".join(lines).encode()
    pieces: list[Message] = [imports.UploadSalesImportRequest(kind="product", file_name=f"{world.mark}.csv")]
    pieces += [imports.UploadSalesImportRequest(chunk=body[at : at + 10**5]) for at in range(0, len(body), 10**5)]
    job = cast(imports.SalesImport, world.call(_CALLED, "UploadSalesImport", pieces))
    options = imports.SalesImportOptions(currency_code="EUR")
    request = imports.MapSalesImportRequest(id=job.id, fields={"name": "name"}, options=options)
    world.call(_CALLED, "MapSalesImport", request)
    paused = imports.PauseSalesImportRequest(id=job.id)
    world.call(_CALLED, "PauseSalesImport", paused)
    return paused


def _ran(world: World) -> str:
    """An import that went in, but for one row."""
    import_id = _checked(world)
    world.call(_CALLED, "RunSalesImport", imports.RunSalesImportRequest(id=import_id))

    def over() -> bool:
        job = world.call(_CALLED, "GetSalesImport", imports.GetSalesImportRequest(id=import_id))
        return cast(imports.SalesImport, job).status.startswith("completed")

    wait_for("the import has ended", over, timeout_s=60)
    return import_id


def _listed(world: World) -> Message:
    _uploaded(world)
    return imports.ListSalesImportsRequest()


def _choice(world: World) -> Message:
    choice = imports.SalesImportChoice(field="owner", value=world.mark, choice="none")
    return imports.ChooseSalesImportValuesRequest(id=_checked(world), choices=[choice])


IMPORT_SAMPLES: dict[str, Sample] = {
    f"{_SERVICE}/UploadSalesImport": Sample(_file, ours=True),
    f"{_SERVICE}/GetSalesImport": Sample(lambda w: imports.GetSalesImportRequest(id=_uploaded(w).id)),
    f"{_SERVICE}/ListSalesImports": Sample(_listed),
    f"{_SERVICE}/MapSalesImport": Sample(_mapping),
    f"{_SERVICE}/ListSalesImportValues": Sample(lambda w: imports.ListSalesImportValuesRequest(import_id=_checked(w))),
    f"{_SERVICE}/ChooseSalesImportValues": Sample(_choice),
    f"{_SERVICE}/RunSalesImport": Sample(lambda w: imports.RunSalesImportRequest(id=_checked(w))),
    f"{_SERVICE}/PauseSalesImport": Sample(_paused),
    f"{_SERVICE}/RevertSalesImport": Sample(lambda w: imports.RevertSalesImportRequest(id=_ran(w))),
    f"{_SERVICE}/ListSalesImportErrors": Sample(lambda w: imports.ListSalesImportErrorsRequest(id=_checked(w))),
    f"{_SERVICE}/DownloadSalesImportErrors": Sample(lambda w: imports.DownloadSalesImportErrorsRequest(id=_checked(w))),
}
