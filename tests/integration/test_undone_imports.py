"""An import of orders that is undone leaves the figures of analytics, and nobody else's change."""

from __future__ import annotations

from typing import Any

from harness import Company, Platform, wait_for

FILE = """number,sku,product,quantity,date,price,customer
1,A,Apple,2,2026-01-05,10,7
2,B,Bear,1,2026-01-06,5,8
C3,A,Apple,-1,2026-01-07,10,7
"""
SCOPES = ("contacts.read", "contacts.write", "sales.read", "sales.write", "sales.import", "analytics.read")
FIGURES = {"metrics": ["orders"], "first_day": "2026-01-01", "last_day": "2026-01-31"}


def test_orders_of_an_undone_import_leave_the_figures(platform: Platform) -> None:
    ours, theirs = (platform.sign_up(name, SCOPES) for name in ("Undone", "Beside"))
    jobs = {company.tenant_id: _import(company) for company in (ours, theirs)}
    for company in (ours, theirs):
        wait_for("the orders are counted", lambda company=company: _orders(company) == 2)
    job = f"/v1/sales/imports/{jobs[ours.tenant_id]}"
    assert theirs.http.post(f"{job}:revert", json={}, headers=theirs.bearer()).status_code == 404
    assert ours.http.post(f"{job}:revert", json={}, headers=ours.bearer()).is_success
    undone = _wait(ours, jobs[ours.tenant_id], "reverted")
    assert (undone["undone"]["orders"], undone["undone"]["returns"]) in ((2, 1), ("2", "1"))
    wait_for("they are not counted any more", lambda: _orders(ours) == 0)
    assert _orders(theirs) == 2


def _import(company: Company) -> str:
    upload = {"files": {"file": ("orders.csv", FILE.encode(), "text/csv")}, "data": {"kind": "order"}}
    job = company.http.post("/v1/sales/imports", headers=company.bearer(), **upload).raise_for_status().json()
    fields = {column["heading"]: column["field"] for column in job["columns"] if column.get("field")}
    address = f"/v1/sales/imports/{job['id']}"
    asked = {"fields": fields, "options": {"currency_code": "EUR"}}
    company.http.post(f"{address}:map", json=asked, headers=company.bearer()).raise_for_status()
    _wait(company, job["id"], "ready")
    company.http.post(f"{address}:run", json={}, headers=company.bearer()).raise_for_status()
    _wait(company, job["id"], "completed")
    return str(job["id"])


def _wait(company: Company, import_id: str, status: str) -> Any:
    def reached() -> Any:
        job = company.http.get(f"/v1/sales/imports/{import_id}", headers=company.bearer()).json()
        return job if job["status"] == status else None

    return wait_for(f"the import is {status}", reached, timeout_s=60)


def _orders(company: Company) -> int:
    answer = company.http.post("/v1/metrics:query", json=FIGURES, headers=company.bearer()).raise_for_status().json()
    return sum(int(row["values"][0].get("value", 0)) for row in answer.get("totals", []))
