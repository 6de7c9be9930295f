"""What a model is computed with, where nobody says otherwise."""

from __future__ import annotations

from funia.analytics.v1 import model_run_pb2 as pb

from analytics.modelling import baskets, churn, lifetime, segments

_DISCOUNT_PERMILLE = 100


def complete(kind: str, asked: pb.ModelParameters) -> pb.ModelParameters:
    """The parameters of this kind, each with a value; what is of other kinds is left out."""
    given = pb.ModelParameters(as_of=asked.as_of, first_day=asked.first_day)
    match kind:
        case "lifetime_value":
            given.model = asked.model or "bg_nbd"
            given.horizon_days = asked.horizon_days or lifetime.HORIZON_DAYS
            told = asked.HasField("discount_permille")
            given.discount_permille = asked.discount_permille if told else _DISCOUNT_PERMILLE
        case "churn":
            given.horizon_days = asked.horizon_days or churn.HORIZON_DAYS
        case "clusters":
            given.least_clusters = asked.least_clusters or segments.LEAST_CLUSTERS
            given.most_clusters = asked.most_clusters or max(given.least_clusters, segments.MOST_CLUSTERS)
        case "baskets":
            given.store_id, given.group = asked.store_id, asked.group
            given.least_support_ppm = asked.least_support_ppm or baskets.SUPPORT_PPM
            given.least_confidence_permille = asked.least_confidence_permille or baskets.CONFIDENCE_PERMILLE
            given.longest = max(asked.longest or baskets.LONGEST, 2)
            given.significance_permille = asked.significance_permille or baskets.SIGNIFICANCE_PERMILLE
            given.correction = asked.correction or "hochberg"
    return given
