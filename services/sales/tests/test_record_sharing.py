"""Deals and leads shared by hand: who finds them by which path, what each level allows, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis import record_shares
from chassis.caller import Caller
from chassis.errors import FuniaError, NotFound
from chassis.ids import uuid7
from chassis.testing.events import recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.contacts.v1.record_access_pb2 import Sight
from funia.contacts.v1.record_share_pb2 import RecordShare
from funia.sales.v1 import deal_pb2, lead_pb2, lines_pb2, sales_activity_pb2, sales_report_pb2
from funia.sales.v1 import record_access_pb2 as access_pb
from funia.sales.v1 import record_share_pb2 as pb
from funia.sales.v1.events_pb2 import SalesRecordShared
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from .companies import settle
from .test_deals import deal, stages


class World:
    """Anna, who owns a deal and a lead, Boris, who sees neither, and the company of a stranger."""

    def __init__(self, house: House, database: Database) -> None:
        self.database = database
        self.boss = house.person()
        settle(database, self.boss.tenant_id)
        self.anna = house.person(self.boss.tenant_id, visibility="own")
        self.boris = house.person(self.boss.tenant_id, visibility="own")
        self.stranger = house.person(actor_id=self.boris.actor_id)
        settle(database, self.stranger.tenant_id)
        self.deal = deal(self.anna, "Ten chairs")
        lead = lead_pb2.Lead(family_name="Kolarova", email="vera@example.com")
        self.lead = self.anna.call("LeadService.CreateLead", lead_pb2.CreateLeadRequest(lead=lead))

    def share(
        self, record_id: str, grantee: UUID, level: str = "read", *, kind: str = "user", until: Timestamp | None = None
    ) -> Any:
        share = RecordShare(grantee_kind=kind, grantee_id=str(grantee), level=level, until=until)
        request = pb.ShareSalesRecordRequest(record_id=record_id, share=share)
        return self.anna.call("SalesRecordShareService.ShareSalesRecord", request).share

    def unshare(self, record_id: str, grantee: UUID) -> None:
        request = pb.UnshareSalesRecordRequest(record_id=record_id, grantee_id=str(grantee))
        self.anna.call("SalesRecordShareService.UnshareSalesRecord", request)

    def paths(self, who: Person) -> dict[str, bool]:
        """Whether each way of reading shows the records to the caller."""
        pipeline = next(iter(stages(who).values())).pipeline_id
        board = who.call("DealService.GetDealBoard", deal_pb2.GetDealBoardRequest(pipeline_id=pipeline))
        request = sales_report_pb2.RunSalesReportRequest(report="pipeline")
        report = who.call("SalesReportService.RunSalesReport", request)
        filtered = deal_pb2.ListDealsRequest(filter='name = "Ten chairs"')
        wanted = lead_pb2.BatchGetLeadsRequest(ids=[self.lead.id])
        return {
            "get": self._there(who, "DealService.GetDeal", deal_pb2.GetDealRequest(id=self.deal.id)),
            "get lead": self._there(who, "LeadService.GetLead", lead_pb2.GetLeadRequest(id=self.lead.id)),
            "list": bool(who.call("DealService.ListDeals", deal_pb2.ListDealsRequest()).deals),
            "list leads": bool(who.call("LeadService.ListLeads", lead_pb2.ListLeadsRequest()).leads),
            "filter": bool(who.call("DealService.ListDeals", filtered).deals),
            "batch": bool(who.call("LeadService.BatchGetLeads", wanted).leads),
            "board": any(column.deals for column in board.columns),
            "report": bool(report.rows),
        }

    def _there(self, who: Person, method: str, request: Any) -> bool:
        try:
            who.call(method, request)
        except NotFound:
            return False
        return True


@pytest.fixture
def world(house: House, database: Database) -> World:
    return World(house, database)


def test_a_share_opens_every_path_until_it_is_ended(world: World) -> None:
    assert set(world.paths(world.boris).values()) == {False}
    for record in (world.deal, world.lead):
        world.share(record.id, world.boris.actor_id)
    assert set(world.paths(world.boris).values()) == {True}
    assert set(world.paths(world.stranger).values()) == {False}
    for record in (world.deal, world.lead):
        world.unshare(record.id, world.boris.actor_id)
    assert set(world.paths(world.boris).values()) == {False}


def test_a_share_ends_by_itself_and_begins_in_no_past(world: World) -> None:
    past = Timestamp()
    past.FromDatetime(datetime.now(UTC) - timedelta(seconds=1))
    assert refused(world.share, world.deal.id, world.boris.actor_id, until=past).reason == "IN_THE_PAST"
    with world.database.open_work(Caller.system(world.boss.tenant_id)) as work:
        for record, kind in ((world.deal, "deal"), (world.lead, "lead")):
            record_shares.put(
                work,
                kind,
                UUID(record.id),
                grantee_kind="user",
                grantee_id=world.boris.actor_id,
                level="write",
                until=past.ToDatetime(tzinfo=UTC),
            )
    assert set(world.paths(world.boris).values()) == {False}


def test_what_is_shared_with_a_team_is_seen_by_its_people(world: World, house: House) -> None:
    team = uuid7()
    inside = house.person(world.boss.tenant_id, visibility="own", team_ids=[team])
    for record in (world.deal, world.lead):
        world.share(record.id, team, kind="team")
    assert set(world.paths(inside).values()) == {True}
    assert set(world.paths(world.boris).values()) == {False}


def test_reading_is_not_writing_and_writing_is_not_owning(world: World) -> None:
    def attempts() -> dict[str, str]:
        who = world.boris
        named = deal_pb2.Deal(id=world.deal.id, next_step=str(uuid7()))
        given = deal_pb2.Deal(id=world.deal.id, owner_id=str(who.actor_id))
        note = sales_activity_pb2.SalesActivity(kind="note", title="x", deal_id=world.deal.id)
        acts: dict[str, tuple[str, Any]] = {
            "change": (
                "DealService.UpdateDeal",
                deal_pb2.UpdateDealRequest(deal=named, update_mask=FieldMask(paths=["next_step"])),
            ),
            "note": (
                "SalesActivityService.CreateSalesActivity",
                sales_activity_pb2.CreateSalesActivityRequest(sales_activity=note),
            ),
            "lines": ("DealLineService.SetDealLines", lines_pb2.SetDealLinesRequest(deal_id=world.deal.id)),
            "lead": ("LeadService.MarkLeadContacted", lead_pb2.MarkLeadContactedRequest(id=world.lead.id)),
            "give away": (
                "DealService.UpdateDeal",
                deal_pb2.UpdateDealRequest(deal=given, update_mask=FieldMask(paths=["owner_id"])),
            ),
            "delete": ("DealService.DeleteDeal", deal_pb2.DeleteDealRequest(id=world.deal.id)),
            "share on": (
                "SalesRecordShareService.ShareSalesRecord",
                pb.ShareSalesRecordRequest(
                    record_id=world.deal.id,
                    share=RecordShare(grantee_kind="user", grantee_id=str(uuid7()), level="read"),
                ),
            ),
            "unshare": (
                "SalesRecordShareService.UnshareSalesRecord",
                pb.UnshareSalesRecordRequest(record_id=world.deal.id, grantee_id=str(who.actor_id)),
            ),
        }
        said: dict[str, str] = {}
        for name, (method, request) in acts.items():
            try:
                who.call(method, request)
                said[name] = ""
            except FuniaError as error:
                said[name] = error.reason
        return said

    for record in (world.deal, world.lead):
        world.share(record.id, world.boris.actor_id)
    owning = dict.fromkeys(("delete", "share on", "unshare"), "RECORD_SHARED_WITH_YOU")
    writing = ("change", "note", "lines", "lead")
    assert attempts() == dict.fromkeys((*writing, "give away"), "RECORD_READ_ONLY") | owning
    for record in (world.deal, world.lead):
        world.share(record.id, world.boris.actor_id, "write")
    assert attempts() == dict.fromkeys(writing, "") | {"give away": "RECORD_SHARED_WITH_YOU"} | owning
    listed = world.boris.call(
        "SalesRecordShareService.ListSalesRecordShares", pb.ListSalesRecordSharesRequest(record_id=world.deal.id)
    )
    assert (listed.level, [one.level for one in listed.shares]) == ("write", ["write"])


def test_a_share_is_told_of_bounded_and_a_new_version_of_the_record(world: World) -> None:
    world.share(world.deal.id, world.boris.actor_id)
    world.share(world.deal.id, world.boris.actor_id)
    after = world.anna.call("DealService.GetDeal", deal_pb2.GetDealRequest(id=world.deal.id))
    assert int(after.etag) == int(world.deal.etag) + 1
    world.unshare(world.deal.id, world.boris.actor_id)
    world.unshare(world.deal.id, world.boris.actor_id)
    events = [one for one in recorded(world.database, world.boss.tenant_id) if one.type.endswith("shared")]
    assert [one.type for one in events] == ["sales.deal.shared", "sales.deal.unshared"]
    assert [one.version for one in events] == [int(after.etag), int(after.etag) + 1]
    payload = events[0].payload
    assert isinstance(payload, SalesRecordShared)
    assert (payload.record_id, payload.grantee_id, payload.level) == (
        world.deal.id,
        str(world.boris.actor_id),
        "read",
    )
    for _ in range(3):
        world.share(world.lead.id, uuid7())
    assert refused(world.share, world.lead.id, uuid7()).reason == "TOO_MANY_SHARES"


def test_records_of_another_company_and_in_the_bin_are_not_shared(world: World) -> None:
    share = RecordShare(grantee_kind="user", grantee_id=str(uuid7()), level="read")
    request = pb.ShareSalesRecordRequest(record_id=world.deal.id, share=share)
    for who in (world.stranger, world.boris):
        error = refused(who.call, "SalesRecordShareService.ShareSalesRecord", request)
        assert error.reason == "RECORD_NOT_FOUND"
    world.anna.call("DealService.DeleteDeal", deal_pb2.DeleteDealRequest(id=world.deal.id))
    assert refused(world.share, world.deal.id, uuid7()).reason == "DELETED"
    with world.database.open_work(Caller.system(world.boss.tenant_id)) as work:
        assert record_shares.of_record(work, UUID(world.deal.id)) == []


def test_why_somebody_sees_a_record_knows_of_shares(world: World) -> None:
    world.share(world.deal.id, world.boris.actor_id, "write")
    people = [world.anna, world.boris, world.boss]
    sights = [Sight(visibility="own", actor_id=str(one.actor_id), group_ids=[str(one.actor_id)]) for one in people]
    request = access_pb.JudgeSalesAccessRequest(record_id=world.deal.id, sights=sights)
    answer = world.boss.call("SalesRecordAccessService.JudgeSalesAccess", request)
    assert (answer.kind, answer.owner_id) == ("deal", str(world.anna.actor_id))
    assert [list(one.ways) for one in answer.judgements] == [["owner"], ["share"], []]
    assert [one.writable for one in answer.judgements] == [True, True, False]
    request = access_pb.JudgeSalesAccessRequest(record_id=world.lead.id, sights=sights)
    answer = world.boss.call("SalesRecordAccessService.JudgeSalesAccess", request)
    assert (answer.kind, [one.visible for one in answer.judgements]) == ("lead", [True, False, False])
    for who in (world.stranger, world.boris):
        assert refused(who.call, "SalesRecordAccessService.JudgeSalesAccess", request).reason == "RECORD_NOT_FOUND"
