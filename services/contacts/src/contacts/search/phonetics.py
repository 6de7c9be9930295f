"""Spelling-tolerant keys of a word, so that Щербаков, Shcherbakov and Scherbakov meet.

`sound` keeps vowels, `bones` keeps consonants only; both map Latin and Cyrillic (Russian, Bulgarian,
Ukrainian, Serbian) into one alphabet. The rules cover the passport, BGN/PCGN, ISO 9 and Bulgarian
systems plus common Western spellings. They are tuned for recall: a key is for matching, not for showing.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_CACHED_WORDS = 131_072

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ы": "y", "э": "e", "ю": "yu",
    "я": "ya", "ё": "yo", "ъ": "ъ", "ь": "", "ґ": "g", "є": "e", "і": "i", "ї": "yi", "ў": "v", "ј": "j",
    "љ": "l", "њ": "n", "ћ": "ch", "ђ": "dj", "џ": "dzh",
}  # fmt: skip
_LATIN_MARKED = str.maketrans({
    "ž": "zh", "š": "sh", "č": "ch", "ć": "ch", "ç": "s", "ş": "sh", "ș": "sh", "đ": "dj", "ł": "l",
    "ż": "zh", "ź": "z", "ś": "s", "ä": "e", "ö": "e", "ü": "u", "ß": "ss", "ø": "e", "å": "o", "æ": "e",
    "œ": "e",
})  # fmt: skip
# ъ is a vowel in Bulgarian and silent in Russian, where it only ever stands before е, ё, ю, я.
_HARD_SIGN_VOWEL = re.compile(r"ъ(?![yeio])")

# Upper-case letters stand for one sound: S sh, C ch, Z zh, T ts.
_CLUSTERS = tuple((re.compile(pattern), key) for pattern, key in (
    (r"^mc(?=[a-z])", "mak"), (r"shch|shh|scht|sht|sch|sh", "S"), (r"ch(?=[rlnms])", "k"),
    (r"tsch|tch|cz|cch|ch", "C"), (r"sc(?=[eiy])", "S"), (r"zh", "Z"), (r"dzh|dj|dZ", "j"), (r"ph", "f"),
    (r"kh", "h"), (r"th", "t"), (r"gh", "g"), (r"ck", "k"), (r"dz", "z"), (r"tz|ts", "T"), (r"x", "ks"),
    (r"qu", "kv"), (r"q", "k"),
))  # fmt: skip
_VOWELS_I = re.compile(r"(?<=[a-z])(?:ei|ej|ey|ay|eigh|ij|iy|yi|ii|ie|ee|ea)$|(?<=[a-z])(?:ee|ea|ie)(?=[^aeiouy])")
_W_VOWEL = re.compile(r"w(?=[^aeiouyh])")
_SILENT_U = re.compile(r"gu(?=[eiy])")
_C_SOFT = re.compile(r"c(?=[eiy])")
_C_HARD = re.compile(r"c(?=[aoulrknmst]|$)")
_U_GLIDE = re.compile(r"^u(?=[aeioy])")
_SILENT_H = re.compile(r"(?<=[aeiouy])h(?=[^aeiouy]|$)")
_IOTATED_O = re.compile(r"[yij]o")
_I_GLIDE = re.compile(r"(?<=[aeou])i+|i+(?=[aeou])")
_DOUBLED = re.compile(r"(.)\1+")
_NOT_KEY = re.compile(r"[^a-zSCZT0-9]")
_CONSONANT_CLASSES = str.maketrans("SCZTzghkdtbp", "ssssskkkttpp")
_VOWELS = re.compile(r"[aeiou]")


def fold(word: str) -> str:
    """Plain lower-case ASCII letters and digits of one case-folded word; may be empty."""
    if word.isascii():
        return word
    return "".join(filter(str.isalnum, anyascii(word).lower()))


@lru_cache(maxsize=_CACHED_WORDS)
def forms(word: str) -> tuple[str, str, str]:
    """`(folded, sound, bones)` of one case-folded word; the keys are empty for one that begins with a digit."""
    folded = fold(word)
    if not folded or word[0].isdigit():
        return folded, "", ""
    sound = _sound(word)
    bones = _VOWELS.sub("", sound.translate(_CONSONANT_CLASSES))
    if sound[:1] in "aeiou":
        bones = "a" + bones
    return folded, sound, _DOUBLED.sub(r"\1", bones)


def _sound(word: str) -> str:
    latin = word.isascii()
    cyrillic = False
    s = word
    if not latin:
        s = "".join([_CYRILLIC.get(letter, letter) for letter in word])
        cyrillic = s != word
        s = _HARD_SIGN_VOWEL.sub("a", s).replace("ъ", "").translate(_LATIN_MARKED)
        if not s.isascii():
            s = "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c))
        if not s.isascii():
            s = anyascii(s).lower()
    for pattern, key in _CLUSTERS:
        s = pattern.sub(key, s)
    s = _VOWELS_I.sub("i", s)
    s = _W_VOWEL.sub("u", s).replace("wh", "w")
    if not cyrillic:
        s = _C_HARD.sub("k", _C_SOFT.sub("T", _SILENT_U.sub("g", s)))
    s = _U_GLIDE.sub("v", s.replace("c", "T"))
    s = _SILENT_H.sub("", s.replace("w", "v").replace("f", "v"))
    s = s.replace("ae", "e").replace("oe", "e").replace("ue", "u").replace("ou", "u")
    s = _IOTATED_O.sub("e", s).replace("j", "i").replace("y", "i")
    s = _I_GLIDE.sub("", s).replace("o", "a")
    return _DOUBLED.sub(r"\1", _NOT_KEY.sub("", s))
