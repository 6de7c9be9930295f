"""A reminder that is due is mailed to its owner, in his language, and to nobody of another company."""

from __future__ import annotations

from typing import Any

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.mail import Smtp
from chassis.testing.events import received
from funia.sales.v1.events_pb2 import SalesActivityChanged
from gateway.composition import Identity
from gateway.identity.consumers.reminders import Reminders
from gateway.mail.sender import MailSender


def test_the_owner_is_told_that_something_is_due_and_not_what(
    identity: Identity, new_company: Any, mailbox: Any, admin: Any
) -> None:
    company, other = new_company("Acme"), new_company("Others")
    admin.execute("DELETE FROM outgoing_mail")
    deal_id = str(uuid7())
    reminders = Reminders(identity.post, "https://funia.example")
    for owner in (company.owner_id, other.owner_id, uuid7()):
        payload = SalesActivityChanged(kind="call", deal_id=deal_id, owner_id=str(owner))
        event = Event("sales.activity.reminder_due", uuid7(), 2, payload)
        with identity.database.open_work(Caller.system(company.tenant_id)) as work:
            reminders.write(work, [received(event, company.tenant_id)])
    sender = MailSender(identity.database, identity.post, Smtp(mailbox.url, timeout_s=5), identity.settings)
    assert sender.send_due() == 1
    (mail,) = mailbox.taken
    assert (mail["To"], mail["Subject"]) == (company.email, "Reminder: a call at Acme")
    assert f"https://funia.example/deals/{deal_id}" in mail.get_body(("plain",)).get_content()
