"""Settings of sales."""

from __future__ import annotations

from chassis.mail import MailSettings


class SalesProcessSettings(MailSettings):
    """Settings of sales beside those of every process."""

    card_api_url: str = "https://api.stripe.com"
    """Where the card provider answers."""
    card_timeout_s: float = 10.0
    """How long it may take to answer."""
    card_webhook_tolerance_s: float = 300.0
    """How old a webhook of it may be, and how far its clock may be off."""
    till_clock_tolerance_s: float = 300.0
    """How far the clock of a till may be off before its receipts are flagged."""

    document_file_max_bytes: int = 25 * 1024 * 1024
    """File of a document of the library."""
    document_mail_max_bytes: int = 10 * 1024 * 1024
    """Documents that one mail carries, together."""
    document_versions_max: int = 100
    """Versions of a document."""

    import_file_max_bytes: int = 512 * 1024 * 1024
    """File of an import."""
    import_workbook_max_bytes: int = 20 * 1024 * 1024
    """The same of a workbook, which is loaded whole."""
    import_batch_rows: int = 2_000
    """Rows an import writes in a transaction; rows of one order stay together."""
    import_keep_days: int = 90
    """An import nothing has happened to for so long is forgotten: its file, its findings, and what undoing it needs."""
    forget_every_s: float = 86_400.0

    personal_data_rows_max: int = 500
    """Rows of a table in the answer to what is held about a person; it says where there are more."""
    record_shares_max: int = 50
    """People and teams that one record is shared with by hand."""
    shared_records_max: int = 1_000
    """Records shared by hand with one person or team; lists look them up."""
