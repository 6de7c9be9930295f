"""Every bound of imports in one place, with its unit. `settings.py` of the service fills them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """Bounds of an import. What does not fit is an error that names the row, never silently cut."""

    file_max_bytes: int = 512 * 1024 * 1024
    workbook_max_bytes: int = 20 * 1024 * 1024
    """A workbook is loaded whole, a text file is streamed."""
    workbook_unpacked_max_bytes: int = 200 * 1024 * 1024
    columns_max: int = 500
    line_max_chars: int = 200_000
    record_max_lines: int = 200
    """A value may go over so many lines; a quote open longer is taken for a broken one."""
    samples: int = 5
    sample_max_chars: int = 200
    sniff_bytes: int = 256 * 1024
    batch_rows: int = 1_000
    """Rows a transaction."""
    error_value_max_chars: int = 10_000
    """A longer value is shown shortened in the error list, which then says so."""
    undo_batch_records: int = 500
    export_page_rows: int = 500
    error_page_rows: int = 1_000
    default_currency: str = "USD"
    """Currency of revenues that name none."""
