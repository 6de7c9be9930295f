"""Webhooks of a card provider through the gateway to sales: signed ones are taken, all others are not."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from uuid import uuid4

import pytest
from funia.sales.v1 import payment_pb2 as payments
from harness import Company, Platform

SECRET = "whsec_of_the_company"


@pytest.fixture(scope="module")
def company(platform: Platform) -> Company:
    return platform.sign_up("Cards", ["sales.read", "sales.write", "sales.admin"])


@pytest.fixture(scope="module")
def path(platform: Platform, company: Company) -> str:
    request = payments.SetCardAccountRequest(secret_key="sk", webhook_secret=SECRET)
    answer = platform.call("/funia.sales.v1.PaymentService/SetCardAccount", request, company.token())[0]
    found: str = answer.webhook_path
    return found


def sent(company: Company, path: str, body: bytes, *, secret: str = SECRET) -> tuple[int, str]:
    at = str(int(time.time()))
    signature = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    answer = company.http.post(path, content=body, headers={"stripe-signature": f"t={at},v1={signature}"})
    return answer.status_code, answer.json()["reason"] if answer.content else ""


def test_a_signed_webhook_is_taken_and_a_forged_one_refused(company: Company, path: str) -> None:
    event = {"id": f"evt_{uuid4()}", "type": "customer.created", "data": {"object": {}}}
    body = json.dumps(event).encode()
    assert sent(company, path, body) == (204, "")
    assert sent(company, path, body, secret="another") == (400, "FORGED_WEBHOOK")


def test_an_address_of_nobody_tells_nothing(company: Company, path: str) -> None:
    for address in ("/hooks/payments/AAAA", path[:-6] + "AAAAAA", "/hooks/payments/" + "A" * 43):
        assert sent(company, address, b"{}")[0] == 404
