"""What a directory may say of people and groups: the parts of the SCIM core schemas that Funia keeps, and no others."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import EmailStr, Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)


class Name(ComplexAttribute):
    """The parts of a person's name."""

    formatted: str | None = None
    """The whole name, as it is written."""

    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    """The e-mail address of a person's account."""

    value: Annotated[EmailStr | None, Mutability.immutable, Required.true] = None
    """The address."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["work"])
    """Always "work"."""

    primary: Annotated[bool | None, Mutability.immutable] = None
    """Always true: an account has one address."""


class GroupOfUser(ComplexAttribute):
    """A group that a person is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """Id of the group."""

    ref: Annotated[Reference[Group] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Address of the group."""

    display: Annotated[str | None, Mutability.read_only] = None
    """Name of the group."""


class User(Resource[Any]):
    """A person of the company."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the directory calls the person by."""

    name: Name | None = None
    """The parts of the name. Without displayName, colleagues read it."""

    Name: ClassVar[type[ComplexAttribute]] = Name

    display_name: str | None = None
    """The name that colleagues read."""

    active: Annotated[bool | None, Required.true] = None
    """Whether the person may work in the company. Set to false, sessions and tokens end within seconds."""

    emails: Annotated[list[Email] | None, Mutability.immutable, Required.true] = None
    """The address of the account: the primary one of those sent. Only the person can change it."""

    Emails: ClassVar[type[ComplexAttribute]] = Email

    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    """Groups that the person is in."""

    Groups: ClassVar[type[ComplexAttribute]] = GroupOfUser


class Member(ComplexAttribute):
    """A person in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """Id of the person."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Address of the person."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """Always "User": groups hold people, not groups."""


class Group(Resource[Any]):
    """A group of people. What it gives them is said in the console."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """Name of the group."""

    members: list[Member] | None = None
    """People in the group."""

    Members: ClassVar[type[ComplexAttribute]] = Member


GroupOfUser.model_rebuild()
User.model_rebuild()

LENIENT = ScimPolicy(
    # Directories send what they know, phone numbers and titles too; what is not kept here is passed over.
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
)


def provider(*, page_size_max: int) -> ScimProvider:
    """What this service is, as its discovery endpoints say."""
    return ScimProvider(
        models=[User, Group],
        config=ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=page_size_max),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=False),
            etag=ETag(supported=True),
            authentication_schemes=[
                AuthenticationScheme(
                    type=AuthenticationScheme.Type.oauthbearertoken,
                    name="Bearer token",
                    description="A SCIM token of the company, or an access token with the scope identity.scim.",
                    primary=True,
                )
            ],
        ),
        policy=LENIENT,
    )
