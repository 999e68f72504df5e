"""Why a parcel is refused: one class and one sentence for each cause, so that people know what to do."""

from __future__ import annotations

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


class ParcelRefused(BadInput):
    """A parcel that must not be imported; nothing was read from it."""

    message = N_("Ce fichier d'export est refusé.")

    def __init__(self) -> None:
        super().__init__(self.message)


class ParcelNotOurs(ParcelRefused):
    """The bytes do not begin as a parcel does."""

    message = N_("Ce fichier n'est pas un export d'épicerie : choisissez un fichier dont le nom finit par « .epic ».")


class ParcelCut(ParcelRefused):
    """Fewer bytes than the header announces."""

    message = N_(
        "Ce fichier est coupé : la copie n'est pas allée jusqu'au bout. Recopiez-le depuis la clé ou le poste."
    )


class ParcelDamaged(ParcelRefused):
    """The bytes are not those that were written."""

    message = N_("Ce fichier est abîmé : recopiez-le, ou demandez à l'épicerie d'écrire un nouvel export.")


class ParcelTooBig(ParcelRefused):
    """Sealed or opened, the parcel is beyond what the program reads."""

    message = N_("Ce fichier est trop gros pour être un export : demandez à l'épicerie d'en écrire un nouveau.")


class ParcelNewer(ParcelRefused):
    """The parcel asks for a more recent reader."""

    message = N_(
        "Ce fichier vient d'une version plus récente du programme : mettez le programme à jour, puis reprenez l'import."
    )


class ParcelOtherContract(ParcelRefused):
    """The parcel belongs to another contract."""

    message = N_("Ce fichier concerne un autre contrat social que celui qui est ouvert ici : il n'a pas été importé.")


class ParcelOtherRecipient(ParcelRefused):
    """The parcel was not sealed for this identity."""

    message = N_(
        "Ce fichier est destiné à un autre coordinateur : il ne peut pas être ouvert ici. "
        "Remettez-le à son destinataire, ou vérifiez la clé du coordinateur sur le poste de l'épicerie."
    )


class ParcelUnknownSigner(ParcelRefused):
    """Signed by a key that is not the one known for this post."""

    message = N_(
        "Ce fichier est signé par une clé qui n'est pas celle de ce poste. Appelez l'épicerie : si le poste a été "
        "changé, sa nouvelle clé doit être confirmée avant l'import."
    )


class ParcelRevoked(ParcelRefused):
    """Signed by a key that no longer counts: the PC was changed, lost or stolen."""

    message = N_(
        "Ce fichier est signé par une clé qui ne compte plus : le poste a été changé, perdu ou volé. Appelez l'épicerie avant "
        "toute chose."
    )


class ParcelForged(ParcelRefused):
    """The signature is not that of this content under this header."""

    message = N_(
        "La signature de ce fichier ne correspond pas à son contenu : il a été modifié. Il n'a pas été importé."
    )


class ParcelMismatch(ParcelRefused):
    """The signed content repeats another sender, number or recipient than the clear header."""

    message = N_(
        "L'étiquette de ce fichier ne correspond pas à son contenu : demandez à l'épicerie d'écrire un nouvel export."
    )


class ParcelUnreadable(ParcelRefused):
    """Rightly signed, but its content is outside what this program reads."""

    message = N_(
        "Le contenu de ce fichier n'est pas écrit comme le programme l'attend. "
        "Demandez un nouvel export ; si le refus revient, signalez-le."
    )


class ParcelSums(ParcelUnreadable):
    """The totals that the shop wrote are not those of the months it sent."""

    message = N_(
        "Les totaux que l'épicerie a écrits ne sont pas ceux de ses mois : demandez-lui un nouvel export ; si le refus revient, "
        "signalez-le."
    )
