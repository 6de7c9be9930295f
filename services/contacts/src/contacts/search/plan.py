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
    SOUND_MARK,
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
class Token:
    """A token that begins with one of `prefixes` or is one of `values` (plain letters and digits, or `~` first)."""

    field: str
    prefixes: tuple[str, ...]
    values: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part; scores `weight` whichever it is."""

    parts: "tuple[Clause, ...]"
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """What must match, and what adds to the score of those that do. Bonuses are only looked at then."""

    required: "Clause"
    bonus: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class Best:
    """At least one part; the score of the best one."""

    parts: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class Sum:
    """At least `at_least` of the parts; their scores added."""

    parts: "tuple[Clause, ...]"
    at_least: int


Clause = Leaf | EveryTerm | Token | AnyOf | Scored | Best | Sum

_SPACE = re.compile(r"[\s,;]+")
_PHONE = re.compile(r"(?<![\w@.])\+?\(?\d[\d\s().\-/]*\d(?![\w@])")
_LIKE_EMAIL = re.compile(r"\w[.@]\w|^@|@$")
_WHOLE = 30.0
_STAGES = 4
_FOUND = 5.5
"""Score of a word that is there as typed or as it sounds, before bonuses."""
_NEARLY = 2.5
_FEWEST_PREFIX = 3
"""Fewer letters begin too many e-mails and words: as a prefix they are only looked for in names."""
_FEWEST_SOUND_PREFIX = 3
_FEWEST_BONES = 3
_FUZZY_2_FROM = 5
_FUZZY_1_FROM = 3
_MANY_WORDS = 3
_TYPOS = 3
"""The stage that allows two typos in a word."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing typed (a word, an address, a number), read ever more tolerantly from stage to stage."""

    readings: tuple[Clause, ...]
    identifier: bool = False
    """Whoever types all of an e-mail or phone wants its owner and nobody alike."""

    def read(self, stage: int) -> Clause:
        return self.readings[min(stage, len(self.readings) - 1)]


@dataclass(frozen=True, slots=True)
class Stage:
    clause: Clause
    below: int
    """Run only while fewer hits than this were found."""


def check(request: SearchRequest, limits: SearchLimits) -> None:
    if len(request.query) > limits.query_max_chars:
        raise SearchQueryInvalid("query", f"at most {limits.query_max_chars} characters")
    if not 1 <= request.limit <= limits.page_max_hits:
        raise SearchQueryInvalid("limit", f"must be 1 to {limits.page_max_hits}")


def plan(query: str, limits: SearchLimits) -> list[Stage]:
    """From strict to tolerant; empty when nothing in the query can be searched.

    Raises SearchQueryInvalid for too many words.
    """
    whole, terms = _read(query)
    if len(terms) > limits.query_max_words:
        raise SearchQueryInvalid("query", f"at most {limits.query_max_words} words")
    if not terms:
        return []
    many = len(terms) >= _MANY_WORDS
    # One record with all of many words, or with the whole identifier, is what was looked for.
    enough = 1 if many or all(term.identifier for term in terms) else limits.enough_hits
    stages: list[Stage] = []
    for stage in range(max(len(term.readings) for term in terms)):
        if stage == _TYPOS and many:
            # Two typos in each of many words is noise, and dear to look for.
            break
        clause: Clause = Sum(tuple(term.read(stage) for term in terms), len(terms))
        if whole:
            clause = Scored(clause, tuple(whole))
        stages.append(Stage(clause, below=1 if stage >= _TYPOS else enough))
    if many:
        stages.append(Stage(Sum(tuple(term.read(1) for term in terms), len(terms) - 1), below=1))
    return stages


def staged(
    request: SearchRequest, limits: SearchLimits, run: Callable[[Clause], Iterable[tuple[str, float]]]
) -> list[Hit]:
    """Check the request and run its stages; `run` yields `(uid, score)`, best first, at most `request.limit`."""
    check(request, limits)
    scores: dict[str, float] = {}
    for stage in plan(request.query, limits):
        if len(scores) < min(request.limit, stage.below):
            ceiling = min(scores.values(), default=math.inf)
            for uid, score in run(stage.clause):
                scores.setdefault(uid, min(score, ceiling))
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
                    whole.append(Leaf("any", Match.TERM, address, _WHOLE))
                terms.append(_address(address, words_of(piece)))
        else:
            found = words_of(piece)
            plain += found
            terms += [_word(word) for word in found if fold(word)]
    if len(plain) == len(terms) == 1:
        terms = [_word(plain[0], alone=True)]
    if plain and len(plain) == len(terms):
        whole.append(Leaf("exact", Match.TERM, "n:" + name_key(plain), _WHOLE))
    return whole, terms


