"""CustomFieldService: the fields a company adds to its records."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.masks import read_mask, set_fields
from chassis.work import Work
from funia.identity.v1 import custom_field_pb2 as pb

from gateway.identity import wire
from gateway.identity.usecases import custom_fields
from gateway.identity.usecases.custom_fields import CustomFieldDraft


class CustomFieldServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def ListCustomFields(self, work: Work, request: pb.ListCustomFieldsRequest) -> pb.ListCustomFieldsResponse:
        rows = custom_fields.listed(work, request.object, archived=request.archived)
        return pb.ListCustomFieldsResponse(custom_fields=[wire.custom_field(row) for row in rows])

    def GetCustomField(self, work: Work, request: pb.GetCustomFieldRequest) -> pb.CustomField:
        return wire.custom_field(custom_fields.get(work, UUID(request.id)))

    def CreateCustomField(self, work: Work, request: pb.CreateCustomFieldRequest) -> pb.CustomField:
        return wire.custom_field(custom_fields.create(work, _draft(request.custom_field)))

    def UpdateCustomField(self, work: Work, request: pb.UpdateCustomFieldRequest) -> pb.CustomField:
        asked = request.custom_field
        descriptor: Any = asked.DESCRIPTOR  # the stubs know two classes of it
        chosen = read_mask(request.update_mask, descriptor) if request.update_mask.paths else set_fields(asked)
        return wire.custom_field(
            custom_fields.update(work, UUID(asked.id), _draft(asked), chosen.names, etag=request.etag)
        )


def _draft(asked: pb.CustomField) -> CustomFieldDraft:
    return CustomFieldDraft(
        object=asked.object,
        key=asked.key,
        label=asked.label.strip(),
        type=asked.type,
        options=tuple(option.strip() for option in asked.options),
        refers_to=asked.references,
        required=asked.required,
        searchable=asked.searchable,
        position=asked.position,
        archived=asked.archived,
    )
