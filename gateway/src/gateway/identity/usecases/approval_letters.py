"""Mails of approvals: to those who may agree, and to who asked. They say what operation it is, and never its facts.

The link leads to the page of the approval, which asks for a log-in: it grants nothing to whoever else reads the mail.
"""

from __future__ import annotations

from chassis.work import Row, Work

from gateway.identity import letters
from gateway.identity.platform import platform_rights
from gateway.identity.post import Post
from gateway.identity.queries import approval as queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.settings import GatewaySettings

_TOLD = frozenset({"rejected", "expired", "done", "failed"})


class ApprovalLetters:
    """Writes the mails, in the transaction of what they tell."""

    def __init__(self, post: Post, settings: GatewaySettings) -> None:
        self._post = post
        self._settings = settings

    def ask(self, work: Work, row: Row) -> None:
        """To everybody it waits for, but for who asks."""
        people = queries.approvers(work, row.approver, row.requester_id, limit=self._settings.approval_mails_max)
        asker = users.get(work, row.requester_id) if row.requester_type == "user" else None
        self._write(work, "approval_asked", people, row, who="" if asker is None else asker.full_name)

    def tell(self, work: Work, row: Row) -> None:
        """To who asked, where it ended without his doing."""
        asker = users.get(work, row.requester_id) if row.requester_type == "user" else None
        if asker is not None and asker.status == "active" and row.status in _TOLD:
            self._write(work, "approval_ended", [asker], row)

    def _write(self, work: Work, kind: str, people: list[Row], row: Row, who: str = "") -> None:
        company = tenants.get(work)
        assert company is not None
        written = []
        for one in people:
            locale = one.locale or company.locale
            written.append(
                letters.compose(
                    kind,
                    locale,
                    to=one.email,
                    link=f"{self._settings.issuer}/approvals/{row.id}",
                    company=company.name,
                    who=who or letters.phrase(kind, "app", locale),
                    what=letters.phrase(kind, row.operation.replace(".", "_"), locale),
                    outcome=letters.phrase("approval_ended", row.status, locale) if kind == "approval_ended" else "",
                )
            )
        with platform_rights(work) as platform:
            for letter in written:
                self._post.put(platform, letter, company=work.tenant_id)
