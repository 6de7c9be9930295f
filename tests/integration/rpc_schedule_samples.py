"""Sample requests for reports that are sent regularly. They run with a person's rights: an app is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from chassis.work import Work
from funia.identity.v1 import report_schedule_pb2 as pb
from gateway.identity.queries import report_schedule as queries
from google.protobuf.field_mask_pb2 import FieldMask
from rpc_world import Sample, World

_SERVICE = "/funia.identity.v1.ReportScheduleService"


def _schedule(world: World) -> str:
    """A schedule with a run that waits for a day that this test does not see."""
    made = uuid4()

    def write(work: Work) -> None:
        queries.add(
            work,
            id=made,
            name=world.mark,
            report="/reports/sales/sales",
            format="pdf",
            every="day",
            weekday=0,
            month_day=0,
            hour=8,
            time_zone="UTC",
            recipient_ids=[world.owner.user_id],
            condition=None,
            paused=False,
            next_at=work.now + timedelta(days=1),
        )
        due_at = work.now - timedelta(days=1)
        queries.add_run(work, made, due_at)
        run = queries.run(work, made, due_at)
        assert run is not None
        queries.change_run(work, run, state="failed", reason=world.mark, next_at=None, ended_at=work.now)

    world.platform.as_platform(world.owner, write)
    world.ids.add(str(made))
    return str(made)


def _listed(world: World) -> pb.ListReportSchedulesRequest:
    _schedule(world)
    return pb.ListReportSchedulesRequest(of_everybody=True)


def _new(world: World) -> pb.ReportSchedule:
    return pb.ReportSchedule(
        name="Sales", report="/reports/sales/sales", format="csv", every="day", recipient_ids=[str(UUID(int=1))]
    )


SCHEDULE_SAMPLES: dict[str, Sample] = {
    f"{_SERVICE}/ListReportSchedules": Sample(_listed, ours=True),
    f"{_SERVICE}/GetReportSchedule": Sample(lambda w: pb.GetReportScheduleRequest(id=_schedule(w))),
    f"{_SERVICE}/CreateReportSchedule": Sample(
        lambda w: pb.CreateReportScheduleRequest(report_schedule=_new(w)), ours=True, refused="PEOPLE_ONLY"
    ),
    f"{_SERVICE}/UpdateReportSchedule": Sample(
        lambda w: pb.UpdateReportScheduleRequest(
            report_schedule=pb.ReportSchedule(id=_schedule(w), paused=True), update_mask=FieldMask(paths=["paused"])
        )
    ),
    f"{_SERVICE}/DeleteReportSchedule": Sample(
        lambda w: pb.DeleteReportScheduleRequest(id=_schedule(w)), answers=False
    ),
    f"{_SERVICE}/SendReportNow": Sample(lambda w: pb.SendReportNowRequest(id=_schedule(w)), refused="NOT_OWNER"),
    f"{_SERVICE}/ListReportRuns": Sample(lambda w: pb.ListReportRunsRequest(id=_schedule(w))),
}
