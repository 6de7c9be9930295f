"""Sample requests for break-glass. Opening and ending are for people: an app is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from chassis.work import Work
from funia.identity.v1 import break_glass_pb2 as pb
from gateway.identity.queries import break_glass
from google.protobuf.message import Message
from rpc_world import Sample, World

_SERVICE = "/funia.identity.v1.BreakGlassService"


def _opening(world: World) -> str:
    """One that has ended, by an owner who sees everything anyway."""
    made = uuid4()

    def write(work: Work) -> None:
        break_glass.add(
            work,
            id=made,
            user_id=UUID(world.owner.user_id),
            client_id="tests",
            reason=world.mark,
            record_id=None,
            opened_at=work.now,
            expires_at=work.now + timedelta(hours=1),
        )
        break_glass.end(work, made, "hand")

    world.platform.as_platform(world.owner, write)
    world.ids.add(str(made))
    return str(made)


def _listed(world: World) -> Message:
    _opening(world)
    return pb.ListBreakGlassesRequest()


BREAK_GLASS_SAMPLES: dict[str, Sample] = {
    f"{_SERVICE}/OpenBreakGlass": Sample(
        lambda w: pb.OpenBreakGlassRequest(reason=f"{w.mark} is ill", password="no secret of theirs"),
        ours=True,
        refused="OWNER_ONLY",
    ),
    f"{_SERVICE}/EndBreakGlass": Sample(lambda w: pb.EndBreakGlassRequest(id=_opening(w)), refused="OWNER_ONLY"),
    f"{_SERVICE}/GetBreakGlass": Sample(lambda w: pb.GetBreakGlassRequest(id=_opening(w))),
    f"{_SERVICE}/ListBreakGlasses": Sample(_listed, ours=True, answers=False),
}
