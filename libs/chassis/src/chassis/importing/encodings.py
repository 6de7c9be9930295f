"""Which encoding a text file is in, found while it streams by. Nothing is decoded for use here.

UTF-8 is proven over the whole file; UTF-16 is known by its mark or its zero bytes; single-byte Cyrillic by runs of
high bytes that read as words; what is left is Western, Central European or Baltic, whichever leaves the fewest signs
within words. (Statistical guessing proved worse on the short lists people import.)
"""

from __future__ import annotations

import codecs
import re

_HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*[\r\n]*")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5")
_COMMON = frozenset("оеаинтсрвлкмдпу")
_WESTERN = ("cp1252", "cp1250", "cp1257")
"""Likeliest first: the first that leaves no sign within a word is taken."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SYMBOLS = r"[\u0080-\u00bf\u00d7\u00f7\u2000-\u2fff\ufffd]"
_SYMBOL_IN_WORD = re.compile(rf"(?<=[^\W\d_]){_SYMBOLS}(?=[^\W\d_])|{_SYMBOLS}(?=[^\W\d_]{{2}})")
_WORD = re.compile(r"(?<=[^\W\d_])[\u0080-\u00bf\u00d7\u00f7\ufffd]|[\u0080-\u00bf\u00d7\u00f7\ufffd](?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")


class EncodingFinder:
    """Fed with every piece of a file; `found()` tells the codec at the end, or None for a file that is no text."""

    def __init__(self, *, sample_bytes: int) -> None:
        self.head = b""
        self._sample_bytes = sample_bytes
        self._high = bytearray()
        self._decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()

    def feed(self, chunk: bytes) -> None:
        """Takes the next piece."""
        if len(self.head) < self._sample_bytes:
            self.head += chunk[: self._sample_bytes - len(self.head)]
        ascii_only = chunk.isascii()
        if self._decoder is not None and (not ascii_only or self._decoder.getstate()[0]):
            try:
                self._decoder.decode(chunk)
            except UnicodeDecodeError:
                self._decoder = None
        if not ascii_only and len(self._high) < self._sample_bytes:
            for line in _HIGH_LINE.finditer(chunk):
                self._high += line.group()[:2000]
                if len(self._high) >= self._sample_bytes:
                    break

    def found(self) -> str | None:
        """Python's name of the encoding."""
        for mark, encoding in _MARKS:
            if self.head.startswith(mark):
                return encoding
        if b"\0" in self.head:
            return _utf16(self.head)
        if self._is_utf8():
            return "utf-8"
        return _single_byte(bytes(self._high))

    def _is_utf8(self) -> bool:
        if self._decoder is not None:
            try:
                self._decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return len(self._high) > 1
            return True
        # A few damaged bytes do not make a UTF-8 file something else; their rows become errors.
        sample = bytes(self._high)
        damaged = len(re.findall("[\udc80-\udcff]+", sample.decode("utf-8", "surrogateescape")))
        good = sum(1 for character in sample.decode("utf-8", "ignore") if character > "\x7f")
        return good > 20 * damaged


def _utf16(head: bytes) -> str | None:
    best, best_share = None, 0.0
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(encoding, "replace")
        sane = sum(1 for character in text if character < "ӿ" and (character >= " " or character in "\r\n\t"))
        share = sane / max(1, len(text))
        if share > best_share:
            best, best_share = encoding, share
    return best if best_share > 0.9 else None


def _single_byte(sample: bytes) -> str:
    runs = [len(run.group()) for run in _HIGH_RUN.finditer(sample)]
    total = sum(runs)
    if total and sum(run for run in runs if run >= 3) > total / 2:
        return max(_CYRILLIC, key=lambda encoding: _reads_as_words(sample, encoding))
    return min(_WESTERN, key=lambda encoding: len(_SYMBOL_IN_WORD.findall(sample.decode(encoding, "replace"))))


def _reads_as_words(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, "replace")
    score = 0.0
    for match in _WORD.finditer(text):
        word = match.group()
        letters = [character for character in word if "\u0400" <= character <= "\u04ff"]
        if not letters:
            continue
        score += sum(2.0 if letter in _COMMON else 0.5 for letter in word.lower())
        if not (word.islower() or word.isupper() or word.istitle()):
            score -= 3.0 * len(word)
        elif word.isupper() and len(word) > 3:
            score -= 0.7 * len(word)
    score -= sum(2.0 for character in text if character > "\x7f" and not character.isalpha())
    return score
