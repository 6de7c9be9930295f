"""English words for example customers: Britain, Ireland and the United States."""

from example_customers.vocabulary import Branch, City, Vocabulary


def vocabulary() -> Vocabulary:
    return Vocabulary(
        language="en",
        men=_words(
            "James Oliver Harry George Jack Thomas William Daniel Samuel Henry Edward Michael David Andrew Robert"
            " Patrick Liam Sean Connor Ryan Benjamin Nathan Adam Simon Peter Marcus Julian Victor Arthur Ethan"
        ),
        women=_words(
            "Olivia Emily Charlotte Grace Sophie Emma Alice Hannah Lucy Rebecca Sarah Laura Megan Rachel Claire"
            " Aoife Niamh Ciara Natalie Victoria Helen Julia Eleanor Abigail Madison Zoe Naomi Diana Ruth Ivy"
        ),
        families=_words(
            "Smith Jones Taylor Brown Wilson Evans Walker Wright Robinson Thompson White Hughes Edwards Green"
            " Hall Wood Harris Clarke Turner Cooper Ward Parker Bennett Collins Murphy Kelly Byrne Doyle Walsh"
            " Carter Mitchell Phillips Campbell Stewart Morris Rogers Reed Bailey Foster Gray Hayes Marshall"
            " Lawson Whitfield Ashworth Hargreaves Fairbanks Ellison"
        ),
        stems=_words(
            "Harbour Northfield Oakridge Silverline Bluewater Kestrel Redwood Fairway Ironbridge Summit Lakeside"
            " Beacon Granite Meridian Thornbury Westgate Highland Clearwater Stonebridge Elmwood Riverside"
            " Brightwell Ashford Pinnacle Copperfield Larkhill Wyndham Greyfriars Halcyon Saltmarsh"
        ),
        branches=(
            Branch("Logistics", ("Logistics", "Freight", "Haulage")),
            Branch("Food and drink", ("Foods", "Bakeries", "Provisions")),
            Branch("Software", ("Software", "Systems", "Analytics")),
            Branch("Construction", ("Construction", "Builders", "Joinery")),
            Branch("Health care", ("Health", "Dental", "Pharmacy")),
            Branch("Retail", ("Stores", "Trading", "Supplies")),
            Branch("Manufacturing", ("Engineering", "Tools", "Plastics")),
            Branch("Hospitality", ("Hotels", "Inns", "Catering")),
            Branch("Education", ("Learning", "Training", "Academy")),
            Branch("Energy", ("Energy", "Solar", "Power")),
        ),
        forms=("Ltd", "Ltd", "Group", "Inc", "LLC", "& Sons", "Partners"),
        cities=(
            City("London", "GB", (1, 20), "20", "Greater London"),
            City("Dublin", "IE", (1, 24), "1", "Leinster"),
            City("New York", "US", (10001, 10280), "212", "NY"),
            City("Boston", "US", (2108, 2136), "617", "MA"),
            City("Chicago", "US", (60601, 60661), "312", "IL"),
            City("Austin", "US", (78701, 78759), "512", "TX"),
            City("Seattle", "US", (98101, 98199), "206", "WA"),
            City("Miami", "US", (33125, 33199), "305", "FL"),
        ),
        streets=(
            "High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Lane", "Park Avenue", "Queen Street",
            "King Street", "Bridge Street", "Market Street", "Orchard Road", "Chapel Street",
        ),
        jobs=(
            "Managing Director", "Head of Purchasing", "Buyer", "Operations Manager", "Finance Director",
            "Office Manager", "IT Manager", "Marketing Manager", "Sales Director", "Store Manager",
            "Supply Chain Analyst", "Chief Accountant", "Project Manager", "Owner",
        ),
        tags=("newsletter", "key account", "trade fair", "distributor", "reference", "price-sensitive", "renewal"),
        notes=(
            "Met at the spring trade fair; wants a price list every quarter.",
            "Prefers a call in the morning, never on Fridays.",
            "Asked for delivery to two sites.",
            "Decides together with the finance director.",
            "Compares us with one competitor; price matters less than lead time.",
        ),
        sources=("web form", "referral", "trade fair", "import", "phone call"),
        mobiles={
            "GB": ("+44 7400 1#####", "+44 7712 3#####"),
            "IE": ("+353 86 1######",),
            "US": ("+1 {area} 555 ####",),
        },
        offices={"GB": "+44 20 7946 0###", "IE": "+353 1 555 0###", "US": "+1 {area} 555 0###"},
        postal_codes={"GB": "SW{code} #@@", "IE": "D0# K###", "US": "{code:05d}"},
        currencies={"GB": "GBP", "IE": "EUR", "US": "USD"},
        name_company=lambda stem, word, form: f"{stem} {word} {form}",
        name_street=lambda street, house: f"{house} {street}",
    )  # fmt: skip


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())
