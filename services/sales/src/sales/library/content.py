"""Which files the library takes, held against their content: neither a name nor what a browser says is trusted.

What a browser would run (HTML, SVG), programs, archives and office files with macros are refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from chassis.errors import InvalidArgument, invalid_field

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Type of a file by the ending of its name."""
_MAGIC: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
_FIRST_PARTS: Mapping[str, str] = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
_PARTS_MOST = 20_000
_READ_BYTES = 256 * 1024
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml")


def ending_of(file_name: str) -> str:
    """The ending of a file that the library takes. Raises InvalidArgument naming those that it does."""
    ending = PurePosixPath(file_name).suffix.lstrip(".").lower()
    if ending not in TYPES:
        raise invalid_field(
            "file_name", f"the library takes files that end with {', '.join(TYPES)}", reason="FILE_TYPE_NOT_ALLOWED"
        )
    return ending


def check(path: Path, ending: str) -> str:
    """The type of a file whose name has this ending. Raises InvalidArgument where its content is something else."""
    found = TYPES[ending]
    if path.stat().st_size == 0:
        raise invalid_field("file", "it is empty; choose one with something in it", reason="FILE_EMPTY")
    if found in _MAGIC:
        with path.open("rb") as file:
            right = file.read(16).startswith(_MAGIC[found])
    elif found.startswith("text/"):
        right = _is_text(path)
    else:
        right = _is_office(path, ending)
    if not right:
        raise _other(ending)
    return found


def _is_text(path: Path) -> bool:
    """Whether it is UTF-8 without control characters or markup that a browser would run."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        if file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
            return False
        file.seek(0)
        try:
            while chunk := file.read(_READ_BYTES):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _is_office(path: Path, ending: str) -> bool:
    try:
        with ZipFile(path) as package:
            names = package.namelist()
            if len(names) > _PARTS_MOST or any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            if ending in _FIRST_PARTS:
                return "[Content_Types].xml" in names and _FIRST_PARTS[ending] in names
            kind = package.getinfo("mimetype")
            with package.open(kind) as file:
                return file.read(200).decode("ascii", "replace").strip() == TYPES[ending]
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError):
        return False


def _other(ending: str) -> InvalidArgument:
    return invalid_field(
        "file",
        f"its content is not that of a .{ending} file (text must be UTF-8, office files without macros). "
        "Save it anew and upload that",
        reason="FILE_TYPE_MISMATCH",
    )
