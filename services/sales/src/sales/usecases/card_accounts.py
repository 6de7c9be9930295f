"""How companies are paid by card: their accounts at the provider, sealed, and refunds by the provider."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import Conflict, Unavailable
from chassis.ids import uuid7
from chassis.vault import Vault
from chassis.work import Database, Row, Work

from sales.cards.port import CardProvider, Declined, NoAnswer
from sales.queries import billing as queries
from sales.queries.billing import REFUNDS
from sales.usecases import payments, refunds

_PURPOSE = "card account"


@dataclass(frozen=True, slots=True)
class CardKeys:
    """What a provider is asked with, opened."""

    provider: str
    secret_key: str
    publishable_key: str


class CardAccounts:
    """Card accounts of companies. Secrets are sealed under FUNIA_SECRET and leave only towards the provider."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    @cached_property
    def _vault(self) -> Vault:
        """Made when first needed: a process that takes no cards does without the secret."""
        return Vault(self._secret)

    def row(self, work: Work) -> Row | None:
        """The company's account, as it is kept."""
        return queries.card_account(work)

    def read(self, work: Work) -> CardKeys:
        """The company's account, opened. Raises Conflict where there is none."""
        row = self.row(work)
        if row is None or not row.sealed_secret_key:
            raise Conflict("No card provider is set up. Do that in Settings > Payments.", reason="NO_CARD_ACCOUNT")
        return CardKeys(row.provider, self._open(work, row.sealed_secret_key), row.publishable_key)

    def webhook_secret(self, work: Work, account_id: UUID) -> str:
        """The secret that webhooks of this account are signed with; empty where there is no such account."""
        row = self.row(work)
        if row is None or row.id != account_id or not row.sealed_webhook_secret:
            return ""
        return self._open(work, row.sealed_webhook_secret)

    def keep(self, work: Work, *, provider: str, secret_key: str, webhook_secret: str, publishable_key: str) -> None:
        """Replaces the company's account; its address for webhooks stays."""
        values = {
            "provider": provider,
            "publishable_key": publishable_key,
            "sealed_secret_key": self._seal(work, secret_key),
            "sealed_webhook_secret": self._seal(work, webhook_secret),
        }
        queries.keep_card_account(work, uuid7(), values)

    def webhook_path(self, tenant_id: UUID, account_id: UUID) -> str:
        """Where the provider sends its webhooks: it names company and account, and nobody who reads it."""
        address = urlsafe_b64encode(tenant_id.bytes + account_id.bytes).decode().rstrip("=")
        return f"/hooks/payments/{address}"

    def _seal(self, work: Work, plain: str) -> str:
        return self._vault.encrypt(f"{_PURPOSE} {work.tenant_id}", plain.encode()) if plain else ""

    def _open(self, work: Work, sealed: str) -> str:
        return self._vault.decrypt(f"{_PURPOSE} {work.tenant_id}", sealed).decode()


@dataclass(frozen=True, slots=True)
class CardDesk:
    """The provider, and the accounts it is asked with."""

    provider: CardProvider
    accounts: CardAccounts

    def give_back(self, database: Database, caller: Caller, payment_id: UUID, refund_id: UUID) -> Row:
        """Has the provider give back a pending refund. Raises Conflict where it refuses, Unavailable where it does not
        answer: the same refund may then be asked for again."""
        with database.open_work(caller, read_only=True) as work:
            account = self.accounts.read(work)
            _, payment = payments.found(work, payment_id, lock=False)
            refund = REFUNDS.get(work, refund_id)
        assert refund is not None, "it was begun before the provider is asked"
        try:
            made = self.provider.refund(
                account.secret_key,
                refund_id=str(refund_id),
                reference=payment.provider_reference,
                amount_minor=refund.amount_minor,
                currency=payment.currency_code,
            )
        except NoAnswer as error:
            raise Unavailable(
                "The card provider does not answer. Send the same request again in a moment: nothing is given back"
                " twice.",
                reason="CARD_PROVIDER_AWAY",
            ) from error
        except Declined as error:
            with database.open_work(caller) as work:
                note_refund(work, payment_id, refund_id, "failed", "", error.code)
            raise Conflict(
                f"The card provider refused the refund: {error.code}.",
                reason="REFUND_DECLINED",
                metadata={"code": error.code},
            ) from error
        with database.open_work(caller) as work:
            return note_refund(work, payment_id, refund_id, made.status, made.reference, "")


def note_refund(work: Work, payment_id: UUID, refund_id: UUID, status: str, reference: str, failure: str) -> Row:
    """Keeps what the provider says of a refund, within a transaction."""
    owed, payment = payments.found(work, payment_id)
    refund = REFUNDS.get(work, refund_id, lock=True)
    assert refund is not None, "refunds are never deleted"
    if status == "succeeded":
        return refunds.succeed(work, owed, payment, refund, reference)
    if status == "failed":
        return refunds.fail(work, payment, refund, failure)
    return refund
