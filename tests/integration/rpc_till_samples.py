"""Sample requests for stores, registers and the sessions at them."""

from __future__ import annotations

from typing import Any

from chassis.ids import uuid7
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import pos_session_pb2 as sessions
from funia.sales.v1 import store_pb2 as stores
from funia.sales.v1 import till_order_pb2 as sold
from funia.sales.v1 import till_pb2 as tills
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rpc_sales_samples import _create, _mark, _records, _variant_id
from rpc_world import Sample, World

_SERVICE = "sales.v1.PosSessionService"
_ORDERS = "sales.v1.TillOrderService"


def _store(world: World) -> stores.Store:
    return stores.Store(name=world.mark, code=_mark(), currency_code="EUR", time_zone="UTC")


def _register(world: World) -> stores.Register:
    store_id = _create(world, stores.DESCRIPTOR.services_by_name["StoreService"], _store)
    return stores.Register(store_id=store_id, name=world.mark)


def _register_id(world: World) -> str:
    return _create(world, stores.DESCRIPTOR.services_by_name["RegisterService"], _register)


def _session(world: World, *, closing: bool = False, opened: bool = True) -> sessions.PosSession:
    request = sessions.StartPosSessionRequest(register_id=_register_id(world))
    if opened:
        request.opening_float_minor = 1_000
    made: Any = world.call(_SERVICE, "StartPosSession", request)
    if closing:
        world.call(_SERVICE, "BeginClosingPosSession", sessions.BeginClosingPosSessionRequest(id=made.id))
    session: sessions.PosSession = made
    return session


def _closed(world: World) -> sessions.PosSession:
    session = _session(world, closing=True)
    world.call(_SERVICE, "ClosePosSession", sessions.ClosePosSessionRequest(id=session.id, counted_minor=1_000))
    return session


def _cash(world: World) -> sessions.AddCashMovementRequest:
    return sessions.AddCashMovementRequest(
        session_id=_session(world).id, kind="in", amount_minor=100, reason=world.mark
    )


def _moved_cash(world: World) -> Message:
    request = _cash(world)
    world.call(_SERVICE, "AddCashMovement", request)
    return sessions.ListCashMovementsRequest(session_id=request.session_id)


def _sale(world: World) -> sold.PostTillOrdersRequest:
    session = _session(world)
    line = sold.TillOrderLine(
        id=str(uuid7()),
        product_variant_id=_variant_id(world),
        quantity_milli=1_000,
        list_unit_micros=10_000_000,
        list_minor=1_000,
        net_minor=1_000,
        gross_minor=1_000,
    )
    now = Timestamp()
    now.GetCurrentTime()
    order = sold.TillOrder(
        id=str(uuid7()),
        session_id=session.id,
        sequence=1,
        sold_at=now,
        lines=[line],
        payments=[sold.TillTender(id=str(uuid7()), method="cash", amount_minor=1_000)],
    )
    return sold.PostTillOrdersRequest(register_id=session.register_id, orders=[order])


def _receipt(world: World) -> Any:
    answer: Any = world.call(_ORDERS, "PostTillOrders", _sale(world))
    return answer.receipts[0]


def _back(world: World) -> sold.PostTillReturnRequest:
    receipt = _receipt(world)
    order: Any = world.call("sales.v1.OrderService", "GetOrder", orders.GetOrderRequest(id=receipt.order_id))
    return sold.PostTillReturnRequest(
        register_id=receipt.register_id,
        id=str(uuid7()),
        session_id=receipt.session_id,
        sequence=2,
        order_id=receipt.order_id,
        lines=[sold.TillReturnLine(line_id=order.lines[0].id, quantity_milli=1_000)],
        reason=world.mark,
    )


def _number(world: World) -> sold.FindTillReceiptRequest:
    made: Any = world.call(_ORDERS, "GetTillReceipt", sold.GetTillReceiptRequest(id=_receipt(world).id))
    return sold.FindTillReceiptRequest(number=made.number)


TILL_SAMPLES: dict[str, Sample] = {
    **_records(stores.DESCRIPTOR, "Store", _store, {"name": "Changed"}, names=False),
    **_records(stores.DESCRIPTOR, "Register", _register, {"name": "Changed"}),
    "/funia.sales.v1.TillService/SyncTill": Sample(lambda w: tills.SyncTillRequest(register_id=_register_id(w))),
    f"/funia.{_SERVICE}/GetPosSession": Sample(lambda w: sessions.GetPosSessionRequest(id=_session(w).id)),
    f"/funia.{_SERVICE}/ListPosSessions": Sample(
        lambda w: sessions.ListPosSessionsRequest(filter=f'register_id = "{_session(w).register_id}"')
    ),
    f"/funia.{_SERVICE}/StartPosSession": Sample(
        lambda w: sessions.StartPosSessionRequest(register_id=_register_id(w))
    ),
    f"/funia.{_SERVICE}/OpenPosSession": Sample(
        lambda w: sessions.OpenPosSessionRequest(id=_session(w, opened=False).id, opening_float_minor=1_000)
    ),
    f"/funia.{_SERVICE}/BeginClosingPosSession": Sample(
        lambda w: sessions.BeginClosingPosSessionRequest(id=_session(w).id)
    ),
    f"/funia.{_SERVICE}/ResumePosSession": Sample(
        lambda w: sessions.ResumePosSessionRequest(id=_session(w, closing=True).id)
    ),
    f"/funia.{_SERVICE}/ClosePosSession": Sample(
        lambda w: sessions.ClosePosSessionRequest(id=_session(w, closing=True).id, counted_minor=1_000)
    ),
    f"/funia.{_SERVICE}/AddCashMovement": Sample(_cash),
    f"/funia.{_SERVICE}/ListCashMovements": Sample(_moved_cash),
    f"/funia.{_SERVICE}/GetXReport": Sample(lambda w: sessions.GetXReportRequest(session_id=_session(w).id)),
    f"/funia.{_SERVICE}/GetZReport": Sample(lambda w: sessions.GetZReportRequest(session_id=_closed(w).id)),
    f"/funia.{_SERVICE}/ListZReports": Sample(
        lambda w: sessions.ListZReportsRequest(register_id=_closed(w).register_id)
    ),
    f"/funia.{_ORDERS}/PostTillOrders": Sample(_sale),
    f"/funia.{_ORDERS}/PostTillReturn": Sample(_back),
    f"/funia.{_ORDERS}/GrantTillDiscount": Sample(
        lambda w: sold.GrantTillDiscountRequest(register_id=_register_id(w), till_order_id=str(uuid7()))
    ),
    f"/funia.{_ORDERS}/GetTillReceipt": Sample(lambda w: sold.GetTillReceiptRequest(id=_receipt(w).id)),
    f"/funia.{_ORDERS}/FindTillReceipt": Sample(_number),
    f"/funia.{_ORDERS}/ListTillReceipts": Sample(
        lambda w: sold.ListTillReceiptsRequest(register_id=_receipt(w).register_id)
    ),
    f"/funia.{_ORDERS}/GetTillReceiptPaper": Sample(lambda w: sold.GetTillReceiptPaperRequest(id=_receipt(w).id)),
}
