"""Makes accounts and contacts out of the word lists: the same seed, the same customers, and not one real person.

E-mail and web addresses end in .example, which nobody can own, so that no demo ever writes to a stranger.
"""

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from example_customers import bulgarian, english, russian
from example_customers.vocabulary import City, Vocabulary

ACCOUNTS = 300
CONTACTS = 2_000
_STAGES = {
    "subscriber": 10, "lead": 25, "mql": 12, "sql": 10, "opportunity": 13, "customer": 24, "evangelist": 2, "churned": 4
}  # fmt: skip
_SIZES = ((1, 9, 30), (10, 49, 40), (50, 249, 20), (250, 2_000, 10))
_TYPES = {"prospect": 45, "customer": 42, "partner": 9, "competitor": 4}
_ROLES = ("buyer", "decision maker", "influencer", "user", "accountant")
_ALONE_SHARE = 0.07
_SECOND_ACCOUNT_SHARE = 0.08
# The role is known of the few people one has dealt with.
_ROLE_SHARE = 0.2
_MIDDLE_SHARE = {"en": 0.0, "ru": 0.75, "bg": 0.35}
_REVENUE_PER_HEAD_MINOR = {"GBP": 9_000_000, "EUR": 7_000_000, "USD": 11_000_000, "RUB": 450_000_000}
_THIS_YEAR = 2026
_Unique = TypeVar("_Unique", str, tuple[str, str])
_TRIES = 1_000
# British postal codes leave out the letters that are easily misread.
_POSTAL_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Address:
    street: str
    city: str
    region: str
    postal_code: str
    country_code: str


@dataclass(frozen=True)
class ExampleAccount:
    name: str
    domain: str
    language: str
    industry: str
    employees: int
    currency_code: str
    revenue_minor: int
    founded_year: int
    type: str
    tier: str
    phone: str
    address: Address
    tags: tuple[str, ...]


@dataclass(frozen=True)
class ExampleContact:
    """`account` and `second_account` are positions in the list of accounts; None where there is none."""

    given_name: str
    middle_name: str
    family_name: str
    job_title: str
    lifecycle_stage: str
    language: str
    source: str
    score: int
    emails: tuple[tuple[str, str], ...]
    phones: tuple[tuple[str, str], ...]
    address: Address
    tags: tuple[str, ...]
    description: str
    do_not_contact: bool
    account: int | None
    account_role: str
    second_account: int | None


@dataclass(frozen=True)
class Customers:
    accounts: tuple[ExampleAccount, ...]
    contacts: tuple[ExampleContact, ...]


def make_customers(seed: int, *, accounts: int = ACCOUNTS, contacts: int = CONTACTS) -> Customers:
    """Languages take turns, so each has a third. Names, e-mails and phones of contacts are unique."""
    return _Maker(seed).make(accounts, contacts)


