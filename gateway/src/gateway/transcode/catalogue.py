"""The services that make up the public API, as descriptors. A new service is made public by naming its file here."""

from __future__ import annotations

from funia.analytics.v1 import activity_pb2 as reports_pb2
from funia.contacts.v1 import (
    account_pb2,
    activity_pb2,
    bulk_job_pb2,
    bulk_pb2,
    contact_pb2,
    import_pb2,
    person_pb2,
    record_share_pb2,
    search_pb2,
)
from funia.identity.v1 import (
    access_pb2,
    app_pb2,
    audit_pb2,
    break_glass_pb2,
    company_pb2,
    custom_field_pb2,
    former_colleague_pb2,
    invitation_pb2,
    operator_pb2,
    plan_pb2,
    role_pb2,
    sandbox_pb2,
    scim_pb2,
    session_pb2,
    sharing_rule_pb2,
    sso_pb2,
    team_pb2,
    tenant_pb2,
    webhook_pb2,
)
from funia.marketing.v1 import customer_pb2 as marketing_pb2
from funia.sales.v1 import (
    catalogue_pb2,
    deal_pb2,
    goal_pb2,
    lead_pb2,
    lead_rule_pb2,
    lines_pb2,
    need_pb2,
    order_pb2,
    pipeline_pb2,
    pos_session_pb2,
    pricing_pb2,
    quote_pb2,
    sales_activity_pb2,
    stock_pb2,
    store_pb2,
    till_pb2,
)
from funia.sales.v1 import customer_pb2 as sales_pb2
from funia.sales.v1 import settings_pb2 as sales_settings_pb2
from funia.support.v1 import customer_pb2 as support_pb2
from google.protobuf.descriptor import FileDescriptor


def api_files() -> tuple[FileDescriptor, ...]:
    """Files whose services the gateway serves, in the order of the reference."""
    modules = (
        contact_pb2,
        account_pb2,
        bulk_pb2,
        bulk_job_pb2,
        activity_pb2,
        person_pb2,
        record_share_pb2,
        search_pb2,
        import_pb2,
        deal_pb2,
        lines_pb2,
        order_pb2,
        stock_pb2,
        goal_pb2,
        lead_pb2,
        sales_activity_pb2,
        lead_rule_pb2,
        need_pb2,
        pipeline_pb2,
        catalogue_pb2,
        pricing_pb2,
        quote_pb2,
        store_pb2,
        pos_session_pb2,
        till_pb2,
        sales_settings_pb2,
        sales_pb2,
        marketing_pb2,
        support_pb2,
        reports_pb2,
        tenant_pb2,
        app_pb2,
        role_pb2,
        sandbox_pb2,
        team_pb2,
        sharing_rule_pb2,
        access_pb2,
        break_glass_pb2,
        audit_pb2,
        sso_pb2,
        scim_pb2,
        invitation_pb2,
        custom_field_pb2,
        webhook_pb2,
        session_pb2,
        former_colleague_pb2,
        company_pb2,
        plan_pb2,
        operator_pb2,
    )
    return tuple(module.DESCRIPTOR for module in modules)
