"""Communes and EPCI of the official list. Codes are text: `01001`, `2A004`, `97103`."""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from territories.enums import Happened


class Kind(models.TextChoices):
    COMMUNE = "commune", _("commune")
    EPCI = "epci", _("intercommunalité")


class PopulationBand(models.IntegerChoices):
    """Strates démographiques: the lower bound of each, in inhabitants."""

    UNDER_500 = 0, _("moins de 500 habitants")
    FROM_500 = 500, _("de 500 à 1\u202f999 habitants")
    FROM_2000 = 2_000, _("de 2\u202f000 à 3\u202f499 habitants")
    FROM_3500 = 3_500, _("de 3\u202f500 à 9\u202f999 habitants")
    FROM_10000 = 10_000, _("de 10\u202f000 à 19\u202f999 habitants")
    FROM_20000 = 20_000, _("de 20\u202f000 à 49\u202f999 habitants")
    FROM_50000 = 50_000, _("50\u202f000 habitants et plus")

    @classmethod
    def of(cls, population: int) -> "PopulationBand":
        return max((band for band in cls if band <= population), default=cls.UNDER_500)


class Region(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments")
    overseas = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Territory(models.Model):
    """What may apply. `code` is the INSEE code of a commune, the SIREN of an EPCI: the one key of pages, API and files.

    `search_name` and `sort_key` are written by `names.py`, so that the same query works on SQLite and PostgreSQL."""

    kind = models.CharField(max_length=7, choices=Kind)
    code = models.CharField(max_length=9, unique=True)
    siren = models.CharField(max_length=9, blank=True, db_index=True)
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120, db_index=True)
    sort_key = models.CharField(max_length=120, db_index=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="territories")
    # None where the official list gives none (six villages destroyed in 1916 have no inhabitant counted).
    population = models.PositiveIntegerField(null=True)
    band = models.PositiveIntegerField(choices=PopulationBand, db_index=True)
    epci = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="communes")
    # What it became part of, and since when; a territory that has ended keeps its past and takes no new file.
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["sort_key", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(successor=None) | models.Q(ended_on__isnull=False),
                name="territory_with_a_successor_has_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(Exact(Length("code"), 5), kind=Kind.COMMUNE)
                | models.Q(Exact(Length("code"), 9), kind=Kind.EPCI),
                name="territory_code_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    code = models.CharField(max_length=5, db_index=True)
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="postcodes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "territory"], name="postcode_once_a_territory")]

    def __str__(self) -> str:
        return self.code


class Nature(models.TextChoices):
    """What a former name was."""

    DELEGATED = "deleguee", _("commune déléguée")
    ASSOCIATED = "associee", _("commune associée")
    DISTRICT = "arrondissement", _("arrondissement")
    MERGED = "ancienne", _("ancienne commune")
    RENAMED = "ancien-nom", _("ancien nom")
    DISSOLVED = "ancien-epci", _("ancienne intercommunalité")


class FormerName(models.Model):
    """A name or a code that people still use, and the territory in being that it leads to."""

    code = models.CharField(max_length=9, db_index=True)
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120)
    nature = models.CharField(max_length=14, choices=Nature)
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="former_names")
    # The last year of the official list that bears it.
    last_year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "name", "territory"], name="former_name_once_a_territory")
        ]

    def __str__(self) -> str:
        return self.name


class Load(models.Model):
    """The official list of a year was taken in. The last one tells every process which names are in force."""

    year = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.year)


class Change(models.Model):
    """What a load found of a territory that was there before. `settled_at`: nothing is left to decide about it."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="changes")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="changes")
    happened = models.CharField(max_length=7, choices=[(one.value, one.value) for one in Happened])
    old_code = models.CharField(max_length=9)
    old_name = models.CharField(max_length=120)
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.old_name}: {self.happened}"
