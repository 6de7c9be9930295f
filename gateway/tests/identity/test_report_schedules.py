"""Reports that are sent regularly: whose they are, when they run, with which rights, and that each is mailed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from chassis.errors import InvalidArgument, Unavailable
from chassis.mail import LocalMailbox
from funia.identity.v1 import report_schedule_pb2 as pb
from funia.identity.v1 import tenant_pb2 as people
from funia.identity.v1.report_events_pb2 import ReportRunEnded
from gateway.composition import Identity
from gateway.console.ports import Session
from gateway.console.report_words import REPORTS
from gateway.identity.letters import Attachment
from gateway.identity.recurrence import next_due
from gateway.identity.reports import PAGES
from gateway.identity.usecases.report_runs import ReportRuns
from gateway.mail.sender import MailSender
from gateway.reporting.sender import ReportSender
from google.protobuf.field_mask_pb2 import FieldMask
from hypothesis import given, settings
from hypothesis import strategies as st

REPORT = "/reports/sales/sales?period=last_month&by=store"
FILE = Attachment("sales.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"figures")


class Files:
    """Makes every report at once, or fails as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[Session, str, str]] = []
        self.fails: Exception | None = None
        self.meanwhile: Callable[[], object] = lambda: None
        self.so = False
        self.looked: list[tuple[Session, Mapping[str, Any]]] = []

    def holds(self, session: Session, condition: Mapping[str, Any]) -> bool:
        self.looked.append((session, condition))
        return self.so

    def __call__(self, session: Session, report: str, form: str) -> Attachment:
        self.asked.append((session, report, form))
        self.meanwhile()
        if self.fails is not None:
            raise self.fails
        return FILE


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def sender(identity: Identity, files: Files, admin: Any) -> ReportSender:
    admin.execute("DELETE FROM report_schedule")
    admin.execute("DELETE FROM outgoing_mail")
    runs = ReportRuns(identity.database, identity.tokens, identity.post, identity.settings)
    return ReportSender(runs, lambda: files, identity.settings)


def schedule(person: Any, *to: Any, **given: Any) -> pb.ReportSchedule:
    wanted = pb.ReportSchedule(
        name="Sales by store",
        report=REPORT,
        format="xlsx",
        every="week",
        weekday=1,
        hour=8,
        time_zone="Europe/Sofia",
        recipient_ids=[str(one.user_id) for one in to or (person,)],
    )
    wanted.MergeFrom(pb.ReportSchedule(**given))
    made: pb.ReportSchedule = person.call(
        "CreateReportSchedule", pb.CreateReportScheduleRequest(report_schedule=wanted)
    )
    return made


def get(person: Any, schedule_id: str) -> pb.ReportSchedule:
    found: pb.ReportSchedule = person.call("GetReportSchedule", pb.GetReportScheduleRequest(id=schedule_id))
    return found


def pause(schedule_id: str, paused: bool = True) -> tuple[str, pb.UpdateReportScheduleRequest]:
    wanted = pb.ReportSchedule(id=schedule_id, paused=paused)
    mask = FieldMask(paths=["paused"])
    return "UpdateReportSchedule", pb.UpdateReportScheduleRequest(report_schedule=wanted, update_mask=mask)


def make_due(admin: Any, schedule_id: str, ago: str = "1 minute") -> None:
    admin.execute("UPDATE report_schedule SET next_at = now() - %s::interval WHERE id = %s", (ago, schedule_id))


def make_run_due(admin: Any) -> None:
    admin.execute("UPDATE report_run SET next_at = now() - interval '1 second' WHERE state = 'waiting'")


def waiting_mails(admin: Any, kind: str = "report") -> int:
    return int(admin.execute("SELECT count(*) FROM outgoing_mail WHERE kind = %s", (kind,)).fetchone()[0])


def test_a_due_report_is_made_with_its_owners_rights_and_mailed_once(
    owner_of: Any, hire: Any, acme: Any, other: Any, sender: ReportSender, files: Files, admin: Any, recorded: Any,
    identity: Identity, tmp_path: Path,
) -> None:  # fmt: skip
    boss, seller = owner_of(acme), hire(acme, "seller")
    made = schedule(seller, seller, boss)
    assert made.next_at.ToDatetime(tzinfo=dt.UTC).astimezone(ZoneInfo("Europe/Sofia")).strftime("%a %H") == "Mon 08"
    assert sender.send_due() == 0
    make_due(admin, made.id, "3 weeks")
    assert (sender.send_due(), sender.send_due()) == (1, 0)
    ((session, report, form),) = files.asked
    caller = identity.verifier.verify(session.access_token)
    assert (report, form, caller.actor_id, caller.visibility) == (REPORT, "xlsx", seller.user_id, "own")
    found = get(seller, made.id)
    assert (found.last_run.state, found.last_run.recipients, found.last_run.size_bytes) == (
        "sent",
        2,
        len(FILE.content),
    )
    assert found.next_at.ToDatetime(tzinfo=dt.UTC) > dt.datetime.now(dt.UTC)
    (told,) = [ReportRunEnded.FromString(one.payload) for one in recorded(acme, "identity.report.")]
    assert (told.report, list(told.recipient_ids)) == ("/reports/sales/sales", [str(seller.user_id), str(boss.user_id)])
    MailSender(identity.database, identity.post, LocalMailbox(tmp_path, keep=9), identity.settings).send_due()
    (mail,) = [path.read_text() for path in tmp_path.glob("*.eml")]
    assert mail.count("@example.com") >= 2
    assert 'filename="sales.xlsx"' in mail
    assert owner_of(other).refused("GetReportSchedule", pb.GetReportScheduleRequest(id=made.id)) == (
        "REPORT_SCHEDULE_NOT_FOUND"
    )


