"""What the console asks of a kind of record, so that list, panel, page, form and bin are written once for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.console.acts import Action
from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.values import Record


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list and the token of the next one, empty on the last."""

    records: Sequence[Record]
    next_page_token: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list shows: filter text of the API, order, whole records or summaries, the bin or the living."""

    filter: str = ""
    order_by: str = ""
    page_token: str = ""
    full: bool = False
    deleted: bool = False
    page_size: int = 0


NO_MATCH = lazy("Nothing matches")
NAME = lazy("Name")


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of a kind.

    `intro` stands under the title of its list, `add` names its form and `done` its button; `nobody` and `first` stand
    on an empty list, `no_match` where a filter finds nothing.
    """

    intro: Lazy
    add: Lazy
    done: Lazy
    nobody: Lazy
    first: Lazy
    no_match: Lazy = NO_MATCH
    name: Lazy = NAME


@dataclass(frozen=True, slots=True)
class Child:
    """A list on a record's page: records of the kind `plural` whose field `field` names it."""

    plural: str
    field: str


@dataclass(frozen=True, slots=True)
class View:
    """A filter that people expect above a list. `{month}` in it is the first day of this month, `{me}` who looks.

    One with `{team}`, the team of who looks, is left out for people without one.
    """

    label: Lazy
    filter: str


class Kind(Protocol):
    """The methods of one kind of record. Every one of them raises `FuniaError`."""

    @property
    def plural(self) -> str: ...
    @property
    def singular(self) -> str: ...
    @property
    def title(self) -> Lazy: ...
    @property
    def one(self) -> Lazy: ...
    @property
    def icon(self) -> str: ...
    @property
    def icon_add(self) -> str: ...
    @property
    def words(self) -> Words: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...
    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def listed(self) -> tuple[Field, ...]:
        """Fields that only columns of lists show."""

    @property
    def name_sort(self) -> str: ...
    @property
    def reads(self) -> str:
        """Scope of those who see them."""

    @property
    def writes(self) -> str:
        """Scope of those who change them."""

    @property
    def imports(self) -> bool:
        """Whether files of them are imported."""

    @property
    def bins(self) -> bool:
        """Whether they go to a bin, or are gone when deleted."""

    @property
    def deletes(self) -> bool:
        """Whether they can be deleted at all; papers stay."""

    @property
    def page(self) -> str:
        """Template of the record's page."""

    @property
    def children(self) -> tuple[Child, ...]: ...
    @property
    def acts(self) -> tuple[Action, ...]: ...
    @property
    def lines(self) -> bool:
        """Whether they are documents of lines."""

    @property
    def views(self) -> tuple[View, ...]: ...

    def new(self) -> Record: ...
    def list(self, query: ListQuery) -> Listed: ...
    def find(self, text: str, query: ListQuery) -> Listed:
        """Records that fit plain words, best first."""

    def get(self, record_id: str) -> Record: ...
    def batch_get(self, ids: Sequence[str]) -> Sequence[Record]: ...
    def create(self, record: Record, *, allow_duplicate: bool, company_id: str, key: str) -> Record: ...
    def update(self, record: Record, paths: Sequence[str], etag: str, *, reason: str, key: str) -> Record: ...
    def delete(self, record_id: str, etag: str) -> None: ...
    def undelete(self, record_id: str) -> Record: ...
