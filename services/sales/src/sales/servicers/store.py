"""StoreService and RegisterService at the edge."""

from __future__ import annotations

from typing import Any, ClassVar

from chassis.records import RecordServicer, Resource
from chassis.work import Row, Work
from funia.sales.v1 import store_pb2 as pb
from funia.sales.v1.events_pb2 import StoreChanged

from sales.model.tills import Register, Store
from sales.usecases import tills as rules

Values = dict[str, Any]
_SERVICES = pb.DESCRIPTOR.services_by_name


class StoreServicer(RecordServicer):
    """Stores."""

    service = _SERVICES["StoreService"]
    resource = Resource("sales", "store", Store, pb.Store, lowered={"name": "name_key", "code": "code_key"})
    defaults: ClassVar[Values] = {"custom": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check_store(work, before, after)

    def deletable(self, work: Work, row: Row) -> None:
        rules.check_idle(work, row.id, "store")

    def payload(self, row: Row) -> StoreChanged:
        return StoreChanged(
            store_id=str(row.id),
            name=row.name,
            currency_code=row.currency_code,
            active=row.active,
            deleted=row.deleted_at is not None,
        )


class RegisterServicer(RecordServicer):
    """Registers of stores."""

    service = _SERVICES["RegisterService"]
    resource = Resource("sales", "register", Register, pb.Register, lowered={"name": "name_key"})
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}, "last_sequence": 0, "last_z_number": 0}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check_register(work, before, after)

    def deletable(self, work: Work, row: Row) -> None:
        rules.check_idle(work, row.id, "register")

    def payload(self, row: Row) -> StoreChanged:
        return StoreChanged(
            store_id=str(row.store_id),
            register_id=str(row.id),
            name=row.name,
            active=row.active,
            deleted=row.deleted_at is not None,
        )
