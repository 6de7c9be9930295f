"""`python -m local_stack.demo --url URL --file FILE`: makes the demo tenant and writes its log-in to FILE.

It talks to the public API only. A run that was cut off is taken up again: what is there is not made twice.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from example_customers.customers import (
    ACCOUNTS,
    CONTACTS,
    Customers,
    ExampleAccount,
    ExampleContact,
    make_customers,
)
from example_customers.documents import account_document, contact_document

from local_stack.demo.history import ORDERS, fill_history
from local_stack.demo.insight import fill_insight
from local_stack.demo.present import fill_present
from local_stack.demo.public_api import ApiError, Client, PublicApi
from local_stack.demo.selling import DEALS, fill_selling, stages_of
from local_stack.private_files import write_private_json

_COMPANY = "Demo Trading"
_PERSON = "Demo Owner"
_SELLERS = ("Elena Markova", "Georgi Dimitrov", "Hannah Reed", "Pavel Sokolov")
_PASSWORD_BYTES = 12
_WORKERS = 8


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local_stack.demo", description=__doc__)
    parser.add_argument("--url", required=True, help="public address of the platform")
    parser.add_argument("--file", required=True, type=Path, help="where the log-in is written (mode 0600)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--deals", type=int, default=DEALS)
    parser.add_argument("--orders", type=int, default=ORDERS, help="about how many, in two years; 0 leaves them out")
    options = parser.parse_args(arguments)
    customers = make_customers(options.seed, accounts=options.accounts, contacts=options.contacts)
    api = PublicApi(options.url, connections=_WORKERS)
    unfinished = options.file.with_name(f"{options.file.name}.unfinished")
    try:
        log_in = _signed_up(api, options.url, unfinished)
        api.authorize(Client(log_in["client_id"], log_in["client_secret"]))
        fill(api, customers)
        if options.deals:
            _fill_sales(api, options.seed, options.deals, options.orders)
    except (ApiError, httpx.HTTPError) as error:
        print(f"The demo tenant is not complete: {error}", file=sys.stderr)
        return 1
    finally:
        api.close()
    write_private_json(options.file, log_in)
    unfinished.unlink()
    print(f"The demo tenant has {len(customers.accounts)} accounts and {len(customers.contacts)} contacts.")
    return 0


def fill(api: PublicApi, customers: Customers) -> None:
    """Creates the accounts, then the contacts with their places in them, several calls at a time."""
    account_ids = {account["name"]: account["id"] for account in api.accounts()}
    known = {email["address"] for contact in api.contacts() for email in contact.get("emails", [])}

    def create_account(account: ExampleAccount) -> str:
        return account_ids.get(account.name) or api.create_account(account_document(account))

    def create_contact(contact: ExampleContact) -> None:
        if contact.emails[0][0] in known:
            return
        account_id = "" if contact.account is None else ids[contact.account]
        contact_id = api.create_contact(contact_document(contact), account_id=account_id)
        if account_id and contact.account_role:
            api.link_contact(account_id, contact_id, role=contact.account_role, primary=True)
        if contact.second_account is not None:
            api.link_contact(ids[contact.second_account], contact_id, role="adviser", primary=False)

    with ThreadPoolExecutor(_WORKERS) as pool:
        ids = list(pool.map(create_account, customers.accounts))
        for _ in pool.map(create_contact, customers.contacts):
            pass


def _fill_sales(api: PublicApi, seed: int, deals: int, orders: int) -> None:
    """What is sold and who sells it, the years before, and what is open today."""
    people = {user["full_name"]: user["id"] for user in api.get("/v1/users")["users"]}
    sellers = {name: people[name] for name in _SELLERS if name in people} or people
    fill_selling(api, seed, deals, list(sellers.values()))
    if orders:
        fill_history(api, seed, orders, sellers, stages_of(api))
        fill_present(api, seed, sellers, list(people.values()))
        fill_insight(api)


def _signed_up(api: PublicApi, url: str, unfinished: Path) -> Mapping[str, str]:
    """The tenant of an unfinished run where there is one, else a new one."""
    if unfinished.is_file():
        kept: Mapping[str, str] = json.loads(unfinished.read_text(encoding="utf-8"))
        return kept
    # The suffix keeps the address free also where an earlier demo tenant is still there.
    email = f"owner-{secrets.token_hex(3)}@demo-trading.example"
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    slug = api.sign_up(company_name=_COMPANY, email=email, password=password, full_name=_PERSON, locale="en")
    api.open_session(email, password)
    domain = email.partition("@")[2]
    for name in _SELLERS:
        address = f"{name.lower().replace(' ', '.')}-{secrets.token_hex(3)}@{domain}"
        api.create_person(address, secrets.token_urlsafe(_PASSWORD_BYTES), full_name=name, role="seller")
    client = api.create_client("Demo script")
    api.close_session()
    log_in = {
        "url": url,
        "tenant": slug,
        "email": email,
        "password": password,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }
    write_private_json(unfinished, log_in)
    return log_in


if __name__ == "__main__":
    sys.exit(main())
