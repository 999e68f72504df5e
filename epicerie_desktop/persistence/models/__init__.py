"""Every table, by area. What opening a file needs is declared at once, the rest when it is first named.

Declaring a table costs about two milliseconds: those of the counter are declared by its first reading, once the window is
there (docs/mesures.md). `load_all` fills `Base.metadata`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from epicerie_desktop.persistence.models.base import Base
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

if TYPE_CHECKING:
    from epicerie_desktop.persistence.models.ahead import (
        EmergencyLine,
        EmergencyParcel,
        ParcelType,
        PreparedOrder,
        TicketPrint,
    )
    from epicerie_desktop.persistence.models.cash import CashMove, Closing, PaymentSlip, PurseMove, TillSession
    from epicerie_desktop.persistence.models.contract import (
        ActionStatus,
        Axis,
        ContractAction,
        ContractBalance,
        Funder,
        FundingLine,
        Indicator,
        IndicatorValue,
        ValueImport,
        ValueMapping,
    )
    from epicerie_desktop.persistence.models.exchange import (
        Contract,
        ContractKey,
        HouseholdDouble,
        HouseholdKey,
        MonthSent,
        ParcelReceived,
        ParcelSent,
        ReceiptRead,
        Site,
        SiteMonth,
        SitePost,
    )
    from epicerie_desktop.persistence.models.front_desk import Appointment, Avoidance
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
        Address,
        Away,
        Card,
        Household,
        Member,
        Merge,
        Person,
        Referrer,
        ReservedTo,
        SearchWord,
    )
    from epicerie_desktop.persistence.models.months import MonthClosing
    from epicerie_desktop.persistence.models.paper_made import PaperMade
    from epicerie_desktop.persistence.models.paper_morning import PaperSheet
    from epicerie_desktop.persistence.models.questions import PublishedTable, SavedQuestion
    from epicerie_desktop.persistence.models.receptions import (
        BestBeforeCheck,
        DeliveryMapping,
        ForwardItem,
        LotDelivery,
        RefusedGoods,
    )
    from epicerie_desktop.persistence.models.reorder import StockMinimum
    from epicerie_desktop.persistence.models.reports import AggregateEstimate
    from epicerie_desktop.persistence.models.rights import (
        Absence,
        AccessGrant,
        Assessment,
        Decision,
        FeePaid,
        Meeting,
        MeetingItem,
        SocialScale,
        Suspension,
        WaitingEntry,
    )
    from epicerie_desktop.persistence.models.safety import (
        ArticleAllergen,
        ColdReading,
        ColdUnit,
        DayEnd,
        Quarantine,
        Recall,
        RecallDrill,
        RecallImport,
        RecallProduct,
    )
    from epicerie_desktop.persistence.models.storeroom import (
        GoodsSlip,
        GoodsSlipLine,
        Repacking,
        RepackingMove,
        ShelfPlace,
        ShelfRow,
        StockTake,
        StockTakeLine,
    )
    from epicerie_desktop.persistence.models.support import (
        ActionCount,
        Attendance,
        Note,
        Objective,
        ObjectivePayment,
        OnwardReferral,
        Paper,
        PaperContent,
        Portrait,
        Review,
        SupportFile,
        SupportStep,
        Task,
        Undertaking,
        Workshop,
        WorkshopSession,
    )
    from epicerie_desktop.persistence.models.till import Payment, Sale, SaleLine
    from epicerie_desktop.persistence.models.volunteers import VolunteerHours
    from epicerie_desktop.persistence.models.weighing import LabelLayout, ScaleCheck, WeighingScale

_LATER: dict[str, tuple[str, ...]] = {
    "ahead": (
        "EmergencyLine",
        "EmergencyParcel",
        "ParcelType",
        "PreparedOrder",
        "TicketPrint",
    ),
    "front_desk": (
        "Appointment",
        "Avoidance",
    ),
    "goods": (
        "Article",
        "ArticleCode",
        "ArticleValue",
        "Family",
        "FamilyValue",
        "Lot",
        "Reception",
        "StockMove",
        "Supplier",
    ),
    "households": (
        "Address",
        "Away",
        "Card",
        "Household",
        "Member",
        "Merge",
        "Person",
        "Referrer",
        "ReservedTo",
        "SearchWord",
    ),
    "receptions": (
        "BestBeforeCheck",
        "DeliveryMapping",
        "ForwardItem",
        "LotDelivery",
        "RefusedGoods",
    ),
    "rights": (
        "Absence",
        "AccessGrant",
        "Assessment",
        "Decision",
        "FeePaid",
        "Meeting",
        "MeetingItem",
        "SocialScale",
        "Suspension",
        "WaitingEntry",
    ),
    "till": (
        "Payment",
        "Sale",
        "SaleLine",
    ),
    "weighing": (
        "LabelLayout",
        "ScaleCheck",
        "WeighingScale",
    ),
    "exchange": (
        "Contract",
        "ContractKey",
        "HouseholdDouble",
        "HouseholdKey",
        "MonthSent",
        "ParcelReceived",
        "ParcelSent",
        "ReceiptRead",
        "Site",
        "SiteMonth",
        "SitePost",
    ),
    "contract": (
        "ActionStatus",
        "Axis",
        "ContractAction",
        "ContractBalance",
        "Funder",
        "FundingLine",
        "Indicator",
        "IndicatorValue",
        "ValueImport",
        "ValueMapping",
    ),
    "support": (
        "ActionCount",
        "Attendance",
        "Note",
        "Objective",
        "ObjectivePayment",
        "OnwardReferral",
        "Paper",
        "PaperContent",
        "Portrait",
        "Review",
        "SupportFile",
        "SupportStep",
        "Task",
        "Undertaking",
        "Workshop",
        "WorkshopSession",
    ),
    "safety": (
        "ArticleAllergen",
        "ColdReading",
        "ColdUnit",
        "DayEnd",
        "Quarantine",
        "Recall",
        "RecallDrill",
        "RecallImport",
        "RecallProduct",
    ),
    "months": ("MonthClosing",),
    "paper_made": ("PaperMade",),
    "volunteers": ("VolunteerHours",),
    "paper_morning": ("PaperSheet",),
    "cash": ("CashMove", "Closing", "PaymentSlip", "PurseMove", "TillSession"),
    "questions": ("PublishedTable", "SavedQuestion"),
    "reorder": ("StockMinimum",),
    "reports": ("AggregateEstimate",),
    "storeroom": (
        "GoodsSlip",
        "GoodsSlipLine",
        "Repacking",
        "RepackingMove",
        "ShelfPlace",
        "ShelfRow",
        "StockTake",
        "StockTakeLine",
    ),
}
"""Declared later, by room: no table declared at once may refer to one of them."""
_TOGETHER = ("households", "weighing", "goods", "rights", "till")
"""Rooms whose tables refer to one another: what is sold, to whom, by which right. Declared before any other."""
_ALONE = frozenset({"exchange", "months", "paper_morning"})
"""Rooms that refer only to what is declared at once."""
_AFTER = {"contract": ("exchange",)}
"""Rooms that refer to another one only."""
_ROOMS = {name: room for room, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a table declared later. Raises `AttributeError` for any other name."""
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for needed in () if room in _ALONE else _AFTER.get(room, _TOGETHER):
        import_module(f"{__name__}.{needed}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{room}"), name)
    return found


