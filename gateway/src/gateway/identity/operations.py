"""Operations that approval policies may make wait, of every service, as the contract declares them."""

from __future__ import annotations

from chassis.approvals import Operation
from funia.sales.v1 import approval_facts_pb2

OPERATIONS: dict[str, Operation] = {
    one.name: one
    for file in (approval_facts_pb2.DESCRIPTOR,)
    for one in (Operation.of(message) for message in file.message_types_by_name.values())
}
SERVICES = sorted({name.partition(".")[0] for name in OPERATIONS})
"""Services that have such operations."""
