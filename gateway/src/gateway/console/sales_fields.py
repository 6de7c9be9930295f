"""The fields of sales' records as the console shows them; their rules stay beside them in the protos."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy

DEAL_STATES: Mapping[str, Lazy] = {"open": lazy("Still open"), "won": lazy("Won"), "lost": lazy("Lost")}
FORECASTS: Mapping[str, Lazy] = {
    "pipeline": lazy("Pipeline"),
    "best_case": lazy("Best case"),
    "commit": lazy("Commit"),
    "omitted": lazy("Left out"),
}
BUYING_ROLES: Mapping[str, Lazy] = {
    "decision_maker": lazy("Decides"),
    "economic_buyer": lazy("Holds the budget"),
    "buyer": lazy("Buys"),
    "champion": lazy("Is for us"),
    "influencer": lazy("Has a say"),
    "user": lazy("Will use it"),
    "blocker": lazy("Is against us"),
    "other": lazy("Other"),
}
CRITERIA: Mapping[str, Lazy] = {
    "need": lazy("A need is recorded"),
    "account": lazy("The company is named"),
    "contact": lazy("A person is named"),
    "decision_maker": lazy("The person who decides is named"),
    "amount": lazy("It has an amount"),
    "expected_close_date": lazy("It has a closing date"),
    "next_step": lazy("The next step is said"),
    "products": lazy("Products are chosen"),
    "quote_accepted": lazy("A quote is accepted"),
    "lost_reason": lazy("The reason of the loss is said"),
    "checklist": lazy("The checklist of the stage before is done"),
}
PRODUCT_KINDS: Mapping[str, Lazy] = {
    "good": lazy("Goods"),
    "service": lazy("Service"),
    "gift_card": lazy("Gift card"),
}
UNITS: Mapping[str, Lazy] = {
    "piece": lazy("Piece"),
    "pack": lazy("Pack"),
    "hour": lazy("Hour"),
    "day": lazy("Day"),
    "month": lazy("Month"),
    "kg": lazy("Kilogram"),
    "g": lazy("Gram"),
    "l": lazy("Litre"),
    "m": lazy("Metre"),
    "m2": lazy("Square metre"),
    "m3": lazy("Cubic metre"),
}
ARTICLE_STATES: Mapping[str, Lazy] = {"active": lazy("Sold"), "archived": lazy("No longer sold")}
CHANNELS: Mapping[str, Lazy] = {"sales": lazy("Sales desk"), "web": lazy("Web shop"), "pos": lazy("Till")}
EFFECTS: Mapping[str, Lazy] = {
    "percent_off": lazy("Per cent off"),
    "amount_off": lazy("Amount off each"),
    "fixed_price": lazy("Fixed price each"),
    "buy_get": lazy("Buy some, get some"),
}
CREATED = Column("created_at", lazy("Added"), sort="created_at", cell="when")
UPDATED = Column("updated_at", lazy("Last change"), sort="updated_at", default=True, cell="when")
VALIDITY = (
    Field("valid_from", lazy("From"), "date", "work", in_form=True),
    Field("valid_to", lazy("To"), "date", "work", in_form=True),
    Field("active", lazy("In use"), "flag", "work", in_form=True),
)
AUDIENCE = (
    Field("segment", lazy("Segment"), group="work", filter="text", max_length=80),
    Field("channel", lazy("Channel"), "choice", "work", CHANNELS),
)

DEAL_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("What it is about"), filter="text", in_form=True, max_length=200),
    Field("amount", lazy("Amount"), "money", in_form=True),
    Field("account_id", lazy("Company"), "reference", in_form=True, refers="companies"),
    Field("pipeline_id", lazy("Pipeline"), "one_of_few", "form", in_form=True, refers="pipelines"),
    Field("expected_close_date", lazy("Closes on"), "date", filter="time", in_form=True),
    Field("next_step", lazy("Next step"), in_form=True, max_length=300),
    Field("owner_id", lazy("Owner"), "owner", "work", filter="owner", in_form=True),
    Field("probability", lazy("Chance in per cent"), "number", "work", filter="number"),
    Field("forecast_category", lazy("Counts in the forecast as"), "choice", "work", FORECASTS, filter="choice"),
    Field("status", lazy("State"), "read_only", "hidden", DEAL_STATES, filter="choice"),
    Field("source", lazy("Source"), group="work", filter="text", max_length=80),
    Field("team_id", lazy("Team"), "one_of_few", "work", refers="teams"),
    Field("tags", lazy("Tags"), "tags", "more"),
    Field("description", lazy("Notes about the deal"), "long_text", "more", max_length=5000),
)
DEAL_COLUMNS: tuple[Column, ...] = (
    Column("amount", lazy("Amount"), sort="amount", default=True, cell="money", priority=1),
    Column("stage_id", lazy("Stage"), default=True, cell="field", priority=1),
    Column("account_id", lazy("Company"), default=True, cell="field"),
    Column("expected_close_date", lazy("Closes on"), sort="expected_close_date", default=True, cell="field"),
    Column("probability", lazy("Chance"), cell="number"),
    Column("forecast_category", lazy("Forecast"), cell="field"),
    Column("next_step", lazy("Next step")),
    Column("source", lazy("Source")),
    Column("owner_id", lazy("Owner"), default=True, cell="owner"),
    CREATED,
    UPDATED,
)
DEAL_LISTED: tuple[Field, ...] = (Field("stage_id", lazy("Stage"), "one_of_few", refers="stages"),)
"""Fields that only columns show."""

CATEGORY_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("parent_id", lazy("Part of"), "one_of_few", in_form=True, refers="categories"),
    Field("position", lazy("Place in lists"), "number", in_form=True),
)
CATEGORY_COLUMNS: tuple[Column, ...] = (
    Column("parent_id", lazy("Part of"), default=True, cell="field", priority=1),
    Column("position", lazy("Place in lists"), sort="position", default=True, cell="number"),
    UPDATED,
)
PRODUCT_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=200),
    Field("kind", lazy("Kind"), "choice", "main", PRODUCT_KINDS, filter="choice", in_form=True),
    Field("category_id", lazy("Category"), "one_of_few", in_form=True, refers="categories"),
    Field("unit", lazy("Sold by the"), "choice", "main", UNITS, filter="choice", in_form=True),
    Field("tax_code", lazy("Tax"), "one_of_few", in_form=True, refers="taxes"),
    Field("status", lazy("State"), "choice", "work", ARTICLE_STATES, filter="choice"),
    Field("track_stock", lazy("Stock"), "flag", "work", yes=lazy("Its stock is counted")),
    Field(
        "low_stock_milli",
        lazy("Little from here down"),
        "quantity",
        "work",
        hint=lazy("Empty: as in the settings of the company."),
    ),
    Field("options", lazy("What its variants differ in"), "tags", "work", hint=lazy("Size, colour…")),
    Field("tags", lazy("Tags"), "tags", "more"),
    Field("description", lazy("Description"), "long_text", "more", max_length=5000),
)
PRODUCT_COLUMNS: tuple[Column, ...] = (
    Column("category_id", lazy("Category"), default=True, cell="field", priority=1),
    Column("kind", lazy("Kind"), cell="field"),
    Column("tax_code", lazy("Tax"), default=True, cell="field"),
    Column("status", lazy("State"), default=True, cell="field"),
    Column("tags", lazy("Tags"), cell="tags"),
    CREATED,
    UPDATED,
)
VARIANT_FIELDS: tuple[Field, ...] = (
    Field("product_id", lazy("Product"), "reference", "form", in_form=True, refers="products"),
    Field("sku", lazy("Article number"), filter="text", in_form=True, max_length=80),
    Field("name", lazy("Variant"), filter="text", in_form=True, max_length=200, hint=lazy("Red, large…")),
    Field("price", lazy("Price of one"), "unit_price", in_form=True),
    Field("cost", lazy("Cost of one"), "unit_price", in_form=True),
    Field("barcodes", lazy("Barcodes"), "tags", in_form=True),
    Field("status", lazy("State"), "choice", "work", ARTICLE_STATES, filter="choice"),
    Field("weight_grams", lazy("Weight in grams"), "number", "work"),
    Field("position", lazy("Place in lists"), "number", "work"),
)
VARIANT_COLUMNS: tuple[Column, ...] = (
    Column("price", lazy("Price of one"), default=True, cell="field", priority=1),
    Column("cost", lazy("Cost of one"), default=True, cell="field"),
    Column("barcodes", lazy("Barcodes"), cell="field"),
    Column("status", lazy("State"), default=True, cell="field"),
    UPDATED,
)
TAX_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), in_form=True, max_length=80),
    Field("code", lazy("Code"), group="form", in_form=True, max_length=40, hint=lazy("Products name it by its code.")),
    Field("rate_basis_points", lazy("Rate"), "percent", in_form=True, hint=lazy("Per cent")),
)
TAX_COLUMNS: tuple[Column, ...] = (
    Column("code", lazy("Code"), default=True, priority=1),
    Column("rate_basis_points", lazy("Rate"), default=True, cell="field", priority=1),
    UPDATED,
)
CURRENCY_RATE_FIELDS: tuple[Field, ...] = (
    Field("source_currency", lazy("One of"), in_form=True, max_length=3, hint=lazy("A code such as EUR")),
    Field("target_currency", lazy("Is in"), in_form=True, max_length=3, hint=lazy("A code such as EUR")),
    Field("rate_billionths", lazy("So many"), "billionths", in_form=True),
    Field("valid_from", lazy("From"), "date", in_form=True),
)
CURRENCY_RATE_COLUMNS: tuple[Column, ...] = (
    Column("rate_billionths", lazy("Rate"), default=True, cell="field", priority=1),
    Column("valid_from", lazy("From"), sort="valid_from", default=True, cell="field", priority=1),
    CREATED,
)
BOOK_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("currency_code", lazy("Currency"), filter="text", in_form=True, max_length=3),
    Field("account_id", lazy("Only for the company"), "reference", "work", in_form=True, refers="companies"),
    *AUDIENCE,
    Field(
        "priority", lazy("Goes before others"), "number", "work", in_form=True, hint=lazy("The highest number wins.")
    ),
    Field("tax_included", lazy("Prices include tax"), "flag", in_form=True),
    *VALIDITY,
)
BOOK_COLUMNS: tuple[Column, ...] = (
    Column("currency_code", lazy("Currency"), default=True, priority=1),
    Column("account_id", lazy("Only for the company"), default=True, cell="field"),
    Column("priority", lazy("Goes before others"), sort="priority", cell="number"),
    Column("valid_from", lazy("From"), default=True, cell="field"),
    Column("valid_to", lazy("To"), default=True, cell="field"),
    Column("active", lazy("In use"), default=True, cell="field", priority=1),
    UPDATED,
)
ENTRY_FIELDS: tuple[Field, ...] = (
    Field("price_book_id", lazy("Price book"), "one_of_few", "form", in_form=True, refers="price-books"),
    Field("product_variant_id", lazy("Article"), "reference", "form", in_form=True, refers="variants"),
    Field("unit_micros", lazy("Price of one"), "micros", in_form=True),
    Field("min_quantity_milli", lazy("From a quantity of"), "quantity", in_form=True),
    Field("valid_from", lazy("From"), "date", in_form=True),
    Field("valid_to", lazy("To"), "date", in_form=True),
)
ENTRY_COLUMNS: tuple[Column, ...] = (
    Column("unit_micros", lazy("Price of one"), default=True, cell="field", priority=1),
    Column("min_quantity_milli", lazy("From a quantity of"), default=True, cell="field", priority=1),
    Column("valid_from", lazy("From"), default=True, cell="field"),
    Column("valid_to", lazy("To"), default=True, cell="field"),
)
RULE_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("effect", lazy("What it does"), "choice", "main", EFFECTS, filter="choice", in_form=True),
    Field("value", lazy("How much"), "rule_value", in_form=True, hint=lazy("Per cent, or the amount for each")),
    Field("currency_code", lazy("Currency"), in_form=True, max_length=3, hint=lazy("For amounts and fixed prices")),
    Field("buy_quantity", lazy("Pay for"), "number", in_form=True, hint=lazy("For “buy some, get some”")),
    Field("get_quantity", lazy("Get free"), "number", in_form=True, hint=lazy("For “buy some, get some”")),
    Field("min_quantity_milli", lazy("From a quantity of"), "quantity"),
    Field("account_id", lazy("Only for the company"), "reference", "work", refers="companies"),
    *AUDIENCE,
    Field("priority", lazy("Goes before others"), "number", "work", hint=lazy("The highest number wins.")),
    Field("stackable", lazy("Together with others"), "flag", "work"),
    *VALIDITY,
)
RULE_COLUMNS: tuple[Column, ...] = (
    Column("effect", lazy("What it does"), default=True, cell="field", priority=1),
    Column("value", lazy("How much"), default=True, cell="field", priority=1),
    Column("valid_from", lazy("From"), default=True, cell="field"),
    Column("valid_to", lazy("To"), default=True, cell="field"),
    Column("priority", lazy("Goes before others"), sort="priority", cell="number"),
    Column("active", lazy("In use"), default=True, cell="field"),
    UPDATED,
)
COUPON_FIELDS: tuple[Field, ...] = (
    Field("code", lazy("Code"), group="form", filter="text", in_form=True, max_length=40),
    Field("name", lazy("What for"), in_form=True, max_length=120),
    Field("discount_basis_points", lazy("Per cent off"), "percent", in_form=True),
    Field("discount_amount", lazy("Or an amount off"), "money", in_form=True),
    Field("min_amount", lazy("From a total of"), "money", in_form=True),
    Field("max_uses", lazy("Uses in all"), "number", in_form=True, hint=lazy("Empty: as often as people like")),
    Field("max_uses_per_customer", lazy("Uses by one customer"), "number", in_form=True),
    *AUDIENCE,
    *VALIDITY,
)
COUPON_COLUMNS: tuple[Column, ...] = (
    Column("name", lazy("What for"), default=True),
    Column("discount_basis_points", lazy("Per cent off"), default=True, cell="field", priority=1),
    Column("discount_amount", lazy("Amount off"), default=True, cell="money"),
    Column("uses", lazy("Used"), sort="uses", default=True, cell="number", priority=1),
    Column("valid_to", lazy("To"), default=True, cell="field"),
    Column("active", lazy("In use"), default=True, cell="field"),
    UPDATED,
)
POLICY_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("max_discount_basis_points", lazy("Largest discount"), "percent", in_form=True, hint=lazy("Per cent")),
    Field("min_margin_basis_points", lazy("Smallest margin"), "percent", in_form=True, hint=lazy("Per cent")),
    Field("team_id", lazy("Only for the team"), "one_of_few", in_form=True, refers="teams"),
    Field("channel", lazy("Channel"), "choice", "main", CHANNELS, in_form=True),
    Field("priority", lazy("Goes before others"), "number", in_form=True, hint=lazy("The highest number wins.")),
    Field("active", lazy("In use"), "flag", in_form=True),
)
POLICY_COLUMNS: tuple[Column, ...] = (
    Column("max_discount_basis_points", lazy("Largest discount"), default=True, cell="field", priority=1),
    Column("min_margin_basis_points", lazy("Smallest margin"), default=True, cell="field", priority=1),
    Column("team_id", lazy("Only for the team"), default=True, cell="field"),
    Column("priority", lazy("Goes before others"), sort="priority", cell="number"),
    Column("active", lazy("In use"), default=True, cell="field"),
    UPDATED,
)
PIPELINE_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("position", lazy("Place in lists"), "number", in_form=True),
    Field("after_sales", lazy("For customers who have bought"), "flag", in_form=True),
)
PIPELINE_COLUMNS: tuple[Column, ...] = (
    Column("position", lazy("Place in lists"), sort="position", default=True, cell="number"),
    Column("after_sales", lazy("For customers who have bought"), default=True, cell="field"),
    UPDATED,
)
STAGE_FIELDS: tuple[Field, ...] = (
    Field("pipeline_id", lazy("Pipeline"), "one_of_few", "form", in_form=True, refers="pipelines"),
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("category", lazy("State of its deals"), "choice", "main", DEAL_STATES, filter="choice", in_form=True),
    Field("position", lazy("Place in the pipeline"), "number", in_form=True),
    Field("probability", lazy("Chance in per cent"), "number", in_form=True),
    Field("forecast_category", lazy("Counts in the forecast as"), "choice", "main", FORECASTS, in_form=True),
    Field("rot_days", lazy("Rots after so many days"), "number", in_form=True),
    Field("entry_criteria", lazy("What a deal must have before it comes here"), "many_choices", "more", CRITERIA),
    Field("guidance", lazy("What to do with a deal here"), "long_text", "more", max_length=5000),
    Field(
        "checklist", lazy("Checklist of a deal here"), "text_lines", "more", max_length=4000, hint=lazy("One a line")
    ),
)
STAGE_COLUMNS: tuple[Column, ...] = (
    Column("position", lazy("Place"), sort="position", default=True, cell="number", priority=1),
    Column("category", lazy("State"), default=True, cell="field"),
    Column("probability", lazy("Chance"), default=True, cell="number", priority=1),
    Column("entry_criteria", lazy("Asks for"), default=True, cell="field"),
    Column("rot_days", lazy("Rots after (days)"), default=True, cell="number"),
)
