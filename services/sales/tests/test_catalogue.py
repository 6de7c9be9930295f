"""The catalogue over gRPC: products, their variants, categories and codes."""

from __future__ import annotations

from typing import Any

from chassis.testing.events import recorded
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import catalogue_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask

from .shop import create, euros, open_shop


def names(answer: Any) -> list[str]:
    return [one.name for one in answer.products]


def test_a_product_is_written_read_changed_and_binned(alice: Person, bob: Person, database: Database) -> None:
    shop = open_shop(alice)
    got = alice.call("ProductService.GetProduct", pb.GetProductRequest(id=shop.product.id))
    assert (got.name, got.kind, got.unit, got.tax_code, got.status) == ("Cup", "good", "piece", "standard", "active")
    changed = alice.call(
        "ProductService.UpdateProduct",
        pb.UpdateProductRequest(product=pb.Product(id=got.id, name="Mug"), etag=got.etag),
    )
    assert (changed.name, changed.category_id, changed.etag) == ("Mug", shop.category.id, "2")
    stale = pb.UpdateProductRequest(product=pb.Product(id=got.id, name="Jug"), etag=got.etag)
    assert refused(alice.call, "ProductService.UpdateProduct", stale).reason == "STALE_ETAG"
    assert alice.call("ProductService.DeleteProduct", pb.DeleteProductRequest(id=got.id)).deleted_at.seconds
    assert names(alice.call("ProductService.ListProducts", pb.ListProductsRequest())) == []
    assert names(alice.call("ProductService.ListProducts", pb.ListProductsRequest(deleted=True))) == ["Mug"]
    alice.call("ProductService.UndeleteProduct", pb.UndeleteProductRequest(id=got.id))
    assert names(alice.call("ProductService.ListProducts", pb.ListProductsRequest(filter='name:"mu"'))) == ["Mug"]
    types = [event.type for event in recorded(database, alice.tenant_id) if "sales.product." in event.type]
    assert types == [f"sales.product.{verb}" for verb in ("created", "updated", "deleted", "undeleted")]
    assert refused(bob.call, "ProductService.GetProduct", pb.GetProductRequest(id=got.id)).reason == "PRODUCT_NOT_FOUND"
    mine = pb.BatchGetProductsRequest(ids=[got.id])
    assert list(bob.call("ProductService.BatchGetProducts", mine).products) == []


def test_a_list_goes_on_page_by_page_in_the_order_asked_for(alice: Person) -> None:
    for name in ("Cup", "apron", "Bowl", "dish"):
        create(alice, "TaxRate", _rate(name.lower()))
        create(alice, "Product", pb.Product(name=name, tax_code=name.lower()))
    request = pb.ListProductsRequest(order_by="name", page_size=3)
    first = alice.call("ProductService.ListProducts", request)
    request.page_token = first.next_page_token
    second = alice.call("ProductService.ListProducts", request)
    assert names(first) + names(second) == ["apron", "Bowl", "Cup", "dish"]
    assert not second.next_page_token
    wrong = refused(alice.call, "ProductService.ListProducts", pb.ListProductsRequest(order_by="description"))
    assert "created_at" in wrong.message


def test_a_scanner_finds_a_variant_by_barcode_and_by_sku(alice: Person, bob: Person) -> None:
    shop = open_shop(alice)
    for code in ("4006381333931", "cup-r", " CUP-R "):
        found = alice.call("ProductVariantService.FindProductVariant", pb.FindProductVariantRequest(code=code))
        assert found.id == shop.red.id
    unknown = refused(bob.call, "ProductVariantService.FindProductVariant", pb.FindProductVariantRequest(code="CUP-R"))
    assert unknown.reason == "PRODUCT_VARIANT_NOT_FOUND"


def test_no_two_variants_have_a_code_in_common(alice: Person, bob: Person) -> None:
    shop = open_shop(alice)
    open_shop(bob)
    for given in (
        {"sku": "cup-r"},
        {"sku": "CUP-G", "barcodes": ["4006381333931"]},
        {"sku": "X", "barcodes": ["CUP-B"]},
    ):
        taken = pb.ProductVariant(product_id=shop.product.id, price=euros(1), **given)
        assert refused(create, alice, "ProductVariant", taken).reason == "CODE_TAKEN"
    alice.call("ProductVariantService.DeleteProductVariant", pb.DeleteProductVariantRequest(id=shop.red.id))
    create(alice, "ProductVariant", pb.ProductVariant(product_id=shop.product.id, sku="CUP-R"))
    again = pb.UndeleteProductVariantRequest(id=shop.red.id)
    assert refused(alice.call, "ProductVariantService.UndeleteProductVariant", again).reason == "CODE_TAKEN"


def test_branches_hang_below_one_another_and_never_below_themselves(alice: Person) -> None:
    top = create(alice, "ProductCategory", pb.ProductCategory(name="Kitchen"))
    below = create(alice, "ProductCategory", pb.ProductCategory(name="Cups", parent_id=top.id))
    circle = pb.UpdateProductCategoryRequest(
        product_category=pb.ProductCategory(id=top.id, parent_id=below.id), update_mask=FieldMask(paths=["parent_id"])
    )
    assert refused(alice.call, "ProductCategoryService.UpdateProductCategory", circle).reason == "TREE_CYCLE"
    full = pb.DeleteProductCategoryRequest(id=top.id)
    assert refused(alice.call, "ProductCategoryService.DeleteProductCategory", full).reason == "CATEGORY_NOT_EMPTY"


def test_what_a_product_names_must_be_there(alice: Person, bob: Person) -> None:
    shop = open_shop(alice)
    assert (
        refused(create, alice, "Product", pb.Product(name="Cup", tax_code="none-such")).reason == "TAX_RATE_NOT_FOUND"
    )
    foreign = pb.Product(name="Cup", category_id=shop.category.id)
    create(bob, "TaxRate", _rate("standard"))
    assert refused(create, bob, "Product", foreign).reason == "CATEGORY_NOT_FOUND"
    orphan = pb.ProductVariant(product_id=shop.product.id, sku="A")
    assert refused(create, bob, "ProductVariant", orphan).reason == "PRODUCT_NOT_FOUND"


def _rate(code: str) -> Any:
    from funia.sales.v1.pricing_pb2 import TaxRate

    return TaxRate(code=code, name="VAT", rate_basis_points=2_000)
