"""Proposes which field a column fills, from its heading in English, Russian or Bulgarian and from its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from chassis.importing.inspection import Proposer

from contacts.imports.fields import ACCOUNT_FIELDS, CONTACT_FIELDS, MANY, repeated, target
from contacts.model.names import name_key

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+\d[\d\s().-]{6,}")
_DOMAIN = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_OUR_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
"""A UUIDv7, as in a file that was exported from here: no id of another system."""
_MILLIONS_BELOW = 100_000.0

_SHARED = {
    "phones": "phone|telephone|tel|mobile|mobile phone|cell|cell phone|phone number|work phone|home phone|gsm|fax no|"
    "телефон|тел|мобильный|мобильный телефон|сотовый|номер телефона|рабочий телефон|мобилен|мобилен телефон|"
    "телефонен номер|гсм",
    "country_code": "country|country code|country name|nation|office location|location country|"
    "страна|код страны|държава|код на държава",
    "tags": "tags|tag|labels|label|segments|теги|тег|метки|метка|етикети|етикет|тагове",
    "description": "description|notes|note|comment|comments|remarks|about|"
    "описание|заметки|заметка|комментарий|комментарии|примечание|бележки|бележка|коментар|коментари",
    "owner_id": "owner id|owner_id",
    "address.street": "street|address|street address|address line 1|mailing street|улица|адрес",
    "address.city": "city|town|mailing city|город|град|населено място",
    "address.region": "state|region|province|county|область|регион|край|област",
    "address.postal_code": "zip|zip code|postal code|postcode|индекс|почтовый индекс|пощенски код",
}
_CONTACT = {
    "given_name": "first name|firstname|given name|forename|fname|имя|име|собствено име|first",
    "middle_name": "middle name|second name|patronymic|отчество|презиме|бащино име|middle",
    "family_name": "last name|lastname|surname|family name|lname|фамилия|фамилно име|last",
    "full_name": "name|full name|fullname|contact|contact name|person|customer name|client|"
    "фио|полное имя|контакт|клиент|имя и фамилия|име и фамилия|трите имена|пълно име|имена",
    "title": "title|salutation|honorific|prefix|обращение|обръщение",
    "job_title": "job title|job|position|role title|occupation|должность|позиция|длъжност",
    "emails": "email|e mail|email address|e mail address|mail|work email|personal email|"
    "почта|электронная почта|эл почта|адрес электронной почты|имейл|електронна поща|ел поща|мейл|поща",
    "account_name": "company|company name|account|account name|organization|organisation|employer|firm|"
    "компания|организация|название компании|фирма|работодатель|място на работа|име на фирма|компания име",
    "account_role": "role|role in company|контактная роль|роль|роля",
    "lifecycle_stage": "lifecycle stage|stage|lifecycle|стадия|этап|етап",
    "language": "language|preferred language|locale|язык|език",
    "source": "source|lead source|origin|источник|източник",
    "score": "score|lead score|оценка|скор|точки",
    "do_not_contact": "do not contact|do not call|opt out|unsubscribed|не беспокоить|не контактувай|отписан",
    "external_ids.external": "external id|external_id|crm id|customer id|contact id|id|ид|внешний ид|код клиента",
}
_ACCOUNT = {
    "name": "account|name|company|company name|account name|organization|organisation|business|legal name|"
    "компания|название|наименование|организация|название компании|фирма|име|име на фирма|име на фирмата|"
    "наименование на фирма",
    "domains": "domain|domains|web domain|домен|домейн",
    "website": "website|web site|web|url|homepage|сайт|вебсайт|веб сайт|уебсайт|уеб сайт|интернет страница",
    "industry": "industry|sector|branch|vertical|отрасль|сектор|сфера|бранш|отрасъл|индустрия",
    "employees": "employees|number of employees|headcount|staff|company size|size|"
    "сотрудники|количество сотрудников|число сотрудников|штат|служители|брой служители|персонал",
    "annual_revenue": "revenue|annual revenue|turnover|sales|выручка|годовая выручка|оборот|приходи|годишен оборот|"
    "годишни приходи",
    "founded_year": "year established|year_established|founded|founded year|year founded|established|foundation year|"
    "год основания|основана|година на основаване|основана през",
    "type": "type|account type|company type|тип|вид",
    "tier": "tier|class|grade|importance|уровень|категория|класс|ниво|клас",
    "parent_name": "subsidiary of|subsidiary_of|parent|parent company|parent account|holding|"
    "материнская компания|головная компания|холдинг|компания майка|дружество майка|собственик",
    "external_ids.external": "external id|external_id|crm id|account id|id|ид|внешний ид|еик|инн",
}


def proposer(kind: str) -> Proposer:
    """What is known of the columns of people ("contact") or companies ("account")."""
    return Proposer(partial(is_known_heading, kind), partial(propose, kind))


def is_known_heading(kind: str, heading: str) -> bool:
    """Whether this looks like the name of a field."""
    return _key(heading) in _KNOWN[kind]


def propose(kind: str, headings: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """For each column the field it seems to fill; empty where none, or where another column fills it already."""
    chosen: list[str] = []
    for heading, values in zip(headings, samples, strict=True):
        field = _by_heading(kind, heading, values) or _by_values(kind, values)
        if field and field not in MANY:
            wanted = target(kind, field)
            taken = [one for text in chosen if text and (one := target(kind, text)) is not None]
            if wanted is None or repeated([*taken, wanted]) is not None:
                field = ""
        chosen.append(field)
    if kind == "contact" and "full_name" in chosen and ("given_name" in chosen or "family_name" in chosen):
        chosen[chosen.index("full_name")] = ""
    return tuple(chosen)


def _by_heading(kind: str, heading: str, values: Sequence[str]) -> str:
    if heading.startswith("custom.") and target(kind, heading) is not None:
        return heading
    known = _KNOWN[kind]
    key = _key(heading)
    field = known.get(key) or known.get(key.rstrip("0123456789 ")) or ""
    if field == "annual_revenue":
        return _revenue_scale(heading, values)
    if field.startswith("external_ids") and any(_OUR_ID.fullmatch(value) for value in values):
        return ""
    if field == "emails" and values and not any("@" in value for value in values):
        return ""
    return field


def _by_values(kind: str, values: Sequence[str]) -> str:
    if not values:
        return ""
    if all(_EMAIL.fullmatch(value) for value in values):
        return "emails" if kind == "contact" else ""
    if all(_PHONE.fullmatch(value) for value in values):
        return "phones" if kind == "contact" else "phone"
    if kind == "account" and all(_DOMAIN.fullmatch(value) for value in values):
        return "domains"
    return ""


def _revenue_scale(heading: str, values: Sequence[str]) -> str:
    """Revenues of companies that all look tiny are most likely written in millions."""
    bare = heading.casefold()
    if re.search(r"\b(m|mln|mio|million|millions|млн)\b", bare):
        return "annual_revenue_millions"
    if re.search(r"\b(k|thousand|thousands|тыс|хил)\b", bare):
        return "annual_revenue_thousands"
    numbers = [float(value) for value in values if re.fullmatch(r"\d+(\.\d+)?", value)]
    if len(numbers) == len(values) and any("." in value for value in values) and max(numbers) < _MILLIONS_BELOW:
        return "annual_revenue_millions"
    return "annual_revenue"


def _key(heading: str) -> str:
    """A heading for comparing: without a remark in brackets, underlines and points as blanks."""
    return name_key(re.sub(r"\s*\([^)]*\)\s*$", "", heading).replace("_", " "))


def _headings(own: Sequence[str], *tables: dict[str, str]) -> dict[str, str]:
    """Fields by heading; a field's own name always leads to it, as in a file that was exported."""
    known = {name: name for name in own}
    for table in tables:
        for field, names in table.items():
            known |= dict.fromkeys(names.split("|"), field)
    return {_key(name): field for name, field in known.items()}


_KNOWN = {
    "contact": _headings(CONTACT_FIELDS, _SHARED, _CONTACT),
    "account": _headings(ACCOUNT_FIELDS, _SHARED, {"phone": _SHARED["phones"]}, _ACCOUNT),
}
