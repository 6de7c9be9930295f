"""What a typed query means, as a tree both engines can run.

Scores are constants set here and not the engines' statistics: both rank alike, and a tenant's answers
never depend on another tenant's words. Stages go from strict to tolerant; `staged` runs the next one only while
it has found fewer than `enough_hits`.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from contacts.search.analysis import (
    EMAIL_GRAM,
    PHONE_GRAM,
    digits_of,
    fold_email,
    grams,
    name_key,
    words_of,
)
from contacts.search.errors import SearchQueryInvalid
from contacts.search.limits import SearchLimits
from contacts.search.phonetics import fold, forms
from contacts.search.port import Hit, SearchRequest
from contacts.search.prepared import split_uid


class Match(Enum):
    TERM = "term"
    PREFIX = "prefix"
    FUZZY_1 = "fuzzy 1"
    FUZZY_2 = "fuzzy 2"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One token of one field; `weight` is the whole score of a match."""

    field: str
    match: Match
    value: str
    weight: float


@dataclass(frozen=True, slots=True)
class EveryTerm:
    """Every one of these tokens, in any place; scores `weight` once."""

    field: str
    values: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Best:
    """At least one part; the score of the best one."""

    parts: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class Sum:
    """At least `at_least` of the parts; their scores added."""

    parts: "tuple[Clause, ...]"
    at_least: int


Clause = Leaf | EveryTerm | Best | Sum

