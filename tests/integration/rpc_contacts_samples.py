"""Sample requests for the methods of contacts."""

from __future__ import annotations

from funia.contacts.v1 import account_pb2 as accounts
from funia.contacts.v1 import activity_pb2 as activities
from funia.contacts.v1 import bulk_job_pb2 as bulk_jobs
from funia.contacts.v1 import bulk_pb2 as bulk
from funia.contacts.v1 import contact_pb2 as contacts
from funia.contacts.v1 import import_pb2 as imports
from funia.contacts.v1 import person_pb2 as persons
from funia.contacts.v1 import record_access_pb2 as record_access
from funia.contacts.v1 import search_pb2 as search
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from harness import wait_for
from rpc_world import Sample, World

_CONTACT = "/funia.contacts.v1.ContactService"
_ACCOUNT = "/funia.contacts.v1.AccountService"
_ACTIVITY = "/funia.contacts.v1.ActivityService"
_PERSON = "/funia.contacts.v1.PersonService"
_IMPORT = "/funia.contacts.v1.ImportService"
_BULK = "/funia.contacts.v1.BulkService"
_JOBS = "/funia.contacts.v1.BulkJobService"
_REFUSED = ("results", "failed")
"""A batch in which nothing could be done says so of each item."""


def _update_contact(world: World) -> Message:
    changed = contacts.Contact(id=world.contact(), job_title=world.mark)
    return contacts.UpdateContactRequest(contact=changed, update_mask=FieldMask(paths=["job_title"]))


def _update_account(world: World) -> Message:
    changed = accounts.Account(id=world.account(), industry=world.mark)
    return accounts.UpdateAccountRequest(account=changed, update_mask=FieldMask(paths=["industry"]))


def _batch_create_contacts(world: World) -> Message:
    item = contacts.CreateContactRequest(contact=contacts.Contact(given_name=world.mark), account_id=world.account())
    return bulk.BatchCreateContactsRequest(requests=[item])


def _batch_upsert_contacts(world: World) -> Message:
    item = bulk.UpsertContactRequest(contact=contacts.Contact(id=world.contact(), job_title=world.mark))
    return bulk.BatchUpsertContactsRequest(requests=[item])


def _batch_create_accounts(world: World) -> Message:
    made = accounts.Account(name=f"{world.mark} branch", parent_id=world.account())
    return bulk.BatchCreateAccountsRequest(requests=[accounts.CreateAccountRequest(account=made)])


def _batch_upsert_accounts(world: World) -> Message:
    item = bulk.UpsertAccountRequest(account=accounts.Account(id=world.account(), industry=world.mark))
    return bulk.BatchUpsertAccountsRequest(requests=[item])


def _binned_contact(world: World) -> Message:
    contact_id = world.contact()
    world.call("contacts.v1.ContactService", "DeleteContact", contacts.DeleteContactRequest(id=contact_id))
    return contacts.UndeleteContactRequest(id=contact_id)


def _binned_account(world: World) -> Message:
    account_id = world.account()
    world.call("contacts.v1.AccountService", "DeleteAccount", accounts.DeleteAccountRequest(id=account_id))
    return accounts.UndeleteAccountRequest(id=account_id)


def _lookup(world: World) -> Message:
    made = world.call("contacts.v1.ContactService", "GetContact", contacts.GetContactRequest(id=world.contact()))
    return contacts.LookupContactRequest(email=made.emails[0].address)  # type: ignore[attr-defined]


def _duplicate(world: World) -> Message:
    made = world.call("contacts.v1.ContactService", "GetContact", contacts.GetContactRequest(id=world.contact()))
    same = contacts.Contact(emails=[contacts.EmailAddress(address=made.emails[0].address)])  # type: ignore[attr-defined]
    return contacts.FindDuplicateContactsRequest(contact=same)


def _list_contacts(world: World) -> Message:
    world.contact()
    return contacts.ListContactsRequest()


def _list_accounts(world: World) -> Message:
    world.account()
    return accounts.ListAccountsRequest()


def _list_erasures(world: World) -> Message:
    world.call("contacts.v1.PersonService", "EraseContact", persons.EraseContactRequest(id=world.contact()))
    return persons.ListPersonErasuresRequest()


def _lift_erasure(world: World) -> Message:
    erased = world.call("contacts.v1.PersonService", "EraseContact", persons.EraseContactRequest(id=world.contact()))
    return persons.LiftPersonErasureRequest(id=erased.id, reason=world.mark)  # type: ignore[attr-defined]


