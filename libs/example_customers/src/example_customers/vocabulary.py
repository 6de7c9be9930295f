"""The shape of one language's word lists. The lists themselves are in english, russian and bulgarian."""

from collections.abc import Callable
from dataclasses import dataclass, field


def _no_middle(_father: str, _woman: bool) -> str:
    return ""


@dataclass(frozen=True)
class City:
    """A city with what its addresses and phones begin with. `area` is the national area code."""

    name: str
    country_code: str
    postal_codes: tuple[int, int]
    area: str
    region: str = ""


@dataclass(frozen=True)
class Branch:
    """An industry: its name, the words company names carry, and what its people do."""

    industry: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """`family` gives the family name fit for a woman; `middle` the middle name from a man's given name.

    Templates: `#` is a random digit, `@` a letter, `{area}` the city's area code, `{code}` its postal code.
    """

    language: str
    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[str, ...]
    stems: tuple[str, ...]
    branches: tuple[Branch, ...]
    forms: tuple[str, ...]
    cities: tuple[City, ...]
    streets: tuple[str, ...]
    jobs: tuple[str, ...]
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    mobiles: dict[str, tuple[str, ...]]
    offices: dict[str, str]
    postal_codes: dict[str, str]
    currencies: dict[str, str]
    name_company: Callable[[str, str, str], str]
    name_street: Callable[[str, int], str]
    feminine: Callable[[str], str] = field(default=str)
    middle: Callable[[str, bool], str] = field(default=_no_middle)
    latin: dict[str, str] = field(default_factory=dict)
