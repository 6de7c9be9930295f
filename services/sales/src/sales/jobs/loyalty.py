"""Timers of members and gift cards: what becomes usable, what expires, and tiers that are over."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Handler, Outcome
from chassis.work import Database

from sales.usecases import gift_cards, points


def member_handler(database: Database) -> Handler:
    """Wakes a member; told again it changes nothing."""

    def run(tenant_id: UUID, member_id: UUID, _control: Control) -> Outcome:
        with database.open_work(Caller.system(tenant_id)) as work:
            points.wake(work, member_id)
        return Outcome.DONE

    return run


def gift_card_handler(database: Database) -> Handler:
    """Lets a card expire; told again it changes nothing."""

    def run(tenant_id: UUID, card_id: UUID, _control: Control) -> Outcome:
        with database.open_work(Caller.system(tenant_id)) as work:
            gift_cards.expire(work, card_id)
        return Outcome.DONE

    return run
