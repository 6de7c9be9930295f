"""JSON of the API: the same as ProtoJSON but for what is documented, and strict about what it reads."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from chassis.errors import InvalidArgument
from funia.analytics.v1 import activity_pb2 as reports_pb2
from funia.contacts.v1 import account_pb2, activity_pb2, contact_pb2, import_pb2, search_pb2
from funia.identity.v1 import tenant_pb2
from gateway.transcode.codec import JsonCodec
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import given, settings
from hypothesis import strategies as st

SAFE = 2**53 - 1
TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
_FD = FieldDescriptor
_SCALARS: dict[int, st.SearchStrategy[Any]] = {
    _FD.TYPE_STRING: TEXT,
    _FD.TYPE_BYTES: st.binary(max_size=12),
    _FD.TYPE_BOOL: st.booleans(),
    _FD.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    _FD.TYPE_UINT32: st.integers(0, 2**32 - 1),
    _FD.TYPE_INT64: st.integers(-SAFE, SAFE),
    _FD.TYPE_UINT64: st.integers(0, SAFE),
    _FD.TYPE_DOUBLE: st.floats(allow_nan=False, allow_infinity=False),
}


@st.composite
def messages(draw: st.DrawFn, descriptor: Descriptor, depth: int = 2) -> Any:
    """A message of the type with some of its fields set."""
    message = message_factory.GetMessageClass(descriptor)()
    for field in descriptor.fields:
        if not draw(st.booleans()):
            continue
        inner = field.message_type
        if inner is not None and inner.GetOptions().map_entry:
            for key in draw(st.lists(TEXT, max_size=3)):
                getattr(message, field.name)[key] = draw(TEXT)
        elif inner is not None and depth == 0 and not inner.full_name.startswith("google."):
            continue
        elif field.is_repeated and inner is not None:
            for _ in range(draw(st.integers(0, 2))):
                getattr(message, field.name).add().CopyFrom(draw(_inner(inner, depth)))
        elif inner is not None:
            getattr(message, field.name).CopyFrom(draw(_inner(inner, depth)))
        elif field.is_repeated:
            getattr(message, field.name).extend(draw(st.lists(_scalar(field), max_size=3)))
        else:
            setattr(message, field.name, draw(_scalar(field)))
    return message


def _scalar(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if field.enum_type is not None:
        return st.sampled_from([value.number for value in field.enum_type.values])
    return _SCALARS[field.type]


def _inner(descriptor: Descriptor, depth: int) -> st.SearchStrategy[Any]:
    make = message_factory.GetMessageClass(descriptor)
    if descriptor.full_name == "google.protobuf.Timestamp":
        nanos = st.integers(0, 999_999).map(lambda micros: micros * 1000) | st.integers(0, 999_999_999) | st.just(0)
        return st.builds(make, seconds=st.integers(-62_135_596_800, 253_402_300_799), nanos=nanos)
    if descriptor.full_name == "google.protobuf.FieldMask":
        return st.builds(make, paths=st.lists(st.sampled_from(["given_name", "emails", "a.b_c"]), max_size=3))
    if descriptor.full_name == "google.protobuf.Struct":
        leaf = st.none() | st.booleans() | TEXT | st.floats(allow_nan=False, allow_infinity=False)
        values = st.dictionaries(TEXT, leaf | st.lists(leaf, max_size=2) | st.dictionaries(TEXT, leaf, max_size=2))
        return values.map(lambda value: json_format.ParseDict(value, make()))
    return messages(descriptor, depth - 1)


codec = JsonCodec()
TYPES = [
    contact_pb2.Contact,
    contact_pb2.ListContactsRequest,
    contact_pb2.UpdateContactRequest,
    account_pb2.Account,
    account_pb2.AccountContact,
    activity_pb2.TimelineEntry,
    import_pb2.ImportJob,
    import_pb2.UploadImportRequest,
    search_pb2.CustomerHit,
    reports_pb2.ActivityReport,
    reports_pb2.GetActivityReportRequest,
    tenant_pb2.OAuthClient,
]
any_message = st.sampled_from(TYPES).flatmap(lambda kind: messages(kind.DESCRIPTOR))  # type: ignore[arg-type]


def reference(message: Any) -> Any:
    """What json_format says, with the documented differences applied."""
    text = json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return as_documented(text, message.DESCRIPTOR)


def _is_free(descriptor: Descriptor) -> bool:
    """Whether its keys are the caller's own."""
    return descriptor.GetOptions().map_entry or descriptor.full_name == "google.protobuf.Struct"


