"""A partner's whole way, from the sign-up to the end: one app, two companies, and an administrator's last word.

People act at the console, programs over HTTP. The app's server speaks Authlib to one company and requests-oauthlib to
the other; the SDK goes on with what they got; the published library verifies the webhooks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from at_the_console import sign_up
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from funia_sdk import ApiError, ClientCredentials, Event, Funia, RefreshToken, TokenRefused
from harness import REVIEWER, wait_for
from partners import BACK
from playwright.sync_api import Page, expect
from requests_oauthlib import OAuth2Session
from webhook_receiver import Receiver, receiving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
BITES_WITHIN_S = 10.0
RUN = uuid4().hex[:8]
APP = f"Sheep counter {RUN}"
ASKED = ["contacts.read", "contacts.write", "contacts.export", "identity.webhooks"]
NOT_CHOSEN = "contacts.export"
TYPES = ["contacts.contact.*", "contacts.bulk_job.completed"]
ITEMS, JOB_ITEMS = 40, 3
Open = Callable[[], Page]


@dataclass(frozen=True)
class App:
    """What the console showed its maker."""

    client_id: str
    client_secret: str


def secret_of(page: Page, name: str) -> str:
    """A value that the console shows once, beside its name."""
    return (
        page.locator(".secret dl > div", has=page.locator("dt", has_text=re.compile(f"^{name}$")))
        .locator("code")
        .inner_text()
    )


def make_sandbox(page: Page) -> App:
    page.goto("/settings/developer")
    page.get_by_role("button", name="Make a sandbox").click()
    expect(page.get_by_text("Its service account is ready")).to_be_visible()
    return App(secret_of(page, "client_id"), secret_of(page, "client_secret"))


def register(page: Page) -> App:
    """Registers the app and asks for the review."""
    page.goto("/settings/developer")
    page.get_by_label("Name of the app").fill(APP)
    page.get_by_text("For a person").click()
    page.get_by_label("Addresses to return to").fill(BACK)
    page.get_by_label("What it does").fill("Counts the sheep in your customer list")
    page.get_by_label("Page of the app").fill("https://sheep.example")
    for scope in ASKED:
        page.locator(f"input[name=scope][value='{scope}']").check()
    page.get_by_role("button", name="Register the app").click()
    expect(page.get_by_text(f"{APP} is ready")).to_be_visible()
    app = App(secret_of(page, "client_id"), secret_of(page, "client_secret"))
    page.get_by_role("button", name=f"Ask for the review {APP}").click()
    expect(page.get_by_role("button", name=f"Take back {APP}")).to_be_visible()
    return app


def publish(page: Page) -> None:
    """The operator's verdict."""
    sign_up(page, "Reviewers", "Rita Reviewer", REVIEWER)
    page.goto("/operator/apps")
    page.get_by_role("button", name=f"Publish {APP}").click()
    expect(page.get_by_role("heading", name=APP)).to_have_count(0)


def let_in(page: Page, url: str) -> str:
    """An administrator reads what the app asks, keeps one thing from it, and is sent back to the app."""
    page.context.route(f"{BACK}**", lambda route: route.fulfill(body="back at the app"))
    page.goto(url)
    expect(page.get_by_text("Counts the sheep in your customer list")).to_be_visible()
    page.locator(f"input[value='{NOT_CHOSEN}']").uncheck()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{BACK}?**")
    return page.url


def with_authlib(site: str, app: App, admin: Page) -> AuthlibSession:
    session = AuthlibSession(
        app.client_id, app.client_secret, redirect_uri=BACK, scope=" ".join(ASKED), code_challenge_method="S256"
    )
    verifier = uuid4().hex + uuid4().hex
    url, state = session.create_authorization_url(f"{site}/oauth/authorize", code_verifier=verifier)
    back = let_in(admin, url)
    session.fetch_token(f"{site}/oauth/token", authorization_response=back, state=state, code_verifier=verifier)
    return session


def with_oauthlib(site: str, app: App, admin: Page) -> OAuth2Session:
    session = OAuth2Session(app.client_id, redirect_uri=BACK, scope=ASKED, pkce="S256")
    url, _ = session.authorization_url(f"{site}/oauth/authorize")
    back = let_in(admin, url)
    session.fetch_token(f"{site}/oauth/token", authorization_response=back, client_secret=app.client_secret)
    return session


