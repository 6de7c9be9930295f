"""Builders and the small corpus that the contract suite searches. Two tenants hold it, slightly apart."""

from dataclasses import replace
from datetime import UTC, datetime

from contacts.search.port import CustomerDocument, CustomerSearch, SearchRequest, Visibility

TENANT = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
EVERYTHING = Visibility.everything()


def contact(id_: str, title: str, **fields: object) -> CustomerDocument:
    document = CustomerDocument(
        TENANT,
        "contact",
        id_,
        1,
        title,
        owner_id="olga",
        team_id="north",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return replace(document, **fields)  # type: ignore[arg-type]


def account(id_: str, title: str, **fields: object) -> CustomerDocument:
    return replace(contact(id_, title), kind="account", **fields)  # type: ignore[arg-type]


def corpus() -> list[CustomerDocument]:
    return [
        contact(
            "john",
            "John Smith",
            emails=("john.smith@acme.com",),
            phones=("+12025550147", "(202) 555-0147"),
            text=("Acme Corporation", "Washington", "Head of purchasing"),
        ),
        contact(
            "joan",
            "Joan Smithers",
            emails=("joan@smithers.co.uk",),
            phones=("+442079460958", "020 7946 0958"),
        ),
        contact("johanna", "Johanna Berg", emails=("jberg@nordwind.de",), owner_id="ivan", team_id="south"),
        contact(
            "shch",
            "Аркадий Щербаков",
            emails=("arkady@volga.ru",),
            phones=("+79123456789", "8 (912) 345-67-89"),
        ),
        contact("yuri", "Yuri Khrushchev", emails=("yk@mail.example.ru",), text=("Волга-Сервис",)),
        contact("tsvetkov", "Aleksey Tsvetkov", emails=("a.tsvetkov@plovdiv.bg",), phones=("+359881234567",)),
        contact("shtereva", "Цветелина Щерева", text=("София",)),
        contact("agelov", "Ангел Първанов", text=("Пловдив",)),
        contact("jose", "José Núñez", emails=("jose.nunez@peña.es",)),
        contact("mueller", "Jürgen Müller", emails=("j.mueller@weiß.de",), owner_id="ivan"),
        contact("obrien", "Sinéad O'Brien", text=("Anne-Marie's team",)),
        contact("wang", "王伟", emails=("wangwei@example.cn",)),
        contact("plain", "Peter Pan", phones=("+12025550199",)),
        account("acme", "Acme Corporation", emails=("office@acme.com",), text=("Washington", "customer")),
        account("acmefab", "Acmefab GmbH", emails=("info@acmefab.example",)),
        account("betatech", "Betatech & Sons", text=("Berlin",)),
    ]


def elsewhere(documents: list[CustomerDocument]) -> list[CustomerDocument]:
    """The other tenant's documents: same words, ids of its own."""
    return [replace(document, tenant_id=OTHER, id=f"other-{document.id}") for document in documents]


def found(search: CustomerSearch, query: str, tenant: str = TENANT, **options: object) -> list[str]:
    request = SearchRequest(tenant, query, visibility=EVERYTHING)
    return [hit.id for hit in search.search(replace(request, **options))]  # type: ignore[arg-type]
