"""The pipelines a company begins with: the four stages of contact, in the company's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Names = Mapping[str, str]
LANGUAGES = ("en", "ru", "bg")


@dataclass(frozen=True, slots=True)
class FirstStage:
    """A stage that a company begins with."""

    key: str
    names: Names
    probability: int
    category: str = "open"
    forecast_category: str = "pipeline"
    entry_criteria: Sequence[str] = ()
    rot_days: int = 14


@dataclass(frozen=True, slots=True)
class FirstPipeline:
    """A pipeline that a company begins with."""

    key: str
    names: Names
    stages: Sequence[FirstStage]
    after_sales: bool = False


def _names(en: str, ru: str, bg: str) -> Names:
    return dict(zip(LANGUAGES, (en, ru, bg), strict=True))


FIRST_PIPELINES = (
    FirstPipeline(
        "sales",
        _names("Sales", "Продажи", "Продажби"),
        (
            FirstStage("prospecting", _names("Prospecting", "Поиск клиентов", "Търсене на клиенти"), 10),
            FirstStage(
                "needs", _names("Needs analysis", "Выявление потребностей", "Анализ на нуждите"), 25,
                entry_criteria=("need",),
            ),
            FirstStage(
                "qualification", _names("Qualification", "Квалификация", "Квалификация"), 30,
                entry_criteria=("need", "account"),
            ),
            FirstStage(
                "decision", _names("Decision makers", "Лица, принимающие решение", "Вземащи решение"), 40,
                entry_criteria=("account", "decision_maker"),
            ),
            FirstStage(
                "proposal", _names("Proposal", "Предложение", "Оферта"), 60, forecast_category="best_case",
                entry_criteria=("account", "contact", "amount"),
            ),
            FirstStage(
                "negotiation", _names("Negotiation", "Переговоры", "Преговори"), 80, forecast_category="commit",
                entry_criteria=("account", "contact", "amount", "next_step"),
            ),
            FirstStage("won", _names("Closed won", "Сделка выиграна", "Спечелена"), 100, "won", "commit",
                       ("account", "amount"), 0),
            FirstStage("lost", _names("Closed lost", "Сделка проиграна", "Загубена"), 0, "lost", "omitted",
                       ("lost_reason",), 0),
        ),
    ),
    FirstPipeline(
        "after_sales",
        _names("After-sales", "После продажи", "След продажбата"),
        (
            FirstStage("onboarding", _names("Onboarding", "Внедрение", "Въвеждане"), 50, rot_days=30),
            FirstStage("active", _names("Active", "Активный клиент", "Активен клиент"), 60, rot_days=90),
            FirstStage("renewal", _names("Renewal", "Продление", "Подновяване"), 80, forecast_category="best_case",
                       rot_days=30),
            FirstStage("renewed", _names("Renewed", "Продлено", "Подновено"), 100, "won", "commit", (), 0),
            FirstStage("churned", _names("Not renewed", "Не продлено", "Неподновено"), 0, "lost", "omitted",
                       ("lost_reason",), 0),
        ),
        after_sales=True,
    ),
)  # fmt: skip
FIRST_LOST_REASONS: Mapping[str, Sequence[str]] = {
    "en": ("Price", "Competitor", "No budget", "No decision", "Timing", "Missing feature", "No answer", "Other"),
    "ru": (
        "Цена", "Конкурент", "Нет бюджета", "Нет решения", "Не вовремя", "Нет нужной функции", "Нет ответа", "Другое",
    ),
    "bg": (
        "Цена", "Конкурент", "Няма бюджет", "Няма решение", "Неподходящ момент", "Липсваща функция", "Няма отговор",
        "Друго",
    ),
}  # fmt: skip


def language_of(locale: str) -> str:
    """The language of a locale that there are names in; English otherwise."""
    short = locale.split("-", maxsplit=1)[0].lower()
    return short if short in LANGUAGES else "en"