def _list_timeline(world: World) -> Message:
    contact_id = world.contact()
    request = activities.ListTimelineRequest(subject_id=contact_id)
    wait_for(
        "the timeline is written",
        lambda: world.call("contacts.v1.ActivityService", "ListTimeline", request).entries,  # type: ignore[attr-defined]
    )
    return request


def _list_imports(world: World) -> Message:
    world.upload()
    return imports.ListImportsRequest()


def _list_bulk_jobs(world: World) -> Message:
    world.bulk_job()
    return bulk_jobs.ListBulkJobsRequest()


def _paused_bulk_job(world: World) -> Message:
    job_id = world.bulk_job()
    line = f'{{"contact": {{"given_name": "{world.mark}"}}}}\n'.encode()
    pieces: list[Message] = [bulk_jobs.UploadBulkJobRequest(id=job_id)]
    pieces += [bulk_jobs.UploadBulkJobRequest(chunk=line * 2_000) for _ in range(5)]
    world.call("contacts.v1.BulkJobService", "UploadBulkJob", pieces)
    world.call("contacts.v1.BulkJobService", "RunBulkJob", bulk_jobs.RunBulkJobRequest(id=job_id))
    world.call("contacts.v1.BulkJobService", "PauseBulkJob", bulk_jobs.PauseBulkJobRequest(id=job_id))
    return bulk_jobs.PauseBulkJobRequest(id=job_id)


