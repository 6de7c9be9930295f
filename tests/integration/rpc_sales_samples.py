"""Sample requests for the methods of sales; those that every kind of record has are made from a draft of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import customer_pb2 as customers
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import goal_pb2 as goals
from funia.sales.v1 import held_pb2 as held
from funia.sales.v1 import lead_pb2 as leads
from funia.sales.v1 import lead_rule_pb2 as lead_rules
from funia.sales.v1 import lines_pb2 as lines
from funia.sales.v1 import mail_template_pb2 as templates
from funia.sales.v1 import need_pb2 as needs
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import pipeline_pb2 as pipelines
from funia.sales.v1 import pricing_pb2 as pricing
from funia.sales.v1 import record_mail_pb2 as mails
from funia.sales.v1 import sales_activity_pb2 as activities
from funia.sales.v1 import settings_pb2 as settings
from funia.sales.v1 import stock_pb2 as stock
from funia.type.v1.money_pb2 import UnitPrice
from google.protobuf.descriptor import FileDescriptor, ServiceDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from rpc_world import Sample, World

Draft = Callable[[World], Message]


_MAIL = "/funia.sales.v1.RecordMailService"


def _create(world: World, service: ServiceDescriptor, draft: Draft) -> str:
    """A record of the company; its id."""
    method = next(one for one in service.methods if one.name.startswith("Create"))
    request: Any = GetMessageClass(method.input_type)()
    getattr(request, method.input_type.fields[0].name).CopyFrom(draft(world))
    made: Any = world.call(service.full_name.removeprefix("funia."), method.name, request)
    return cast(str, made.id)


def _records(
    file: FileDescriptor, name: str, draft: Draft, change: dict[str, Any], *, names: bool = True
) -> dict[str, Sample]:
    """A sample for each of the usual methods that the service has.

    `draft` is a new record, `change` what an update gives it. With `names` a draft names records of its company, so
    that a stranger cannot create it either.
    """
    service = file.services_by_name[f"{name}Service"]
    field = next(one for one in service.methods if one.name.startswith("Create")).input_type.fields[0].name

    def make(world: World) -> str:
        return _create(world, service, draft)

    def update(world: World) -> dict[str, Any]:
        changed = GetMessageClass(file.message_types_by_name[name])(id=make(world), **change)
        return {field: changed, "update_mask": FieldMask(paths=list(change))}

    def binned(world: World) -> dict[str, Any]:
        record_id = make(world)
        delete = next(one for one in service.methods if one.name == f"Delete{name}")
        world.call(
            service.full_name.removeprefix("funia."), delete.name, GetMessageClass(delete.input_type)(id=record_id)
        )
        return {"id": record_id}

    def listed(world: World) -> dict[str, Any]:
        # A company begins with some records of its own, and another's are not told from them by an empty list.
        before = datetime.now(UTC)
        make(world)
        return {"filter": f'created_at >= "{before:%Y-%m-%dT%H:%M:%S.%fZ}"'}

    given: dict[str, Callable[[World], dict[str, Any]]] = {
        "Get": lambda w: {"id": make(w)},
        "List": listed,
        "Create": lambda w: {field: draft(w)},
        "Update": update,
        "Delete": lambda w: {"id": make(w)},
        "Undelete": binned,
        "BatchGet": lambda w: {"ids": [make(w)]},
    }
    samples = {}
    for method in service.methods:
        verb = next((one for one in given if method.name.startswith(f"{one}{name[:3]}")), None)
        if verb is None:
            continue
        fill, message = given[verb], GetMessageClass(method.input_type)
        samples[f"/{service.full_name}/{method.name}"] = Sample(
            lambda w, fill=fill, message=message: message(**fill(w)),  # type: ignore[misc]
            ours=verb == "Create" and not names,
            answers=bool(method.output_type.fields),
        )
    return samples


def _mark() -> str:
    return uuid4().hex[:12]


def _tax_rate(world: World) -> pricing.TaxRate:
    return pricing.TaxRate(code=_mark(), name=world.mark, rate_basis_points=2_000)


def _product(world: World) -> catalogue.Product:
    service = pricing.DESCRIPTOR.services_by_name["TaxRateService"]
    rate = _tax_rate(world)
    _create(world, service, lambda _: rate)
    return catalogue.Product(name=world.mark, tax_code=rate.code)


def _variant(world: World) -> catalogue.ProductVariant:
    product = _create(world, catalogue.DESCRIPTOR.services_by_name["ProductService"], _product)
    price = UnitPrice(currency_code="EUR", amount_micros=10_000_000)
    return catalogue.ProductVariant(product_id=product, sku=_mark(), name=world.mark, price=price)


def _variant_id(world: World) -> str:
    return _create(world, catalogue.DESCRIPTOR.services_by_name["ProductVariantService"], _variant)


def _category(world: World) -> catalogue.ProductCategory:
    return catalogue.ProductCategory(name=world.mark)


def _pipeline(world: World) -> pipelines.Pipeline:
    return pipelines.Pipeline(name=world.mark, position=1_000)


def _pipeline_id(world: World) -> str:
    return _create(world, pipelines.DESCRIPTOR.services_by_name["PipelineService"], _pipeline)


def _stage(world: World) -> pipelines.Stage:
    return pipelines.Stage(pipeline_id=_pipeline_id(world), name=world.mark, probability=10)


def _deal(world: World) -> deals.Deal:
    """A deal in a pipeline of its own, with two stages."""
    pipeline, stages = _pipeline_id(world), pipelines.DESCRIPTOR.services_by_name["StageService"]
    for position in range(2):
        draft = pipelines.Stage(pipeline_id=pipeline, name=world.mark, position=position)
        _create(world, stages, lambda _, draft=draft: draft)  # type: ignore[misc]
    return deals.Deal(name=world.mark, pipeline_id=pipeline)


def made_deal(world: World) -> deals.Deal:
    """A deal of the company."""
    deal_id = _create(world, deals.DESCRIPTOR.services_by_name["DealService"], _deal)
    return cast(deals.Deal, world.call("sales.v1.DealService", "GetDeal", deals.GetDealRequest(id=deal_id)))


def _move(world: World) -> Message:
    deal = made_deal(world)
    asked = pipelines.GetPipelineRequest(id=deal.pipeline_id)
    pipeline: Any = world.call("sales.v1.PipelineService", "GetPipeline", asked)
    return deals.MoveDealRequest(id=deal.id, stage_id=pipeline.stages[1].id)


def _lead(world: World) -> leads.Lead:
    return leads.Lead(given_name=world.mark, email=f"{_mark()}@example.com", owner_id=world.owner.user_id)


def _lead_id(world: World) -> str:
    return _create(world, leads.DESCRIPTOR.services_by_name["LeadService"], _lead)


def _qualified(world: World) -> str:
    lead_id = _lead_id(world)
    world.call("sales.v1.LeadService", "QualifyLead", leads.QualifyLeadRequest(id=lead_id))
    return lead_id


def _twin(world: World) -> Message:
    lead = _lead(world)
    ids = [_create(world, leads.DESCRIPTOR.services_by_name["LeadService"], lambda _: lead) for _ in range(2)]
    return leads.ListLeadDuplicatesRequest(id=ids[0])


def _need(world: World) -> needs.Need:
    return needs.Need(statement=world.mark, deal_id=made_deal(world).id)


def _need_id(world: World) -> str:
    return _create(world, needs.DESCRIPTOR.services_by_name["NeedService"], _need)


def _held(world: World) -> Message:
    made: Any = world.call(
        "sales.v1.NeedService",
        "CreateNeed",
        needs.CreateNeedRequest(need=needs.Need(statement=world.mark, contact_id=world.contact())),
    )
    return held.ListHeldRowsRequest(contact_ids=[made.contact_id])


def _template(_: World) -> templates.MailTemplate:
    return templates.MailTemplate(name="First answer", subject="Hello", body="Hello", language="en", shared=True)


def _activity(world: World) -> activities.SalesActivity:
    return activities.SalesActivity(kind="task", title=world.mark, deal_id=made_deal(world).id)


def _activity_id(world: World) -> str:
    return _create(world, activities.DESCRIPTOR.services_by_name["SalesActivityService"], _activity)


def _my_day(world: World) -> Message:
    _activity_id(world)
    return activities.GetMyDayRequest()


def _goal(world: World) -> goals.Goal:
    return goals.Goal(
        metric="deals_won", period="month", starts_on="2026-11-01", target=7, pipeline_id=_pipeline_id(world)
    )


def _goal_progress(world: World) -> Message:
    _create(world, goals.DESCRIPTOR.services_by_name["GoalService"], _goal)
    return goals.ListGoalProgressRequest(day="2026-11-02")


def _lead_rule(world: World) -> lead_rules.LeadRule:
    return lead_rules.LeadRule(name=world.mark, method="round_robin", user_ids=[world.owner.user_id])


def _forecast(world: World) -> Message:
    made_deal(world)
    return deals.GetForecastRequest(first_month=f"{datetime.now(UTC):%Y-%m}", months=3)


def _lined_deal(world: World) -> deals.Deal:
    deal = made_deal(world)
    world.call("sales.v1.DealLineService", "SetDealLines", _lines_of(world, deal))
    return deal


def _lines_of(world: World, deal: deals.Deal) -> lines.SetDealLinesRequest:
    item = lines.LineItem(product_variant_id=_variant_id(world), quantity_milli=1_000)
    return lines.SetDealLinesRequest(deal_id=deal.id, lines=[item], currency_code="EUR")


def _order(world: World) -> orders.Order:
    item = lines.LineItem(product_variant_id=_variant_id(world), quantity_milli=1_000)
    return orders.Order(lines=[item], currency_code="EUR", note=world.mark)


def _order_id(world: World) -> str:
    return _create(world, orders.DESCRIPTOR.services_by_name["OrderService"], _order)


def _placed_id(world: World, *, fulfilled: bool = False) -> str:
    request = orders.PlaceOrderRequest(order=_order(world), fulfilled=fulfilled)
    return cast(orders.Order, world.call("sales.v1.OrderService", "PlaceOrder", request)).id


def _tracked(world: World) -> str:
    """A variant whose stock is counted, with one on hand."""
    service = catalogue.DESCRIPTOR.services_by_name["ProductService"]
    product = _product(world)
    product.track_stock = True
    variant = _variant(world)
    variant.product_id = _create(world, service, lambda _: product)
    variant_id = _create(world, catalogue.DESCRIPTOR.services_by_name["ProductVariantService"], lambda _: variant)
    request = stock.AdjustStockRequest(product_variant_id=variant_id, change_milli=1_000)
    world.call("sales.v1.StockService", "AdjustStock", request)
    return variant_id


def _fulfilled_id(world: World) -> str:
    return _placed_id(world, fulfilled=True)


def _to_price(world: World) -> Message:
    line = pricing.LineToPrice(product_variant_id=_variant_id(world), quantity_milli=1_000)
    return pricing.PriceLinesRequest(currency_code="EUR", lines=[line])


def _scanned(world: World) -> Message:
    variant = _variant(world)
    _create(world, catalogue.DESCRIPTOR.services_by_name["ProductVariantService"], lambda _: variant)
    return catalogue.FindProductVariantRequest(code=variant.sku)


SALES_SAMPLES: dict[str, Sample] = {
    "/funia.sales.v1.CustomerService/GetCustomer": Sample(
        lambda w: customers.GetCustomerRequest(id=w.known_to("sales"))
    ),
    "/funia.sales.v1.SalesSettingsService/GetSalesSettings": Sample(
        lambda _: settings.GetSalesSettingsRequest(), ours=True
    ),
    "/funia.sales.v1.SalesSettingsService/UpdateSalesSettings": Sample(
        lambda w: settings.UpdateSalesSettingsRequest(settings=settings.SalesSettings(seller_name=w.mark)), ours=True
    ),
    **_records(catalogue.DESCRIPTOR, "ProductCategory", _category, {"name": "Changed"}, names=False),
    **_records(catalogue.DESCRIPTOR, "Product", _product, {"name": "Changed"}),
    **_records(catalogue.DESCRIPTOR, "ProductVariant", _variant, {"name": "Changed"}),
    **_records(pipelines.DESCRIPTOR, "Pipeline", _pipeline, {"name": "Changed"}, names=False),
    **_records(pipelines.DESCRIPTOR, "Stage", _stage, {"name": "Changed"}),
    **_records(deals.DESCRIPTOR, "Deal", _deal, {"name": "Changed"}),
    "/funia.sales.v1.DealService/MoveDeal": Sample(_move),
    **_records(leads.DESCRIPTOR, "Lead", _lead, {"source": "Changed"}, names=False),
    **_records(lead_rules.DESCRIPTOR, "LeadRule", _lead_rule, {"name": "Changed"}, names=False),
    **_records(needs.DESCRIPTOR, "Need", _need, {"priority": "must"}),
    "/funia.sales.v1.HeldService/ListHeldRows": Sample(_held),
    "/funia.sales.v1.NeedService/MoveNeed": Sample(lambda w: needs.MoveNeedRequest(id=_need_id(w), status="validated")),
    **_records(activities.DESCRIPTOR, "SalesActivity", _activity, {"title": "Changed"}),
    **_records(templates.DESCRIPTOR, "MailTemplate", _template, {"name": "Changed"}, names=False),
    f"{_MAIL}/DraftRecordMail": Sample(
        lambda w: mails.DraftRecordMailRequest(record_kind="contact", record_id=w.contact())
    ),
    # Mails are of people: an app sends none, so it has none either.
    f"{_MAIL}/SendRecordMail": Sample(
        lambda w: mails.SendRecordMailRequest(
            record_kind="contact", record_id=w.contact(), subject=w.mark, body=w.mark
        ),
        refused="PEOPLE_ONLY",
    ),
    f"{_MAIL}/GetRecordMail": Sample(
        lambda w: mails.GetRecordMailRequest(id=_activity_id(w)), refused="SALES_ACTIVITY_NOT_FOUND"
    ),
    f"{_MAIL}/ResendRecordMail": Sample(
        lambda w: mails.ResendRecordMailRequest(id=_activity_id(w)), refused="SALES_ACTIVITY_NOT_FOUND"
    ),
    "/funia.sales.v1.SalesActivityService/MoveSalesActivity": Sample(
        lambda w: activities.MoveSalesActivityRequest(id=_activity_id(w), status="completed")
    ),
    "/funia.sales.v1.SalesActivityService/GetMyDay": Sample(_my_day, silent=("day",), answers=False),
    **_records(goals.DESCRIPTOR, "Goal", _goal, {"target": 9}),
    "/funia.sales.v1.GoalService/ListGoalProgress": Sample(_goal_progress),
    "/funia.sales.v1.GoalService/GetForecastHistory": Sample(
        lambda _: goals.GetForecastHistoryRequest(first_day="2026-11-01"), ours=True
    ),
    "/funia.sales.v1.LeadService/BatchCreateLeads": Sample(
        lambda w: leads.BatchCreateLeadsRequest(requests=[leads.CreateLeadRequest(lead=_lead(w))]), ours=True
    ),
    "/funia.sales.v1.LeadService/AssignLead": Sample(
        lambda w: leads.AssignLeadRequest(id=_lead_id(w), owner_id=w.owner.user_id)
    ),
    "/funia.sales.v1.LeadService/MarkLeadContacted": Sample(lambda w: leads.MarkLeadContactedRequest(id=_lead_id(w))),
    "/funia.sales.v1.LeadService/QualifyLead": Sample(lambda w: leads.QualifyLeadRequest(id=_lead_id(w))),
    "/funia.sales.v1.LeadService/DisqualifyLead": Sample(
        lambda w: leads.DisqualifyLeadRequest(id=_lead_id(w), reason="No budget")
    ),
    "/funia.sales.v1.LeadService/RecycleLead": Sample(
        lambda w: leads.RecycleLeadRequest(id=_lead_id(w), until="2999-01-01")
    ),
    "/funia.sales.v1.LeadService/ConvertLead": Sample(lambda w: leads.ConvertLeadRequest(id=_qualified(w))),
    "/funia.sales.v1.LeadService/ListLeadDuplicates": Sample(_twin),
    "/funia.sales.v1.DealService/ListStageHistory": Sample(
        lambda w: deals.ListStageHistoryRequest(deal_id=made_deal(w).id)
    ),
    "/funia.sales.v1.DealLineService/GetDealLines": Sample(
        lambda w: lines.GetDealLinesRequest(deal_id=_lined_deal(w).id)
    ),
    "/funia.sales.v1.DealLineService/SetDealLines": Sample(lambda w: _lines_of(w, made_deal(w))),
    **_records(orders.DESCRIPTOR, "Order", _order, {"note": "Changed"}),
    "/funia.sales.v1.OrderService/PlaceOrder": Sample(lambda w: orders.PlaceOrderRequest(order=_order(w))),
    "/funia.sales.v1.OrderService/CreateOrderFromDeal": Sample(
        lambda w: orders.CreateOrderFromDealRequest(deal_id=_lined_deal(w).id)
    ),
    "/funia.sales.v1.OrderService/ConfirmOrder": Sample(lambda w: orders.ConfirmOrderRequest(id=_order_id(w))),
    "/funia.sales.v1.OrderService/CancelOrder": Sample(lambda w: orders.CancelOrderRequest(id=_placed_id(w))),
    "/funia.sales.v1.OrderService/FulfilOrder": Sample(lambda w: orders.FulfilOrderRequest(order_id=_placed_id(w))),
    "/funia.sales.v1.OrderService/ListFulfilments": Sample(
        lambda w: orders.ListFulfilmentsRequest(order_id=_fulfilled_id(w))
    ),
    "/funia.sales.v1.OrderService/CompleteOrder": Sample(lambda w: orders.CompleteOrderRequest(id=_fulfilled_id(w))),
    "/funia.sales.v1.StockService/ListStock": Sample(
        lambda w: stock.ListStockRequest(product_variant_ids=[_tracked(w)])
    ),
    "/funia.sales.v1.StockService/AdjustStock": Sample(
        lambda w: stock.AdjustStockRequest(product_variant_id=_tracked(w), change_milli=1_000)
    ),
    "/funia.sales.v1.DealService/GetDealBoard": Sample(
        lambda w: deals.GetDealBoardRequest(pipeline_id=made_deal(w).pipeline_id)
    ),
    "/funia.sales.v1.DealService/GetForecast": Sample(_forecast, silent=("months", "currency_code")),
    "/funia.sales.v1.CouponService/PriceLines": Sample(_to_price),
    "/funia.sales.v1.ProductVariantService/FindProductVariant": Sample(_scanned),
}
