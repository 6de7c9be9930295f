"""What search may raise. Nothing else leaves this package on bad input or a broken engine."""


class SearchError(Exception):
    """Base of every error of this package; the message is safe to show to the caller."""


class SearchQueryInvalid(SearchError):
    """The request cannot be searched as it is. `field` names the culprit, `remedy` what to do about it."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(f"{field}: {remedy}")
        self.field = field
        self.remedy = remedy


class SearchDocumentInvalid(SearchQueryInvalid):
    """A document or tombstone cannot be indexed as it is; nothing of its batch was written."""


class SearchUnavailable(SearchError):
    """The engine is down, overloaded or did not answer in time. Retry later; nothing is lost by retrying."""


class SearchLocked(SearchUnavailable):
    """Another process already writes to this index root; only one may."""


class RebuildNotStarted(SearchError):
    """`rebuild` was called for a tenant without `start_rebuild`, or that rebuild was dropped since."""
