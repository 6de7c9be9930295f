"""CreditLimitService at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import NotFound
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import credit_pb2 as pb
from funia.type.v1.money_pb2 import Money

from sales.queries import credit as queries
from sales.references import Customers
from sales.usecases import credit


class CreditLimitServicer:
    """How much companies may owe."""

    service = pb.DESCRIPTOR.services_by_name["CreditLimitService"]

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    def GetCreditLimit(self, work: Work, request: pb.GetCreditLimitRequest) -> pb.CreditLimit:
        account_id = UUID(request.account_id)
        row = queries.get(work, account_id)
        if row is None:
            raise NotFound("This company has no credit limit.", reason="CREDIT_LIMIT_NOT_FOUND")
        return _message(account_id, row)

    def SetCreditLimit(self, work: Work, request: pb.SetCreditLimitRequest) -> pb.CreditLimit:
        account_id = UUID(request.account_id)
        self._customers.check(work, "account", [("account_id", account_id)])
        if not request.HasField("amount"):
            queries.remove(work, account_id)
            return _message(account_id, None)
        row = credit.keep(work, account_id, amount=request.amount.amount_minor, currency=request.amount.currency_code)
        return _message(account_id, row)


def _message(account_id: UUID, row: Row | None) -> pb.CreditLimit:
    if row is None:
        return pb.CreditLimit(account_id=str(account_id))
    return pb.CreditLimit(
        account_id=str(account_id),
        etag=str(row.version),
        amount=Money(currency_code=row.currency_code, amount_minor=row.amount_minor),
        updated_at=timestamp(row.updated_at),
    )
