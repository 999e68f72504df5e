"""The sentence for each code a reading or the line may carry: what is the matter, what to do."""

from __future__ import annotations

from epicerie_desktop.hardware.reading import BOOKABLE_UNITS, Reading
from epicerie_desktop.hardware.settings import ScaleState
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_MOVING = N_("Le poids bouge encore : attendez qu'il se stabilise.")
_TOO_HEAVY = N_("C'est trop lourd pour cette balance : pesez en plusieurs fois.")
_BELOW_ZERO = N_("La balance est sous zéro : videz le plateau, remettez-la à zéro, puis pesez à nouveau.")
_GARBLED = N_(
    "La réponse de la balance est illisible : vérifiez le câble et le réglage de la ligne, "
    "ou saisissez le poids à la main."
)
_OUT_OF_ORDER = N_("La balance signale une panne : éteignez-la puis rallumez-la, ou saisissez le poids à la main.")
_TRY_AGAIN = N_("La balance n'a pas donné de poids : reposez le sac et réessayez.")
_UNIT = N_("La balance ne pèse pas en kilogrammes ou en grammes : changez son unité.")
_TOO_LIGHT = N_("C'est trop léger pour cette balance : saisissez le poids à la main.")
_ABSENT = N_("La balance ne répond plus : vérifiez qu'elle est allumée et branchée. La pesée à la main reste possible.")

_ERRORS = {
    **dict.fromkeys(("motion", "unstable_unit_blank", "not_finished", "not_executable"), _MOVING),
    **dict.fromkeys(("over_capacity", "overload"), _TOO_HEAVY),
    **dict.fromkeys(
        ("under_zero", "below_zero", "negative", "underload", "under_capacity", "negative_or_error"), _BELOW_ZERO
    ),
    **dict.fromkeys(("incomplete_frame", "checksum", "parity", "parity_error", "transmission_error"), _GARBLED),
    **dict.fromkeys(
        ("device_error", "fault", "needs_calibration", "zero_error", "tare_error", "initial_zero_error"),
        _OUT_OF_ORDER,
    ),
    **dict.fromkeys(("unknown_unit", "pieces"), _UNIT),
    **dict.fromkeys(("no_reply", "disconnected"), _ABSENT),
    "below_minimum": _TOO_LIGHT,
    "not_moved": N_("La balance attend que le plateau bouge : retirez le sac, reposez-le, puis Entrée."),
    "unit_changed": N_(
        "La balance n'a pas répondu dans l'unité essayée au réglage : reposez le sac, ou refaites l'essai dans les réglages."
    ),
    "nak": N_("La balance n'est pas prête : attendez qu'elle le soit, ou reposez le sac."),
}
_WARNINGS = {
    "off_division": N_(
        "Ce poids ne tombe pas sur un échelon de la balance : il est pris tel qu'elle le dit, mais vérifiez l'échelon "
        "dans les réglages."
    ),
    "below_minimum": N_("Ce poids est sous la charge minimale de la balance : il est peu précis."),
}
_STATES = {
    ScaleState.STOPPED: N_("La balance n'est pas utilisée."),
    ScaleState.CONNECTED: N_("La balance est prête."),
    ScaleState.SILENT: _ABSENT,
    ScaleState.NOISY: _GARBLED,
    ScaleState.ABSENT: N_(
        "La balance est débranchée : rebranchez-la, elle sera retrouvée toute seule. La pesée à la main reste possible."
    ),
    ScaleState.BUSY: N_("Un autre programme emploie la balance : fermez-le, elle sera reprise toute seule."),
    ScaleState.FORBIDDEN: N_(
        "L'ordinateur ne permet pas d'ouvrir le port de la balance : ajoutez votre compte au groupe « dialout », "
        "puis rouvrez la session."
    ),
    ScaleState.NO_LIBRARY: N_(
        "Pour une balance USB de ce genre, il manque au programme le composant « hidapi » : demandez son installation. "
        "La pesée à la main reste possible."
    ),
}


def reading_sentence(reading: Reading) -> str:
    """Return why the reading cannot be booked, or its warning; an empty text when all is well or nothing is laid."""
    if reading.error is not None:
        return _(_ERRORS.get(reading.error, _TRY_AGAIN))
    if reading.unit not in BOOKABLE_UNITS:
        return _(_UNIT)
    if reading.grams is not None and reading.grams < 0:
        return _(_BELOW_ZERO)
    if reading.grams and reading.stable is not True:
        return _(_MOVING)
    return _(_WARNINGS[reading.warning]) if reading.warning else ""


def state_sentence(state: ScaleState) -> str:
    """Return how the line is doing and what to do about it."""
    return _(_STATES[state])
