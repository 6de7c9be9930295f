"""Archives of a company after one of its people was erased."""

from __future__ import annotations

from typing import Any

from gateway.composition import Identity
from gateway.identity.consumers.erased_people import remove_archives
from gateway.identity.usecases import company_exports


def test_no_archive_that_tells_of_an_erased_person_can_be_had(identity: Identity, acme: Any, other: Any) -> None:
    made = []
    for company in (acme, other):
        with identity.database.open_work(company.caller()) as work:
            made.append(company_exports.begin(work).id)
    with identity.database.open_work(acme.caller()) as work:
        remove_archives(work, [])
        remove_archives(work, [])
    states = []
    for company, export_id in zip((acme, other), made, strict=True):
        with identity.database.open_work(company.caller(), read_only=True) as work:
            states.append(company_exports.get(work, export_id).state)
    assert states == ["gone", "waiting"]