_SPACE = re.compile(r"[\s,;]+")
_PHONE = re.compile(r"(?<![\w@.])\+?\(?\d[\d\s().\-/]*\d(?![\w@])")
_LIKE_EMAIL = re.compile(r"\w[.@]\w|^@|@$")
_WHOLE = 30.0
_STAGES = 4
_FEWEST_WORD_PREFIX = 2
_FEWEST_MAIL_PREFIX = 3
_FEWEST_SOUND_PREFIX = 3
_FEWEST_BONES = 3
_FUZZY_2_FROM = 5
_FUZZY_1_FROM = 3
_RELAX_FROM_WORDS = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One thing typed (a word, an address, a number), read ever more tolerantly; each reading adds parts."""

    strict: tuple[Clause, ...]
    wider: tuple[Clause, ...] = ()
    typo: tuple[Clause, ...] = ()
    typos: tuple[Clause, ...] = ()

    def read(self, stage: int) -> Clause:
        parts = [*self.strict, *(self.wider if stage > 0 else ()), *(self.typo if stage > 1 else ())]
        if stage > 2:
            parts += self.typos
        return parts[0] if len(parts) == 1 else Best(tuple(parts))


def check(request: SearchRequest, limits: SearchLimits) -> None:
    if len(request.query) > limits.query_max_chars:
        raise SearchQueryInvalid("query", f"at most {limits.query_max_chars} characters")
    if not 1 <= request.limit <= limits.page_max_hits:
        raise SearchQueryInvalid("limit", f"must be 1 to {limits.page_max_hits}")


def stages(query: str, limits: SearchLimits) -> list[Clause]:
    """What to run one after another until enough is found; hits of an earlier stage stay in front.

    Empty when nothing in the query can be searched. Raises SearchQueryInvalid for too many words.
    """
    whole, terms = _read(query)
    if len(terms) > limits.query_max_words:
        raise SearchQueryInvalid("query", f"at most {limits.query_max_words} words")
    found: list[Clause] = []
    for stage in range(_STAGES):
        clause = Sum(tuple(term.read(stage) for term in terms), len(terms))
        if terms and _with_whole(clause, whole) not in found:
            found.append(_with_whole(clause, whole))
    if len(terms) >= _RELAX_FROM_WORDS:
        found.append(Sum(tuple(term.read(1) for term in terms), len(terms) - 1))
    return found


def staged(
    request: SearchRequest, limits: SearchLimits, run: Callable[[Clause], Iterable[tuple[str, float]]]
) -> list[Hit]:
    """Check the request and run its stages; `run` yields `(uid, score)`, best first, at most `request.limit`."""
    check(request, limits)
    scores: dict[str, float] = {}
    for clause in stages(request.query, limits):
        ceiling = min(scores.values(), default=math.inf)
        for uid, score in run(clause):
            scores.setdefault(uid, min(score, ceiling))
        if len(scores) >= min(request.limit, limits.enough_hits):
            break
    return [Hit(*split_uid(uid), score=score) for uid, score in islice(scores.items(), request.limit)]


def _read(query: str) -> tuple[list[Leaf], list[Term]]:
    """The identifiers the whole query may be, and its terms. A number written in groups is one term."""
    terms: list[Term] = []
    whole: list[Leaf] = []
    rest: list[str] = []
    at = 0
    for span in _PHONE.finditer(query):
        digits = digits_of(span.group())
        if len(digits) < PHONE_GRAM:
            continue
        rest += _SPACE.split(query[at : span.start()])
        at = span.end()
        whole += [Leaf("exact", Match.TERM, "p:" + form, _WHOLE) for form in _phone_forms(digits)]
        terms.append(_number(span.group(), digits))
    rest += _SPACE.split(query[at:])
    plain: list[str] = []
    for piece in rest:
        if _LIKE_EMAIL.search(piece):
            address = fold_email(piece)
            if any(map(str.isalnum, address)):
                if "@" in address:
                    whole.append(Leaf("mail", Match.TERM, address, _WHOLE))
                terms.append(_address(address, words_of(piece)))
        else:
            found = words_of(piece)
            plain += found
            terms += [_word(word) for word in found if fold(word)]
    if plain and len(plain) == len(terms):
        whole.append(Leaf("exact", Match.TERM, "n:" + name_key(plain), _WHOLE))
    return whole, terms


def _with_whole(clause: Sum, whole: list[Leaf]) -> Clause:
    """Who types a whole identifier wants its owner first."""
    if not whole:
        return clause
    return Best((clause, *(Sum((leaf, clause), 1) for leaf in whole)))


def _word(word: str) -> Term:
    folded, sound, bones = forms(word)
    strict: list[Clause] = [Leaf("name", Match.TERM, folded, 10.0), Leaf("name", Match.PREFIX, folded, 8.0)]
    strict.append(Leaf("word", Match.TERM, folded, 7.0))
    # One letter begins a tenth of all words: as a prefix it is only looked for in names.
    if len(folded) >= _FEWEST_WORD_PREFIX:
        strict.append(Leaf("word", Match.PREFIX, folded, 6.0))
    if len(folded) >= _FEWEST_MAIL_PREFIX:
        strict.append(Leaf("mail", Match.PREFIX, folded, 6.0))
    if sound:
        strict.append(Leaf("sound", Match.TERM, sound, 5.5))
    if len(folded) >= PHONE_GRAM and folded.isdigit():
        strict.append(_phone(folded))
    wider: list[Clause] = []
    if len(sound) >= _FEWEST_SOUND_PREFIX:
        wider.append(Leaf("sound", Match.PREFIX, sound, 4.5))
    if len(folded) >= EMAIL_GRAM:
        wider.append(EveryTerm("gram", tuple(dict.fromkeys(grams(folded, EMAIL_GRAM))), 4.0))
    near: list[Clause] = []
    far: list[Clause] = []
    for field, value, weight in (("name", folded, 0.9), ("word", folded, 0.6), ("sound", sound, 0.6)):
        if sound and len(value) >= _FUZZY_1_FROM:
            near.append(Leaf(field, Match.FUZZY_1, value, weight))
        if sound and len(value) >= _FUZZY_2_FROM and field != "word":
            far.append(Leaf(field, Match.FUZZY_2, value, weight / 2))
    if len(bones) >= _FEWEST_BONES:
        near.append(Leaf("bones", Match.TERM, bones, 0.8))
    typo = (Sum(tuple(near), 1),) if near else ()
    return Term(tuple(strict), tuple(wider), typo, (Sum((*near, *far), 1),) if far else ())


def _address(address: str, words: list[str]) -> Term:
    """An e-mail, a part of one or a domain, perhaps still being typed."""
    bare = address.strip("@")
    strict: list[Clause] = [Leaf("mail", Match.TERM, bare, 10.0), Leaf("mail", Match.PREFIX, bare, 8.0)]
    wider: list[Clause] = []
    if len(address) >= EMAIL_GRAM:
        wider.append(EveryTerm("gram", tuple(dict.fromkeys(grams(address, EMAIL_GRAM))), 5.0))
    typo: list[Clause] = [Leaf("mail", Match.FUZZY_1, bare, 2.0)]
    typos: list[Clause] = []
    if len(bare) >= _FUZZY_2_FROM:
        typos.append(Leaf("mail", Match.FUZZY_2, bare, 1.0))
    spelled = tuple(_word(word) for word in words if fold(word))
    if "@" not in address and spelled:
        # `john.smith` and `St.Petersburg` may be words with a missing space.
        for stage, parts in enumerate((strict, wider, typo, typos)):
            parts.append(Sum(tuple(word.read(stage) for word in spelled), len(spelled)))
    return Term(tuple(strict), tuple(wider), tuple(typo), tuple(typos))


def _number(typed: str, digits: str) -> Term:
    """Digits in groups: a phone, or the same groups as words (house numbers, order numbers)."""
    groups = tuple(_word(word).read(0) for word in words_of(typed))
    return Term((*(_phone(form) for form in _phone_forms(digits)), Sum(groups, len(groups))))


def _phone(digits: str) -> Clause:
    """Any four or more digits in a row; the end of a number counts more than its middle."""
    inside = EveryTerm("phone", tuple(dict.fromkeys(grams(digits, PHONE_GRAM))), 6.0)
    ending = Sum((inside, Leaf("phone", Match.TERM, digits[-PHONE_GRAM:] + "$", 2.0)), 2)
    return Best((inside, ending))


def _phone_forms(digits: str) -> list[str]:
    """As typed, and without a national trunk prefix (0 in most countries, 8 in Russia)."""
    forms = [digits]
    if len(digits) > PHONE_GRAM + 2:
        if digits[0] == "0":
            forms.append(digits[1:])
        elif digits[0] == "8" and len(digits) == 11:
            forms += [digits[1:], "7" + digits[1:]]
    return forms
