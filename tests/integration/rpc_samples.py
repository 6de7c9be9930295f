"""One sample request for every method, made by a company from records of its own. A method without one fails a test.

`ours` says that a stranger's call works on the stranger's own company and must leave the owner's alone; everything
else names records of the owner, so a stranger must find nothing.
"""

from __future__ import annotations

from funia.marketing.v1 import customer_pb2 as marketing
from funia.support.v1 import customer_pb2 as support
from rpc_analytics_samples import ANALYTICS_SAMPLES
from rpc_approval_samples import APPROVAL_SAMPLES
from rpc_billing_samples import BILLING_SAMPLES
from rpc_contacts_samples import CONTACTS_SAMPLES
from rpc_document_samples import DOCUMENT_SAMPLES
from rpc_identity_samples import IDENTITY_SAMPLES
from rpc_import_samples import IMPORT_SAMPLES
from rpc_loyalty_samples import LOYALTY_SAMPLES
from rpc_marketing_samples import MARKETING_SAMPLES
from rpc_pricing_samples import PRICING_SAMPLES
from rpc_quote_samples import QUOTE_SAMPLES
from rpc_report_samples import REPORT_SAMPLES
from rpc_sales_samples import SALES_SAMPLES
from rpc_schedule_samples import SCHEDULE_SAMPLES
from rpc_sharing_samples import SHARING_SAMPLES
from rpc_suggestion_samples import SUGGESTION_SAMPLES
from rpc_support_samples import SUPPORT_SAMPLES
from rpc_till_samples import TILL_SAMPLES
from rpc_world import Sample

SAMPLES: dict[str, Sample] = {
    **CONTACTS_SAMPLES,
    **IDENTITY_SAMPLES,
    **SHARING_SAMPLES,
    **APPROVAL_SAMPLES,
    **PRICING_SAMPLES,
    **SALES_SAMPLES,
    **DOCUMENT_SAMPLES,
    **BILLING_SAMPLES,
    **TILL_SAMPLES,
    **LOYALTY_SAMPLES,
    **MARKETING_SAMPLES,
    **QUOTE_SAMPLES,
    **IMPORT_SAMPLES,
    **REPORT_SAMPLES,
    **SUGGESTION_SAMPLES,
    **SCHEDULE_SAMPLES,
    "/funia.marketing.v1.CustomerService/GetCustomer": Sample(
        lambda w: marketing.GetCustomerRequest(id=w.known_to("marketing"))
    ),
    "/funia.support.v1.CustomerService/GetCustomer": Sample(
        lambda w: support.GetCustomerRequest(id=w.known_to("support"))
    ),
    **SUPPORT_SAMPLES,
    **ANALYTICS_SAMPLES,
}
