"""Every bound of customer search in one place, with its unit. `settings.py` of the service fills them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """Bounds shared by both engines. What does not fit is an error or is counted, never silently cut."""

    query_max_chars: int = 256
    query_max_words: int = 12
    page_max_hits: int = 100
    enough_hits: int = 5
    """Below this many hits the search goes on to the more tolerant stages (typos, then fewer words)."""
    batch_max_changes: int = 10_000
    document_max_words: int = 1_000
    """Searchable words of one document: its title, then names, then text. `IndexOutcome.shortened` counts
    the documents that had more."""
    document_max_identifiers: int = 100
    """E-mails plus phones of one document."""
    word_max_chars: int = 64
    """A longer word is found by its first so many characters."""


@dataclass(frozen=True, slots=True)
class EmbeddedLimits:
    """Bounds of the tantivy engine."""

    writer_heap_bytes: int = 15_000_000
    """Per open writer and thread; tantivy's own minimum. Only a busy writer touches it."""
    open_writers: int = 32
    """Each holds about seven sleeping threads."""
    open_readers: int = 64
    """Each holds a thread of tantivy that looks at one file twice a second."""
    commit_threads: int = 4
    """Tenants of one batch committed side by side; a commit waits for the disk most of its time."""
    rebuild_batch_documents: int = 5_000


@dataclass(frozen=True, slots=True)
class OpenSearchLimits:
    """Bounds of the OpenSearch engine."""

    timeout_s: float = 10.0
    search_timeout_s: float = 5.0
    bulk_max_actions: int = 1_000
    bulk_max_bytes: int = 5_000_000
    refresh_interval_ms: int = 500
    shards: int = 4
    replicas: int = 0
    placement_ttl_s: float = 1.0
    """How long a searching process trusts what it knows of a tenant's generation."""
    rebuild_batch_documents: int = 1_000
    purge_timeout_s: float = 600.0
    retries: int = 3
    retry_pause_s: float = 0.2
