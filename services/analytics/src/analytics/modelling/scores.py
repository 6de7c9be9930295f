"""What computing a model gives: a result for its page, and a score for each customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from funia.analytics.v1 import model_run_pb2 as pb

from analytics.methods.chances import Reason
from analytics.methods.findings import Remark


@dataclass(frozen=True, slots=True)
class Score:
    """What a model says of a customer."""

    customer_id: UUID
    is_account: bool
    band: str
    score: int
    figures: Mapping[str, float]
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class KeptRule:
    """Who buys the antecedent buys the consequent: in so many orders both, each alone, and the figures of that."""

    id: UUID
    antecedent_ids: Sequence[UUID]
    consequent_id: UUID
    together: int
    antecedent_count: int
    consequent_count: int
    support: float
    confidence: float
    lift: float
    p_value: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Modelled:
    """A result with its scores of customers, or with its rules between products."""

    result: pb.ModelResult
    scores: Sequence[Score] = field(default_factory=tuple)
    rules: Sequence[KeptRule] = field(default_factory=tuple)


def summed(scores: Sequence[Score], order: Iterable[str]) -> list[pb.ScoreBand]:
    """Customers and scores by band, in this order; bands without customers are left out."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for one in scores:
        counts[one.band] += 1
        sums[one.band] += one.score
    return [pb.ScoreBand(band=band, customers=counts[band], score_sum=sums[band]) for band in order if counts[band]]


def remarked(remarks: Iterable[Remark]) -> list[pb.ModelRemark]:
    """Remarks as the API has them."""
    return [pb.ModelRemark(code=one.code, figures=dict(one.figures)) for one in remarks]
