"""Update masks: the fields a caller may name, and what applying them changes."""

from __future__ import annotations

import pytest
from chassis.errors import InvalidArgument
from chassis.masks import MAX_PATHS, read_mask, set_fields
from funia.contacts.v1 import account_pb2, contact_pb2
from funia.type.v1.money_pb2 import Money
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

CONTACT = contact_pb2.Contact.DESCRIPTOR
ACCOUNT = account_pb2.Account.DESCRIPTOR


def mask(*paths: str) -> FieldMask:
    return FieldMask(paths=paths)


def test_named_fields_are_copied_and_others_stay() -> None:
    source = contact_pb2.Contact(given_name="Ann", family_name="New", tags=["b"])
    target = contact_pb2.Contact(given_name="Anna", family_name="Old", tags=["a", "c"])
    read_mask(mask("given_name", "tags"), CONTACT).apply(source, target)
    assert target == contact_pb2.Contact(given_name="Ann", family_name="Old", tags=["b"])


def test_a_named_field_without_a_value_is_cleared() -> None:
    target = account_pb2.Account(industry="Steel", annual_revenue=Money(currency_code="EUR"), domains=["a.bg"])
    read_mask(mask("industry", "annual_revenue", "domains"), ACCOUNT).apply(account_pb2.Account(), target)
    assert target == account_pb2.Account()


def test_a_dotted_path_changes_one_field_inside() -> None:
    source = account_pb2.Account(annual_revenue=Money(currency_code="USD", amount_minor=5))
    target = account_pb2.Account(annual_revenue=Money(currency_code="EUR", amount_minor=7))
    read_mask(mask("annual_revenue.currency_code"), ACCOUNT).apply(source, target)
    assert target.annual_revenue == Money(currency_code="USD", amount_minor=7)


def test_a_dotted_path_into_nothing_on_both_sides_creates_nothing() -> None:
    target = account_pb2.Account()
    read_mask(mask("annual_revenue.currency_code"), ACCOUNT).apply(account_pb2.Account(), target)
    assert not target.HasField("annual_revenue")


def test_a_map_key_is_set_or_removed_alone() -> None:
    target = contact_pb2.Contact(external_ids={"a": "1", "b": "2", "c": "3"})
    chosen = read_mask(mask("external_ids.a", "external_ids.b"), CONTACT)
    chosen.apply(contact_pb2.Contact(external_ids={"a": "9"}), target)
    assert dict(target.external_ids) == {"a": "9", "c": "3"}


def test_a_whole_field_swallows_paths_inside_it() -> None:
    chosen = read_mask(mask("annual_revenue.currency_code", "annual_revenue", "name"), ACCOUNT)
    assert chosen.paths == (("name",), ("annual_revenue",))


def test_output_only_fields_id_and_etag_are_left_out() -> None:
    chosen = read_mask(mask("id", "etag", "display_name", "created_at", "given_name"), CONTACT)
    assert chosen.names == {"given_name"}


def test_the_star_means_every_field_a_caller_may_write() -> None:
    names = read_mask(mask("*"), CONTACT).names
    assert {"given_name", "emails", "external_ids", "description"} <= names
    assert not names & {"id", "etag", "display_name", "accounts", "created_at", "merged_into_id"}


def test_without_a_mask_the_fields_with_a_value_count() -> None:
    resource = contact_pb2.Contact(id="x", given_name="Ann", tags=["a"], created_at=Timestamp(seconds=1))
    assert set_fields(resource).paths == (("given_name",), ("tags",))


def test_membership_and_truth() -> None:
    chosen = read_mask(mask("annual_revenue.amount_minor"), ACCOUNT)
    assert "annual_revenue" in chosen
    assert "name" not in chosen
    assert not read_mask(mask("id"), ACCOUNT)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("givenname", 'did you mean "given_name"?'),
        ("nonsense", "known are: id, etag"),
        ("", "There is no field"),
        ("emails.address", 'name "emails" to change it as a whole'),
        ("tags.0", 'name "tags" to change it as a whole'),
        ("given_name.x", '"given_name" has no fields of its own'),
        ("created_at.seconds", '"created_at" has no fields of its own'),
        ("external_ids.a.b", "does not name one key"),
    ],
)
def test_a_bad_path_is_named_with_the_remedy(path: str, says: str) -> None:
    with pytest.raises(InvalidArgument) as raised:
        read_mask(mask("given_name", path), CONTACT)
    assert raised.value.reason == "INVALID_MASK"
    assert [one.field for one in raised.value.violations] == ["update_mask"]
    assert says in raised.value.violations[0].message


def test_the_star_stands_alone() -> None:
    with pytest.raises(InvalidArgument, match="stands alone"):
        read_mask(mask("*", "name"), ACCOUNT)


def test_a_mask_has_a_limit() -> None:
    with pytest.raises(InvalidArgument, match=f"{MAX_PATHS} at most"):
        read_mask(mask(*(["name"] * (MAX_PATHS + 1))), ACCOUNT)
