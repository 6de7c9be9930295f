"""A small catalogue to sell from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chassis.testing.people import Person
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import pricing_pb2 as pricing
from funia.type.v1.money_pb2 import UnitPrice

MICROS = 1_000_000


def euros(amount: float) -> UnitPrice:
    """A unit price in euros."""
    return UnitPrice(currency_code="EUR", amount_micros=round(amount * MICROS))


def create(person: Person, kind: str, message: Any) -> Any:
    """Creates a record of the catalogue or of prices."""
    module = catalogue if hasattr(catalogue, f"Create{kind}Request") else pricing
    field = getattr(module, f"Create{kind}Request").DESCRIPTOR.fields[0].name
    service = "CouponService" if kind == "Coupon" else f"{kind}Service"
    return person.call(f"{service}.Create{kind}", getattr(module, f"Create{kind}Request")(**{field: message}))


@dataclass(frozen=True)
class Shop:
    """A product of two variants, and its category."""

    category: catalogue.ProductCategory
    product: catalogue.Product
    red: catalogue.ProductVariant
    blue: catalogue.ProductVariant


def open_shop(person: Person) -> Shop:
    """A catalogue of one product at 20 % tax: red for 10 euros (cost 6), blue for 12."""
    create(person, "TaxRate", pricing.TaxRate(code="standard", name="VAT", rate_basis_points=2_000))
    category = create(person, "ProductCategory", catalogue.ProductCategory(name="Cups"))
    product = create(person, "Product", catalogue.Product(name="Cup", category_id=category.id))
    red = create(
        person,
        "ProductVariant",
        catalogue.ProductVariant(
            product_id=product.id, sku="CUP-R", name="Red", price=euros(10), cost=euros(6), barcodes=["4006381333931"]
        ),
    )
    blue = create(
        person,
        "ProductVariant",
        catalogue.ProductVariant(product_id=product.id, sku="CUP-B", name="Blue", price=euros(12)),
    )
    return Shop(category, product, red, blue)
