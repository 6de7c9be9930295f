"""The filter language as people write it: what it means, and how a wrong filter is explained."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from chassis.errors import InvalidArgument
from chassis.filtering import FieldType, FilterLimits, Schema, matches, parse, schema_of
from funia.contacts.v1 import contact_pb2
from hypothesis import given
from hypothesis import strategies as st

ID = "0197a3c2-7d1e-7000-8000-5f2a41c6e001"
SCHEMA = Schema(
    {
        "family_name": FieldType.TEXT,
        "stage": FieldType.TEXT,
        "score": FieldType.NUMBER,
        "do_not_contact": FieldType.BOOL,
        "created_at": FieldType.TIMESTAMP,
        "owner_id": FieldType.UUID,
        "tags": FieldType.TEXTS,
        "custom.size": FieldType.NUMBER,
    }
)
ANN = {
    "family_name": "Smith",
    "stage": "lead",
    "score": 50,
    "do_not_contact": False,
    "created_at": datetime(2026, 5, 31, 9, 30, tzinfo=UTC),
    "owner_id": UUID(ID),
    "tags": ["vip", "vip 2"],
    "custom.size": 7,
}
NOBODY: dict[str, object] = {}


@pytest.mark.parametrize(
    ("text", "ann", "nobody"),
    [
        ("", True, True),
        ('stage = "lead"', True, False),
        ("stage = 'lead'", True, False),
        ('stage = "Lead"', False, False),
        ('stage != "lead"', False, True),
        ('NOT stage = "lead"', False, True),
        ('family_name = "Smi*"', True, False),
        ('family_name = "sMI*"', True, False),
        ('family_name = "mit*"', False, False),
        ('family_name = "*"', True, False),
        ('family_name:"SMITH"', True, False),
        ('family_name != "Smi*"', False, True),
        (r'family_name = "Smith\*"', False, False),
        ('stage = ""', False, True),
        ("stage = null", False, True),
        ("stage != null", True, False),
        ("stage:*", True, False),
        ('stage IN ("lead", "customer")', True, False),
        ('NOT stage IN ("lead", "customer")', False, True),
        ("score = 50", True, False),
        ("score >= 50 AND score < 50.5", True, False),
        ("score > 5e1", False, False),
        ("score != 50", False, True),
        ("NOT score < 10", True, True),
        ("score IN (1, 50)", True, False),
        ("score = null", False, True),
        ("custom.size = 7", True, False),
        ("do_not_contact = false", True, True),
        ("do_not_contact = true", False, False),
        ("do_not_contact != false", False, False),
        ("created_at > 2026-05-31", True, False),
        ("created_at < 2026-06-01T00:00:00Z", True, False),
        ('created_at = "2026-05-31T12:30:00+03:00"', True, False),
        ("created_at:*", True, False),
        (f'owner_id = "{ID.upper()}"', True, False),
        (f'owner_id IN ("{ID}")', True, False),
        ("owner_id = null", False, True),
        ('tags:"vip"', True, False),
        ('tags:"vi"', False, False),
        ('NOT tags:"vip"', False, True),
        ("tags:*", True, False),
        ("tags = null", False, True),
        ("tags != null", True, False),
        ('stage = "lead" AND (score > 90 OR tags:"vip")', True, False),
        ('NOT (stage = "lead" AND score > 90)', True, True),
        ('NOT (stage = "lead" OR score > 90)', False, True),
        ("NOT NOT score = 50", True, False),
        ("( ( score = 50 ) )", True, False),
        ("score\n=\n50", True, False),
    ],
)
def test_a_filter_means_what_the_documentation_says(text: str, ann: bool, nobody: bool) -> None:
    node = parse(text, SCHEMA)
    assert (matches(node, ANN), matches(node, NOBODY)) == (ann, nobody)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ('nome = "x"', 1, '"nome" cannot be filtered by'),
        ('score > 1 AND scor = "x"', 15, 'Did you mean "score"?'),
        ("score > ", 9, "ends too early. Expected"),
        ("score", 6, "ends too early. Expected an operator"),
        ("score ~ 5", 7, "Unexpected '~"),
        ("(score = 5", 11, "ends too early"),
        ("score = 5)", 10, "Unexpected ')'"),
        ('stage = "lead', 9, "This text does not end"),
        ("stage = lead", 9, "Expected a text in quotes"),
        ('score = 1 AND stage = "a" OR score = 2', 27, "Put parentheses"),
        ('score = "5"', 9, '"score" takes a number; not "5"'),
        ("score = 9007199254740992", 9, "too large"),
        ("score:5", 1, "takes =, !=, <"),
        ('stage > "a"', 1, "is a text and takes"),
        ("stage = 5", 9, "a text in quotes"),
        ('stage = "a*b"', 11, "An asterisk stands at the end only"),
        ('stage IN ("a*")', 11, "IN takes whole texts"),
        ('stage = "a\\n"', 11, "A backslash goes before"),
        ('stage:""', 7, "at least one character"),
        ('do_not_contact = "yes"', 18, "true or false"),
        ("do_not_contact = null", 18, "true or false"),
        ("score > null", 9, "null goes with = and != only"),
        ("created_at > 2026-13-01", 14, "a time such as"),
        ("created_at > 5", 14, "a time such as"),
        ('created_at > "yesterday"', 14, "a time such as"),
        ('owner_id = "me"', 12, "a UUID in quotes"),
        ('tags = "vip"', 8, 'ask tags:"..."'),
        ('tags:"vi*"', 6, "leave out the asterisk"),
        ("score IN ()", 11, "Unexpected ')'"),
        ("score = 5 score = 6", 11, "Unexpected 'score'"),
        ("NOT", 4, "ends too early"),
        ("stage = 'a\0'", 11, "NUL"),
    ],
)
def test_a_wrong_filter_names_the_column_and_the_remedy(text: str, column: int, says: str) -> None:
    with pytest.raises(InvalidArgument) as raised:
        parse(text, SCHEMA)
    error = raised.value
    assert error.reason == "INVALID_FILTER"
    (violation,) = error.violations
    assert violation.field == "filter"
    assert violation.message.startswith(f"column {column}: ")
    assert says in violation.message
    assert error.metadata["column"] == str(column)
    assert "family_name" in error.metadata["allowed_fields"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("score = 1 " + " " * 4000, "4000 at most"),
        ("(" * 11 + "score = 1" + ")" * 11, "10 levels at most"),
        ("NOT " * 900 + "score = 1", "10 levels at most"),
        (" AND ".join(["score = 1"] * 101), "100 at most"),
        (f"score IN ({', '.join(['1'] * 201)})", "200 at most"),
    ],
)
def test_a_filter_over_a_limit_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidArgument, match=says):
        parse(text, SCHEMA)


def test_limits_are_settings() -> None:
    with pytest.raises(InvalidArgument, match="1 at most"):
        parse("score = 1 AND score = 2", SCHEMA, limits=FilterLimits(terms=1))


@given(st.text(max_size=40) | st.text(alphabet="scoretag=!<>:()\"'*\\ 5.ANDORIN-", max_size=40))
def test_any_text_is_a_filter_or_a_named_mistake(text: str) -> None:
    reason = "INVALID_FILTER"
    try:
        matches(parse(text, SCHEMA), ANN)
    except InvalidArgument as error:
        reason = error.reason
    assert reason == "INVALID_FILTER"


def test_the_schema_of_a_message_holds_its_filterable_fields() -> None:
    schema = schema_of(contact_pb2.Contact.DESCRIPTOR, {"email": FieldType.TEXT})
    assert schema.fields["family_name"] is FieldType.TEXT
    assert schema.fields["owner_id"] is FieldType.UUID
    assert schema.fields["score"] is FieldType.NUMBER
    assert schema.fields["do_not_contact"] is FieldType.BOOL
    assert schema.fields["created_at"] is FieldType.TIMESTAMP
    assert schema.fields["email"] is FieldType.TEXT
    assert "description" not in schema.fields
