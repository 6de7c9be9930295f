"""CustomerService of sales at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from customer_projection.projection import CustomerProjection, customer_fields
from funia.sales.v1 import customer_pb2 as pb


class CustomerServicer:
    """Customers of the tenant as sales knows them."""

    def __init__(self, customers: CustomerProjection) -> None:
        self._customers = customers

    def GetCustomer(self, work: Work, request: pb.GetCustomerRequest) -> pb.Customer:
        return pb.Customer(**customer_fields(self._customers.get(work, UUID(request.id))))
