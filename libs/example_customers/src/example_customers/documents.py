"""Example customers as the public API takes them."""

from dataclasses import asdict
from typing import Any

from example_customers.customers import Address, ExampleAccount, ExampleContact

_WEB = "https://www."


def account_document(account: ExampleAccount) -> dict[str, Any]:
    """The account as `POST /v1/accounts` takes it."""
    return {
        "name": account.name,
        "domains": [account.domain],
        "industry": account.industry,
        "employees": account.employees,
        "annual_revenue": {"currency_code": account.currency_code, "amount_minor": account.revenue_minor},
        "founded_year": account.founded_year,
        "type": account.type,
        "tier": account.tier,
        "phone": account.phone,
        "website": f"{_WEB}{account.domain}",
        "addresses": [_address(account.address, "billing")],
        "country_code": account.address.country_code,
        "tags": list(account.tags),
    }


def contact_document(contact: ExampleContact) -> dict[str, Any]:
    """The contact as `POST /v1/contacts` takes it; empty fields are left out."""
    document = {
        "given_name": contact.given_name,
        "middle_name": contact.middle_name,
        "family_name": contact.family_name,
        "job_title": contact.job_title,
        "lifecycle_stage": contact.lifecycle_stage,
        "language": contact.language,
        "country_code": contact.address.country_code,
        "source": contact.source,
        "score": contact.score,
        "do_not_contact": contact.do_not_contact,
        "emails": [
            {"address": address, "label": label, "primary": position == 0}
            for position, (address, label) in enumerate(contact.emails)
        ],
        "phones": [
            {"number": number, "label": label, "primary": position == 0}
            for position, (number, label) in enumerate(contact.phones)
        ],
        "addresses": [_address(contact.address, "work" if contact.account is not None else "home")],
        "tags": list(contact.tags),
        "description": contact.description,
    }
    return {name: value for name, value in document.items() if value not in ("", [])}


def _address(address: Address, label: str) -> dict[str, str]:
    return {name: value for name, value in {**asdict(address), "label": label}.items() if value}
