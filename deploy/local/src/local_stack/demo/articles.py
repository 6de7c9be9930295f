"""What the demo company sells: machines, what belongs to them, and coffee. Prices are in euros, without tax."""

from collections.abc import Sequence
from dataclasses import dataclass

Variant = tuple[str, str, float]
"""The code, what tells it apart from its siblings, and the price."""


@dataclass(frozen=True)
class Article:
    """A product with its variants."""

    name: str
    category: str
    kind: str
    variants: Sequence[Variant]


ARTICLES = (
    Article("Espresso machine Nova", "Machines", "good", (("NOVA-B", "Black", 1890.0), ("NOVA-S", "Steel", 2490.0))),
    Article("Grinder Alto", "Machines", "good", (("ALTO", "", 640.0),)),
    Article("Office machine Pico", "Machines", "good", (("PICO", "", 329.0),)),
    Article("Moka pot", "Machines", "good", (("MOKA-3", "3 cups", 24.5), ("MOKA-6", "6 cups", 32.9))),
    Article("Group head gasket", "Spare parts", "good", (("GASKET", "", 9.5),)),
    Article("Water filter", "Spare parts", "good", (("FILTER", "", 34.9),)),
    Article("Cleaning powder", "Spare parts", "good", (("CLEAN", "", 14.9),)),
    Article("Coffee Brasil", "Coffee", "good", (("BRASIL-1", "1 kg", 18.9), ("BRASIL-250", "250 g", 5.9))),
    Article("Coffee Sidamo", "Coffee", "good", (("SIDAMO-1", "1 kg", 26.9), ("SIDAMO-250", "250 g", 7.9))),
    Article("Decaffeinated coffee", "Coffee", "good", (("DECAF-1", "1 kg", 22.9),)),
    Article("Capsules, box of 100", "Coffee", "good", (("CAPS", "", 31.0),)),
    Article("Paper cups, box of 1,000", "Around the cup", "good", (("CUPS", "", 42.0),)),
    Article("Cup with saucer", "Around the cup", "good", (("CUP", "", 8.9),)),
    Article("Sugar sticks, box of 500", "Around the cup", "good", (("SUGAR", "", 11.5),)),
    Article("Milk jug", "Around the cup", "good", (("JUG", "", 19.9),)),
    Article("Gift box", "Around the cup", "good", (("GIFT", "", 39.0),)),
    Article("Installation", "Services", "service", (("INSTALL", "", 180.0),)),
    Article("Yearly care", "Services", "service", (("CARE", "", 420.0),)),
    Article("Barista training", "Services", "service", (("TRAIN", "", 260.0),)),
)
PRICES = {sku: price for article in ARTICLES for sku, _, price in article.variants}
NAMES = {sku: f"{article.name} {label}".strip() for article in ARTICLES for sku, label, _ in article.variants}
GOODS = tuple(sku for article in ARTICLES if article.kind == "good" for sku, _, _ in article.variants)
