"""Settings of contacts."""

from __future__ import annotations

from chassis.settings import Settings


class ContactsSettings(Settings):
    """Settings of contacts beside those of every process."""

    opensearch_url: str = ""
    search_batch_size: int = 500
    duplicate_candidates_max: int = 10
    batch_get_max: int = 200

    record_shares_max: int = 50
    """People and teams that one record is shared with by hand."""
    shared_records_max: int = 1_000
    """Records shared by hand with one person or team; lists and searches look them up."""

    import_file_max_bytes: int = 512 * 1024 * 1024
    import_workbook_max_bytes: int = 20 * 1024 * 1024
    import_batch_rows: int = 1_000
    import_default_currency: str = "USD"

    import_keep_days: int = 90
    """An import nothing has happened to for so long is forgotten: its file, its errors, and what undoing it needs."""
    bulk_keep_days: int = 30
    """The same of bulk jobs, with their results."""
    forget_every_s: float = 86_400.0

    bulk_file_max_bytes: int = 512 * 1024 * 1024
    """File of a bulk job; a batch of it has `import_batch_rows` items."""


def read_settings() -> ContactsSettings:
    """Settings from the environment."""
    return ContactsSettings()
