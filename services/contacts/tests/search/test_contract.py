"""What every engine of customer search must find, alike. Nothing here knows which engine it runs on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from contacts.search.errors import SearchDocumentInvalid, SearchQueryInvalid
from contacts.search.limits import SearchLimits
from contacts.search.port import CustomerSearch, SearchRequest, Visibility

from .documents import EVERYTHING, OTHER, TENANT, account, contact, found

# Maven may have to fetch a whole search engine first.
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        pytest.param("John Smith", "john", id="the-name"),
        pytest.param("jOHN sMITH", "john", id="any-case"),
        pytest.param("smith john", "john", id="any-order"),
        pytest.param("jon smth", "john", id="typos"),
        pytest.param("jhon smiht", "john", id="letters-swapped"),
        pytest.param("tsvetkof", "tsvetkov", id="typo-in-a-long-name"),
        pytest.param("smi jo", "john", id="two-prefixes"),
        pytest.param("betat", "betatech", id="company-prefix"),
        pytest.param("acme corp", "acme", id="company"),
        pytest.param("john acme", "john", id="person-and-company"),
        pytest.param("john.smith@acme.com", "john", id="whole-email"),
        pytest.param("JOHN.SMITH@ACME.COM", "john", id="whole-email-any-case"),
        pytest.param("john.smi", "john", id="start-of-an-email"),
        pytest.param("john.smith@ac", "john", id="email-being-typed"),
        pytest.param("nordwind.de", "johanna", id="domain"),
        pytest.param("@nordwind.de", "johanna", id="domain-with-at"),
        pytest.param("rdwin", "johanna", id="middle-of-an-email"),
        pytest.param("nunez@pena.es", "jose", id="middle-of-an-email-with-at"),
        pytest.param("jon.smith@acme.com", "john", id="typo-in-an-email"),
        pytest.param("+12025550147", "john", id="e164"),
        pytest.param("12025550147", "john", id="e164-without-plus"),
        pytest.param("(202) 555-0147", "john", id="national-with-brackets"),
        pytest.param("202 555 0147", "john", id="national-with-spaces"),
        pytest.param("0147", "john", id="last-four-digits"),
        pytest.param("50147", "john", id="last-five-digits"),
        pytest.param("+44 (0)20 7946 0958", "joan", id="trunk-in-brackets"),
        pytest.param("020 7946 0958", "joan", id="national-with-trunk"),
        pytest.param("00442079460958", "joan", id="international-prefix"),
        pytest.param("8 912 345 67 89", "shch", id="russian-trunk"),
        pytest.param("+7 (912) 345-67-89", "shch", id="russian-international"),
        pytest.param("john 0147", "john", id="name-and-digits"),
        pytest.param("Shcherbakov", "shch", id="bgn-finds-cyrillic"),
        pytest.param("Scherbakov", "shch", id="passport-finds-cyrillic"),
        pytest.param("Ščerbakov", "shch", id="iso9-finds-cyrillic"),
        pytest.param("arkadij", "shch", id="j-for-i-kratkoe"),
        pytest.param("Юрий Хрущёв", "yuri", id="cyrillic-finds-latin"),
        pytest.param("Юрий Хрущев", "yuri", id="cyrillic-without-yo"),
        pytest.param("хрущ", "yuri", id="cyrillic-prefix-finds-latin"),
        pytest.param("Алексей Цветков", "tsvetkov", id="ts-and-ks"),
        pytest.param("Cvetkov", "tsvetkov", id="c-for-ts"),
        pytest.param("Shtereva", "shtereva", id="bulgarian-sht"),
        pytest.param("Cvetelina", "shtereva", id="bulgarian-c"),
        pytest.param("Parvanov", "agelov", id="bulgarian-hard-sign"),
        pytest.param("Джон Смит", "john", id="english-in-cyrillic"),
        pytest.param("Мюллер", "mueller", id="german-in-cyrillic"),
        pytest.param("Volga Servis", "yuri", id="cyrillic-company"),
        pytest.param("jose nunez", "jose", id="without-marks"),
        pytest.param("Nu\u0301n\u0303ez", "jose", id="other-marks-decomposed"),
        pytest.param("Mueller", "mueller", id="ue-for-umlaut"),
        pytest.param("Muller", "mueller", id="u-for-umlaut"),
        pytest.param("weiss.de", "mueller", id="ss-for-eszett"),
        pytest.param("o'brien", "obrien", id="apostrophe"),
        pytest.param("o’brien", "obrien", id="typographic-apostrophe"),
        pytest.param("obrien", "obrien", id="without-apostrophe"),
        pytest.param("anne marie", "obrien", id="hyphen"),
        pytest.param("王伟", "wang", id="chinese"),
        pytest.param("mr john smith", "john", id="one-word-too-many"),
        pytest.param("«John» (Smith)!", "john", id="punctuation-around"),
        pytest.param("john\u200b smith", "john", id="zero-width-space"),
    ],
)
def test_the_query_finds_the_customer_first(filled: CustomerSearch, query: str, first: str) -> None:
    assert found(filled, query)[:1] == [first]
    assert found(filled, query, OTHER)[:1] == [f"other-{first}"]


def test_a_prefix_finds_everyone_who_begins_with_it(filled: CustomerSearch) -> None:
    assert {"john", "johanna"} <= set(found(filled, "joh"))
    assert "betatech" not in found(filled, "joh")


def test_a_domain_finds_all_of_its_people_and_no_namesake(filled: CustomerSearch) -> None:
    assert set(found(filled, "@acme.com")) == {"john", "acme"}
    assert set(found(filled, "acme.com")[:2]) == {"john", "acme"}


def test_the_middle_of_a_phone_is_found(filled: CustomerSearch) -> None:
    assert set(found(filled, "5550")) == {"john", "plain"}
    assert set(found(filled, "202 555")) == {"john", "plain"}


def test_the_end_of_a_phone_ranks_before_its_middle(search: CustomerSearch) -> None:
    search.index([contact("middle", "A B", phones=("+12014777123",)), contact("end", "C D", phones=("+12015554777",))])
    search.refresh()
    assert found(search, "4777") == ["end", "middle"]


def test_exact_beats_prefix_beats_typo(search: CustomerSearch) -> None:
    search.index([contact("typo", "Marlin"), contact("prefix", "Martinez"), contact("exact", "Martin")])
    search.refresh()
    assert found(search, "martin") == ["exact", "prefix", "typo"]


def test_the_owner_of_a_typed_email_or_phone_comes_first(search: CustomerSearch) -> None:
    search.index(
        [
            contact("longer", "Ann Lee", emails=("ann@lee.com.example",), phones=("+120255501471",)),
            contact("owner", "Zoe Zed", emails=("ann@lee.com",), phones=("+12025550147",)),
        ]
    )
    search.refresh()
    assert found(search, "ann@lee.com")[0] == "owner"
    assert found(search, "+1 202 555 0147")[0] == "owner"


def test_the_whole_name_ranks_before_longer_names(search: CustomerSearch) -> None:
    search.index([contact("longer", "Acme Corporation Holding"), contact("whole", "Acme Corporation")])
    search.refresh()
    assert found(search, "corporation acme") == ["whole", "longer"]


def test_among_equals_the_newest_comes_first(search: CustomerSearch) -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (3, 9, 6)]
    search.index([contact(f"on-{day.day}", "Vera Wang", updated_at=day) for day in days])
    search.refresh()
    assert found(search, "vera") == ["on-9", "on-6", "on-3"]


def test_words_nobody_has_find_nobody(filled: CustomerSearch) -> None:
    assert found(filled, "xylophone quartz") == []
    assert found(filled, "7777777777") == []
    assert found(filled, "nobody@nowhere.test") == []


def test_kinds_narrow_the_answer(filled: CustomerSearch) -> None:
    assert found(filled, "acme", kinds=("account",)) == ["acme", "acmefab"]
    assert found(filled, "acme", kinds=("contact",)) == ["john"]
    assert set(found(filled, "acme", kinds=("contact", "account"))) == {"acme", "acmefab", "john"}
    assert found(filled, "acme", kinds=("deal",)) == []


def test_a_kind_tells_equal_ids_apart(search: CustomerSearch) -> None:
    search.index([contact("same", "Twin One"), account("same", "Twin Two")])
    search.refresh()
    hits = search.search(SearchRequest(TENANT, "twin", visibility=EVERYTHING))
    assert {(hit.kind, hit.id) for hit in hits} == {("contact", "same"), ("account", "same")}


def test_a_tenant_never_sees_another(filled: CustomerSearch) -> None:
    for query in ("john smith", "acme.com", "0147", "Щербаков", "rdwin"):
        assert not [hit for hit in found(filled, query) if hit.startswith("other-")]
        assert all(hit.startswith("other-") for hit in found(filled, query, OTHER))
    assert found(filled, "john", "33333333-3333-4333-8333-333333333333") == []


@pytest.mark.parametrize("tenant", ["", "../x", f"{TENANT}/../{OTHER}", "a b", "*", f"{TENANT},{OTHER}", "x" * 65])
def test_a_tenant_that_is_no_identifier_is_refused(filled: CustomerSearch, tenant: str) -> None:
    with pytest.raises(SearchQueryInvalid, match="tenant_id"):
        found(filled, "john", tenant)
    with pytest.raises(SearchDocumentInvalid, match="tenant_id"):
        filled.index([replace(contact("x", "X"), tenant_id=tenant)])


def test_visibility_shows_only_what_it_names(filled: CustomerSearch) -> None:
    def seen(visibility: Visibility) -> set[str]:
        return set(found(filled, "j", visibility=visibility, limit=50))

    assert {"john", "joan", "johanna", "jose", "mueller"} <= seen(EVERYTHING)
    assert {"john", "joan", "jose"} <= seen(Visibility.own("olga"))
    assert seen(Visibility.own("ivan")) == {"johanna", "mueller"}
    assert seen(Visibility.teams(["south"])) == {"johanna"}
    assert seen(Visibility.teams(["south"], actor_id="ivan")) == {"johanna", "mueller"}
    assert seen(Visibility.own("nobody")) == set()
    assert seen(Visibility.teams([])) == set()
    assert seen(Visibility()) == set()


def test_a_document_without_owner_is_nobodys_own(search: CustomerSearch) -> None:
    search.index([contact("x", "Lone Wolf", owner_id=None, team_id=None)])
    search.refresh()
    assert found(search, "wolf", visibility=Visibility.own("olga")) == []
    assert found(search, "wolf") == ["x"]


def test_the_limit_bounds_the_answer(filled: CustomerSearch) -> None:
    assert len(found(filled, "j", limit=2)) == 2


@pytest.mark.parametrize(
    "query",
    [
        '"', "'", '"john', "john AND", "OR", "NOT", "AND OR NOT", "name:john", "*", "?", "joh*", "j?hn", "[a TO z]",
        "{", "}", "(((", ")))", "~2", "john~9", "john^1000", "\\", "\\\\\"", "/.*/", "/(a+)+$/", "+-!(){}[]^\"~*?:\\/",
        "john && smith || x", "<script>", "'; drop table", "%", "%00", "\x00", "a\x00b", "\ud800", "\u202ejohn", "😀",
        "😀😀 john", "👩\u200d👩\u200d👧", "....", "@", "@@", "@.", "a@", "@a", ".", "-", "+", "()", "++++1", "0", "00",
        "0000", "½", "①②③④", "٠١٢٣٤", "İ", "ß", "Ω", "\u0301", "\u200b", "a" * 256, "1" * 256, "@" * 256,
        "a.b@" * 60,
        "_source", "__proto__", "{\"match_all\":{}}", "$ne", "null", "true", "ъ", "ь", "'''", "’", "x'",
    ],
)  # fmt: skip
def test_a_hostile_query_is_answered_like_any_other(filled: CustomerSearch, query: str) -> None:
    assert not [hit for hit in found(filled, query) if hit.startswith("other-")]


@pytest.mark.parametrize("query", ["", " ", "\t\n", "!!!", "😀", "\"'`", "...", "\u200b"])
def test_a_query_without_letters_and_digits_finds_nothing(filled: CustomerSearch, query: str) -> None:
    assert found(filled, query) == []


def test_operators_are_plain_text(filled: CustomerSearch) -> None:
    assert found(filled, "*:*") == []
    assert found(filled, "joh* smi*")[0] == "john"


def test_what_is_too_long_is_refused_with_the_bound(filled: CustomerSearch) -> None:
    limits = SearchLimits()
    with pytest.raises(SearchQueryInvalid, match=f"query: at most {limits.query_max_chars} characters"):
        found(filled, "a" * 10_000)
    with pytest.raises(SearchQueryInvalid, match=f"query: at most {limits.query_max_words} words"):
        found(filled, "a " * (limits.query_max_words + 1))
    for limit in (0, -1, limits.page_max_hits + 1):
        with pytest.raises(SearchQueryInvalid, match="limit"):
            found(filled, "john", limit=limit)