def _word(word: str, *, alone: bool = False) -> Term:
    """`alone` also looks into the middle of e-mails: among other words that finds noise, and slowly."""
    folded, sound, bones = forms(word)
    heard = SOUND_MARK + sound
    better = (
        Leaf("name", Match.TERM, folded, 2.0),
        Leaf("name", Match.PREFIX, folded, 2.5),
        Leaf("any", Match.TERM, folded, 1.0),
    )
    if len(folded) == 1:
        return Term((Scored(Leaf("name", Match.PREFIX, folded, _FOUND), better[:1]),))
    begun: Clause = Token("any", (folded,), (heard,) if sound else (), _FOUND)
    if len(folded) < _FEWEST_PREFIX:
        begun = AnyOf((Leaf("name", Match.PREFIX, folded, 0.0), Token("any", (), (folded, heard), 0.0)), _FOUND)
    strict: Clause = Scored(begun, better)
    if len(folded) >= PHONE_GRAM and folded.isdigit():
        strict = Best((strict, _phone(folded)))
    if not sound or len(folded) < _FEWEST_PREFIX:
        return Term((strict,))
    prefixes = (folded, heard) if len(sound) >= _FEWEST_SOUND_PREFIX else (folded,)
    spelled = Token("any", prefixes, (heard,), _FOUND)
    wider: Clause = Scored(spelled, better)
    if alone and len(folded) >= EMAIL_GRAM:
        wider = Best((wider, EveryTerm("gram", tuple(dict.fromkeys(grams(folded, EMAIL_GRAM))), 4.0)))
    near = [Leaf("any", Match.FUZZY_1, folded, 0.5)] if len(folded) >= _FUZZY_1_FROM else []
    near += [Leaf("name", Match.FUZZY_1, folded, 0.9)] if len(folded) >= _FUZZY_1_FROM else []
    near += [Leaf("sound", Match.FUZZY_1, sound, 0.6)] if len(sound) >= _FUZZY_1_FROM else []
    near += [Leaf("bones", Match.TERM, bones, 0.8)] if len(bones) >= _FEWEST_BONES else []
    far = [Leaf("name", Match.FUZZY_2, folded, 0.45)] if len(folded) >= _FUZZY_2_FROM else []
    far += [Leaf("sound", Match.FUZZY_2, sound, 0.3)] if len(sound) >= _FUZZY_2_FROM else []
    correct = Token("any", prefixes, (heard,), _FOUND - _NEARLY)
    readings = [strict, wider]
    for reach in (near, [*near, *far]) if far else (near,):
        if reach:
            # `any` holds every name, so its typos need no second look to be found, only to be ranked.
            looked = tuple(leaf for leaf in reach if (leaf.field, leaf.match) != ("name", Match.FUZZY_1))
            readings.append(Scored(AnyOf((spelled, *looked), _NEARLY), (*better, correct, *reach)))
    return Term(tuple(readings))


def _address(address: str, words: list[str]) -> Term:
    """An e-mail, a part of one or a domain, perhaps still being typed."""
    bare = address.strip("@")
    parts: list[Clause] = [Leaf("any", Match.TERM, bare, 10.0), Leaf("any", Match.PREFIX, bare, 8.0)]
    spelled = [_word(word) for word in words if fold(word)] if "@" not in address else []
    readings: list[Clause] = []
    for stage in range(_STAGES):
        if stage == 1 and len(address) >= EMAIL_GRAM:
            parts.append(EveryTerm("gram", tuple(dict.fromkeys(grams(address, EMAIL_GRAM))), 5.0))
        elif stage == 2:
            parts.append(Leaf("any", Match.FUZZY_1, bare, 2.0))
        elif stage > 2 and len(bare) >= _FUZZY_2_FROM:
            parts.append(Leaf("any", Match.FUZZY_2, bare, 1.0))
        # `john.smith` and `St.Petersburg` may be words with a missing space.
        joined = [Sum(tuple(word.read(stage) for word in spelled), len(spelled))] if spelled else []
        readings.append(Best((*parts, *joined)))
    local, _, domain = address.rpartition("@")
    return Term(tuple(readings), identifier=bool(local) and "." in domain)


def _number(typed: str, digits: str) -> Term:
    """Digits in groups: a phone, or the same groups as words (house numbers, order numbers)."""
    groups = tuple(_word(word).read(0) for word in words_of(typed))
    forms_ = (_phone(form) for form in _phone_forms(digits))
    return Term((Best((*forms_, Sum(groups, len(groups)))),), identifier=True)


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
