"""What analytics keeps of a company in its own database, as far as archive, restore and erasure are concerned."""

from __future__ import annotations

from chassis.tenancy.part import Carried, Declared, Left

TABLES: Declared = {
    "dashboard": Carried(),
    "model_run": Left("computed again from what the company sold"),
    "basket_rule": Left("computed again from what the company sold"),
    "model_score": Left("computed again from what the company sold"),
}
