"""A worker that is killed at the last moment of running what was approved: done, and not yet committed.

Run with the database's URL, the tenant and the approval.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from uuid import UUID

from chassis.approved_runs import ApprovedRuns
from chassis.jobs import Control
from chassis.paging import Pager
from chassis.server import Served
from chassis.settings import Settings
from chassis.work import Database, Work
from funia.sales.v1 import order_pb2 as pb
from sales.references import Customers
from sales.servicers.order import OrderServicer


class Killed(OrderServicer):
    """Confirms, and is killed."""

    def ConfirmOrder(self, work: Work, request: pb.ConfirmOrderRequest) -> pb.Order:
        super().ConfirmOrder(work, request)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("nobody comes here")


def main() -> None:
    """Runs one approval."""
    url, tenant_id, approval_id = sys.argv[1], UUID(sys.argv[2]), UUID(sys.argv[3])
    servicer = Killed(Pager("a secret of at least thirty-two bytes"), Customers(""))
    runs = ApprovedRuns("sales", Database(Settings(database_url=url)), [Served(servicer.service, servicer)])
    runs.handle(tenant_id, approval_id, Control(threading.Event(), slice_s=60, attempt=0, last_attempt=False))


if __name__ == "__main__":
    main()
