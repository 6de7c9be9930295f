"""The words of receipts in the languages that papers are written in."""

from __future__ import annotations

from collections.abc import Mapping

RECEIPT_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sale": "Receipt",
        "return": "Return",
        "total": "Total",
        "tax": "of which tax {rate}",
        "tax_number": "Tax number",
        "off": "saved",
        "cash": "Cash",
        "card": "Card",
        "transfer": "Transfer",
        "gift_card": "Gift card",
        "points": "Points",
        "exchange": "Exchange",
        "other": "Other",
        "change": "Change",
    },
    "ru": {
        "sale": "Чек",
        "return": "Возврат",
        "total": "Итого",
        "tax": "в т. ч. налог {rate}",
        "tax_number": "ИНН",
        "off": "скидка",
        "cash": "Наличные",
        "card": "Карта",
        "transfer": "Перевод",
        "gift_card": "Подарочная карта",
        "points": "Баллы",
        "exchange": "Обмен",
        "other": "Другое",
        "change": "Сдача",
    },
    "bg": {
        "sale": "Бележка",
        "return": "Връщане",
        "total": "Общо",
        "tax": "в т.ч. данък {rate}",
        "tax_number": "Данъчен номер",
        "off": "отстъпка",
        "cash": "В брой",
        "card": "Карта",
        "transfer": "Превод",
        "gift_card": "Карта за подарък",
        "points": "Точки",
        "exchange": "Замяна",
        "other": "Друго",
        "change": "Ресто",
    },
}
