"""Groups of customers: by recency, frequency and money, and clusters of those who are alike in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from funia.analytics.v1 import model_run_pb2 as pb

from analytics.methods.clusters import Clusters, Rfm, cluster_customers
from analytics.methods.findings import refuse_unless
from analytics.modelling.scores import Modelled, Score, remarked, summed
from analytics.queries import rfm
from analytics.queries.purchases import currency_of
from analytics.queries.sight import Sight

LEAST_CLUSTERS, MOST_CLUSTERS = 2, 8
_ALL = 1_000_000


def compute_rfm(sight: Sight, _asked: pb.ModelParameters, first: date, as_of: date) -> Modelled:
    """The groups of all customers, by quintiles. Raises Refused."""
    currency, rows = _customers(sight, first, as_of)
    scores = [
        Score(
            UUID(row[0]), bool(row[1]), str(row[8]), int(row[5]) * 100 + int(row[6]) * 10 + int(row[7]),
            {"recency": int(row[2]), "frequency": int(row[3]), "monetary": int(row[4])},
        )
        for row in rows
    ]  # fmt: skip
    return Modelled(
        pb.ModelResult(customers=len(scores), currency_code=currency, bands=summed(scores, rfm.GROUPS)), scores
    )


def compute_clusters(sight: Sight, asked: pb.ModelParameters, first: date, as_of: date) -> Modelled:
    """Clusters of all customers. Raises Refused."""
    currency, rows = _customers(sight, first, as_of)
    recency, frequency, spend = (np.array([float(row[at]) for row in rows]) for at in (2, 3, 4))
    found = cluster_customers(
        Rfm(recency, frequency, spend), least=asked.least_clusters, most=asked.most_clusters
    )  # fmt: skip
    bands = _bands(found)
    scores = [
        Score(UUID(row[0]), bool(row[1]), bands[label], int(row[4]), {"recency": int(row[2]), "frequency": int(row[3])})
        for row, label in zip(rows, found.labels.tolist(), strict=True)
    ]
    return Modelled(
        pb.ModelResult(
            customers=len(scores),
            currency_code=currency,
            bands=summed(scores, bands),
            remarks=remarked(found.remarks),
            clusters=_result(found, bands),
        ),
        scores,
    )


def _customers(sight: Sight, first: date, as_of: date) -> tuple[str, Sequence[Sequence[Any]]]:
    currency = currency_of(sight)
    whole = rfm.spreads(sight, currency, first, as_of)
    refuse_unless(whole.customers > 0, "EMPTY")
    return currency, rfm.customers(
        sight, currency, first, as_of, whole.quintiles, group="", after=UUID(int=0), limit=_ALL
    )


def _bands(found: Clusters) -> list[str]:
    """A name for each cluster: its kind, numbered where there are several of it."""
    seen: Counter[str] = Counter()
    names = []
    for profile in found.profiles:
        kind = profile.kind.lower()
        seen[kind] += 1
        names.append(kind if seen[kind] == 1 else f"{kind}_{seen[kind]}")
    return names


def _result(found: Clusters, bands: Sequence[str]) -> pb.ClustersResult:
    return pb.ClustersResult(
        k=found.k,
        choices=[pb.ClusterChoice(k=one.k, silhouette=one.silhouette) for one in found.choices],
        profiles=[
            pb.ClusterProfile(
                band=band,
                kind=one.kind,
                traits=one.traits,
                customers=one.customers,
                share_of_spend=one.share_of_spend,
                recency_median=one.recency_median,
                frequency_median=one.frequency_median,
                spend_median=one.spend_median,
            )
            for band, one in zip(bands, found.profiles, strict=True)
        ],
    )