def test_a_process_that_dies_before_the_mail_leaves_a_run_that_is_made_again(
    owner_of: Any, acme: Any, sender: ReportSender, files: Files, admin: Any
) -> None:
    boss = owner_of(acme)
    make_due(admin, schedule(boss).id)
    files.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        sender.send_due()
    files.fails = None
    assert (sender.send_due(), waiting_mails(admin)) == (0, 0)
    make_run_due(admin)
    assert (sender.send_due(), waiting_mails(admin), len(files.asked)) == (1, 1, 2)


def test_two_processes_that_make_the_same_run_mail_it_once(
    owner_of: Any, acme: Any, sender: ReportSender, files: Files, admin: Any
) -> None:
    boss = owner_of(acme)
    make_due(admin, schedule(boss).id)

    def lease_runs_out() -> None:
        files.meanwhile = lambda: None
        make_run_due(admin)
        sender.send_due()

    files.meanwhile = lease_runs_out
    sender.send_due()
    assert (waiting_mails(admin), len(files.asked)) == (1, 2)


def test_a_schedule_whose_owner_may_no_longer_see_it_is_paused_and_says_why(
    owner_of: Any, hire: Any, acme: Any, sender: ReportSender, files: Files, admin: Any
) -> None:
    boss, seller = owner_of(acme), hire(acme, "seller")
    made = schedule(seller, boss)
    change = people.UpdateUserRequest(
        user=people.User(id=str(seller.user_id), status="suspended"), update_mask=FieldMask(paths=["status"])
    )
    boss.call("UpdateUser", change)
    make_due(admin, made.id)
    sender.send_due()
    found = get(boss, made.id)
    assert (found.paused, found.paused_reason, found.last_run.state) == (True, "OWNER_GONE", "paused")
    assert (files.asked, waiting_mails(admin)) == ([], 0)
    assert boss.refused(*pause(made.id, False)) == "NOT_OWNER"


def test_a_report_that_is_refused_pauses_and_one_that_fails_for_now_is_tried_again(
    owner_of: Any, acme: Any, sender: ReportSender, files: Files, admin: Any
) -> None:
    boss = owner_of(acme)
    made = schedule(boss)
    make_due(admin, made.id)
    files.fails = Unavailable("sales is away", reason="AWAY")
    for _ in range(6):
        make_run_due(admin)
        sender.send_due()
    found = get(boss, made.id)
    assert (found.last_run.state, found.last_run.reason, found.paused) == ("failed", "AWAY", False)
    make_due(admin, made.id)
    files.fails = InvalidArgument("no such filter", reason="BAD_FILTER")
    sender.send_due()
    found = get(boss, made.id)
    assert (found.paused, found.paused_reason, waiting_mails(admin, "report_paused")) == (True, "REPORT_REFUSED", 1)
    resumed = boss.call(*pause(made.id, False))
    assert (resumed.paused, resumed.paused_reason, resumed.HasField("next_at")) == (False, "", True)


def test_send_now_is_a_run_of_its_own_and_not_two_at_once(
    owner_of: Any, acme: Any, sender: ReportSender, admin: Any
) -> None:
    boss = owner_of(acme)
    made = schedule(boss)
    ask = pb.SendReportNowRequest(id=made.id)
    assert boss.call("SendReportNow", ask).state == "waiting"
    assert boss.refused("SendReportNow", ask) == "REPORT_RUNNING"
    sender.send_due()
    assert waiting_mails(admin) == 1
    runs = boss.call("ListReportRuns", pb.ListReportRunsRequest(id=made.id)).report_runs
    assert [one.state for one in runs] == ["sent"]
    assert get(boss, made.id).next_at == made.next_at


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"report": "/reports/sales/nothing"}, "REPORT_NOT_FOUND"),
        ({"report": "https://example.com/reports/sales/sales"}, "REPORT_NOT_FOUND"),
        ({"time_zone": "Europe/Atlantis"}, "INVALID_ZONE"),
        ({"recipient_ids": ["01a20000-0000-7000-8000-000000000009"]}, "USER_NOT_FOUND"),
        ({"every": "month"}, "REQUIRED"),
    ],
)
def test_a_wrong_schedule_is_refused_and_nothing_is_written(
    owner_of: Any, acme: Any, recorded: Any, wrong: dict[str, Any], reason: str
) -> None:
    boss = owner_of(acme)
    before = len(recorded(acme, "identity.report_schedule."))
    with pytest.raises(InvalidArgument) as refused:
        schedule(boss, **wrong)
    assert refused.value.violations[0].reason == reason
    assert len(recorded(acme, "identity.report_schedule.")) == before


