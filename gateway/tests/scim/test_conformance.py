"""The checker of others holds the running gateway to RFC 7643 and RFC 7644."""

from __future__ import annotations

from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server


def test_the_foreign_checker_finds_nothing_to_object_to(scim_client: SyncSCIMClient) -> None:
    results = check_server(scim_client)
    objections = [f"{one.title} {one.resource_type}: {one.reason}" for one in results if one.status is Status.ERROR]
    assert objections == [], "\n".join(objections)
    passed = {one.title for one in results if one.status is Status.SUCCESS}
    assert len([one for one in results if one.status is Status.SUCCESS]) >= 60, sorted(map(str, passed))
    assert [one.title for one in results if one.status is Status.SKIPPED] == []
