"""Who is asked whether a record is in sight: contacts first, then sales; and what is said where neither has it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from chassis.caller import Caller
from chassis.client import channel
from chassis.errors import FuniaError, NotFound, PermissionDenied, Unavailable
from chassis.ids import uuid7
from funia.contacts.v1 import record_access_pb2 as access
from funia.contacts.v1 import record_access_pb2_grpc as contacts_grpc
from funia.sales.v1 import record_access_pb2 as sales_access
from funia.sales.v1 import record_access_pb2_grpc as sales_grpc
from gateway.identity.access_tokens import Rights
from gateway.identity.record_judge import RecordJudge

CONTACT, DEAL = uuid7(), uuid7()
WHO = Caller.system(uuid7())
SIGHT = Rights(WHO.tenant_id, uuid7(), "user", "", frozenset(), "own")


class Both(contacts_grpc.RecordAccessServiceServicer, sales_grpc.SalesRecordAccessServiceServicer):
    """Stands in for contacts and sales; `refuses` is how contacts says no."""

    refuses = grpc.StatusCode.NOT_FOUND

    def JudgeAccess(self, request: Any, context: Any) -> Any:
        if request.record_id != str(CONTACT):
            context.abort(self.refuses, "contacts has no such record")
        judged = [access.Judgement(visible=True, ways=["all"], writable=True) for _ in request.sights]
        return access.JudgeAccessResponse(kind="contact", judgements=judged)

    def JudgeSalesAccess(self, request: Any, context: Any) -> Any:
        if request.record_id != str(DEAL):
            context.abort(grpc.StatusCode.NOT_FOUND, "sales has no such record")
        judged = [access.Judgement(visible=True, ways=["share"]) for _ in request.sights]
        return sales_access.JudgeSalesAccessResponse(kind="deal", owner_id=str(CONTACT), judgements=judged)


@pytest.fixture
def both() -> Both:
    return Both()


@pytest.fixture
def judge(both: Both, tmp_path: Path) -> Iterator[RecordJudge]:
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    contacts_grpc.add_RecordAccessServiceServicer_to_server(both, server)
    sales_grpc.add_SalesRecordAccessServiceServicer_to_server(both, server)
    address = f"unix:{tmp_path}/both.sock"
    server.add_insecure_port(address)
    server.start()
    with channel(address) as opened:
        yield RecordJudge(lambda _: opened, timeout_s=5)
    server.stop(None).wait()


def test_the_service_that_has_the_record_answers(judge: RecordJudge) -> None:
    [of_contact] = judge(WHO, CONTACT, [SIGHT])
    assert (of_contact.kind, of_contact.ways, of_contact.writable) == ("contact", ("all",), True)
    [of_deal] = judge(WHO, DEAL, [SIGHT])
    assert (of_deal.kind, of_deal.ways, of_deal.owner_id) == ("deal", ("share",), CONTACT)


@pytest.mark.parametrize(
    ("refuses", "error"),
    [(grpc.StatusCode.NOT_FOUND, NotFound), (grpc.StatusCode.PERMISSION_DENIED, PermissionDenied)],
)
def test_where_neither_has_it_contacts_has_the_word(
    judge: RecordJudge, both: Both, refuses: grpc.StatusCode, error: type[FuniaError]
) -> None:
    both.refuses = refuses
    with pytest.raises(error, match="contacts has no such record"):
        judge(WHO, uuid7(), [SIGHT])
    assert judge(WHO, DEAL, [SIGHT])[0].kind == "deal"


def test_a_service_that_is_away_is_not_passed_over(judge: RecordJudge, both: Both) -> None:
    both.refuses = grpc.StatusCode.UNAVAILABLE
    with pytest.raises(Unavailable):
        judge(WHO, DEAL, [SIGHT])