def as_documented(value: dict[str, Any], descriptor: Descriptor) -> dict[str, Any]:
    wide = (FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT64)
    for field in descriptor.fields:
        if field.name not in value:
            continue
        item = value[field.name]
        if field.type in wide:
            value[field.name] = [int(one) for one in item] if field.is_repeated else int(item)
        elif field.message_type is None or _is_free(field.message_type):
            continue
        elif field.message_type.full_name == "google.protobuf.Timestamp":
            value[field.name] = [micros(one) for one in item] if field.is_repeated else micros(item)
        elif field.message_type.full_name == "google.protobuf.FieldMask":
            value[field.name] = re.sub("[A-Z]", lambda match: "_" + match[0].lower(), item)
        elif field.is_repeated:
            value[field.name] = [as_documented(one, field.message_type) for one in item]
        else:
            value[field.name] = as_documented(item, field.message_type)
    return value


def micros(text: str) -> str:
    """Fractions are written with six digits, or nine where needed; ProtoJSON also knows three."""
    return re.sub(r"\.(\d{3})Z", r".\g<1>000Z", text)


@given(any_message)
@settings(max_examples=300, deadline=None)
def test_writing_agrees_with_the_reference(message: Any) -> None:
    assert orjson.loads(codec.to_json(message)) == reference(message)


@given(any_message)
@settings(max_examples=300, deadline=None)
def test_what_was_written_reads_back_as_the_same_message(message: Any) -> None:
    again = message_factory.GetMessageClass(message.DESCRIPTOR)()
    codec.read(codec.parse(codec.to_json(message)), again)
    assert again == message


def test_a_zero_with_a_sign_keeps_it() -> None:
    message, again = contact_pb2.Contact(), contact_pb2.Contact()
    message.custom["loss"] = -0.0
    codec.read(codec.parse(codec.to_json(message)), again)
    assert again == message


@given(any_message)
@settings(max_examples=200, deadline=None)
def test_reading_agrees_with_the_reference(message: Any) -> None:
    text = json_format.MessageToDict(message, preserving_proto_field_name=True)
    again = message_factory.GetMessageClass(message.DESCRIPTOR)()
    codec.read(as_documented(text, message.DESCRIPTOR), again)
    assert again == message


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([field.name for field in contact_pb2.Contact.DESCRIPTOR.fields])


