"""The tables of `dump` that the contract fills, at a shop or at its coordinator."""

from __future__ import annotations

from epicerie_desktop.persistence.models import (
    ActionStatus,
    Axis,
    Contract,
    ContractAction,
    ContractBalance,
    ContractKey,
    Funder,
    FundingLine,
    HouseholdDouble,
    HouseholdKey,
    Indicator,
    IndicatorValue,
    MonthSent,
    ParcelReceived,
    ParcelSent,
    ReceiptRead,
    Site,
    SiteMonth,
    SitePost,
    ValueImport,
    ValueMapping,
)
from epicerie_desktop.persistence.models.base import Base

WHOLE: tuple[tuple[type[Base], str, str, tuple[str, ...]], ...] = (
    (Contract, "contracts", "Contrats de territoire, sans leurs clés",
     ("identity", "signing_key", "verify_key", "recipient", "spare_recipient", "counting_key", "generation")),
    (ContractKey, "contract_keys", "Clés de la coordination remplacées, sans les clés elles-mêmes",
     ("identity", "signing_key", "verify_key", "recipient")),
    (ParcelSent, "parcels_sent", "Envois à la coordination", ("generation", "digest", "prev")),
    (MonthSent, "months_sent", "Mois envoyés et leur révision", ("digest",)),
    (ReceiptRead, "receipts_read", "Accusés de réception lus", ("generation", "parcel", "digest")),
    (Site, "sites", "Épiceries du contrat, à la coordination", ()),
    (SitePost, "site_posts", "Postes des épiceries et quand leur signature fut reconnue", ("verify_key",)),
    (ParcelReceived, "parcels_received", "Envois reçus par la coordination", ("generation", "digest", "prev")),
    (SiteMonth, "site_months", "Chiffres reçus d'une épicerie, un mois", ()),
    (HouseholdKey, "household_keys", "Ce qui signale deux dossiers d'un même foyer, sans l'empreinte elle-même", ("value",)),
    (HouseholdDouble, "household_doubles", "Foyers reconnus pour un seul, d'une épicerie à l'autre", ()),
    (Axis, "axes", "Axes du contrat", ()),
    (ContractAction, "contract_actions", "Actions du contrat", ()),
    (ActionStatus, "action_statuses", "Où en est chaque action, à partir d'un jour", ()),
    (Indicator, "indicators", "Indicateurs des actions", ()),
    (IndicatorValue, "indicator_values", "Valeurs saisies ou importées : la dernière remplace", ()),
    (ValueMapping, "value_mappings", "Comment lire le tableau d'un partenaire", ()),
    (ValueImport, "value_imports", "Tableaux importés", ()),
    (Funder, "funders", "Financeurs du contrat", ()),
    (FundingLine, "funding_lines", "Financements prévus et versés, en centimes", ()),
    (ContractBalance, "contract_balances", "Bilans arrêtés : `digest` scelle `record`", ()),
)  # fmt: skip
"""Tables written as they are, but the columns named: keys, and what only serves to chain parcels."""