def test_colleagues_see_their_own_schedules_and_administrators_those_of_all(
    owner_of: Any, hire: Any, acme: Any, sender: ReportSender
) -> None:
    boss, seller = owner_of(acme), hire(acme, "seller")
    made = schedule(seller)
    everybody = pb.ListReportSchedulesRequest(of_everybody=True)
    listed = boss.call("ListReportSchedules", everybody).report_schedules
    assert [one.id for one in listed] == [made.id]
    viewer = hire(acme, "viewer")
    assert list(viewer.call("ListReportSchedules", everybody).report_schedules) == []
    assert viewer.refused(*pause(made.id)) == "REPORT_SCHEDULE_NOT_FOUND"
    assert boss.call(*pause(made.id)).paused
    boss.call("DeleteReportSchedule", pb.DeleteReportScheduleRequest(id=made.id))
    assert seller.refused("GetReportSchedule", pb.GetReportScheduleRequest(id=made.id)) == "REPORT_SCHEDULE_NOT_FOUND"


def test_every_report_that_has_a_page_can_be_sent() -> None:
    assert PAGES["/reports/sales/"].names == REPORTS.keys()


ALERT = pb.ReportCondition(metric="sales", period="month", comparison="below", value=100_000)


def test_an_alert_is_told_once_when_its_figure_has_come_there_and_again_when_it_comes_back(
    owner_of: Any, acme: Any, sender: ReportSender, files: Files, admin: Any, identity: Identity
) -> None:
    boss = owner_of(acme)
    made = schedule(boss, condition=ALERT)
    assert made.condition == ALERT
    told = []
    for files.so in (False, True, True, False, True):
        make_due(admin, made.id)
        sender.send_due()
        run = get(boss, made.id).last_run
        told.append((run.state, run.reason))
    assert told == [("quiet", "NOT_SO"), ("sent", ""), ("quiet", "STILL_SO"), ("quiet", "NOT_SO"), ("sent", "")]
    assert (waiting_mails(admin), len(files.asked)) == (2, 2)
    session, condition = files.looked[0]
    assert identity.verifier.verify(session.access_token).actor_id == boss.user_id
    assert condition == {"metric": "sales", "period": "month", "comparison": "below", "value": 100_000}


def test_an_alert_that_is_asked_for_now_is_sent_whatever_its_figure(
    owner_of: Any, acme: Any, sender: ReportSender, files: Files, admin: Any
) -> None:
    boss = owner_of(acme)
    made = schedule(boss, condition=ALERT)
    assert boss.call("SendReportNow", pb.SendReportNowRequest(id=made.id)).reason == "ASKED"
    sender.send_due()
    assert (get(boss, made.id).last_run.state, files.looked, waiting_mails(admin)) == ("sent", [], 1)


def test_an_alert_becomes_a_report_again_and_needs_the_right_to_see_figures(
    owner_of: Any, hire: Any, acme: Any, sender: ReportSender, files: Files, admin: Any
) -> None:
    boss = owner_of(acme)
    made = schedule(boss, condition=ALERT)
    mask = FieldMask(paths=["condition"])
    plain = pb.UpdateReportScheduleRequest(report_schedule=pb.ReportSchedule(id=made.id), update_mask=mask)
    assert not boss.call("UpdateReportSchedule", plain).HasField("condition")
    make_due(admin, made.id)
    sender.send_due()
    assert (get(boss, made.id).last_run.state, files.looked) == ("sent", [])


@settings(max_examples=60, deadline=None)
@given(
    every=st.sampled_from(["day", "week", "month"]),
    weekday=st.integers(1, 7),
    month_day=st.integers(1, 31),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["Europe/Sofia", "America/St_Johns", "Pacific/Apia", "UTC"]),
    after=st.integers(946_684_800, 2_208_988_800).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC)),
)
def test_what_comes_regularly_comes_next_at_its_hour_and_soon_enough(
    every: str, weekday: int, month_day: int, hour: int, zone: str, after: dt.datetime
) -> None:
    where = ZoneInfo(zone)
    due = next_due(every, weekday=weekday, month_day=month_day, hour=hour, zone=where, after=after)
    local = due.astimezone(where)
    assert after < due <= after + dt.timedelta(days={"day": 3, "week": 15, "month": 32}[every])
    # An hour that the clocks leave out comes an hour later.
    assert local.hour == hour or (local - dt.timedelta(hours=1)).hour == hour
    if every == "week" and local.hour == hour:
        assert local.isoweekday() == weekday
    if every == "month" and local.hour == hour:
        following = (local + dt.timedelta(days=1)).month
        assert local.day == month_day or (local.day < month_day and following != local.month)
