"""The words of models of customers: bands, features, remarks, and why a model refuses."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.console.analysis_words import SEGMENTS
from gateway.console.i18n import Lazy, gettext, lazy

WORTH: Mapping[str, Lazy] = {
    "top": lazy("Worth most"),
    "high": lazy("Worth much"),
    "middle": lazy("In the middle"),
    "low": lazy("Worth little"),
    "least": lazy("Worth least"),
}
RISKS: Mapping[str, Lazy] = {"high": lazy("High risk"), "medium": lazy("Medium risk"), "low": lazy("Low risk")}
CLUSTERS: Mapping[str, Lazy] = {
    "champions": lazy("Champions"),
    "at_risk": lazy("At risk"),
    "new": lazy("New"),
    "lost": lazy("Lost customers"),
    "loyal": lazy("Loyal"),
    "average": lazy("Average"),
}
TRAITS: Mapping[str, Lazy] = {
    "RECENT": lazy("bought lately"),
    "LAPSED": lazy("have not bought for long"),
    "FREQUENT": lazy("buy often"),
    "RARE": lazy("buy rarely"),
    "HIGH_SPEND": lazy("spend much"),
    "LOW_SPEND": lazy("spend little"),
}
FEATURES: Mapping[str, Lazy] = {
    "recency_days": lazy("Days since the last order"),
    "purchases": lazy("Number of orders"),
    "mean_spend": lazy("Usual size of an order"),
    "known_days": lazy("Days since the first order"),
    "overdue": lazy("Overdue by the customer's own rhythm"),
}
REFUSALS: Mapping[str, Lazy] = {
    "EMPTY": lazy("Nothing was sold yet that counts. Figures appear once orders of customers are placed."),
    "ONE_CUSTOMER": lazy("There is one customer only; a model needs several to learn from."),
    "NO_TIME_PASSED": lazy("All orders are too recent; a model needs some time behind them."),
    "NO_REPEAT_PURCHASE": lazy("Nobody has bought twice yet, so nothing can be learned of who comes back."),
    "ALL_SPEND_EQUAL": lazy("Every order is worth the same, so nothing can be learned of spend."),
    "TOO_FEW_OF_A_CLASS": lazy("Too few customers have left, or too few have stayed: ten of each are needed."),
    "ALL_CUSTOMERS_ALIKE": lazy("All customers are alike, so there is nothing to part them by."),
    "K_BEYOND_CUSTOMERS": lazy("There are fewer different customers than clusters."),
    "ONE_PRODUCT_EACH": lazy("Every order holds one product only, so nothing is bought together."),
    "TOO_MANY_SETS": lazy("Too many products are bought together so often. Ask for a greater share of orders."),
    "TOO_MANY_RULES": lazy("More than 20,000 rules hold. Ask for a greater share of orders or a greater confidence."),
    "NOTHING_SOLD": lazy("Nothing of it was sold in this time at a price above nothing."),
    "ONE_PRICE": lazy("It has always been sold at one price, so nothing can be learned of other prices."),
    "TOO_FEW_ROWS": lazy("It was sold in too few weeks to tell the price from chance. Choose more time, or days."),
    "COLLINEAR": lazy(
        "The price moved only together with promotions or with time, so their effects cannot be told apart."
    ),
    "ONE_CLUSTER": lazy("It was sold in one place and at one level only; choose more time."),
    "TOO_SHORT": lazy("There is too little history: four whole months or weeks with sales are needed."),
    "AHEAD_BEYOND_HISTORY": lazy("The history is shorter than the time ahead. Try weeks, or wait for more months."),
    "REPORT_TOO_LARGE": lazy("There is more to look at than one run may. Ask for less time."),
    "OUR_FAULT": lazy("It failed by a fault on our side; the next night tries again."),
}
_REMARKS: Mapping[str, Lazy] = {
    "FEW_REPEAT_CUSTOMERS": lazy("Few customers have bought more than once, so the figures are rough."),
    "SPEND_FOLLOWS_FREQUENCY": lazy("Who buys often spends otherwise, which the model leaves out of account."),
    "NO_HOLD_OUT": lazy("There is too little time behind the orders to check the model on."),
    "FEW_ORDERS": lazy("There are few orders, so only strong ties between products are seen."),
    "WEAK_STRUCTURE": lazy("The clusters are not far apart: customers differ by degrees."),
    "FEW_EVENTS": lazy("Few customers have left, or few have stayed, so the reasons are rough."),
    "TOO_GOOD_TO_BE_TRUE": lazy("The model is suspiciously good; look at what it was given."),
    "DEMAND_RISES_WITH_PRICE": lazy("More is sold at higher prices, so something else moves demand. Do not act on it."),
    "SLOPE_MAY_BE_NOUGHT": lazy("The price may do nothing at all: nought lies within the limits."),
    "WIDE_INTERVAL": lazy("The limits are wide."),
    "FEW_ROWS": lazy("There are few sales to learn from."),
    "FEW_PRICES": lazy("It was sold at few different prices."),
    "PROMOTIONS_UNKNOWN": lazy("What promotions do cannot be told: nothing, or everything, was promoted."),
    "ONE_PRICE_WITH_OR_WITHOUT_PROMOTION": lazy("Promotions had one price, so their slope cannot be told."),
    "SEASON_TOO_LONG_FOR_HISTORY": lazy("There are no two whole years yet, so the time of the year is left out."),
    "NO_BACK_TEST": lazy("The history is too short to hold the forecast against the past."),
    "NO_BETTER_THAN_NAIVE": lazy("It does no better than saying that all will be as before."),
    "FEW_OUTCOMES_TESTED": lazy("It was held against few outcomes, so the limits are rough."),
    "NO_BETTER_THAN_THE_SHARE": lazy("The model tells no more than the overall share; do not act on it."),
}


def band_name(kind: str, band: str) -> str:
    """What a band of a model is called."""
    if kind == "clusters":
        name, _, number = band.rpartition("_")
        return f"{CLUSTERS[name]} {number}" if number.isdecimal() else str(CLUSTERS.get(band, band))
    words: Mapping[str, Lazy] = {"rfm": SEGMENTS, "lifetime_value": WORTH, "churn": RISKS}[kind]
    return str(words.get(band, band))


def refusal(reason: str) -> str:
    """Why there is no result, in a sentence."""
    known = REFUSALS.get(reason)
    return str(known) if known is not None else gettext("The orders do not allow an honest answer yet.")


def remark(code: str) -> str:
    """What a reader must know; empty for what needs no words."""
    known = _REMARKS.get(code)
    return str(known) if known is not None else ""