@given(st.dictionaries(NAMES, JSON_VALUES, max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_json_is_read_or_refused_with_violations_never_more(value: dict[str, Any]) -> None:
    refused: tuple[Any, ...] = ()
    try:
        codec.read(value, contact_pb2.Contact())
    except InvalidArgument as error:
        refused = error.violations or (None,)
    assert all(one is not None and one.field and one.message and one.reason for one in refused)


@given(st.binary(max_size=40))
def test_any_bytes_are_parsed_or_refused(body: bytes) -> None:
    reason = "MALFORMED_JSON"
    try:
        codec.parse(body)
    except InvalidArgument as error:
        reason = error.reason
    assert reason in {"MALFORMED_JSON", "JSON_TOO_DEEP", "INVALID_TEXT"}


@pytest.mark.parametrize(
    ("value", "field", "says"),
    [
        ({"givenName": "A"}, "givenName", 'Did you mean "given_name"?'),
        ({"nope": 1}, "nope", "There is no such field"),
        ({"given_name": 5}, "given_name", "Expected a text, got a number."),
        ({"given_name": ["A"]}, "given_name", "Expected a text, got a list."),
        ({"do_not_contact": "true"}, "do_not_contact", "Expected true or false."),
        ({"score": "5"}, "score", "Expected a whole number."),
        ({"score": 1.5}, "score", "Expected a whole number."),
        ({"score": True}, "score", "Expected a whole number."),
        ({"score": 2**31}, "score", "from -2147483648 to 2147483647"),
        ({"emails": {"address": "a@b.cc"}}, "emails", "Expected a list, got an object."),
        ({"emails": [{"address": 5}]}, "emails[0].address", "Expected a text, got a number."),
        ({"emails": [{"address": "a@b.cc"}, "x"]}, "emails[1]", "Expected an object, got a text."),
        ({"emails": [None]}, "emails[0]", "Expected an object, got null."),
        ({"tags": ["a", 1]}, "tags[1]", "Expected a text, got a number."),
        ({"tags": "a"}, "tags", "Expected a list, got a text."),
        ({"external_ids": {"a": 1}}, "external_ids.a", "Expected a text, got a number."),
        ({"external_ids": []}, "external_ids", "Expected an object, got a list."),
        ({"created_at": "2026-02-30T00:00:00Z"}, "created_at", "There is no such day or hour."),
        ({"created_at": "2026-02-03"}, "created_at", "Give a time in RFC 3339"),
        ({"created_at": 5}, "created_at", "Give a time in RFC 3339"),
        ({"created_at": "0001-01-01T00:00:00+01:00"}, "created_at", "between the years 0001 and 9999"),
        ([], "", "Expected an object, got a list."),
    ],
)
def test_a_wrong_value_is_named_by_its_path(value: Any, field: str, says: str) -> None:
    with pytest.raises(InvalidArgument) as raised:
        codec.read(value, contact_pb2.Contact())
    (violation,) = raised.value.violations
    assert violation.field == field
    assert says in violation.message


def test_all_wrong_values_are_reported_at_once() -> None:
    with pytest.raises(InvalidArgument) as raised:
        codec.read({"given_name": 1, "zzz": 2, "tags": [3]}, contact_pb2.Contact())
    assert [one.field for one in raised.value.violations] == ["given_name", "zzz", "tags[0]"]


@pytest.mark.parametrize(
    ("body", "reason", "says"),
    [
        (b"", "MALFORMED_JSON", "line 1, column 1"),
        (b'{"a": }', "MALFORMED_JSON", "line 1, column 7"),
        (b'{"a": 1}}', "MALFORMED_JSON", "line 1"),
        (b'{"a": NaN}', "MALFORMED_JSON", "line 1"),
        (b"\xff\xfe{}", "MALFORMED_JSON", "line 1"),
        (b'{"a": "\\ud800"}', "MALFORMED_JSON", "line 1"),
        (b'{"a": "x\\u0000"}', "INVALID_TEXT", "NUL"),
        (b"[" * 50 + b"]" * 50, "JSON_TOO_DEEP", "16 levels"),
        (b"[" * 500_000, "JSON_TOO_DEEP", "16 levels"),
    ],
)
def test_a_body_that_is_no_json_is_refused(body: bytes, reason: str, says: str) -> None:
    with pytest.raises(InvalidArgument, match=says) as raised:
        codec.parse(body)
    assert raised.value.reason == reason


def test_brackets_inside_texts_do_not_count_as_depth() -> None:
    body = orjson.dumps({"description": '\\"[{' * 100})
    assert codec.parse(body) == {"description": '\\"[{' * 100}


def test_wide_integers_are_read_as_numbers_and_as_texts() -> None:
    for value in (12, "12", 12.0):
        account = account_pb2.Account()
        codec.read({"annual_revenue": {"amount_minor": value}}, account)
        assert account.annual_revenue.amount_minor == 12


@pytest.mark.parametrize("value", [2**53, "9007199254740992", "1e3", "", 2**70])
def test_integers_that_json_cannot_carry_exactly_are_refused(value: Any) -> None:
    with pytest.raises(InvalidArgument):
        codec.read({"employees": value}, account_pb2.Account())


def test_null_leaves_a_field_unset() -> None:
    contact = contact_pb2.Contact()
    codec.read({"given_name": None, "emails": None, "created_at": None}, contact)
    assert contact == contact_pb2.Contact()


def test_enums_are_read_by_long_and_short_name() -> None:
    for name in ("FULL", "VIEW_FULL"):
        request = contact_pb2.BatchGetContactsRequest()
        codec.read({"view": name}, request)
        assert request.view == contact_pb2.VIEW_FULL


def test_times_with_another_offset_are_read_as_utc() -> None:
    contact = contact_pb2.Contact()
    codec.read({"created_at": "2026-05-31T12:30:00.5+03:00"}, contact)
    assert codec.to_value(contact)["created_at"].isoformat() == "2026-05-31T09:30:00.500000+00:00"


def query(*pairs: tuple[str, str]) -> tuple[contact_pb2.ListContactsRequest, list[str]]:
    request = contact_pb2.ListContactsRequest()
    found: list[Any] = []
    codec.read_texts(list(pairs), request, found)
    return request, [one.field for one in found]


def test_query_parameters_fill_the_request() -> None:
    pairs = [("page_size", "20"), ("view", "FULL"), ("deleted", "true"), ("filter", "score > 5")]
    expected = contact_pb2.ListContactsRequest(page_size=20, view="VIEW_FULL", deleted=True, filter="score > 5")
    assert query(*pairs) == (expected, [])


@pytest.mark.parametrize(
    "pair",
    [
        ("page_size", "ten"),
        ("page_size", "1e3"),
        ("page_size", " 5"),
        ("deleted", "yes"),
        ("view", "ALL"),
        ("filter", "a\0"),
        ("no", "1"),
    ],
)
def test_a_wrong_query_parameter_is_named(pair: tuple[str, str]) -> None:
    assert query(pair)[1] == [pair[0]]


def test_a_single_parameter_given_twice_is_refused() -> None:
    assert query(("page_size", "1"), ("page_size", "2"))[1] == ["page_size"]


def test_repeated_nested_and_timed_parameters() -> None:
    found: list[Any] = []
    batch = contact_pb2.BatchGetContactsRequest()
    codec.read_texts([("ids", "a"), ("ids", "b")], batch, found)
    update = contact_pb2.UpdateContactRequest()
    codec.read_texts([("contact.given_name", "Ann"), ("update_mask", "given_name,tags")], update, found)
    report = reports_pb2.GetActivityReportRequest()
    codec.read_texts([("from", "2026-05-31T00:00:00Z")], report, found)
    assert found == []
    assert list(batch.ids) == ["a", "b"]
    assert update.contact.given_name == "Ann"
    assert list(update.update_mask.paths) == ["given_name", "tags"]
    assert getattr(report, "from").ToJsonString() == "2026-05-31T00:00:00Z"


@pytest.mark.parametrize(
    "name",
    [
        "contact",
        "contact.emails",
        "contact.emails.address",
        "contact.external_ids.a",
        "contact.created_at.seconds",
        "contact.",
    ],
)
def test_parameters_that_no_text_can_fill_are_refused(name: str) -> None:
    found: list[Any] = []
    codec.read_texts([(name, "x")], contact_pb2.UpdateContactRequest(), found)
    assert len(found) == 1


def test_a_summary_leaves_out_what_is_empty_in_a_record_but_not_in_what_it_holds() -> None:
    message = contact_pb2.ListContactsResponse(
        contacts=[contact_pb2.Contact(id="1", etag="2", emails=[contact_pb2.EmailAddress(address="a@b.example")])]
    )
    assert orjson.loads(JsonCodec().to_json(message, summary=True)) == {
        "contacts": [{"id": "1", "etag": "2", "emails": [{"address": "a@b.example", "label": "", "primary": False}]}],
        "next_page_token": "",
    }
