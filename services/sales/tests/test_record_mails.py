"""Mails of sellers: templates in a sandbox, one mail to one person, sent once, and honest about what is not known."""

from __future__ import annotations

import threading
from email.message import EmailMessage
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.errors import FailedPrecondition, InvalidArgument, Unavailable
from chassis.files import DiskFiles
from chassis.jobs import Control, Outcome
from chassis.mail import UNCERTAIN
from chassis.statements import text
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.contacts.v1.contact_pb2 import Contact, EmailAddress
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import lead_pb2 as leads
from funia.sales.v1 import mail_template_pb2 as templates
from funia.sales.v1 import record_mail_pb2 as pb
from funia.sales.v1 import sales_activity_pb2 as activities
from sales.jobs.mail import MailOut
from sales.letters import rendering
from sales.servicers.record_mail import RecordMailServicer
from sales.usecases.people import Marks, forget

from .companies import customer
from .conftest import SCOPES
from .neighbour import Neighbour
from .test_deals import deal, settle

_UNWILLING = text("UPDATE customer SET do_not_contact = true WHERE tenant_id = %(tenant_id)s AND id = %(contact_id)s")
SEND = "RecordMailService.SendRecordMail"
GET = "RecordMailService.GetRecordMail"


class Post:
    """A mail server in the hand of the test."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.fails: Exception | None = None

    def send(self, message: EmailMessage) -> None:
        if self.fails is not None:
            raise self.fails
        self.sent.append(message)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def out(database: Database, mails: RecordMailServicer, post: Post, files: DiskFiles) -> MailOut:
    return MailOut(database, mails, post, files, sender="Funia <no-reply@funia.example>")


@pytest.fixture
def sally(house: House) -> Person:
    return house.person(scopes=(*SCOPES, "contacts.read", "identity.read"))


def known(database: Database, neighbour: Neighbour, person: Person, **given: object) -> str:
    """Somebody whom sales and contacts know."""
    contact_id = customer(database, person.tenant_id, "contact")
    contact = Contact(id=contact_id, given_name="Ada", family_name="Lovelace", **given)  # type: ignore[arg-type]
    contact.emails.append(EmailAddress(address="second@ada.example"))
    contact.emails.append(EmailAddress(address="ada@ada.example", primary=True))
    neighbour.people[contact_id] = contact
    return contact_id


def write(contact_id: str, **more: object) -> pb.SendRecordMailRequest:
    return pb.SendRecordMailRequest(
        record_kind="contact",
        record_id=contact_id,
        subject="Your cups",
        body="Dear Ada,\n\nhere they are.",
        **more,  # type: ignore[arg-type]
    )


def run(out: MailOut, person: Person, mail_id: str, *, last: bool = False) -> Outcome:
    control = Control(threading.Event(), slice_s=9, attempt=0, last_attempt=last)
    return out.handle(person.tenant_id, UUID(mail_id), control)


def status(person: Person, mail_id: str) -> str:
    return str(person.call(GET, pb.GetRecordMailRequest(id=mail_id)).status)


def test_a_mail_goes_out_once_in_the_sellers_name_and_stays_with_the_deal(
    sally: Person, bob: Person, database: Database, neighbour: Neighbour, out: MailOut, post: Post
) -> None:
    contact_id = known(database, neighbour, sally)
    settle(database, sally.tenant_id)
    one = deal(sally, contacts=[deals.DealContact(contact_id=contact_id, role="user", is_primary=True)])
    asked = write(contact_id)
    asked.record_kind, asked.record_id = "deal", one.id
    mail = sally.call(SEND, asked)
    assert (mail.to, mail.status) == ("ada@ada.example", "queued")
    assert (run(out, sally, mail.id), run(out, sally, mail.id)) == (Outcome.DONE, Outcome.DONE)
    (message,) = post.sent
    assert (message["To"], message["From"], message["Reply-To"]) == (
        "ada@ada.example",
        "Sally Seller <no-reply@funia.example>",
        "Sally Seller <sally@cups.example>",
    )
    assert message.get_content() == "Dear Ada,\n\nhere they are.\n"
    listed = sally.call(
        "SalesActivityService.ListSalesActivities",
        activities.ListSalesActivitiesRequest(filter=f'deal_id = "{one.id}"'),
    ).sales_activities
    assert [(one.kind, one.title, one.status) for one in listed] == [("email", "Your cups", "sent")]
    assert refused(bob.call, GET, pb.GetRecordMailRequest(id=mail.id)).reason == "SALES_ACTIVITY_NOT_FOUND"
    changed = activities.SalesActivity(id=mail.id, body="I never wrote that")
    told = refused(
        sally.call,
        "SalesActivityService.UpdateSalesActivity",
        activities.UpdateSalesActivityRequest(sales_activity=changed),
    )
    assert told.reason == "MAIL_IS_WRITTEN"


def test_nobody_is_written_to_who_is_not_to_be_contacted(
    sally: Person, database: Database, neighbour: Neighbour, out: MailOut, post: Post
) -> None:
    unwilling = known(database, neighbour, sally, do_not_contact=True)
    assert refused(sally.call, SEND, write(unwilling)).reason == "DO_NOT_CONTACT"
    asked = pb.DraftRecordMailRequest(record_kind="contact", record_id=unwilling)
    assert sally.call("RecordMailService.DraftRecordMail", asked).problem == "DO_NOT_CONTACT"
    later = known(database, neighbour, sally)
    mail = sally.call(SEND, write(later))
    with database.open_work(Caller.system(sally.tenant_id)) as work:
        work.execute(_UNWILLING, contact_id=UUID(later))
    run(out, sally, mail.id)
    found = sally.call(GET, pb.GetRecordMailRequest(id=mail.id))
    assert (found.status, found.reason, post.sent) == ("failed", "DO_NOT_CONTACT", [])


def test_a_worker_that_dies_while_sending_leaves_a_mail_that_is_uncertain_and_not_sent_again_by_itself(
    sally: Person, database: Database, neighbour: Neighbour, out: MailOut, post: Post
) -> None:
    mail = sally.call(SEND, write(known(database, neighbour, sally)))
    post.fails = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        run(out, sally, mail.id)
    post.fails = None
    run(out, sally, mail.id)
    assert (status(sally, mail.id), post.sent) == ("uncertain", [])
    again = sally.call("RecordMailService.ResendRecordMail", pb.ResendRecordMailRequest(id=mail.id))
    assert again.status == "queued"
    run(out, sally, mail.id)
    assert (status(sally, mail.id), len(post.sent)) == ("sent", 1)
    told = refused(sally.call, "RecordMailService.ResendRecordMail", pb.ResendRecordMailRequest(id=mail.id))
    assert told.reason == "WRONG_STATE"


@pytest.mark.parametrize(
    ("error", "last", "becomes"),
    [
        (FailedPrecondition("no", reason="MAIL_REFUSED"), False, "failed"),
        (Unavailable("away", reason=UNCERTAIN), False, "uncertain"),
        (Unavailable("away", reason="MAIL_UNAVAILABLE"), True, "failed"),
    ],
)
def test_what_became_of_a_mail_is_said(
    sally: Person,
    database: Database,
    neighbour: Neighbour,
    out: MailOut,
    post: Post,
    error: Exception,
    last: bool,
    becomes: str,
) -> None:
    mail = sally.call(SEND, write(known(database, neighbour, sally)))
    post.fails = error
    run(out, sally, mail.id, last=last)
    assert status(sally, mail.id) == becomes


def test_a_server_that_is_away_is_tried_again(
    sally: Person, database: Database, neighbour: Neighbour, out: MailOut, post: Post
) -> None:
    mail = sally.call(SEND, write(known(database, neighbour, sally)))
    post.fails = Unavailable("away", reason="MAIL_UNAVAILABLE")
    with pytest.raises(Unavailable):
        run(out, sally, mail.id)
    post.fails = None
    run(out, sally, mail.id)
    assert (status(sally, mail.id), len(post.sent)) == ("sent", 1)


def test_erasing_a_person_takes_the_address_out_of_mails(
    sally: Person, database: Database, neighbour: Neighbour
) -> None:
    contact_id = known(database, neighbour, sally)
    mail = sally.call(SEND, write(contact_id))
    with database.open_work(Caller.system(sally.tenant_id)) as work:
        forget(work, [UUID(contact_id)], Marks())
    left = sally.call(GET, pb.GetRecordMailRequest(id=mail.id))
    assert (left.to, left.subject, left.body) == ("", "", "")


def test_a_lead_is_written_to_with_a_template_filled_by_its_values(sally: Person) -> None:
    lead = sally.call(
        "LeadService.CreateLead",
        leads.CreateLeadRequest(
            lead=leads.Lead(given_name="Grace", company_name="Hopper & Co", email="grace@hopper.example")
        ),
    )
    made = template(
        sally, subject="Cups for {{ lead.company_name }}", body="Hi {{ contact.given_name }}, {{ deal.name }}"
    )
    asked = pb.DraftRecordMailRequest(record_kind="lead", record_id=lead.id, template_id=made.id)
    draft = sally.call("RecordMailService.DraftRecordMail", asked)
    assert (draft.to, draft.subject, draft.body) == ("grace@hopper.example", "Cups for Hopper & Co", "Hi Grace, ")
    assert list(draft.missing) == ["deal.name"]


def template(person: Person, **given: object) -> templates.MailTemplate:
    wanted = templates.MailTemplate(name="First mail", subject="Hello", body="Hello", language="en")
    wanted.MergeFrom(templates.MailTemplate(**given))  # type: ignore[arg-type]
    made: templates.MailTemplate = person.call(
        "MailTemplateService.CreateMailTemplate", templates.CreateMailTemplateRequest(mail_template=wanted)
    )
    return made


def test_own_templates_are_nobody_elses_and_shared_ones_are_changed_by_who_made_them(
    house: House, sally: Person
) -> None:
    colleague = house.person(sally.tenant_id, scopes=("sales.read", "sales.write"))
    own, shared = template(sally), template(sally, name="Shared", shared=True)
    listed = colleague.call("MailTemplateService.ListMailTemplates", templates.ListMailTemplatesRequest())
    assert [one.id for one in listed.mail_templates] == [shared.id]
    get = "MailTemplateService.GetMailTemplate"
    assert refused(colleague.call, get, templates.GetMailTemplateRequest(id=own.id)).reason == "MAIL_TEMPLATE_NOT_FOUND"
    changed = templates.UpdateMailTemplateRequest(mail_template=templates.MailTemplate(id=shared.id, body="Mine now"))
    assert refused(colleague.call, "MailTemplateService.UpdateMailTemplate", changed).reason == "NOT_OWNER"


@pytest.mark.parametrize(
    "hostile",
    [
        "{% for i in (1..1000000000) %}a{% endfor %}",
        "{% include 'secrets' %}",
        "{% render 'secrets' %}",
        "{{ 'a' | no_such_filter }}",
        "{% if %}",
        "{{ contact.",
    ],
)
def test_a_template_can_do_nothing_but_fill_its_places(hostile: str) -> None:
    with pytest.raises(InvalidArgument):
        rendering.fill(hostile, {}, "body")


def test_a_template_reads_no_attributes_of_what_it_is_given() -> None:
    values = {"contact": {"given_name": "Ada"}}
    reach = "{{ contact.__class__ }}{{ contact.given_name.__class__.__mro__ }}{{ contact.keys }}"
    assert rendering.fill(reach, values, "body") == ""
