"""Elasticities through the door: published figures, what-ifs with their intervals, and honest refusals."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import numpy as np
import pytest
from analytics.consumers.events import store_events
from analytics.servicers.elasticity import ElasticityServicer
from analytics.store.port import ColumnStore
from chassis.caller import Caller
from chassis.errors import InvalidArgument, PermissionDenied
from chassis.ids import uuid7
from chassis.server import Call
from funia.analytics.v1 import elasticity_pb2 as pb

from .telling import line, order

CUP = str(uuid7())
SINCE = date(2025, 1, 6)


def asked(store: ColumnStore, tenant: UUID, **given: Any) -> pb.Elasticity:
    call = Call(Caller.system(tenant), cast(Any, None), cast(Any, None))
    request = pb.EstimateElasticityRequest(**({"product_ids": [CUP]} | given))
    return ElasticityServicer(store).EstimateElasticity(call, request)


def sold(product: str, week: int, price: int, pieces: int, **given: Any) -> Any:
    return {
        "lines": [line(price * pieces, product_id=product, quantity_milli=1_000 * pieces, **given)],
        "ordered_on": (SINCE + timedelta(weeks=week)).isoformat(),
    }


def test_the_published_figures_of_orange_juice_come_out_of_the_door(
    embedded_store: ColumnStore, tenant: UUID, published: Path
) -> None:
    with gzip.open(published / "price_elasticity" / "oj.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    brands = {name: str(uuid7()) for name in ("dominicks", "minute.maid", "tropicana")}
    shops = [str(uuid7()) for _ in range(120)]
    seen = dict.fromkeys(brands, 0)

    def told() -> Iterator[Any]:
        # The file names neither shop nor week, so each row gets one of its own.
        for row in rows:
            at = seen[row["brand"]] = seen[row["brand"]] + 1
            off = {"rule_minor": 1} if row["feat"] == "1" else {}
            cents, pieces = round(float(row["price"]) * 100), round(float(row["sales"]))
            given = sold(brands[row["brand"]], at // len(shops), cents, pieces, **off)
            yield order(tenant, store_id=shops[at % len(shops)], **given)

    store_events(embedded_store, list(told()))
    slopes = {}
    for name, product in brands.items():
        found = asked(embedded_store, tenant, product_ids=[product], effects="product")
        assert (found.rows, found.HasField("refusal")) == (9_649, False)
        slopes[name] = found
    own = slopes["dominicks"]
    assert round(own.slope.value, 3) == -2.774
    # Prices are in cents here, which moves what a promotion adds at a price of one by the slope it adds.
    assert round(own.promotion.value + own.price_in_promotion.value * np.log(100), 3) == 1.094
    assert round(own.price_in_promotion.value, 3) == -0.471
    assert round(slopes["minute.maid"].slope.value - own.slope.value, 3) == 0.783
    assert round(slopes["tropicana"].slope.value - own.slope.value, 3) == 0.736
    assert [round(slopes[name].naive.value, 3) for name in brands] == [-3.378, -3.321, -2.712]


def test_a_what_if_tells_volume_sales_and_margin_and_where_it_reaches_beyond(
    store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    prices = (800, 900, 1_000, 1_100, 1_250)
    told = [
        order(tenant, **sold(CUP, week, prices[week % 5], round(400_000 / prices[week % 5]), cost_minor=100_000))
        for week in range(60)
    ]
    told += [order(tenant, lines=[line(0, product_id=CUP)]), order(tenant, lines=[line(-9, product_id=CUP)])]
    told += [order(second_tenant, **sold(CUP, week, 500, 3)) for week in range(60)]
    store_events(store, told)
    found = asked(store, tenant, price_changes_permille=[-100, 50, 500], controls=["trend", "season"])
    assert (found.rows, found.left_out_lines) == (60, 2)
    assert found.slope.value == pytest.approx(-1, abs=0.01)
    assert found.slope.low <= found.slope.value <= found.slope.high
    cheaper, dearer, far = found.what_ifs
    assert cheaper.quantity_milli / found.today.quantity_milli == pytest.approx(1 / 0.9, rel=0.01)
    assert dearer.revenue_minor == pytest.approx(found.today.revenue_minor, rel=0.01)
    assert dearer.margin_minor > found.today.margin_minor
    assert [one.extrapolates for one in found.what_ifs] == [False, False, True]
    for one in (cheaper, dearer, far):
        assert one.quantity_low_milli <= one.quantity_milli <= one.quantity_high_milli
        assert one.margin_low_minor <= one.margin_minor <= one.margin_high_minor


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ([], "NOTHING_SOLD"),
        ([(0, 0, 3), (1, -5, 2)], "NOTHING_SOLD"),
        ([(week, 500, 2 + week) for week in range(40)], "ONE_PRICE"),
        ([(0, 500, 2), (1, 600, 1)], "TOO_FEW_ROWS"),
    ],
)
def test_what_tells_nothing_of_price_is_refused_with_the_reason(
    embedded_store: ColumnStore, tenant: UUID, held: list[tuple[int, int, int]], reason: str
) -> None:
    store_events(embedded_store, [order(tenant, **sold(CUP, *one)) for one in held])
    found = asked(embedded_store, tenant, price_changes_permille=[100])
    assert (found.refusal.reason, len(found.what_ifs)) == (reason, 0)
    assert found.refusal.message.endswith(".")


def test_demand_that_rises_with_price_and_thin_rows_are_remarked_upon(
    embedded_store: ColumnStore, tenant: UUID
) -> None:
    told = [order(tenant, **sold(CUP, week, 500 + 100 * (week % 3), 5 + 2 * (week % 3))) for week in range(12)]
    store_events(embedded_store, told)
    codes = {one.code for one in asked(embedded_store, tenant, controls=["season"]).remarks}
    assert {"DEMAND_RISES_WITH_PRICE", "FEW_ROWS", "SEASON_NEEDS_A_YEAR"} <= codes


def test_who_sees_a_part_of_the_company_and_a_confidence_of_nothing_are_refused(
    embedded_store: ColumnStore, tenant: UUID
) -> None:
    call = Call(replace(Caller.system(tenant), visibility="own"), cast(Any, None), cast(Any, None))
    with pytest.raises(PermissionDenied):
        ElasticityServicer(embedded_store).EstimateElasticity(call, pb.EstimateElasticityRequest(product_ids=[CUP]))
    with pytest.raises(InvalidArgument) as refused:
        asked(embedded_store, tenant, confidence_permille=5)
    assert refused.value.violations[0].field == "confidence_permille"
