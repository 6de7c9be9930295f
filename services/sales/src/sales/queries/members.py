"""What members hold, for filters: their lots of points."""

from __future__ import annotations

from typing import Any

from chassis.filtering import FieldType, SqlRows
from sqlalchemy import DateTime, cast, func, literal_column, select

from sales.model.loyalty import LoyaltyMember, PointLot

NEVER_YEAR = 9999
"""When points expire that never do: filters and reports need a moment that can be compared."""
EXPIRES_AT = func.coalesce(
    PointLot.expires_at, cast(literal_column(f"'{NEVER_YEAR}-01-01T00:00:00Z'"), DateTime(timezone=True))
)


def _of_a_lot(value: Any) -> SqlRows:
    return SqlRows(
        value=value,
        lowered=value,
        holds=lambda fits: (
            select(PointLot.id)
            .where(
                PointLot.tenant_id == LoyaltyMember.tenant_id,
                PointLot.member_id == LoyaltyMember.id,
                PointLot.left_points > 0,
                *(() if fits is None else (fits,)),
            )
            .exists()
        ),
        type=FieldType.TIMESTAMP,
        row="lot",
    )


LOT_ROWS = {"points_usable_at": _of_a_lot(PointLot.usable_at.expression), "points_expire_at": _of_a_lot(EXPIRES_AT)}
"""Since when points that a member still has can be spent, and until when."""
