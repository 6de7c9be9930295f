"""What a run of baskets is asked with in its form, and how its rules are put into words."""

from __future__ import annotations

from collections.abc import Mapping

from funia.analytics.v1 import basket_rule_pb2 as pb
from funia.analytics.v1 import model_run_pb2 as runs_pb

from gateway.console import formats, references
from gateway.console.i18n import Lazy, gettext, lazy

SORTS: Mapping[str, Lazy] = {
    "lift": lazy("Times as often"),
    "confidence": lazy("Buy it, too"),
    "support": lazy("Share of orders"),
}
SUPPORTS = (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100)
"""Least shares of orders to choose from, in millionths."""
CONFIDENCES = (50, 100, 200, 250, 300, 400, 500, 700)
"""Least confidences to choose from, in thousandths."""
LIFTS = (1_000, 1_500, 2_000, 3_000, 5_000, 10_000)
"""Least lifts to choose from, in thousandths."""


def share(value: float) -> str:
    """A share from 0 to 1 in per cent, with as many places as small shares need."""
    return f"{formats.format_number(round(100 * value, 3 if value < 0.001 else 2 if value < 0.01 else 1))}\u00a0%"


def chance(value: float) -> str:
    """A chance, never shown as none."""
    least = formats.format_number(0.001)
    return f"< {least}" if value < 0.001 else formats.format_number(round(value, 3))


def basket_parameters(form: Mapping[str, str]) -> runs_pb.ModelParameters:
    """What the form asks for; what is no number is as the run has it by itself."""

    def number(name: str) -> int:
        return int(form[name]) if form.get(name, "").isdecimal() and len(form[name]) < 8 else 0

    return runs_pb.ModelParameters(
        first_day=form.get("first_day", ""),
        store_id=form.get("store_id", ""),
        group=form.get("group", ""),
        least_support_ppm=number("least_support_ppm"),
        least_confidence_permille=number("least_confidence_permille"),
        longest=number("longest"),
    )


def prefetch(rules: list[pb.FoundBasketRule]) -> dict[str, str]:
    """What the products of rules are called, by id."""
    ids = dict.fromkeys(
        one for rule in rules for one in (*rule.antecedent_product_ids, rule.consequent_product_id)
    )  # fmt: skip
    references.prefetch("products", ids)
    return {one: references.name_of("products", one) or gettext("Not to be seen") for one in ids}
