"""Every table, by area. Importing this package fills `Base.metadata`."""

from epicerie_desktop.persistence.models.base import Base
from epicerie_desktop.persistence.models.exchange import (
    Contract,
    MonthSent,
    ParcelReceived,
    ParcelSent,
    Site,
    SiteMonth,
)
from epicerie_desktop.persistence.models.goods import (
    Article,
    ArticleCode,
    ArticleValue,
    Family,
    FamilyValue,
    Lot,
    Reception,
    StockMove,
    Supplier,
)
from epicerie_desktop.persistence.models.households import (
    AccessGrant,
    Address,
    Assessment,
    Card,
    Household,
    Member,
    Person,
    Referrer,
    SearchWord,
)
from epicerie_desktop.persistence.models.shop import (
    Account,
    Draft,
    Journal,
    NumberSeries,
    Post,
    Ruleset,
    Setting,
    Shop,
)
from epicerie_desktop.persistence.models.till import Payment, PaymentKind, Sale, SaleLine

__all__ = [
    "AccessGrant", "Account", "Address", "Article", "ArticleCode", "ArticleValue", "Assessment", "Base", "Card",
    "Contract", "Draft", "Family", "FamilyValue", "Household", "Journal", "Lot", "Member", "MonthSent", "NumberSeries",
    "ParcelReceived", "ParcelSent", "Payment", "PaymentKind", "Person", "Post", "Reception", "Referrer", "Ruleset",
    "Sale", "SaleLine", "SearchWord", "Setting", "Shop", "Site", "SiteMonth", "StockMove", "Supplier",
]  # fmt: skip
