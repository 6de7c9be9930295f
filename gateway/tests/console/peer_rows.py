"""Believable rows for the peer: names in three languages, long ones among them. Seeded, so pictures can be compared."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from funia.contacts.v1.account_pb2 import Account
from funia.contacts.v1.activity_pb2 import Activity, TimelineEntry
from funia.contacts.v1.contact_pb2 import AccountLink, Contact, EmailAddress, PhoneNumber, PostalAddress
from funia.type.v1.money_pb2 import Money

GIVEN = (
    "Maria", "John", "Иван", "Елена", "Georgi", "Anna", "Светлана", "Peter", "Дмитрий", "Sofia", "Petya", "Ольга",
    "Marta", "Стоян", "Emily", "Borislav", "Надежда", "Lucas", "Виктория", "Chloe",
)  # fmt: skip
FAMILY = (
    "Ivanova", "Smith", "Петров", "Соколова", "Dimitrov", "Müller", "Кузнецова", "Novak", "Волков", "Georgieva",
    "Todorova", "Лебедева", "Kowalska", "Тодоров", "Johnson", "Stoyanov", "Морозова", "Fernández", "Попова", "Dubois",
)  # fmt: skip
LONG = ("Maximiliana-Theodora Konstantinova", "von Hohenzollern-Sigmaringen-Wolkenstein", "Александра Константиновна")
TITLES = (
    "Head of purchasing", "CEO", "Менеджер по закупкам", "Управител", "Sales director", "Accountant",
    "Главен счетоводител",
    "Senior vice president of international procurement and supply chain development", "Store manager", "",
)  # fmt: skip
COMPANIES = (
    "Acme Corporation", "Balkan Logistics OOD", "ООО «Северный ветер»", "Nordwind GmbH", "Капитан Кук АД", "Betasoloin",
    "Initech", "Rundofase", "Зелена градина ЕООД",
    "Gesellschaft für angewandte Datenverarbeitung und Softwareentwicklung mbH",
    "Treequote", "Условные обозначения", "Finjob", "Cheers", "Sumace", "Y-corporation",
)  # fmt: skip
INDUSTRIES = (
    "medical",
    "retail",
    "software",
    "telecommunications",
    "маркетинг",
    "entertainment",
    "транспорт",
    "finance",
)
STAGES = ("lead", "lead", "customer", "customer", "opportunity", "mql", "subscriber", "churned", "sql", "evangelist")
SOURCES = ("import", "web form", "referral", "trade fair")
NOTES = (
    "Call in the morning. Interested in the larger packages, budget fixed until the end of the quarter.",
    "Обсудили условия поставки, просит скидку при заказе от ста единиц.",
    "Иска оферта до петък, решението взема управителят.",
)
TRANSLITERATION = str.maketrans("абвгдезийклмнопрстуфхцы", "abvgdeziyklmnoprstufhcy")


def new_id(seed: random.Random) -> str:
    return str(uuid.UUID(int=seed.getrandbits(128), version=4))


def latin(text: str) -> str:
    folded = "".join(c for c in text.casefold().translate(TRANSLITERATION) if c.isascii() and c.isalnum())
    return folded or "kontakt"


def accounts(count: int, owners: list[str], seed: random.Random, now: dt.datetime) -> list[Account]:
    made = []
    for index in range(count):
        name = COMPANIES[index % len(COMPANIES)] + (
            f" {index // len(COMPANIES) + 1}" if index >= len(COMPANIES) else ""
        )
        account = Account(
            id=new_id(seed),
            etag="1",
            name=name,
            domains=[f"{latin(name)[:40]}.example"],
            industry=INDUSTRIES[index % len(INDUSTRIES)],
            employees=seed.choice((4, 35, 260, 1800, 24000)),
            founded_year=seed.randint(1950, 2024),
            type=("customer", "prospect", "partner", "competitor")[index % 4],
            tier="A" if index % 5 == 0 else "",
            phone=f"+3592{seed.randint(1000000, 9999999)}",
            website=f"https://{latin(name)[:40]}.example",
            country_code=("BG", "DE", "RU", "GB", "FR")[index % 5],
            owner_id=seed.choice(owners),
            tags=["key account"] if index % 6 == 0 else [],
            annual_revenue=Money(currency_code="EUR", amount_minor=seed.randint(100, 90000) * 100000),
            addresses=[PostalAddress(street="бул. Витоша 15", city="София", postal_code="1000", country_code="BG")],
        )
        stamp(account, now, seed, index)
        made.append(account)
    return made


def contacts(
    count: int, companies: list[Account], owners: list[str], seed: random.Random, now: dt.datetime
) -> list[Contact]:
    made = []
    for index in range(count):
        given = LONG[0] if index == 3 else (LONG[2] if index == 9 else seed.choice(GIVEN))
        family = LONG[1] if index == 3 else seed.choice(FAMILY)
        company = companies[index % len(companies)] if companies and index % 7 else None
        contact = Contact(
            id=new_id(seed),
            etag="1",
            given_name=given,
            family_name=family,
            display_name=f"{given} {family}",
            job_title=TITLES[7] if index == 3 else seed.choice(TITLES),
            lifecycle_stage=STAGES[index % len(STAGES)],
            language=seed.choice(("en", "ru", "bg", "de")),
            country_code=seed.choice(("BG", "DE", "RU", "GB")),
            source=seed.choice(SOURCES),
            owner_id=seed.choice(owners),
            score=seed.randint(0, 100),
            do_not_contact=index == 11,
            description=NOTES[0] if index % 4 == 0 else "",
            tags=["newsletter", "VIP"] if index % 5 == 0 else [],
        )
        host = company.domains[0] if company else "mail.example"
        contact.emails.append(
            EmailAddress(address=f"{latin(given)[:24]}.{latin(family)[:24]}@{host}", label="work", primary=True)
        )
        if index % 3 == 0:
            contact.emails.append(EmailAddress(address=f"{latin(given)[:20]}{index}@home.example", label="home"))
        if index % 4:
            contact.phones.append(
                PhoneNumber(number=f"+35988{seed.randint(1000000, 9999999)}", label="mobile", primary=True)
            )
        if company is not None:
            link = AccountLink(
                account_id=company.id, account_name=company.name, role="buyer" if index % 2 else "", primary=True
            )
            contact.accounts.append(link)
        stamp(contact, now, seed, index)
        made.append(contact)
    return made


def stamp(record: Contact | Account, now: dt.datetime, seed: random.Random, index: int) -> None:
    created = now - dt.timedelta(days=index * 0.6 + 0.2, minutes=seed.randint(0, 600))
    record.created_at.FromDatetime(created)
    record.updated_at.FromDatetime(min(now - dt.timedelta(minutes=3), created + dt.timedelta(hours=index % 40)))


def history(contact: Contact, owners: list[str], seed: random.Random, now: dt.datetime) -> list[TimelineEntry]:
    """What happened with a person, newest first."""
    entries = []

    def entry(event_type: str, hours_ago: float, **values: object) -> TimelineEntry:
        made = TimelineEntry(
            id=new_id(seed), subject_id=contact.id, type=event_type, actor_type="user", actor_id=seed.choice(owners)
        )
        made.occurred_at.FromDatetime(now - dt.timedelta(hours=hours_ago))
        for name, value in values.items():
            if name == "changed_fields":
                made.changed_fields.extend(value)  # type: ignore[arg-type]
            if name == "details":
                made.details.update(value)  # type: ignore[arg-type]
        entries.append(made)
        return made

    task = entry("contacts.activity.created", 2)
    task.activity.CopyFrom(
        Activity(id=new_id(seed), kind="task", title="Send the revised offer", body=NOTES[2], status="not_started")
    )
    task.activity.due_at.FromDatetime(now + dt.timedelta(days=2))
    entry("contacts.contact.updated", 5, changed_fields=["job_title", "phones"])
    note = entry("contacts.activity.created", 26)
    note.activity.CopyFrom(Activity(id=new_id(seed), kind="note", body=NOTES[0] + "\n" + NOTES[1]))
    entry("contacts.lifecycle.changed", 70, details={"from": "lead", "to": contact.lifecycle_stage})
    call = entry("contacts.activity.created", 190)
    call.activity.CopyFrom(Activity(id=new_id(seed), kind="call", body=NOTES[1]))
    entry("contacts.account_contact.linked", 300, details={"account_name": "Hanse Trading", "role": ""})
    entry("contacts.contact.created", 301)
    return entries