def load_all() -> None:
    """Declare every table: `Base.metadata` is then whole."""
    for room in _LATER:
        import_module(f"{__name__}.{room}")


__all__ = [
    "Absence",
    "AccessGrant",
    "Account",
    "ActionCount",
    "ActionStatus",
    "Address",
    "AggregateEstimate",
    "Appointment",
    "Article",
    "ArticleAllergen",
    "ArticleCode",
    "ArticleValue",
    "Assessment",
    "Attendance",
    "Avoidance",
    "Away",
    "Axis",
    "Base",
    "BestBeforeCheck",
    "Card",
    "CashMove",
    "Closing",
    "ColdReading",
    "ColdUnit",
    "Contract",
    "ContractAction",
    "ContractBalance",
    "ContractKey",
    "DayEnd",
    "Decision",
    "DeliveryMapping",
    "Draft",
    "EmergencyLine",
    "EmergencyParcel",
    "Family",
    "FamilyValue",
    "FeePaid",
    "ForwardItem",
    "Funder",
    "FundingLine",
    "GoodsSlip",
    "GoodsSlipLine",
    "Household",
    "HouseholdDouble",
    "HouseholdKey",
    "Indicator",
    "IndicatorValue",
    "Journal",
    "LabelLayout",
    "Lot",
    "LotDelivery",
    "Meeting",
    "MeetingItem",
    "Member",
    "Merge",
    "MonthClosing",
    "MonthSent",
    "Note",
    "NumberSeries",
    "Objective",
    "ObjectivePayment",
    "OnwardReferral",
    "Paper",
    "PaperContent",
    "PaperMade",
    "PaperSheet",
    "ParcelReceived",
    "ParcelSent",
    "ParcelType",
    "Payment",
    "PaymentSlip",
    "Person",
    "Portrait",
    "Post",
    "PreparedOrder",
    "PublishedTable",
    "PurseMove",
    "Quarantine",
    "Recall",
    "RecallDrill",
    "RecallImport",
    "RecallProduct",
    "ReceiptRead",
    "Reception",
    "Referrer",
    "RefusedGoods",
    "Repacking",
    "RepackingMove",
    "ReservedTo",
    "Review",
    "Ruleset",
    "Sale",
    "SaleLine",
    "SavedQuestion",
    "ScaleCheck",
    "SearchWord",
    "Setting",
    "ShelfPlace",
    "ShelfRow",
    "Shop",
    "Site",
    "SiteMonth",
    "SitePost",
    "SocialScale",
    "StockMinimum",
    "StockMove",
    "StockTake",
    "StockTakeLine",
    "Supplier",
    "SupportFile",
    "SupportStep",
    "Suspension",
    "Task",
    "TicketPrint",
    "TillSession",
    "Undertaking",
    "ValueImport",
    "ValueMapping",
    "VolunteerHours",
    "WaitingEntry",
    "WeighingScale",
    "Workshop",
    "WorkshopSession",
    "load_all",
]
