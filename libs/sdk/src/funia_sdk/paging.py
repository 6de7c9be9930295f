"""Lists, page by page behind the scenes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")


class Page(Protocol):
    """What every answer of a list has."""

    @property
    def next_page_token(self) -> str:
        """Where the next page begins; empty on the last."""


PageT = TypeVar("PageT", bound=Page)


class Pages(Generic[Item, PageT]):
    """A list that asks for the next page when it is needed. Each iteration begins anew.

    Records that are added or change while it runs neither repeat nor hide others.
    """

    def __init__(self, fetch: Callable[[str], PageT], items: Callable[[PageT], list[Item]], start: str = "") -> None:
        self._fetch = fetch
        self._items = items
        self._start = start

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from self._items(page)

    def pages(self) -> Iterator[PageT]:
        """The answers themselves; keep `next_page_token` of one to go on later from there."""
        token = self._start
        while True:
            page = self._fetch(token)
            yield page
            token = page.next_page_token
            if not token:
                return

    def first(self) -> Item | None:
        """The first record, or None."""
        return next(iter(self), None)
