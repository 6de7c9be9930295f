"""Refusals of methods as the API says them: a stable code, and a sentence of what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from funia.analytics.v1 import model_run_pb2 as pb

SENTENCES: Mapping[str, str] = {
    "EMPTY": "Nothing was sold yet that counts: an order that was placed, with a customer, worth more than nothing.",
    "ONE_CUSTOMER": "There is one customer only; a model needs several to learn from.",
    "NO_TIME_PASSED": "All purchases are too recent; a model needs some time behind them.",
    "NO_REPEAT_PURCHASE": "Nobody has bought twice yet, so nothing can be learned of who comes back.",
    "ALL_SPEND_EQUAL": "Every purchase is worth the same, so nothing can be learned of spend.",
    "SPEND_NOT_POSITIVE": "Some customers have spent nothing or less, which this model cannot hold.",
    "NO_SUMMIT": "The data do not decide on one answer; more purchases may.",
    "NO_MEAN_SPEND": "Spend varies so much that it has no dependable mean.",
    "MODEL_DEGENERATE": "The data do not decide on one answer; more purchases may.",
    "TOO_FEW_OF_A_CLASS": "Too few customers have left, or too few have stayed, to learn from; ten of each are needed.",
    "NOTHING_VARIES": "All customers are alike in everything that is looked at.",
    "ALL_CUSTOMERS_ALIKE": "All customers are alike, so there is nothing to part them by.",
    "K_BEYOND_CUSTOMERS": "More clusters were asked for than there are different customers.",
    "ONE_PRODUCT_EACH": "Every order holds one product only, so nothing is bought together.",
    "TOO_MANY_SETS": "Too many products are bought together so often; ask for a greater least support.",
    "TOO_MANY_RULES": "More than 20,000 rules hold; ask for a greater least support or confidence.",
    "NOTHING_SOLD": "Nothing was sold of these products for more than nothing.",
    "ONE_PRICE": "These products have had one price only, so nothing can be learned of another.",
    "TOO_FEW_ROWS": "These products were sold in too few weeks and stores to learn from.",
    "COLLINEAR": "Price, promotion and time moved together, so none can be told from the others.",
    "TOO_SHORT": "Sales tell too little of what comes next; four whole weeks or months are needed at least.",
    "AHEAD_BEYOND_HISTORY": "Sales reach less far back than was asked to look ahead; ask for fewer steps.",
    "REPORT_TOO_LARGE": "There are more customers or orders than one run may look at.",
    "REPORT_TOO_SLOW": "Reading the purchases took too long; the next night tries again.",
    "OUR_FAULT": "The run failed by a fault on our side; the next night tries again.",
}
_OTHER = "The data allow no honest answer."


def refusal_message(reason: str, figures: Mapping[str, float]) -> pb.ModelRefusal:
    """Why there is no result."""
    return pb.ModelRefusal(reason=reason, message=SENTENCES.get(reason, _OTHER), figures=dict(figures))
