"""What is said of somebody is what the person sees and changes: judged by the same predicate as lists and gets."""

from __future__ import annotations

from itertools import product
from uuid import UUID

from chassis import record_shares
from chassis.caller import NO_SHARING, Caller, Sharing, Visibility
from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.record_access import WAYS, Looker
from chassis.tables import WRITES
from chassis.work import Database
from contacts.model.drafts import AccountDraft, ContactDraft
from contacts.queries import account as accounts
from contacts.queries import contact as contacts
from contacts.queries.lists import Order
from contacts.queries.record_access import judge
from contacts.usecases import account as account_use
from contacts.usecases import contact as contact_use
from contacts.usecases.activity import subject_kind

PEOPLE = [uuid7() for _ in range(2)]
TEAMS = [uuid7() for _ in range(3)]
RULES = Sharing(
    owner_ids=(PEOPLE[1],), team_ids=(TEAMS[2],), changed_owner_ids=(PEOPLE[1],), changed_team_ids=(), above=(TEAMS[0],)
)


def looker(visibility: Visibility, person: UUID, teams: tuple[UUID, ...], sharing: Sharing = NO_SHARING) -> Looker:
    return Looker(visibility, person, teams, (person, *teams, *sharing.above), sharing)


def test_somebody_sees_a_record_exactly_where_get_and_list_show_it(database: Database) -> None:
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
        for number, (kind, record_id) in enumerate(records[::3]):
            grantee = (PEOPLE[0], TEAMS[0])[number % 2]
            level = ("read", "write")[number // 2 % 2]
            record_shares.put(work, kind, record_id, grantee_kind="user", grantee_id=grantee, level=level, until=None)
    lookers = [
        looker(visibility, person, teams, NO_SHARING if visibility == "all" else sharing)
        for visibility in ("own", "team", "all")
        for person in PEOPLE
        for teams in ((), tuple(TEAMS[:1]))
        for sharing in (NO_SHARING, RULES)
    ]
    with database.open_work(system, read_only=True) as work:
        judged_all = [judge(work, kind, record_id, lookers) for kind, record_id in records]
    seen = shown = 0
    for place, one in enumerate(lookers):
        caller = Caller(
            system.tenant_id, "user", one.actor_id, frozenset(), one.visibility, one.team_ids, sharing=one.sharing
        )
        with database.open_work(caller, read_only=True) as work:
            newest = Order("created_at", descending=True)
            options = {"order": newest, "filter_text": "", "deleted": False, "limit": 100, "key": None}
            listed = {row.id for row in contacts.page(work, full=False, **options)}  # type: ignore[arg-type]
            listed |= {row.id for row in accounts.page(work, **options)}  # type: ignore[arg-type]
            ids = [record_id for _, record_id in records]
            batched = {row.id for row in (*contacts.batch(work, ids, full=False), *accounts.batch(work, ids))}
            got = [(contacts.get if kind == "contact" else accounts.get)(work, one_id) for kind, one_id in records]
        for (_, record_id), row, of_record in zip(records, got, judged_all, strict=True):
            judged = of_record[place]
            says = any(getattr(judged, f"by_{way}") for way in WAYS)
            assert says == (row is not None) == (record_id in listed) == (record_id in batched), (one, judged)
            assert row is None or judged.writable == (row.access_level >= WRITES), (one, judged)
            seen, shown = seen + 1, shown + says
    assert 0 < shown < seen


def test_many_people_are_judged_in_one_statement_and_in_their_order(database: Database) -> None:
    system = Caller.system(uuid7())
    with database.open_work(system) as work:
        draft = ContactDraft(given_name="A", owner_id=PEOPLE[0], team_id=TEAMS[0])
        row = contact_use.create(work, draft, allow_duplicate=True, account_id=None)[0]
        assert row is not None
        record_shares.put(work, "contact", row.id, grantee_kind="team", grantee_id=TEAMS[1], level="read", until=None)
        ruled = Sharing(team_ids=(TEAMS[0],))
        said = judge(
            work,
            "contact",
            row.id,
            [
                looker("own", PEOPLE[0], ()),
                looker("own", PEOPLE[1], (TEAMS[0],)),
                looker("team", PEOPLE[1], (TEAMS[0],)),
                looker("team", PEOPLE[0], (TEAMS[0],)),
                looker("all", PEOPLE[1], ()),
                looker("own", PEOPLE[1], (), ruled),
                looker("own", PEOPLE[1], (TEAMS[1],)),
            ],
        )
    ways = [[way for way in WAYS if getattr(one, f"by_{way}")] for one in said]
    assert ways == [["owner"], [], ["team"], ["owner", "team"], ["all"], ["rule"], ["share"]]
    assert [one.writable for one in said] == [True, False, True, True, True, False, False]


def test_a_record_of_another_company_is_not_there_to_be_judged(database: Database) -> None:
    with database.open_work(Caller.system(uuid7())) as work:
        row = contact_use.create(work, ContactDraft(given_name="A"), allow_duplicate=True, account_id=None)[0]
        assert row is not None
    with database.open_work(Caller.system(uuid7()), read_only=True) as work:
        assert judge(work, "contact", row.id, [looker("all", PEOPLE[0], ())]) == []
        try:
            subject_kind(work, row.id)
        except NotFound:
            return
    raise AssertionError("found")