def with_sdk(site: str, app: App, session: Any) -> Funia:
    """The SDK goes on with the consent that another library was given."""
    kept = RefreshToken(app.client_id, session.token["refresh_token"], client_secret=app.client_secret)
    return Funia(site, kept)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def write(session: AuthlibSession, site: str, funia: Funia) -> None:
    """One record by the foreign library, many by the SDK, and a file of them in the background."""
    made = session.post(f"{site}/v1/contacts", json={"given_name": "Dolly"}, timeout=20)
    assert made.status_code == 201, made.text
    limits = {name: made.headers[name] for name in ("RateLimit-Policy", "RateLimit")}
    assert re.search(r'"client";q=\d+;w=\d+', limits["RateLimit-Policy"])
    assert re.fullmatch(r'"(client|company)";r=\d+;t=\d+', limits["RateLimit"])
    address = f"{site}/v1/contacts/{made.json()['id']}"
    named = session.patch(address, json={"family_name": "Finn"}, headers={"If-Match": made.headers["ETag"]}, timeout=20)
    assert named.status_code == 200, named.text
    kept = session.get(f"{site}/v1/contacts:export", params={"format": "csv"}, timeout=20)
    assert (kept.status_code, kept.json()["reason"]) == (403, "MISSING_SCOPE")  # asked for, not chosen
    assert NOT_CHOSEN in kept.json()["detail"]
    items = [{"contact": {"family_name": "Flock", "external_ids": {"farm": str(n)}}} for n in range(ITEMS)]
    outcomes = list(funia.contacts.upsert_many(items, system="farm"))  # type: ignore[arg-type]
    assert {one.result.outcome for one in outcomes} == {"created"}
    more = [{"contact": {"family_name": "Lambs", "external_ids": {"farm": f"l{n}"}}} for n in range(JOB_ITEMS)]
    job = funia.bulk_jobs.submit(
        [*more, {"contact": {"score": "woolly"}}], object="contact", operation="upsert", system="farm"
    )
    done = funia.bulk_jobs.wait(job.id, timeout_s=60)
    assert (done.status, done.created, done.failed) == ("completed", JOB_ITEMS, 1)
    *_, broken = funia.bulk_jobs.results(job.id)
    assert broken.problem is not None
    assert broken.problem.violations[0].field == "contact.score"
    assert len(list(funia.contacts.list(page_size=20))) == 1 + ITEMS + JOB_ITEMS


def follow(funia: Funia, after: str, count: int) -> list[Event]:
    with funia.events.follow(after=after, types=TYPES) as stream:
        return [next(stream) for _ in range(count)]


def refusal_of(funia: Funia) -> Exception | None:
    """Why the API refuses the app; None while it does not."""
    try:
        funia.contacts.list(page_size=1).first()
    except (ApiError, TokenRefused) as refused:
        return refused
    return None


def test_a_partner_comes_builds_works_and_is_shut_out(
    new_page: Open, platform_url: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")  # The admin chose less than was asked for.
    maker, alpha, beta, operator = (new_page() for _ in range(4))
    sign_up(maker, f"Sheepcounters {RUN}", "Dora Developer", f"dora-{RUN}@sheep.example")
    tried = make_sandbox(maker)
    with Funia(platform_url, ClientCredentials(tried.client_id, tried.client_secret)) as inside:
        wait_for("made-up customers", lambda: inside.contacts.list(page_size=1).first(), timeout_s=60)
    app = register(maker)
    publish(operator)
    sign_up(alpha, f"Alpha {RUN}", "Ada Admin", f"ada-{RUN}@alpha.example")
    sign_up(beta, f"Beta {RUN}", "Bea Boss", f"bea-{RUN}@beta.example")
    session, beside = with_authlib(platform_url, app, alpha), with_oauthlib(platform_url, app, beta)

    with with_sdk(platform_url, app, session) as funia, with_sdk(platform_url, app, beside) as elsewhere:
        endpoint = funia.webhook_endpoints.create({"url": receiver.url, "event_types": TYPES})
        receiver.secret = endpoint.secret
        after = funia.events.latest(types=TYPES)
        write(session, platform_url, funia)
        elsewhere.contacts.create({"family_name": "Foreign"})
        count = 2 + ITEMS + JOB_ITEMS + 1
        followed = follow(funia, after, count)
        replayed = list(funia.events.replay(after=after, types=TYPES))
        wait_for("every webhook", lambda: len(receiver.events) >= count, timeout_s=60)
        ids = [one.id for one in followed]
        assert [one.id for one in replayed] == ids
        assert sorted(one["id"] for one in receiver.events.values()) == sorted(ids)
        assert len(set(ids)) == count

        alpha.goto("/settings/connected-apps")
        alpha.get_by_role("button", name=f"Shut out {APP}").click()
        expect(alpha.get_by_role("heading", name=APP)).to_have_count(0)
        refused = wait_for("the app is out", lambda: refusal_of(funia), timeout_s=BITES_WITHIN_S)
        assert isinstance(refused, TokenRefused)
        answer = session.get(f"{platform_url}/v1/contacts", timeout=20)
        assert (answer.status_code, answer.json()["reason"]) == (401, "TOKEN_REVOKED")
        assert refusal_of(elsewhere) is None
        assert [one.family_name for one in elsewhere.contacts.list(view="FULL")] == ["Foreign"]

    alpha.goto(f"/settings/webhooks/{endpoint.id}")
    expect(alpha.get_by_text("Disabled: the app that made it was shut out")).to_be_visible()
    alpha.goto("/settings/audit-log")
    expect(alpha.get_by_role("table", name="Audit log")).to_contain_text(re.compile("shut out", re.IGNORECASE))
