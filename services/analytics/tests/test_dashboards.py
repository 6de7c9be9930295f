"""Dashboards: whose they are, what their tiles count, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.queries import periods, tiles
from analytics.servicers.dashboard import DashboardServicer
from analytics.settings import Settings
from analytics.store.opening import open_store
from analytics.store.port import ColumnStore
from chassis.errors import Kind
from chassis.launch import migrations_of
from chassis.paging import Pager
from chassis.server import Served
from chassis.testing.databases import migrated
from chassis.testing.people import House, Person, refused, serving
from chassis.work import Database
from funia.analytics.v1 import dashboard_pb2 as pb
from funia.analytics.v1 import dashboard_pb2_grpc
from hypothesis import given
from hypothesis import strategies as st

from .telling import line, order

TODAY = "2026-03-15"


@dataclass(frozen=True)
class Desk:
    house: House
    store: ColumnStore

    def create(self, person: Person, name: str = "Sales", **given: Any) -> pb.Dashboard:
        request = pb.CreateDashboardRequest(dashboard=pb.Dashboard(name=name, **given))
        return person.call("DashboardService.CreateDashboard", request)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def desk(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("dashboards")
    with migrated(admin_url, "analytics", migrations_of("analytics")) as urls:
        settings = Settings(state_dir=folder, database_url=urls.app_url, secret="s" * 32)
        database, store = Database(settings), open_store(settings)
        served = [Served(DashboardServicer.service, DashboardServicer(Pager("s" * 32, default_size=2), store))]
        modules = [dashboard_pb2_grpc]
        with serving(database, served, folder, scopes=("analytics.read",), modules=modules) as house:
            yield Desk(house, store)
        store.close()
        database.close()


def tile(*metrics: str, **given: Any) -> pb.Tile:
    return pb.Tile(metrics=metrics, **({"period": "month", "chart": "number"} | given))


def names(person: Person, **asked: Any) -> list[str]:
    answer = person.call("DashboardService.ListDashboards", pb.ListDashboardsRequest(**asked))
    return [one.name for one in answer.dashboards]


def query(person: Person, **given: Any) -> list[pb.TileFigures]:
    request = pb.QueryTilesRequest(**({"today": TODAY} | given))
    return list(person.call("DashboardService.QueryTiles", request).tiles)


def values(rows: Any) -> list[tuple[Any, ...]]:
    return [(*row.keys, row.currency_code, *(one.value for one in row.values)) for row in rows]


def test_a_shared_dashboard_is_seen_by_all_and_changed_by_its_maker_and_administrators(desk: Desk) -> None:
    maker, stranger = desk.house.person(), desk.house.person()
    colleague = desk.house.person(maker.tenant_id)
    admin = desk.house.person(maker.tenant_id, scopes=("analytics.read", "identity.admin"))
    mine, ours = desk.create(maker, "Mine"), desk.create(maker, "Ours", shared=True)
    assert ours.made_by == str(maker.actor_id)
    assert (names(maker), names(colleague), names(stranger)) == (["Mine", "Ours"], ["Ours"], [])
    assert names(colleague, filter='name = "Mine"') == []
    get = "DashboardService.GetDashboard"
    assert colleague.call(get, pb.GetDashboardRequest(id=ours.id)) == ours
    for person, seen in ((colleague, mine), (stranger, ours), (admin, mine)):
        assert refused(person.call, get, pb.GetDashboardRequest(id=seen.id)).kind is Kind.NOT_FOUND
    change = pb.UpdateDashboardRequest(dashboard=pb.Dashboard(id=ours.id, name="Theirs"))
    assert refused(colleague.call, "DashboardService.UpdateDashboard", change).reason == "NOT_OWNER"
    assert refused(colleague.call, "DashboardService.DeleteDashboard", pb.DeleteDashboardRequest(id=ours.id)).reason
    assert (
        refused(stranger.call, "DashboardService.QueryTiles", pb.QueryTilesRequest(id=ours.id)).kind is Kind.NOT_FOUND
    )
    assert names(colleague) == ["Ours"]
    assert admin.call("DashboardService.UpdateDashboard", change).name == "Theirs"
    admin.call("DashboardService.DeleteDashboard", pb.DeleteDashboardRequest(id=ours.id))
    assert names(maker) == ["Mine"]
    maker.call("DashboardService.UndeleteDashboard", pb.UndeleteDashboardRequest(id=ours.id))
    assert names(colleague) == ["Theirs"]


def test_tiles_count_their_time_the_time_before_and_what_the_caller_sees(desk: Desk) -> None:
    boss, stranger = desk.house.person(), desk.house.person()
    seller = desk.house.person(boss.tenant_id, visibility="own")
    tenant = boss.tenant_id

    def sold(day: str, minor: int, owner: Person | None = None, of: UUID = tenant) -> Any:
        owner_id = str(owner.actor_id) if owner else ""
        return order(of, lines=[line(minor)], ordered_on=day, owner_id=owner_id)

    store_events(
        desk.store,
        [
            sold("2026-03-15", 100, seller), sold("2026-03-01", 50), sold("2026-02-15", 30), sold("2026-02-16", 7),
            sold("2025-03-15", 9), sold("2026-03-15", 888, of=stranger.tenant_id),
        ],
    )  # fmt: skip
    made = desk.create(
        boss,
        tiles=[
            tile("sales", "orders", compared=True),
            tile("orders"),
            tile("sales", period="12_months", group_by=["month"], chart="line"),
            tile("sales", period="today", group_by=["seller"], chart="bars"),
        ],
        shared=True,
    )
    month, count, line_, bars = query(boss, id=made.id)
    assert (month.figures.first_day, month.figures.last_day) == ("2026-03-01", TODAY)
    assert values(month.figures.totals) == [("EUR", 150, 2)]
    assert (month.before.first_day, month.before.last_day) == ("2026-02-01", "2026-02-15")
    assert values(month.before.totals) == [("EUR", 30, 1)]
    assert values(count.figures.totals) == [("EUR", 2)]
    assert not count.HasField("before")
    assert values(line_.figures.rows) == [("2026-02", "EUR", 37), ("2026-03", "EUR", 150)]
    assert values(bars.figures.rows) == [(str(seller.actor_id), "EUR", 100)]
    assert [values(one.figures.totals) for one in query(seller, id=made.id)] == [
        [("EUR", 100, 1)], [("EUR", 1)], [("EUR", 100)], [("EUR", 100)],
    ]  # fmt: skip
    whole = query(boss, id=made.id, period="last_year")
    assert [one.tile.period for one in whole] == ["last_year"] * 4
    assert values(whole[0].figures.totals) == [("EUR", 9, 1)]
    assert query(stranger, tiles=[tile("sales")])[0].figures.totals[0].values[0].value == 888


def test_figures_of_the_same_rows_are_counted_together(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    plain = tiles.metrics.rows_of

    def counting(sight: Any, question: Any, *, limit: int) -> Any:
        asked.append([one.name for one in question.metrics])
        return plain(sight, question, limit=limit)

    monkeypatch.setattr(tiles.metrics, "rows_of", counting)
    person = desk.house.person()
    numbers = [tile(name) for name in ("sales", "orders", "customers", "average_order")]
    by_month = [tile(name, group_by=["month"], chart="line") for name in ("sales", "orders")]
    assert len(query(person, tiles=[*numbers, *by_month, tile("won_deals", "win_rate")])) == 7
    assert asked == [["sales", "orders", "customers", "average_order"], ["sales", "orders"], ["won_deals", "win_rate"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (tile("profit"), "tiles[1].metrics[0]"),
        (tile("orders", "won_deals"), "tiles[1].metrics[1]"),
        (tile("orders", group_by=["product"], chart="bars"), "tiles[1].group_by[0]"),
        (tile("orders", group_by=["seller"], chart="line"), "tiles[1].group_by"),
        (tile("orders", chart="table"), "tiles[1].group_by"),
        (tile("orders", filters=[{"dimension": "nose"}]), "tiles[1].filters[0]"),
        (tile("orders", period="some_day"), "tiles[1].period"),
    ],
)
def test_a_tile_that_makes_no_sense_is_refused_with_its_field(desk: Desk, wrong: pb.Tile, field: str) -> None:
    person = desk.house.person()
    both = [tile("sales"), wrong]
    request = pb.CreateDashboardRequest(dashboard=pb.Dashboard(name="Wrong", tiles=both))
    error = refused(person.call, "DashboardService.CreateDashboard", request)
    assert [one.field for one in error.violations] == [f"dashboard.{field}"]
    assert names(person) == []
    error = refused(person.call, "DashboardService.QueryTiles", pb.QueryTilesRequest(tiles=both))
    assert [one.field for one in error.violations] == [field]
    assert refused(person.call, "DashboardService.QueryTiles", pb.QueryTilesRequest()).reason == "DASHBOARD_OR_TILES"


@pytest.mark.parametrize(
    ("name", "today", "now", "before"),
    [
        ("month", "2026-03-31", ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ("last_month", "2026-03-31", ("2026-02-01", "2026-02-28"), ("2026-01-01", "2026-01-31")),
        ("quarter", "2026-05-31", ("2026-04-01", "2026-05-31"), ("2026-01-01", "2026-02-28")),
        ("year", "2028-02-29", ("2028-01-01", "2028-02-29"), ("2027-01-01", "2027-02-28")),
        ("last_year", "2026-03-31", ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
        ("12_months", "2026-03-15", ("2025-04-01", "2026-03-15"), ("2024-04-01", "2025-03-15")),
        ("7_days", "2026-03-03", ("2026-02-25", "2026-03-03"), ("2026-02-18", "2026-02-24")),
        ("yesterday", "2026-03-01", ("2026-02-28", "2026-02-28"), ("2026-02-27", "2026-02-27")),
    ],
)
def test_a_period_moves_and_has_one_before(
    name: str, today: str, now: tuple[str, str], before: tuple[str, str]
) -> None:
    day = date.fromisoformat(today)
    assert tuple(one.isoformat() for one in periods.moving(name, day)) == now
    assert tuple(one.isoformat() for one in periods.before(name, day)) == before


@given(st.sampled_from(periods.MOVING), st.dates(date(1975, 1, 1), date(2100, 1, 1)))
def test_the_time_before_ends_before_the_time_begins(name: str, today: date) -> None:
    first, last = periods.moving(name, today)
    earlier_first, earlier_last = periods.before(name, today)
    assert earlier_first <= earlier_last < first <= last <= today
    assert first - earlier_last >= timedelta(days=1)
