"""A seeded crowd of invented people: a few very common names, a long tail of rare ones, as in life."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SYLLABLES = [consonant + vowel for consonant in "bdghklmnprstvz" for vowel in "aeio"]
_FIRST = (
    *("James", "Mary", "John", "Patricia", "Robert", "Jennifer", "Michael", "Linda", "Peter", "Anna"),
    *("Иван", "Мария", "Александр", "Елена", "Георги", "Цветелина"),
)
_LAST = (
    *("Smith", "Johnson", "Brown", "Miller", "Davis", "Wilson", "Müller", "Schmidt", "García"),
    *("Иванов", "Петров", "Смирнов", "Щербаков", "Димитров"),
)
_CITIES = ("London", "Berlin", "Paris", "Sofia", "Plovdiv", "Varna", "Hamburg", "Moscow", "Madrid", "Vienna")
_JOBS = [
    f"{level} {field}"
    for level in ("Head of", "Junior", "Senior", "Chief")
    for field in ("sales", "purchasing", "marketing", "finance", "engineering", "support", "logistics")
]
_STAGES = ("lead", "lead", "mql", "sql", "opportunity", "customer", "customer", "churned")
_RARE_NAMES = 20_000


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; `number` makes the e-mail address and the phone unique."""

    number: int
    given_name: str
    family_name: str
    job_title: str
    stage: str
    city: str
    company: str
    email: str
    phone: str

    @property
    def name(self) -> str:
        """The name as shown."""
        return f"{self.given_name} {self.family_name}"

    def as_contact(self) -> dict[str, Any]:
        """The person as the body of POST /v1/contacts."""
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "job_title": self.job_title,
            "lifecycle_stage": self.stage,
            "country_code": "DE",
            "language": "en",
            "source": "bench",
            "score": self.number % 100,
            "emails": [{"address": self.email, "label": "work", "primary": True}],
            "phones": [{"number": self.phone, "label": "mobile", "primary": True}],
            "addresses": [{"street": "1 High Street", "city": self.city, "country_code": "DE", "label": "work"}],
            "tags": ["newsletter", self.city.lower()],
        }


def people(count: int, *, seed: int, first: int = 0) -> Iterator[Person]:
    """That many people, the same for the same seed, numbered from `first`."""
    pick = random.Random(seed)
    rare = ["".join(pick.choices(_SYLLABLES, k=pick.choice((2, 3, 3, 4)))).title() for _ in range(_RARE_NAMES)]
    for number in range(first, first + count):
        given = pick.choice(_FIRST) if pick.random() < 0.5 else pick.choice(rare)
        family = pick.choice(_LAST) if pick.random() < 0.2 else pick.choice(rare)
        company = rare[int(len(rare) * pick.random() ** 2)]
        yield Person(
            number,
            given,
            family,
            pick.choice(_JOBS),
            pick.choice(_STAGES),
            pick.choice(_CITIES),
            company,
            f"{pick.choice(rare)}.{number}@{company}.com".lower(),
            # 7 digits a seed, so that people of different seeds do not share numbers.
            f"+49151{seed % 10}{number:07d}",
        )
