"""The mails about one question asked of somebody."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.doors import links
from assessments.models import Application, Enquiry
from instance import queries as instance
from outbox import mail


def question(enquiry: Enquiry, *, text: str, secret: str) -> None:
    _send(
        "question",
        key=f"enquiry:{enquiry.pk}",
        to=enquiry.email,
        subject=_("Une question pour vous : %(territory)s") % {"territory": enquiry.application.territory.name},
        enquiry=enquiry,
        text=text,
        link=links.absolute("assessments:reply", secret),
    )


def replied(enquiry: Enquiry, *, application: Application, part: str, text: str) -> None:
    code, year = application.territory.code, application.edition.year
    _send(
        "replied",
        key=f"enquiry:{enquiry.pk}:replied",
        to=enquiry.asked_by.email,
        subject=_("Une réponse est arrivée : %(question)s") % {"question": enquiry.question_id},
        enquiry=enquiry,
        text=text,
        link=links.absolute("assessments:together", code, year, part, enquiry.question_id),
    )


def _send(name: str, *, key: str, to: str, subject: str, **context: object) -> None:
    text = render_to_string(f"assessments/mail/{name}.txt", {**context, "instance": instance.current()})
    mail.queue(key=key, to=to, subject=subject, text=text.strip() + "\n")
