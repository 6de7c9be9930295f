"""Operations of sales that an approval policy may make wait, by the facts they are judged by."""

from __future__ import annotations

from chassis.approvals import Operation
from funia.sales.v1 import approval_facts_pb2 as pb

SEND_QUOTE = Operation.of(pb.QuoteSending)
PRICE_DEAL = Operation.of(pb.DealPricing)
CONFIRM_ORDER = Operation.of(pb.OrderConfirmation)
REFUND_PAYMENT = Operation.of(pb.PaymentRefund)
CHANGE_PRICE = Operation.of(pb.PriceChange)
