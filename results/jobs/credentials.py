"""The jobs of credentials: one for each certificate, under its number, and the list of those that no longer stand.

A list holds the certificates of a block of LIST_LENGTH rows: the place of each is known without being written."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Edition
from documents.french import in_full
from documents.issuer import LIST_LENGTH, Issuer
from instance import queries as instance
from instance.queries import Label
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue, Rank
from results import visibility
from results.models import Certificate, Credential, CredentialKey, PublishedResult, StatusList
from results.wording import MEANINGS

if TYPE_CHECKING:
    from PIL.Image import Image

    from documents.credential import Award
    from documents.emblem import EmblemData
    from documents.vectors import Drawing

CONTENT_TYPE = "application/vc"
PNG_WIDTH = 600


def issuer() -> Issuer:
    return Issuer(settings.SITE_URL, instance.current().organiser, instance.current().contact)


def ended(result: PublishedResult) -> Job:
    """In the transaction that withdraws or replaces a result: its list is to be written again."""
    return _list_again(result.certificate.pk // LIST_LENGTH, because=f"{result.pk}")


def announced(edition: Edition) -> None:
    """What ended before the announcement may be told from now on."""
    told = Certificate.objects.filter(_ended(), result__edition=edition).values_list("pk", flat=True)
    for number in {pk // LIST_LENGTH for pk in told}:
        _list_again(number, because=f"announced:{edition.pk}:{edition.results_at.isoformat()}")


def lists_again(*, because: str) -> None:
    for number in StatusList.objects.values_list("number", flat=True):
        _list_again(number, because=because)


def _list_again(number: int, *, because: str) -> Job:
    return write_list.schedule(list=number, because=because)


@jobs.kind(
    "credential.issue",
    key="credential:{certificate}",
    queue=Queue.PAPERS,
    rank=Rank.LAST,
    words=_("Justificatif numérique"),
)
def issue(job: Job) -> None:
    """Sign and bake the credential of a certificate. The same again gives the same bytes. Payload: `certificate`."""
    from documents import credential  # noqa: PLC0415 -- PyLD stays out of web

    certificate = Certificate.objects.select_related("result__territory").get(pk=job.payload["certificate"])
    key = credential.signing_key(settings.KEYS_DIR / "credential.key")
    signed = credential.written(credential.issue(award(certificate), issuer(), key))
    png, svg = images(certificate)
    made = {
        "json": (signed, CONTENT_TYPE),
        "png": (credential.bake_png(png, signed), "image/png"),
        "svg": (credential.bake_svg(svg, signed), "image/svg+xml"),
    }
    for content, _content_type in made.values():
        files.put(content)
    with jobs.finish(job):
        CredentialKey.objects.get_or_create(multikey=credential.multikey(key), defaults={"since": timezone.now()})
        stored = {
            name: files.store(content, content_type=type_, was_put=True) for name, (content, type_) in made.items()
        }
        Credential.objects.get_or_create(certificate=certificate, defaults=stored)
        _list_again(certificate.pk // LIST_LENGTH, because="first")


def award(certificate: Certificate) -> "Award":
    """What is awarded, from the frozen copy alone."""
    from documents.credential import Award  # noqa: PLC0415

    result, document = certificate.result, certificate.result.document
    territory, site = document["territory"], settings.SITE_URL
    return Award(
        address=site + reverse("results:credential", args=[certificate.number, "json"]),
        label_name=instance.current().name,
        year=document["year"],
        level=result.level,
        meaning=str(MEANINGS[result.level]),
        criteria_address=site + reverse("results:questionnaire", args=[document["year"]]),
        image_address=site + reverse("results:credential", args=[certificate.number, "png"]),
        territory_address=site + reverse("results:territory", args=[territory["code"]]),
        territory_name=territory["name"],
        territory_code=territory["code"],
        code_name="siren" if territory["kind"] == "epci" else "insee",
        decided_on=result.decided_on,
        issued_at=result.published_at,
        status_list=status_list_address(certificate.pk // LIST_LENGTH),
        status_index=certificate.pk % LIST_LENGTH,
        simulated=result.simulated,
    )


def status_list_address(number: int) -> str:
    return settings.SITE_URL + reverse("results:api-status-list", args=[number])


def images(certificate: Certificate) -> tuple[bytes, bytes]:
    """The logo of a territory as PNG and as SVG."""
    from documents import emblem, vectors  # noqa: PLC0415 -- Pillow stays out of web

    result, inks = certificate.result, emblem.LOGO_INKS["couleur"]
    same = result.level, result.document["year"], result.simulated, instance.current()
    data, ground = _emblem(*same, in_full(result.document["territory"]["name"])), _ground(*same)
    name, image = emblem.name(data, inks), ground.image.copy()
    foot = vectors.painted(name, PNG_WIDTH)
    image.alpha_composite(foot, (0, image.height - foot.height))
    logo = replace(ground.drawing, shapes=(*ground.drawing.shapes, *name.shapes))
    return vectors.as_png(image), vectors.svg(logo, data.sentence)


class _Ground(NamedTuple):
    drawing: "Drawing"
    image: "Image"


@lru_cache(maxsize=32)
def _ground(level: int, year: int, simulated: bool, label: Label) -> _Ground:
    """What every territory of that level and year has in common: nine tenths of the work."""
    from documents import emblem, vectors  # noqa: PLC0415 -- Pillow stays out of web

    drawing = emblem.blank_logo(_emblem(level, year, simulated, label, ""), emblem.LOGO_INKS["couleur"])
    return _Ground(drawing, vectors.painted(drawing, PNG_WIDTH))


def _emblem(level: int, year: int, simulated: bool, label: Label, territory: str) -> "EmblemData":
    from documents import emblem  # noqa: PLC0415 -- ReportLab stays out of web

    return emblem.EmblemData(
        title=label.name,
        subtitle=label.tagline,
        territory_name=territory,
        year=year,
        level=level,
        issued_at=timezone.now(),
        organiser_name=label.organiser,
        simulated=simulated,
    )


@jobs.kind(
    "credential.status",
    key="status:{list}:{because}",
    queue=Queue.PAPERS,
    words=_("Liste des justificatifs retirés"),
)
def write_list(job: Job) -> None:
    """Write a list again from the register. Payload: `list`.

    Inside the transaction, one at a time: an older list must not come after a newer one."""
    from documents import credential  # noqa: PLC0415 -- PyLD stays out of web

    number, key = job.payload["list"], credential.signing_key(settings.KEYS_DIR / "credential.key")
    with jobs.finish(job):
        StatusList.objects.get_or_create(number=number)
        row = StatusList.objects.select_for_update().get(number=number)
        now = timezone.now()
        signed = credential.status_list(status_list_address(number), ended_indexes(number, now), issuer(), key, now)
        CredentialKey.objects.get_or_create(multikey=credential.multikey(key), defaults={"since": now})
        row.file = files.store(credential.written(signed), content_type=CONTENT_TYPE)
        row.save(update_fields=["file"])


def ended_indexes(number: int, now: datetime) -> list[int]:
    """Places, in a list, of the certificates that no longer stand, among those that may be known."""
    start = number * LIST_LENGTH
    rows = visibility.certificates(now=now).filter(_ended(), pk__gte=start, pk__lt=start + LIST_LENGTH)
    return [pk - start for pk in rows.order_by("pk").values_list("pk", flat=True)]


def _ended() -> Q:
    return Q(result__withdrawn_at__isnull=False) | Q(result__replaced_at__isnull=False)
