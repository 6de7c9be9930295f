"""Fields that a column may fill, by kind of record, and the headings they are known by in three languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import partial

from chassis.importing.custom_columns import PREFIX
from chassis.importing.inspection import Proposer

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "lead": {
        "external_id": "id|lead id|external id|ид",
        "given_name": "first name|given name|имя|име|собствено име",
        "family_name": "last name|surname|family name|фамилия|фамилно име",
        "full_name": "name|full name|contact|фио|контакт|имена",
        "company_name": "company|company name|account|organization|компания|организация|фирма",
        "job_title": "job title|title|position|должность|длъжност",
        "email": "email|e mail|email address|почта|имейл",
        "phone": "phone|telephone|mobile|телефон|мобилен",
        "website": "website|web site|url|сайт|уебсайт",
        "industry": "industry|sector|отрасль|бранш",
        "country_code": "country|country code|страна|държава",
        "language": "language|язык|език",
        "source": "source|lead source|источник|източник",
        "description": "description|notes|note|comment|описание|бележки",
        "owner": "owner|sales agent|sales rep|responsible|ответственный|отговорник",
    },
    "product": {
        "name": "product|name|product name|title|товар|название|продукт|наименование|име",
        "sku": "sku|stock code|stockcode|code|product code|item code|article|артикул|код",
        "category": "category|series|group|product category|категория|группа|група|серия",
        "description": "description|описание",
        "unit": "unit|uom|единица|мерна единица",
        "price": "price|sales price|list price|unit price|цена|продажна цена",
        "cost": "cost|unit cost|purchase price|себестоимость|себестойност",
        "barcode": "barcode|ean|upc|gtin|штрихкод|баркод",
    },
    "deal": {
        "external_id": "opportunity id|deal id|id|external id|ид",
        "name": "name|deal|deal name|opportunity|opportunity name|сделка|название сделки|име на сделка",
        "stage": "stage|deal stage|status|этап|стадия|етап|статус",
        "owner": "sales agent|owner|sales rep|responsible|agent|ответственный|отговорник|търговец",
        "account": "account|company|customer|client|account name|компания|клиент|фирма",
        "product": "product|item|товар|продукт",
        "amount": "close value|amount|value|deal value|sum|сумма|стойност|сума",
        "engaged_on": "engage date|created|created at|start date|open date|дата начала|начало|начална дата",
        "closed_on": "close date|closed at|closed on|end date|дата закрытия|приключена на|дата на приключване",
        "expected_on": "expected close date|expected close|forecast date|ожидаемая дата|очаквана дата",
        "lost_reason": "lost reason|reason|причина",
        "source": "source|lead source|источник|източник",
        "next_step": "next step|следующий шаг|следваща стъпка",
        "description": "description|notes|описание|бележки",
    },
    "order": {
        "number": "invoiceno|invoice no|invoice|order|order no|order number|number|номер|заказ|поръчка|фактура",
        "sku": "stockcode|stock code|sku|product code|item code|article|артикул|код",
        "product_name": "description|product|product name|item|название|товар|продукт|описание",
        "quantity": "quantity|qty|количество|бр",
        "unit_price": "unitprice|unit price|price|цена|единична цена",
        "list_price": "list price|price before discount|regular price|цена без скидки|цена преди отстъпка",
        "ordered_at": "invoicedate|invoice date|order date|date|ordered at|дата",
        "customer": "customerid|customer id|customer|customer code|client id|клиент|код клиента|код на клиент",
        "owner": "sales agent|owner|sales rep|salesperson|seller|agent|ответственный|продавец|отговорник|търговец",
        "customer_name": "customer name|client name|имя клиента|име на клиент",
        "country_code": "country|country code|страна|държава",
    },
}
"""The first heading of a file that is known for a field proposes it; its own name always does."""
NEEDED: Mapping[str, Sequence[tuple[tuple[str, ...], str]]] = {
    "lead": [(("given_name", "family_name", "full_name", "company_name", "email", "phone"), "a name or an address")],
    "product": [(("name",), "the product's name")],
    "deal": [(("stage",), "the stage"), (("name", "account", "product", "external_id"), "a name or what names it")],
    "order": [
        (("number",), "the order's number"),
        (("sku", "product_name"), "the product"),
        (("quantity",), "the quantity"),
        (("unit_price",), "the unit price"),
        (("ordered_at",), "the date"),
    ],
}
"""What has to be mapped: one of these fields each, and how that is said."""


def proposer(kind: str) -> Proposer:
    """What is known of the columns of a kind."""
    return Proposer(partial(_is_known, kind), partial(propose, kind))


def propose(kind: str, headings: Sequence[str], _samples: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """For each column the field it seems to fill; empty where none, or where another column fills it already."""
    known = _KNOWN[kind]
    chosen: list[str] = []
    for heading in headings:
        field = heading if kind in WITH_OWN_FIELDS and heading.startswith(PREFIX) else known.get(_key(heading), "")
        chosen.append("" if field in chosen else field)
    return tuple(chosen)


def unknown_field(kind: str, text: str) -> str:
    """What to say of a field that does not exist."""
    names = [*HEADINGS[kind], *([f"{PREFIX}<key>"] if kind in WITH_OWN_FIELDS else [])]
    near = get_close_matches(text, names, n=1, cutoff=0.6)
    hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(names)}."
    return f'There is no field "{text[:80]}"; {hint}'


def _is_known(kind: str, heading: str) -> bool:
    return _key(heading) in _KNOWN[kind]


def _key(heading: str) -> str:
    """A heading for comparing: without a remark in brackets, underlines and points as blanks."""
    bare = re.sub(r"\s*\([^)]*\)\s*$", "", heading).casefold()
    return " ".join(re.sub(r"[_.\-]", " ", bare).split())


WITH_OWN_FIELDS = ("lead", "deal")
"""Kinds whose files may fill fields that the company defined itself, by their keys."""
_KNOWN = {
    kind: {_key(name): field for field, names in fields.items() for name in (field, *reversed(names.split("|")))}
    for kind, fields in HEADINGS.items()
}
