"""CategoryService, ProductService and ProductVariantService at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from chassis.errors import Conflict, invalid_field
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.sales.v1 import catalogue_pb2 as pb
from funia.sales.v1.events_pb2 import ProductChanged, ProductVariantChanged

from sales.errors import not_there
from sales.model.catalogue import TREE_DEPTH_MAX, Product, ProductCategory, ProductVariant
from sales.queries import catalogue as queries

Values = dict[str, Any]

_SERVICES = pb.DESCRIPTOR.services_by_name


class ProductCategoryServicer(RecordServicer):
    """Branches of the catalogue."""

    service = _SERVICES["ProductCategoryService"]
    resource = Resource(
        "sales",
        "product_category",
        ProductCategory,
        pb.ProductCategory,
        order=Order("position"),
        lowered={"name": "name_key"},
        label="category",
    )
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        if before is None or "parent_id" in changed:
            after["path"] = self._path(work, after["parent_id"], None if before is None else before.id)

    def write(self, work: Work, row: Row, given: Values, verb: str = "updated") -> Row:
        written = super().write(work, row, given, verb)
        if written.path != row.path:
            # What hangs below moves with its branch.
            queries.move_branches(work, row.id, written.path)
        return written

    def deletable(self, work: Work, row: Row) -> None:
        if queries.has_children(work, row.id):
            raise Conflict(
                "There are products or branches in this category. Move them first.", reason="CATEGORY_NOT_EMPTY"
            )

    def _path(self, work: Work, parent_id: UUID | None, own_id: UUID | None) -> list[str]:
        """Branches above, the top first; the branch itself is added by those who read it."""
        if parent_id is None:
            return []
        parent = self.store.get(work, parent_id)
        if parent is None or parent.deleted_at is not None:
            raise not_there("product_category.parent_id", "category")
        path = [*parent.path, str(parent_id)]
        if own_id is not None and str(own_id) in path:
            raise invalid_field("product_category.parent_id", "a branch cannot hang below itself", reason="TREE_CYCLE")
        if len(path) >= TREE_DEPTH_MAX:
            raise invalid_field(
                "product_category.parent_id", f"the catalogue is {TREE_DEPTH_MAX} branches deep at most", reason="DEPTH"
            )
        return path


class ProductServicer(RecordServicer):
    """Products."""

    service = _SERVICES["ProductService"]
    resource = Resource("sales", "product", Product, pb.Product, lowered={"name": "name_key"}, custom=True)

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        for name, usual in (("kind", "good"), ("unit", "piece"), ("tax_code", "standard"), ("status", "active")):
            after[name] = after[name] or usual
        if after["category_id"] is not None and "category_id" in changed:
            queries.check_category(work, after["category_id"])
        if "tax_code" in changed and not queries.has_tax_rate(work, after["tax_code"]):
            raise invalid_field(
                "product.tax_code",
                f'there is no tax rate "{after["tax_code"]}"; add it in Settings > Taxes',
                reason="TAX_RATE_NOT_FOUND",
            )

    def payload(self, row: Row) -> ProductChanged:
        return ProductChanged(
            product_id=str(row.id),
            kind=row.kind,
            category_id=str(row.category_id or ""),
            unit=row.unit,
            tax_code=row.tax_code,
            status=row.status,
            name=row.name,
            deleted=row.deleted_at is not None,
        )


class ProductVariantServicer(RecordServicer):
    """Variants of products: what is bought."""

    service = _SERVICES["ProductVariantService"]
    resource = Resource(
        "sales", "product_variant", ProductVariant, pb.ProductVariant, lowered={"sku": "sku_key"}, label="variant"
    )
    defaults: ClassVar[Values] = {"custom": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["sku_key"] = after["sku"].lower()
        after["status"] = after["status"] or "active"
        if before is None:
            queries.check_product(work, after["product_id"])
        codes = [after["sku"], *after["barcodes"]]
        taken = queries.taken_codes(work, codes, None if before is None else before.id)
        if taken:
            field = "sku" if taken[0] == after["sku"].lower() else "barcodes"
            raise Conflict(
                f"{taken[0]} belongs to another variant. Codes are one's own.",
                reason="CODE_TAKEN",
                metadata={"field": f"product_variant.{field}", "code": taken[0]},
            )

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Any]:
        queries.put_codes(work, row)
        return super().recorded(work, verb, row, changed)

    def payload(self, row: Row) -> ProductVariantChanged:
        return ProductVariantChanged(
            product_variant_id=str(row.id),
            product_id=str(row.product_id),
            sku=row.sku,
            price_currency=row.price_currency,
            price_micros=row.price_micros or 0,
            cost_currency=row.cost_currency,
            cost_micros=row.cost_micros or 0,
            status=row.status,
            deleted=row.deleted_at is not None,
        )

    def FindProductVariant(self, work: Work, request: pb.FindProductVariantRequest) -> pb.ProductVariant:
        variant_id = queries.variant_of_code(work, request.code.strip())
        if variant_id is None:
            raise self.resource.not_found(request.code[:80])
        found: pb.ProductVariant = self.message(work, self.found(work, variant_id))
        return found
