"""What is said of a sight is what the person sees: judged by the same predicate as lists and gets."""

from __future__ import annotations

from itertools import product
from uuid import UUID

from chassis.caller import VISIBILITIES, Caller
from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.work import Database
from contacts.model.drafts import AccountDraft, ContactDraft
from contacts.queries import account as accounts
from contacts.queries import contact as contacts
from contacts.queries.lists import Order
from contacts.queries.record_access import WAYS, Sight, judge
from contacts.usecases import account as account_use
from contacts.usecases import contact as contact_use
from contacts.usecases.activity import subject_kind

PEOPLE = [uuid7() for _ in range(2)]
TEAMS = [uuid7() for _ in range(3)]


def test_a_sight_shows_a_record_exactly_where_get_and_list_do(database: Database) -> None:
    system = Caller.system(uuid7())
    records: list[tuple[str, UUID]] = []
    with database.open_work(system) as work:
        for number, (owner, team) in enumerate(product([*PEOPLE, None], [*TEAMS, None])):
            person = ContactDraft(given_name=f"P{number}", owner_id=owner, team_id=team)
            made = contact_use.create(work, person, allow_duplicate=True, account_id=None)[0]
            assert made is not None
            company = AccountDraft(name=f"C{number}", owner_id=owner, team_id=team)
            kept = account_use.create(work, company, allow_duplicate=True)[0]
            assert kept is not None
            records += [("contact", made.id), ("account", kept.id)]
    sights = [
        Sight(visibility, person, teams)
        for visibility in VISIBILITIES
        for person in PEOPLE
        for teams in ((), tuple(TEAMS[:1]), tuple(TEAMS[1:]))
    ]
    seen = shown = 0
    for sight in sights:
        caller = Caller(system.tenant_id, "user", sight.actor_id, frozenset(), sight.visibility, sight.team_ids)
        with database.open_work(caller, read_only=True) as work:
            newest = Order("created_at", descending=True)
            options = {"order": newest, "filter_text": "", "deleted": False, "limit": 100, "key": None}
            listed = {row.id for row in contacts.page(work, full=False, **options)}  # type: ignore[arg-type]
            listed |= {row.id for row in accounts.page(work, **options)}  # type: ignore[arg-type]
        for kind, record_id in records:
            with database.open_work(system, read_only=True) as work:
                [said] = judge(work, kind, record_id, [sight])
            with database.open_work(caller, read_only=True) as work:
                got = (contacts.get if kind == "contact" else accounts.get)(work, record_id) is not None
            says = any(getattr(said, f"by_{way}") for way in WAYS)
            assert says == got == (record_id in listed), (sight, kind, said)
            seen, shown = seen + 1, shown + says
    assert 0 < shown < seen


def test_many_sights_are_judged_in_one_statement_and_in_their_order(database: Database) -> None:
    system = Caller.system(uuid7())
    with database.open_work(system) as work:
        draft = ContactDraft(given_name="A", owner_id=PEOPLE[0], team_id=TEAMS[0])
        row = contact_use.create(work, draft, allow_duplicate=True, account_id=None)[0]
        assert row is not None
        sights = [
            Sight("own", PEOPLE[0], ()),
            Sight("own", PEOPLE[1], (TEAMS[0],)),
            Sight("team", PEOPLE[1], (TEAMS[0],)),
            Sight("team", PEOPLE[0], (TEAMS[0],)),
            Sight("all", PEOPLE[1], ()),
        ]
        said = judge(work, "contact", row.id, sights)
    ways = [[way for way in WAYS if getattr(one, f"by_{way}")] for one in said]
    assert ways == [["owner"], [], ["team"], ["owner", "team"], ["all"]]


def test_a_record_of_another_company_is_not_there_to_be_judged(database: Database) -> None:
    with database.open_work(Caller.system(uuid7())) as work:
        row = contact_use.create(work, ContactDraft(given_name="A"), allow_duplicate=True, account_id=None)[0]
        assert row is not None
    with database.open_work(Caller.system(uuid7()), read_only=True) as work:
        assert judge(work, "contact", row.id, [Sight("all", PEOPLE[0], ())]) == []
        try:
            subject_kind(work, row.id)
        except NotFound:
            return
    raise AssertionError("found")
