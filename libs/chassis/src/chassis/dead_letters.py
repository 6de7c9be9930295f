"""The events no consumer could handle: read without their content, and handed to their consumer once more.

A letter names its event by ids and its failure by the kind of error. What the error said stays in the stream: it may
quote what somebody entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from chassis.consumer import REPLAY_ROOT, REPLAYED
from chassis.errors import NotFound, Unavailable
from chassis.streams import DEAD_LETTERS, PASSING_ERRORS
from chassis.subscriptions import opened

_LOOKS_PER_LETTER = 20
"""Sequences looked at for each letter wanted: replayed letters leave holes."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One event of one consumer. The ids are empty where nobody could read the event."""

    sequence: int
    consumer: str
    tenant_id: str
    error: str
    died_at: datetime | None
    event_type: str = ""
    event_id: str = ""
    subject_id: str = ""


async def read_letters(client: Client, *, before: int = 0, most: int = 50) -> list[DeadLetter]:
    """The newest letters, or those older than the sequence `before`."""
    context = client.jetstream(timeout=5.0)
    state = (await context.stream_info(DEAD_LETTERS)).state
    newest = min(state.last_seq, before - 1) if before else state.last_seq
    oldest = max(state.first_seq, newest - most * _LOOKS_PER_LETTER)
    letters: list[DeadLetter] = []
    for sequence in range(newest, oldest - 1, -1):
        if len(letters) >= most or not state.messages:
            break
        try:
            letters.append(_letter(await context.get_msg(DEAD_LETTERS, sequence)))
        except NotFoundError:
            continue
    return letters


async def replay_letter(client: Client, sequence: int, *, timeout_s: float) -> str:
    """Has the letter's consumer handle it again: "" where it did and the letter is gone, else the kind of error.

    Raises NotFound where there is no such letter, Unavailable where the consumer does not run.
    """
    context = client.jetstream(timeout=5.0)
    try:
        message = await context.get_msg(DEAD_LETTERS, sequence)
    except NotFoundError as error:
        raise NotFound(f"There is no dead letter {sequence}; it was replayed already.", reason="NO_LETTER") from error
    letter = _letter(message)
    try:
        answer = await client.request(f"{REPLAY_ROOT}.{letter.consumer}", message.data or b"", timeout=timeout_s)
    except NoRespondersError as error:
        raise Unavailable(f"{letter.consumer} does not run. Start its worker first.", reason="NO_CONSUMER") from error
    except PASSING_ERRORS as error:
        raise Unavailable(f"{letter.consumer} did not answer in time.", reason="CONSUMER_SLOW") from error
    if answer.data != REPLAYED:
        return answer.data.decode()
    await context.delete_msg(DEAD_LETTERS, sequence)
    return ""


def _letter(message: RawStreamMsg) -> DeadLetter:
    _, tenant_id, consumer = (message.subject or "..").split(".", 2)
    event = opened(message.data or b"")
    kind, _, _ = (message.headers or {}).get("Funia-Error", "").partition(":")
    return DeadLetter(
        sequence=message.seq or 0,
        consumer=consumer,
        tenant_id=tenant_id,
        error=kind if kind.isidentifier() else "Unreadable",
        died_at=datetime.fromtimestamp(message.time.timestamp(), UTC) if message.time else None,
        event_type=event.type if event else "",
        event_id=str(event.id) if event else "",
        subject_id=str(event.subject_id) if event else "",
    )