class _Maker:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (repeatable on purpose, guards nothing)
        self._languages = (english.vocabulary(), russian.vocabulary(), bulgarian.vocabulary())
        self._taken: set[str] = set()

    def make(self, accounts: int, contacts: int) -> Customers:
        companies = [self._account(self._languages[i % len(self._languages)]) for i in range(accounts)]
        # A few companies have many people, most have some: weights fall with the rank.
        weights = [1 / (1 + self._random.randrange(accounts)) ** 0.6 for _ in companies]
        people = [self._contact(self._languages[i % len(self._languages)], companies, weights) for i in range(contacts)]
        return Customers(tuple(companies), tuple(people))

    def _account(self, words: Vocabulary) -> ExampleAccount:
        branch = self._random.choice(words.branches)
        stem, word = self._unique(lambda: (self._random.choice(words.stems), self._random.choice(branch.words)))
        city = self._random.choice(words.cities)
        lowest, highest, _ = self._random.choices(_SIZES, [weight for *_, weight in _SIZES])[0]
        employees = self._random.randint(lowest, highest)
        currency = words.currencies[city.country_code]
        revenue = int(employees * _REVENUE_PER_HEAD_MINOR[currency] * self._random.uniform(0.4, 2.2))
        return ExampleAccount(
            name=words.name_company(stem, word, self._random.choice(words.forms)),
            domain=f"{_latin(words, stem)}-{_latin(words, word)}.example",
            language=words.language,
            industry=branch.industry,
            employees=employees,
            currency_code=currency,
            # Rounded to the thousand, as annual figures are told.
            revenue_minor=max(revenue // 100_000, 1) * 100_000,
            founded_year=_THIS_YEAR - int(self._random.triangular(1, 60, 12)),
            type=self._weighted(_TYPES),
            tier=self._random.choices(("A", "B", "C"), (1, 3, 6))[0],
            phone=self._unique(lambda: self._digits(words.offices[city.country_code], city)),
            address=self._address(words, city),
            tags=self._tags(words),
        )

    def _contact(
        self, words: Vocabulary, companies: Sequence[ExampleAccount], weights: Sequence[float]
    ) -> ExampleContact:
        woman = self._random.random() < 0.5
        given, family = self._unique(
            lambda: (self._random.choice(words.women if woman else words.men), self._random.choice(words.families))
        )
        account = self._employer(words, companies, weights)
        employer = companies[account] if account is not None else None
        city = self._city_of(words, employer)
        stage = self._weighted(_STAGES)
        shown_family = words.feminine(family) if woman else family
        middle = words.middle(self._random.choice(words.men), woman)
        return ExampleContact(
            given_name=given,
            middle_name=middle if self._random.random() < _MIDDLE_SHARE[words.language] else "",
            family_name=shown_family,
            job_title=self._random.choice(words.jobs) if employer else "",
            lifecycle_stage=stage,
            language=words.language,
            source=self._random.choice(words.sources),
            score=self._score(stage),
            emails=self._emails(words, given, shown_family, employer),
            phones=self._phones(words, city, employer),
            address=employer.address if employer else self._address(words, city),
            tags=self._tags(words),
            description=self._random.choice(words.notes) if self._random.random() < 0.15 else "",
            do_not_contact=self._random.random() < 0.02,
            account=account,
            account_role=self._random.choice(_ROLES) if self._random.random() < _ROLE_SHARE else "",
            second_account=self._second(account, len(companies)),
        )

    def _employer(self, words: Vocabulary, companies: Sequence[ExampleAccount], weights: Sequence[float]) -> int | None:
        if not companies or self._random.random() < _ALONE_SHARE:
            return None
        own = [i for i, company in enumerate(companies) if company.language == words.language]
        return self._random.choices(own, [weights[i] for i in own])[0] if own else None

    def _second(self, account: int | None, companies: int) -> int | None:
        if account is None or companies < 2 or self._random.random() >= _SECOND_ACCOUNT_SHARE:
            return None
        return (account + self._random.randrange(1, companies)) % companies

    def _city_of(self, words: Vocabulary, employer: ExampleAccount | None) -> City:
        if employer is None:
            return self._random.choice(words.cities)
        return next(city for city in words.cities if city.name == employer.address.city)

    def _address(self, words: Vocabulary, city: City) -> Address:
        template = words.postal_codes[city.country_code]
        postal_code = self._digits(template, city, code=self._random.randint(*city.postal_codes))
        return Address(
            street=words.name_street(self._random.choice(words.streets), self._random.randint(1, 180)),
            city=city.name,
            region=city.region,
            postal_code=postal_code,
            country_code=city.country_code,
        )

    def _emails(
        self, words: Vocabulary, given: str, family: str, employer: ExampleAccount | None
    ) -> tuple[tuple[str, str], ...]:
        person, house = _latin(words, given), _latin(words, family)
        emails = []
        if employer:
            local = self._random.choice((f"{person}.{house}", f"{person[0]}.{house}", f"{house}.{person[0]}"))
            emails.append((self._numbered(local, employer.domain), "work"))
        if not employer or self._random.random() < 0.2:
            emails.append((self._numbered(f"{person}{house}", "mail.example"), "home"))
        return tuple(emails)

    def _numbered(self, local: str, domain: str) -> str:
        for number in range(1, _TRIES):
            address = f"{local}{number if number > 1 else ''}@{domain}"
            if address not in self._taken:
                self._taken.add(address)
                return address
        raise ValueError(f"{local}@{domain} is taken {_TRIES} times")

    def _phones(self, words: Vocabulary, city: City, employer: ExampleAccount | None) -> tuple[tuple[str, str], ...]:
        templates = words.mobiles[city.country_code]
        phones = [(self._unique(lambda: self._digits(self._random.choice(templates), city)), "mobile")]
        if employer and self._random.random() < 0.1:
            phones.append((self._unique(lambda: self._digits(words.offices[city.country_code], city)), "work"))
        return tuple(phones)

    def _tags(self, words: Vocabulary) -> tuple[str, ...]:
        return tuple(self._random.sample(words.tags, self._random.choices((0, 1, 2, 3), (5, 4, 2, 1))[0]))

    def _score(self, stage: str) -> int:
        height = 0 if stage == "churned" else list(_STAGES).index(stage)
        return min(100, height * 12 + self._random.randint(0, 25))

    def _digits(self, template: str, city: City, *, code: int = 0) -> str:
        text = template.format(area=city.area, code=code)
        choices = {"#": string.digits, "@": _POSTAL_LETTERS}
        return "".join(self._random.choice(choices.get(letter, letter)) for letter in text)

    def _weighted(self, weights: dict[str, int]) -> str:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _unique(self, make: Callable[[], _Unique]) -> _Unique:
        for _ in range(_TRIES):
            made = make()
            key = str(made)
            if key not in self._taken:
                self._taken.add(key)
                return made
        raise ValueError("The word lists are too short for so many customers")


def _latin(words: Vocabulary, text: str) -> str:
    """The text in lower-case ASCII letters, as it stands in an address."""
    letters = "".join(words.latin.get(letter, letter) for letter in text.lower())
    return "".join(letter for letter in letters if letter in string.ascii_lowercase)