CONTACTS_SAMPLES: dict[str, Sample] = {
    f"{_CONTACT}/GetContact": Sample(lambda w: contacts.GetContactRequest(id=w.contact())),
    f"{_CONTACT}/ListContacts": Sample(_list_contacts),
    f"{_CONTACT}/CreateContact": Sample(
        lambda w: contacts.CreateContactRequest(contact=contacts.Contact(given_name=w.mark), account_id=w.account())
    ),
    f"{_CONTACT}/UpdateContact": Sample(_update_contact),
    f"{_CONTACT}/DeleteContact": Sample(lambda w: contacts.DeleteContactRequest(id=w.contact())),
    f"{_CONTACT}/UndeleteContact": Sample(_binned_contact),
    f"{_CONTACT}/BatchGetContacts": Sample(lambda w: contacts.BatchGetContactsRequest(ids=[w.contact(), w.contact()])),
    f"{_CONTACT}/LookupContact": Sample(_lookup),
    f"{_CONTACT}/FindDuplicateContacts": Sample(_duplicate),
    f"{_CONTACT}/MergeContacts": Sample(lambda w: contacts.MergeContactsRequest(id=w.contact(), other_id=w.contact())),
    f"{_CONTACT}/ExportContacts": Sample(
        # The stranger exports nothing, but from his own company, and that is told there.
        lambda w: contacts.ExportContactsRequest(format="jsonl", filter=f'given_name = "{w.mark}"'),
        ours=True,
    ),
    f"{_ACCOUNT}/GetAccount": Sample(lambda w: accounts.GetAccountRequest(id=w.account())),
    f"{_ACCOUNT}/ListAccounts": Sample(_list_accounts),
    f"{_ACCOUNT}/CreateAccount": Sample(
        lambda w: accounts.CreateAccountRequest(account=accounts.Account(name=f"{w.mark} child", parent_id=w.account()))
    ),
    f"{_ACCOUNT}/UpdateAccount": Sample(_update_account),
    f"{_ACCOUNT}/DeleteAccount": Sample(lambda w: accounts.DeleteAccountRequest(id=w.account())),
    f"{_ACCOUNT}/UndeleteAccount": Sample(_binned_account),
    f"{_ACCOUNT}/BatchGetAccounts": Sample(lambda w: accounts.BatchGetAccountsRequest(ids=[w.account(), w.account()])),
    f"{_ACCOUNT}/ListAccountContacts": Sample(lambda w: accounts.ListAccountContactsRequest(account_id=w.linked()[0])),
    f"{_ACCOUNT}/LinkContact": Sample(
        lambda w: accounts.LinkContactRequest(account_id=w.account(), contact_id=w.contact(), role="buyer")
    ),
    f"{_ACCOUNT}/UnlinkContact": Sample(
        lambda w: accounts.UnlinkContactRequest(**dict(zip(("account_id", "contact_id"), w.linked(), strict=True))),
        answers=False,
    ),
    f"{_BULK}/BatchCreateContacts": Sample(_batch_create_contacts, silent=_REFUSED),
    f"{_BULK}/BatchUpdateContacts": Sample(
        lambda w: bulk.BatchUpdateContactsRequest(requests=[_update_contact(w)]),  # type: ignore[list-item]
        silent=_REFUSED,
    ),
    f"{_BULK}/BatchUpsertContacts": Sample(_batch_upsert_contacts, silent=_REFUSED),
    f"{_BULK}/BatchDeleteContacts": Sample(
        lambda w: bulk.BatchDeleteContactsRequest(requests=[contacts.DeleteContactRequest(id=w.contact())]),
        silent=_REFUSED,
    ),
    f"{_BULK}/BatchCreateAccounts": Sample(_batch_create_accounts, silent=_REFUSED),
    f"{_BULK}/BatchUpdateAccounts": Sample(
        lambda w: bulk.BatchUpdateAccountsRequest(requests=[_update_account(w)]),  # type: ignore[list-item]
        silent=_REFUSED,
    ),
    f"{_BULK}/BatchUpsertAccounts": Sample(_batch_upsert_accounts, silent=_REFUSED),
    f"{_BULK}/BatchDeleteAccounts": Sample(
        lambda w: bulk.BatchDeleteAccountsRequest(requests=[accounts.DeleteAccountRequest(id=w.account())]),
        silent=_REFUSED,
    ),
    f"{_JOBS}/CreateBulkJob": Sample(
        lambda _: bulk_jobs.CreateBulkJobRequest(
            bulk_job=bulk_jobs.BulkJob(object="account", operation="update", format="csv")
        ),
        ours=True,
    ),
    f"{_JOBS}/UploadBulkJob": Sample(lambda w: w.bulk_file(w.bulk_job())),
    f"{_JOBS}/GetBulkJob": Sample(lambda w: bulk_jobs.GetBulkJobRequest(id=w.bulk_job())),
    f"{_JOBS}/ListBulkJobs": Sample(_list_bulk_jobs),
    f"{_JOBS}/RunBulkJob": Sample(lambda w: bulk_jobs.RunBulkJobRequest(id=w.bulk_job(uploaded=True))),
    f"{_JOBS}/PauseBulkJob": Sample(_paused_bulk_job),
    f"{_JOBS}/CancelBulkJob": Sample(lambda w: bulk_jobs.CancelBulkJobRequest(id=w.bulk_job())),
    f"{_JOBS}/DownloadBulkResults": Sample(lambda w: bulk_jobs.DownloadBulkResultsRequest(id=w.bulk_ran())),
    "/funia.contacts.v1.RecordAccessService/JudgeAccess": Sample(
        lambda w: record_access.JudgeAccessRequest(
            record_id=w.contact(),
            sights=[record_access.Sight(visibility="all", actor_id="00000000-0000-0000-0000-000000000001")],
        )
    ),
    f"{_PERSON}/GetPersonalData": Sample(lambda w: persons.GetPersonalDataRequest(id=w.contact())),
    f"{_PERSON}/EraseContact": Sample(lambda w: persons.EraseContactRequest(id=w.contact())),
    f"{_PERSON}/LiftPersonErasure": Sample(_lift_erasure),
    f"{_PERSON}/ListPersonErasures": Sample(_list_erasures),
    f"{_ACTIVITY}/ListTimeline": Sample(_list_timeline),
    f"{_ACTIVITY}/CreateActivity": Sample(
        lambda w: activities.CreateActivityRequest(
            activity=activities.Activity(kind="note", subject_id=w.contact(), body=w.mark)
        )
    ),
    f"{_ACTIVITY}/GetActivity": Sample(lambda w: activities.GetActivityRequest(id=w.activity())),
    f"{_ACTIVITY}/CompleteActivity": Sample(lambda w: activities.CompleteActivityRequest(id=w.activity())),
    f"{_IMPORT}/UploadImport": Sample(lambda w: w.file(), ours=True),
    f"{_IMPORT}/GetImport": Sample(lambda w: imports.GetImportRequest(id=w.upload())),
    f"{_IMPORT}/ListImports": Sample(_list_imports),
    f"{_IMPORT}/MapImport": Sample(lambda w: w.mapping(w.upload())),
    f"{_IMPORT}/RunImport": Sample(lambda w: imports.RunImportRequest(id=w.mapped(), dry_run=True)),
    f"{_IMPORT}/PauseImport": Sample(lambda w: imports.PauseImportRequest(id=w.paused())),
    f"{_IMPORT}/RevertImport": Sample(lambda w: imports.RevertImportRequest(id=w.ran())),
    f"{_IMPORT}/ListImportErrors": Sample(lambda w: imports.ListImportErrorsRequest(id=w.ran(broken=True))),
    f"{_IMPORT}/DownloadImportErrors": Sample(lambda w: imports.DownloadImportErrorsRequest(id=w.ran(broken=True))),
    "/funia.contacts.v1.CustomerSearchService/SearchCustomers": Sample(
        lambda w: search.SearchCustomersRequest(query=w.found())
    ),
}
