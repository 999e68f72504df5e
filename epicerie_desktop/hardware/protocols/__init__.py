"""The languages scales speak: one pure parser each, from the bytes of one frame to a `Reading`.

A parser never raises, whatever the bytes, and gives no weight where a check byte is wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from epicerie_desktop.hardware.protocols import (
    cas,
    dialog06,
    gram,
    header_line,
    nci,
    sics,
    sma,
    tisa,
    toledo_8217,
    toledo_continuous,
    usb_hid,
    value_line,
)
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_PARSERS: dict[str, Callable[[bytes], Reading]] = {
    "adam_ascii": value_line.parse_adam,
    "and_standard": header_line.parse,
    "ascii_p": value_line.parse_p,
    "ascii_st_gs": header_line.parse,
    "ascii_st_gs_stx": header_line.parse,
    "cas_22": cas.parse_stream,
    "cas_dc1": cas.parse_dc1,
    "dialog06": dialog06.parse,
    "dini_standard": header_line.parse,
    "gram_fc_vibra": gram.parse_fc,
    "gram_pc0": gram.parse_pc0,
    "kern_kcp": sics.parse,
    "kern_rE_Cr": value_line.parse_kern,
    "kern_st_gs": header_line.parse,
    "mt_sics": sics.parse,
    "nci_ecr": nci.parse,
    "ohaus_print": value_line.parse_ohaus,
    "sartorius_sbi_16": value_line.parse_sartorius,
    "sartorius_sbi_22": value_line.parse_sartorius,
    "sartorius_sbi_like": value_line.parse_sartorius,
    "sma": sma.parse,
    "tisa": tisa.parse,
    "toledo_8217": toledo_8217.parse,
    "toledo_continuous": toledo_continuous.parse,
    "usb_hid_pos_scale": usb_hid.parse,
}

PROTOCOLS: tuple[str, ...] = tuple(_PARSERS)


def decode(protocol: str, frame: bytes) -> Reading:
    """Return what one whole frame of `protocol` says.

    Raises `BadInput`, which lists the known protocols, when the name is not one of `PROTOCOLS`. Requests (from the
    computer to the scale) say nothing: every field is None.
    """
    parser = _PARSERS.get(protocol)
    if parser is None:
        raise BadInput(
            N_("Le protocole de balance « {protocol} » n'est pas connu. Choisissez parmi : {known}."),
            protocol=protocol,
            known=", ".join(PROTOCOLS),
        )
    return parser(frame)
