"""Which spellings of a name meet, by rule and measured over real pairs of Latin and Cyrillic words."""

import gzip
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contacts.search.embedded import EmbeddedSearch
from contacts.search.phonetics import fold, forms
from contacts.search.port import CustomerDocument, SearchRequest, Visibility

from .documents import TENANT, contact

ANY = Visibility.everything()
SHARED = Path(os.environ.get("FUNIA_SHARED_DATA", Path(__file__).resolve().parents[5] / "shared" / "data"))
PAIRS = SHARED / "names" / "wd_russian_16.tsv.gz"
SAMPLE = 600
FLOOR = 0.82


@pytest.mark.parametrize(
    "spellings",
    [
        "Щербаков Shcherbakov Scherbakov Shherbakov Ščerbakov",
        "Юрий Yuri Yury Iurii Jurij Yuriy",
        "Хрущёв Khrushchev Hruščëv Khruschev Хрущев",
        "Цветков Tsvetkov Cvetkov",
        "Алексей Alexey Aleksei Alexei Aleksey Aleksej",
        "Щерева Shtereva",
        "Първанов Parvanov",
        "Жеков Zhekov Žekov",
        "Джон John Jon",
        "Смит Smith Smit",
        "Müller Mueller Muller Мюллер",
        "Юлия Julia Yulia Yuliya Iuliia",
        "Сергей Sergey Sergei",
        "Иванов Ivanov Ivanoff",
        "Фёдор Fyodor Fedor",
        "Наталья Natalia Natalya Natalja",
        "Подъячев Podyachev Podiachev",
        "Филипп Philipp Filip",
        "Максим Maxim Maksim",
        "Вагнер Wagner Vagner",
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: str) -> None:
    assert len({forms(word.casefold())[1] for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Иванов", "Петров"), ("Smith", "Schmidt"), ("Anna", "Irina"), ("Boris", "Denis")]
)
def test_different_names_sound_different(one: str, other: str) -> None:
    assert forms(one.casefold())[1] != forms(other.casefold())[1]


def test_a_folded_word_is_plain_ascii() -> None:
    assert [fold(word) for word in ("josé", "müller", "łódź", "щербаков", "объезд", "王伟")] == [
        "jose", "muller", "lodz", "shcherbakov", "obezd", "wangwei",
    ]  # fmt: skip


def pairs() -> list[tuple[str, str]]:
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return [(latin, cyrillic.replace(" ", "")) for latin, cyrillic, _ in rows]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSearch]:
    """Tenant `latin` holds every Latin word as a customer, tenant `cyrillic` every Cyrillic one."""
    if not PAIRS.exists():
        pytest.skip(f"the word pairs are not here: {PAIRS} (set FUNIA_SHARED_DATA)")
    search = EmbeddedSearch(tmp_path_factory.mktemp("words"))

    def customers(tenant: str, titles: list[str]) -> list[CustomerDocument]:
        return [replace(contact(str(n), title), tenant_id=tenant) for n, title in enumerate(titles)]

    for tenant, side in (("latin", 0), ("cyrillic", 1)):
        titles = sorted({pair[side] for pair in pairs()})
        for start in range(0, len(titles), 5_000):
            search.index(customers(tenant, titles)[start : start + 5_000])
    yield search
    search.close()


@pytest.mark.parametrize(("tenant", "asked", "wanted"), [("latin", 1, 0), ("cyrillic", 0, 1)])
def test_recall_at_10_between_latin_and_cyrillic(
    words: EmbeddedSearch, tenant: str, asked: int, wanted: int, record_property: Callable[[str, object], None]
) -> None:
    ids = {title: str(n) for n, title in enumerate(sorted({pair[wanted] for pair in pairs()}))}
    sample = random.Random(11).sample(pairs(), SAMPLE)
    found = 0
    for pair in sample:
        hits = words.search(SearchRequest(tenant, pair[asked], limit=10, visibility=ANY))
        found += ids[pair[wanted]] in {hit.id for hit in hits}
    recall = found / SAMPLE
    record_property("recall_at_10", recall)
    print(f"recall@10 in {tenant} of {len(ids)} words: {recall:.3f}")
    assert recall >= FLOOR
    assert not words.search(SearchRequest(TENANT, sample[0][asked], visibility=ANY))
