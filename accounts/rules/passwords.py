"""Passwords that anybody here would try first: words of French town halls, rows of our keyboards, years and counts."""

import re
import unicodedata

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = """
motdepasse mdp passe password azerty azertyuiop qsdfghjklm wxcvbn qwerty qwertyuiop abcdef abcdefgh abc admin
administrateur bonjour bonsoir bienvenue merci soleil doudou chouchou loulou coucou jetaime amour mairie maire commune
village ville secretaire secretariat france marseille paris lyon toulouse nantes bretagne normandie internet arobase
numerique label numero ordinateur informatique changezmoi changeme secret test essai janvier fevrier mars avril mai
juin juillet aout septembre octobre novembre decembre printemps ete automne hiver lundi mardi mercredi jeudi vendredi
samedi dimanche chat chien nicolas julien camille thomas marine jean marie
""".split()  # noqa: SIM905 -- a line a word is a page of them
# Letters that others stand for.
STANDS_FOR = str.maketrans("@013457$", "aoieasts")
_KNOWN = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
LEFT = 5  # letters that must be one's own, beyond the words above


class NotTooFrench:
    """Beside Django's list, which is American."""

    def validate(self, password: str, user: object = None) -> None:
        plain = unicodedata.normalize("NFD", password.lower())
        letters = "".join(c for c in plain.rstrip("0123456789!?.").translate(STANDS_FOR) if "a" <= c <= "z")
        found, own = _KNOWN.findall(letters), _KNOWN.sub("", letters)
        if len(set(plain)) < LEFT or (len(set(found)) < 3 and len(set(own)) < LEFT):
            raise ValidationError(
                _(
                    "Ce mot de passe fait partie de ceux que l’on essaie en premier. Prenez trois ou quatre mots sans "
                    "rapport entre eux."
                ),
                code="password_too_french",
            )


class OneReason:
    """Django's rules, then ours: of all that is wrong, the first is said. One password needs one better one."""

    RULES = (
        MinimumLengthValidator(12),
        UserAttributeSimilarityValidator(("email", "name")),
        CommonPasswordValidator(),
        NotTooFrench(),
    )

    def validate(self, password: str, user: object = None) -> None:
        for rule in self.RULES:
            rule.validate(password, user)  # type: ignore[arg-type]

    def get_help_text(self) -> str:
        return _(
            "Douze caractères au moins, sans votre nom ni votre adresse. Trois ou quatre mots sans rapport entre eux "
            "conviennent bien."
        )
