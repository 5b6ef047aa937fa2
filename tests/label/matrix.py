"""Every address of the service, and what each role gets there. `test_matrix.py` holds the service to this table.

A file of this year is Aubaine's (a draft, seen by its team) for the applicant's pages, and Beaupré's (being read) for
the jury's; last year's are published. Codes of the table: a status, or « login » for the way to the sign-in page."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Mandate, Membership, MembershipState, Token, User
from assessments.models import Application, Enquiry, Evidence, Framework, Initiative, Picture
from jury.models import Appeal, Ballot, Interest, Minutes
from outbox.jobs import mail
from outbox.models import Job, Mail
from results.jobs import cards, opendata
from results.models import Certificate, FileCheck, PublishedInitiative
from results.rules import contacts
from season.models import Guest, HelpRequest, Message
from territories.models import Change, Load, Territory
from tests.season import AUBAINE, BEAUPRE, HELPER, LAST_YEAR, OTHER_HELPER, YEAR, Season

ROLES = ("anonymous", "agent", "signatory", "reader", "stranger", "juror", "recused", "chair", "organiser")
LOGIN = "login"
Statuses = dict[str, int | str]
Args = tuple[object, ...] | Callable[[Season], tuple[object, ...]]

SIGNED_IN = ROLES[1:]
TEAM = ("agent", "signatory", "reader")
WRITERS = ("agent", "signatory")
JURORS = ("juror", "recused", "chair")
READING = ("juror", "chair")
ORGANISER = ("organiser",)


@dataclass(frozen=True)
class Row:
    """`get`: what each role is answered. `post`: who may write there (with `data`); anyone else is refused."""

    get: Statuses
    post: Collection[str] = ()
    args: Args = ()
    data: dict[str, str] = field(default_factory=dict)
    query: dict[str, str | Callable[[Season], str]] = field(default_factory=dict)

    def address(self, name: str, season: Season) -> str:
        args = self.args(season) if callable(self.args) else self.args
        query = {key: value(season) if callable(value) else value for key, value in self.query.items()}
        return reverse(name, args=args, query=query)


def everyone(status: int | str) -> Statuses:
    return dict.fromkeys(ROLES, status)


def signed_in(status: int | str = 200) -> Statuses:
    return {**everyone(status), "anonymous": LOGIN}


def only(roles: Collection[str], status: int = 200) -> Statuses:
    """The others are strangers: as if there were nothing there."""
    return {**signed_in(404), **dict.fromkeys(roles, status)}


def api_only(roles: Collection[str]) -> Statuses:
    return {**only(roles), "anonymous": 401}


OPEN = everyone(200)
POST_ONLY = everyone(405)
FILE, READ_FILE = (AUBAINE, YEAR), (BEAUPRE, YEAR)


def question(season: Season) -> str:
    """A question of the entry path."""
    return next(row.id for row in season.edition.framework.parsed.questions if row.express)


def loaded(season: Season) -> tuple[object, ...]:
    return (season.edition.framework.hash,)


def made_data(season: Season) -> tuple[object, ...]:
    """The files of open data, as they are once the worker has passed."""
    if job := opendata.ask(now=timezone.now()):
        opendata.make(job)
    return ()


def made_card(season: Season) -> tuple[object, ...]:
    """The images of results, as they are once the worker has passed."""
    if job := cards.ask():
        cards.make(job)
    return (AUBAINE, LAST_YEAR)


def help_request(season: Season) -> tuple[object, ...]:
    asked = HelpRequest.objects.create(page="/", text="Au secours", email="a@x.example")
    return (asked.pk,)


def invited(season: Season) -> tuple[object, ...]:
    guest, _made = Guest.objects.get_or_create(
        edition=season.edition,
        territory=season.edition.applications.first().territory,
        email="mairie@x.example",
        defaults={"added_by": season.people["organiser"]},
    )
    return (YEAR, guest.pk)


def message(season: Season) -> tuple[object, ...]:
    row = Message.objects.create(
        edition=season.edition, segment="started", subject="Bonjour", text="…", written_by=season.people["organiser"]
    )
    return (YEAR, row.pk)


def membership(season: Season) -> tuple[object, ...]:
    return (Membership.objects.get(user=season.people["reader"]).pk,)


def helper_person(season: Season) -> tuple[object, ...]:
    return HELPER, season.people["stranger"].pk


def secret(season: Season) -> tuple[object, ...]:
    text = mail.whole(Mail.objects.get(key=f"invitation:{Invitation.objects.get().pk}"))
    return (text.split("/compte/invitations/")[1].split("/")[0],)


def enquiry(season: Season) -> tuple[object, ...]:
    text = mail.whole(Mail.objects.get(key=f"enquiry:{Enquiry.objects.get().pk}"))
    return (text.split("/repondre/")[1].split("/")[0],)


def confirmation(season: Season) -> tuple[object, ...]:
    return (EmailConfirmationHMAC(EmailAddress.objects.get(user=season.people["agent"], verified=False)).key,)


def reset(season: Season) -> tuple[object, ...]:
    user = season.people["agent"]
    return user_pk_to_url_str(user), app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)


def evidence_of(season: Season, code: str) -> tuple[object, ...]:
    return code, YEAR, Evidence.objects.get(application=season.files[code], url="").pk


def evidence(code: str) -> Args:
    return lambda season: evidence_of(season, code)


def answering(_season: Season) -> tuple[object, ...]:
    """An initiative whose territory gave an address to write to."""
    return (next(row.number for row in PublishedInitiative.objects.order_by("-pk") if contacts.address(row.contact)),)


def initiative_of(season: Season, code: str) -> tuple[object, ...]:
    return code, YEAR, Initiative.objects.filter(application=season.files[code]).order_by("pk")[0].pk


def initiative(season: Season) -> tuple[object, ...]:
    return initiative_of(season, AUBAINE)


def picture_of(code: str) -> Args:
    return lambda season: (
        code,
        YEAR,
        Picture.objects.filter(initiative__application=season.files[code]).order_by("pk")[0].pk,
    )


def first(model: Any, **fields: object) -> Args:
    return lambda season: (model.objects.filter(**fields).order_by("pk")[0].pk,)


def tried(season: Season) -> tuple[object, ...]:
    """A practice file from which the third juror is recused."""
    return YEAR, Application.objects.get(edition=season.past, territory__code=BEAUPRE).pk


def version(season: Season) -> tuple[object, ...]:
    return YEAR, season.edition.framework.hash


def seat(season: Season) -> tuple[object, ...]:
    return YEAR, season.seat("recused").pk


def number(season: Season) -> tuple[object, ...]:
    return (Certificate.objects.get(result__territory__code="01904").number,)


def checked(season: Season) -> tuple[object, ...]:
    return (FileCheck.objects.get().token,)


def ended(season: Season) -> tuple[object, ...]:
    """A change of the official list that waits for a decision."""
    territory = Territory.objects.get(code=AUBAINE)
    load = Load.objects.create(year=YEAR, at=timezone.now())
    change = Change.objects.create(
        load=load, territory=territory, happened="ended", old_code=territory.code, old_name=territory.name
    )
    return (change.pk,)


def answer(season: Season) -> tuple[object, ...]:
    return AUBAINE, YEAR, "express", question(season)


MATRIX: dict[str, Row] = {
    # label: pages of no room
    "home": Row(OPEN),
    "start": Row(signed_in(302)),
    "organisation": Row(only(ORGANISER)),
    "style": Row(only(ORGANISER)),
    "accessibility": Row(OPEN),
    "accessibility_audit": Row(OPEN),
    "contact": Row(OPEN),
    "site_map": Row(OPEN),
    "favicon": Row(everyone(302)),
    "security_txt": Row(OPEN),
    "personal_data": Row(OPEN),
    "guide": Row(OPEN),
    "guide_page": Row(OPEN, args=("agent",)),
    "health": Row(only(ORGANISER, 503)),
    "metrics": Row(only(ORGANISER)),
    "api-schema": Row(OPEN),
    "api-docs": Row(OPEN),
    # accounts: allauth's pages
    "account_login": Row({**everyone(302), "anonymous": 200}, post=ROLES),
    "account_logout": Row({**everyone(200), "anonymous": 302}, post=ROLES),
    "account_inactive": Row(OPEN),
    "account_signup": Row({**everyone(302), "anonymous": 200}, post=ROLES),
    "account_email": Row(signed_in(), post=SIGNED_IN),
    "account_email_verification_sent": Row(OPEN),
    "account_confirm_email": Row(OPEN, post=ROLES, args=confirmation),
    "account_change_password": Row(signed_in(), post=SIGNED_IN),
    "account_set_password": Row(signed_in(302), post=SIGNED_IN),
    "account_reset_password": Row(OPEN, post=ROLES),
    "account_reset_password_done": Row(OPEN),
    "account_reset_password_from_key": Row(everyone(302), post=ROLES, args=reset),
    "account_reset_password_from_key_done": Row(OPEN),
    # accounts: allauth's pages of second factors and sessions
    "account_reauthenticate": Row(signed_in(), post=SIGNED_IN),
    "mfa_reauthenticate": Row(signed_in(302), post=SIGNED_IN),
    "mfa_reauthenticate_webauthn": Row(signed_in(302), post=SIGNED_IN),
    "mfa_authenticate": Row(signed_in(302), post=SIGNED_IN),
    "mfa_login_webauthn": Row({**everyone(302), "anonymous": 200}, post=SIGNED_IN),
    "mfa_index": Row(signed_in()),
    "mfa_activate_totp": Row(signed_in(302), post=SIGNED_IN),
    "mfa_deactivate_totp": Row(signed_in(404), post=()),
    "mfa_view_recovery_codes": Row(signed_in(404)),
    "mfa_generate_recovery_codes": Row(signed_in(302), post=SIGNED_IN),
    "mfa_download_recovery_codes": Row(signed_in(404)),
    "mfa_list_webauthn": Row(signed_in()),
    "mfa_add_webauthn": Row(signed_in(302), post=SIGNED_IN),
    "mfa_remove_webauthn": Row(signed_in(302), post=SIGNED_IN, args=(1,)),
    # Nobody's: no provider is configured here.
    "openid_connect_login": Row(POST_ONLY, post=(), args=("agent",)),
    "openid_connect_callback": Row(everyone(404), args=("agent",)),
    "socialaccount_signup": Row(everyone(LOGIN)),
    "socialaccount_login_cancelled": Row(OPEN),
    "usersessions_list": Row(signed_in()),
    # accounts: one's own
    "accounts:account": Row(signed_in(), post=SIGNED_IN),
    "accounts:own_data": Row(signed_in(302)),
    "accounts:end_sessions": Row(POST_ONLY, post=SIGNED_IN),
    "accounts:erase": Row(POST_ONLY, post=SIGNED_IN),
    "accounts:pace": Row(POST_ONLY, post=SIGNED_IN, data={"pace": "daily"}),
    "accounts:stop": Row(everyone(404), args=("1:faux",)),
    "accounts:create_token": Row(POST_ONLY, post=SIGNED_IN),
    "accounts:revoke_token": Row(POST_ONLY, post=("agent",), args=first(Token)),
    "accounts:join": Row(signed_in(), post=SIGNED_IN),
    "accounts:end_membership": Row(POST_ONLY, post=("signatory", "reader", "organiser"), args=membership),
    "accounts:team": Row(only((*TEAM, "organiser")), post=(*TEAM, "organiser"), args=(AUBAINE,)),
    "accounts:cancel_invitation": Row(POST_ONLY, post=(*WRITERS, "organiser"), args=first(Invitation)),
    "accounts:invitation": Row({**everyone(403), "anonymous": 200}, post=("anonymous",), args=secret),
    # accounts: the organiser's
    "accounts:organisers": Row(only(ORGANISER), post=ORGANISER),
    "accounts:end_organiser": Row(POST_ONLY, post=ORGANISER, args=first(User, is_organiser=True)),
    "accounts:rights": Row(only(ORGANISER)),
    "accounts:trail": Row(only(ORGANISER)),
    "accounts:look": Row(only(ORGANISER), post=ORGANISER, args=first(User, is_organiser=False)),
    "accounts:stop_looking": Row(POST_ONLY, post=ORGANISER),
    "accounts:requests": Row(only(ORGANISER)),
    "accounts:request": Row(only(ORGANISER), post=ORGANISER, args=first(Membership, state=MembershipState.REQUESTED)),
    "accounts:confirm_signature": Row(POST_ONLY, post=ORGANISER, args=first(Membership, state=MembershipState.ACTIVE)),
    "accounts:people": Row(only(ORGANISER), query={"q": "a"}),
    "accounts:end_person_sessions": Row(POST_ONLY, post=ORGANISER, args=first(User, is_organiser=False)),
    "accounts:reset_second_factor": Row(POST_ONLY, post=ORGANISER, args=first(User, is_organiser=False)),
    "accounts:erase_person": Row(POST_ONLY, post=ORGANISER, args=first(User, is_organiser=False)),
    "accounts:helpers": Row(only(ORGANISER), post=ORGANISER),
    "accounts:helper": Row(only(("stranger",)), post=("stranger",), args=(HELPER,), data={"territory": "01903"}),
    "accounts:remove_helper": Row(POST_ONLY, post=("stranger", "organiser"), args=helper_person),
    "accounts:grant_mandate": Row(POST_ONLY, post=("signatory",), args=(AUBAINE,), data={"helper": OTHER_HELPER}),
    "accounts:mandate": Row(POST_ONLY, post=("signatory",), args=first(Mandate), data={"do": "accept"}),
    "accounts:mails": Row(only(ORGANISER)),
    "season:territories": Row(only(ORGANISER)),
    "season:settle": Row(POST_ONLY, post=ORGANISER, args=ended),
    "season:first": Row(everyone(404), args=("secret",)),
    "season:setting": Row(only(ORGANISER)),
    "season:frameworks": Row(only(ORGANISER), post=ORGANISER),
    "season:load_shipped": Row(POST_ONLY, post=ORGANISER, args=(2027,)),
    "season:framework": Row(only(ORGANISER), args=loaded),
    "season:judged": Row(only(ORGANISER), args=loaded),
    "legal_notice": Row(OPEN),
    "season:help": Row(OPEN, post=ROLES, data={"page": "/", "email": "a@x.example", "text": "Je suis perdue."}),
    "season:help_requests": Row(only(ORGANISER)),
    "season:close_help": Row(POST_ONLY, post=ORGANISER, args=help_request),
    "season:files": Row(only(ORGANISER), args=(YEAR,)),
    "season:export": Row(only(ORGANISER), args=(YEAR, "csv")),
    "season:figures": Row(only(ORGANISER), args=(YEAR, "depots")),
    "season:file": Row(only(ORGANISER), args=(YEAR, AUBAINE)),
    "season:read": Row(POST_ONLY, post=ORGANISER, args=(YEAR, AUBAINE)),
    "season:note": Row(POST_ONLY, post=ORGANISER, args=(YEAR, AUBAINE), data={"text": "Rappeler lundi."}),
    "season:billing": Row(POST_ONLY, post=ORGANISER, args=(YEAR, AUBAINE), data={"status": "billed"}),
    "season:ceremony": Row(only(ORGANISER), post=ORGANISER, args=(LAST_YEAR,)),
    "season:print_file": Row(only(()), post=ORGANISER, args=(LAST_YEAR,)),
    "season:signs": Row(only(ORGANISER), args=(LAST_YEAR,)),
    "season:campaign": Row(only(ORGANISER), args=(YEAR,)),
    "season:guests": Row(only(ORGANISER), post=ORGANISER, args=(YEAR,)),
    "season:confirm_guests": Row(POST_ONLY, post=ORGANISER, args=(YEAR,), data={"lines": "abîmé"}),
    "season:remove_guest": Row(POST_ONLY, post=ORGANISER, args=invited),
    "season:new_message": Row(only(ORGANISER), post=ORGANISER, args=(YEAR,)),
    "season:message": Row(only(ORGANISER), post=ORGANISER, args=message),
    "season:plan_message": Row(POST_ONLY, post=ORGANISER, args=message),
    "season:cancel_message": Row(POST_ONLY, post=ORGANISER, args=message),
    "season:again": Row(POST_ONLY, post=ORGANISER, args=message),
    "season:follow": Row(everyone(404), args=("1:faux",)),
    "season:stop": Row(everyone(404), args=("a@x.example:faux",)),
    "season:calendar": Row(only(ORGANISER), args=(YEAR,)),
    "season:dates": Row(only(ORGANISER), post=ORGANISER, args=(YEAR,)),
    "season:delay": Row(only(ORGANISER), post=ORGANISER, args=(YEAR,)),
    "season:open_now": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    "season:framework_words": Row(only(ORGANISER), post=ORGANISER, args=lambda season: (*loaded(season), "situation")),
    "season:show_edition": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    "season:clone_edition": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    "season:delete_edition": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    "season:remove_framework": Row(POST_ONLY, post=ORGANISER, args=loaded),
    "season:versions": Row(only(ORGANISER), args=(YEAR,)),
    "season:impact": Row(only(ORGANISER), args=version),
    "season:measure_impact": Row(POST_ONLY, post=ORGANISER, args=version),
    "season:change_framework": Row(POST_ONLY, post=ORGANISER, args=version, data={"reason": "Une erreur."}),
    "season:approve": Row(POST_ONLY, post=ORGANISER, args=loaded),
    "season:preview": Row(only(ORGANISER), args=loaded, query={"kind": "commune", "population": "900"}),
    "season:words": Row(only(ORGANISER), post=ORGANISER, data={"name": "Étoile"}),
    "season:letters": Row(only(ORGANISER)),
    "season:letter": Row(only(ORGANISER), post=ORGANISER, args=("frame",), data={"text": "{texte}"}),
    "season:restore_letter": Row(POST_ONLY, post=ORGANISER, args=("frame",)),
    "season:seal": Row(only(ORGANISER), post=ORGANISER),
    "season:mail": Row(only(ORGANISER), post=ORGANISER, data={"port": "587", "security": "starttls"}),
    "season:mail_trial": Row(POST_ONLY, post=ORGANISER, data={"to": "a@x.example"}),
    "season:mail_confirm": Row(POST_ONLY, post=ORGANISER, data={"code": "1"}),
    "accounts:mail": Row(only(ORGANISER), args=first(Mail)),
    "accounts:bounce": Row(POST_ONLY, post=ORGANISER, args=first(Mail)),
    "accounts:send_again": Row(POST_ONLY, post=ORGANISER, args=first(Mail)),
    "accounts:jobs": Row(only(ORGANISER)),
    "accounts:retry_jobs": Row(POST_ONLY, post=ORGANISER),
    "accounts:retry_job": Row(POST_ONLY, post=ORGANISER, args=first(Job)),
    # assessments: the applicant's
    "assessments:applications": Row(signed_in()),
    "assessments:start": Row(POST_ONLY, post=WRITERS, data={"territory": AUBAINE}),
    "assessments:application": Row(only(TEAM), args=FILE),
    "assessments:context": Row(only(TEAM), post=WRITERS, args=FILE),
    "assessments:find_questions": Row(only(TEAM), args=FILE, query={"q": "site"}),
    "assessments:questions": Row(only(TEAM), args=(*FILE, "express")),
    "assessments:answer": Row(POST_ONLY, post=WRITERS, args=answer),
    "assessments:history": Row(only(TEAM), post=WRITERS, args=answer, data={"version": "1", "seen": "1"}),
    "assessments:glossary": Row(OPEN),
    # Made by the worker, which takes too long over it for every season: not ready yet.
    "assessments:questionnaire_pdf": Row(everyone(409), args=(YEAR,)),
    "assessments:paper_of_a_size": Row(OPEN, args=(YEAR,), query={"kind": "commune", "population": "1200"}),
    "assessments:questionnaire_workbook": Row(everyone(409), args=(YEAR,)),
    "assessments:carry": Row(only(TEAM), post=WRITERS, args=FILE),
    "assessments:spreadsheet": Row(only(TEAM), post=TEAM, args=FILE),
    "assessments:paper": Row(only(TEAM), args=FILE),
    "assessments:answers_file": Row(only(TEAM), args=FILE),
    "assessments:apply_workbook": Row(POST_ONLY, post=WRITERS, args=FILE, data={"proposals": "{}"}),
    "assessments:together": Row(
        only(TEAM), post=WRITERS, args=answer, data={"do": "comment", "text": "À voir avec la médiathèque."}
    ),
    "assessments:reply": Row(OPEN, post=ROLES, args=enquiry),
    "assessments:initiatives": Row(only(TEAM), args=FILE),
    "assessments:new_initiative": Row(only(TEAM), post=WRITERS, args=FILE),
    "assessments:preview_initiative": Row(POST_ONLY, post=TEAM, args=FILE),
    "assessments:initiative": Row(only(TEAM), post=WRITERS, args=initiative),
    "assessments:remove_initiative": Row(POST_ONLY, post=WRITERS, args=initiative),
    "assessments:initiative_history": Row(only(TEAM), post=WRITERS, args=initiative, data={"version": "", "seen": "1"}),
    "assessments:add_picture": Row(only(TEAM), post=WRITERS, args=initiative),
    "assessments:picture": Row(only(TEAM), args=picture_of(AUBAINE)),
    "assessments:remove_picture": Row(POST_ONLY, post=WRITERS, args=picture_of(AUBAINE)),
    "assessments:thumbnail": Row(only(TEAM), args=evidence(AUBAINE)),
    "assessments:evidence": Row(only(TEAM), args=FILE),
    "assessments:add_evidence": Row(
        only(TEAM),
        post=WRITERS,
        args=FILE,
        query={"question": question},
        data={"title": "La page d’aide", "url": "https://aubaine.example/aide"},
    ),
    "assessments:download_evidence": Row(only(TEAM), args=evidence(AUBAINE)),
    "assessments:replace_evidence": Row(
        only(TEAM), post=WRITERS, args=evidence(AUBAINE), data={"url": "https://aubaine.example/nouvelle"}
    ),
    "assessments:publish_evidence": Row(POST_ONLY, post=WRITERS, args=evidence(AUBAINE)),
    "assessments:remove_evidence": Row(POST_ONLY, post=WRITERS, args=evidence(AUBAINE)),
    "assessments:trace": Row(only(TEAM), args=FILE),
    "assessments:plan": Row(only(TEAM), post=TEAM, args=FILE),
    "assessments:simulation": Row(only(TEAM), post=TEAM, args=(*FILE, "inclusion")),
    "assessments:submission": Row(only(TEAM), post=("signatory",), args=FILE, data={"statement": "yes"}),
    "assessments:news": Row(only(TEAM), args=FILE),
    "assessments:reading": Row(only(TEAM), post=TEAM, args=FILE, data={"seen": "2027-01-01T12:00:00+00:00"}),
    "assessments:dossier": Row(only(TEAM, 302), post=TEAM, args=FILE),
    "assessments:dossier_file": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "assessments:receipt": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "assessments:receipt_file": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "assessments:invite_signatory": Row(
        POST_ONLY, post=("signatory",), args=FILE, data={"email": "maire@nouvelle.example"}
    ),
    "assessments:submitted_file": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "assessments:complements": Row(only(TEAM), args=FILE),
    "assessments:withdrawal": Row(only(TEAM), post=("signatory",), args=FILE, data={"sure": "yes"}),
    # assessments: the organiser's
    "assessments:editions": Row(only(ORGANISER)),
    "assessments:create_edition": Row(only(ORGANISER), post=ORGANISER),
    "assessments:close_now": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    # assessments: the API, by key
    "assessments:api-editions": Row(OPEN),
    "assessments:api-framework-document": Row(OPEN, args=lambda season: (Framework.objects.get(year=YEAR).hash,)),
    "assessments:api-framework": Row(OPEN, args=lambda season: (Framework.objects.get(year=YEAR).hash,)),
    "assessments:api-simulations": Row(POST_ONLY, post=ROLES),
    "assessments:api-applications": Row({**OPEN, "anonymous": 401}),
    "assessments:api-application": Row(api_only(TEAM), args=FILE),
    # PUT only; its refusals are tested with the API.
    "assessments:api-answer": Row({**POST_ONLY, "anonymous": 401}, args=lambda season: (*FILE, question(season))),
    # jury: the jurors'
    "jury:queue": Row(only(JURORS)),
    "jury:interests": Row(only(JURORS), post=JURORS),
    "jury:declare": Row(POST_ONLY, post=JURORS),
    "jury:remove_interest": Row(POST_ONLY, post=("recused",), args=first(Interest)),
    "jury:board": Row(only(("chair",)), args=(YEAR,)),
    "jury:batch": Row(only(("chair",), 302), post=("chair",), args=(YEAR,)),
    "jury:board_file": Row(only(("chair",)), args=(YEAR,)),
    "jury:undisputed": Row(only(("chair",)), post=("chair",), args=(YEAR,)),
    "jury:side_by_side": Row(only(JURORS), args=(YEAR,)),
    "jury:session": Row(only(JURORS), args=(YEAR,)),
    "jury:ballots": Row(only(JURORS), args=(YEAR,)),
    "jury:vote": Row(POST_ONLY, post=READING, args=first(Ballot, closed_at=None), data={"choice": "blanc"}),
    "jury:close_ballot": Row(POST_ONLY, post=("chair",), args=first(Ballot, closed_at=None)),
    "jury:call_off": Row(
        POST_ONLY, post=("chair",), args=first(Ballot, closed_at=None), data={"reason": "Une erreur."}
    ),
    "jury:minutes": Row(only(("chair", "organiser")), post=("chair",), args=(YEAR,)),
    "jury:minutes_file": Row(
        only(("chair", "organiser")), args=lambda _season: (LAST_YEAR, Minutes.objects.get(file__isnull=False).pk)
    ),
    "jury:third_reader": Row(POST_ONLY, post=("chair",), args=("01903", YEAR)),
    "jury:figures": Row(only(("chair",)), post=("chair",), args=(YEAR,)),
    "jury:register": Row(only(("chair", "organiser")), args=(YEAR,)),
    "jury:calibration": Row(only(JURORS), post=("chair",), args=(YEAR,)),
    "jury:close_calibration": Row(POST_ONLY, post=("chair",), args=(YEAR,)),
    "jury:trial": Row(only(READING), post=READING, args=tried),
    "jury:appeals": Row(only(JURORS)),
    "jury:read_anew": Row(POST_ONLY, post=("chair",), args=first(Appeal, answered_at=None)),
    "jury:answer": Row(only(("chair",)), post=("chair",), args=first(Appeal, answered_at=None)),
    "jury:file": Row(only(READING), args=READ_FILE),
    "jury:initiative": Row(only(READING), args=lambda season: initiative_of(season, BEAUPRE)),
    "jury:axis": Row(only(READING), args=(*READ_FILE, "inclusion")),
    "jury:piece": Row(
        only(READING), args=lambda season: (*READ_FILE, "initiative", initiative_of(season, BEAUPRE)[-1])
    ),
    "jury:review": Row(POST_ONLY, post=("juror",), args=READ_FILE),
    "jury:rule": Row(POST_ONLY, post=READING, args=READ_FILE),
    "jury:accept_rest": Row(POST_ONLY, post=READING, args=READ_FILE),
    "jury:take_back": Row(POST_ONLY, post=READING, args=READ_FILE),
    "jury:recuse": Row(POST_ONLY, post=READING, args=READ_FILE),
    "jury:complement": Row(only(READING), post=READING, args=READ_FILE),
    "jury:picture": Row(only(READING), args=picture_of(BEAUPRE)),
    "jury:evidence": Row(only(READING), args=evidence(BEAUPRE)),
    "jury:pages": Row(only(READING), args=evidence(BEAUPRE)),
    "jury:page": Row(only(READING), args=lambda season: (*evidence_of(season, BEAUPRE), 1)),
    "jury:decide": Row(POST_ONLY, post=("chair",), args=READ_FILE),
    "jury:open_ballot": Row(POST_ONLY, post=("chair",), args=("01903", YEAR)),
    "jury:reopen": Row(POST_ONLY, post=("chair",), args=("01904", YEAR), data={"reason": "Une erreur."}),
    "jury:appeal": Row(only(TEAM), post=("signatory",), args=(AUBAINE, LAST_YEAR)),
    # jury: the organiser's
    "jury:panel": Row(only(ORGANISER), post=ORGANISER, args=(YEAR,)),
    "jury:quorum": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    "jury:renew": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    "jury:member": Row(only(ORGANISER), post=ORGANISER, args=seat),
    "jury:remove_juror": Row(only(ORGANISER), post=ORGANISER, args=seat),
    "jury:juror_interests": Row(only(ORGANISER), post=ORGANISER, args=seat),
    "jury:organised_appeals": Row(only(ORGANISER), args=(YEAR,)),
    "jury:assignments": Row(only(ORGANISER), post=ORGANISER, args=(YEAR,)),
    "jury:propose": Row(POST_ONLY, post=ORGANISER, args=(YEAR,)),
    "jury:adjust": Row(POST_ONLY, post=ORGANISER, args=(YEAR, BEAUPRE)),
    "jury:readers": Row(only(ORGANISER), post=ORGANISER, args=(YEAR, BEAUPRE)),
    "jury:unassign": Row(POST_ONLY, post=ORGANISER, args=(YEAR, BEAUPRE)),
    "jury:ineligible": Row(POST_ONLY, post=ORGANISER, args=(YEAR, BEAUPRE)),
    # results
    "results:directory": Row(OPEN),
    "results:replay": Row(OPEN, args=(AUBAINE, LAST_YEAR)),
    "results:badge": Row(OPEN, args=(AUBAINE,)),
    "results:card": Row(OPEN, args=made_card),
    "results:badge_page": Row(OPEN, args=(AUBAINE,)),
    "results:territory": Row(OPEN, args=(AUBAINE,)),
    "results:compare": Row(OPEN, query={"c": AUBAINE}),
    "results:initiatives": Row(OPEN),
    "results:initiative": Row(OPEN, args=lambda _season: (PublishedInitiative.objects.order_by("-pk")[0].number,)),
    "results:contact": Row(OPEN, post=ROLES, args=answering),
    "results:examples": Row(OPEN, args=lambda season: (AUBAINE, question(season))),
    "results:picture": Row(OPEN, args=lambda _season: (PublishedInitiative.objects.order_by("-pk")[0].pk, 1)),
    "results:proof": Row(everyone(404), args=evidence(AUBAINE)),
    "results:withhold_proof": Row(POST_ONLY, post=WRITERS, args=evidence(AUBAINE)),
    "results:withdraw_picture": Row(POST_ONLY, post=WRITERS, args=picture_of(AUBAINE)),
    "results:method": Row(OPEN),
    "results:spread": Row(OPEN),
    "results:api-benchmarks": Row(OPEN),
    "results:questionnaire": Row(OPEN, args=(YEAR,)),
    "results:question": Row(OPEN, args=lambda season: (YEAR, question(season))),
    "results:data": Row(OPEN),
    "results:data-file": Row(OPEN, args=lambda season: made_data(season) or (LAST_YEAR, "resultats", "csv")),
    "results:data-package": Row(OPEN, args=made_data),
    "results:data-catalogue": Row(OPEN, args=made_data),
    "results:data-schema": Row(OPEN, args=("resultats",)),
    "results:results-feed": Row(OPEN),
    "results:withdrawals-feed": Row(OPEN),
    "results:sitemap": Row(OPEN),
    "results:robots": Row(OPEN),
    "results:verify": Row(OPEN, post=ROLES),
    "results:file_check": Row(OPEN, args=checked),
    "results:certificate": Row(OPEN, args=number),
    "results:certificate_file": Row(OPEN, args=number),
    "results:papers": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "results:kit": Row(signed_in(404), post=TEAM, args=(AUBAINE, LAST_YEAR)),
    "results:archive": Row(signed_in(404), post=ORGANISER, args=(LAST_YEAR,)),
    "results:report": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "results:report_file": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "results:replay_file": Row(only(TEAM), args=(AUBAINE, LAST_YEAR)),
    "results:credential": Row(OPEN, args=lambda season: (*number(season), "json")),
    "results:did": Row(OPEN),
    "results:api-issuer": Row(OPEN),
    "results:api-status-list": Row(OPEN, args=(0,)),
    "results:publication": Row(only(ORGANISER), post=ORGANISER, args=(YEAR,)),
    "results:publication_progress": Row(only(ORGANISER), args=(LAST_YEAR,)),
    "results:publication_retry": Row(POST_ONLY, post=ORGANISER, args=(LAST_YEAR,)),
    "results:correction": Row(only(ORGANISER), post=ORGANISER, args=(LAST_YEAR, "01904")),
    "results:withdrawal": Row(only(ORGANISER), post=ORGANISER, args=(LAST_YEAR, "01904")),
    "results:api-list": Row(OPEN),
    "results:api-application": Row(OPEN, args=(AUBAINE, LAST_YEAR)),
    "results:api-detail": Row(OPEN, args=(AUBAINE, LAST_YEAR)),
    "results:api-initiatives": Row(OPEN),
    "results:api-certificate": Row(OPEN, args=number),
    "results:api-checks": Row(POST_ONLY, post=ROLES),
    "results:api-check": Row(OPEN, args=checked),
    "results:palmares-csv": Row(OPEN, args=(LAST_YEAR,)),
    "results:palmares-json": Row(OPEN, args=(LAST_YEAR,)),
    "results:palmares-schema": Row(OPEN),
    # territories
    "territories:search": Row(OPEN),
    "territories:api-list": Row(OPEN),
    "territories:api-detail": Row(OPEN, args=(AUBAINE,)),
}

NOT_PAGES = {
    "security_txt": "text",
    "season:export": "a file",
    "season:signs": "a file",
    "season:figures": "a file",
    "health": "JSON",
    "metrics": "text",
    "api-schema": "JSON",
    "results:data-file": "a file",
    "results:data-package": "JSON",
    "results:data-catalogue": "JSON",
    "results:data-schema": "JSON",
    "results:results-feed": "a feed",
    "results:withdrawals-feed": "a feed",
    "results:sitemap": "XML",
    "results:robots": "text",
    "results:palmares-csv": "a file",
    "results:palmares-json": "a file",
    "results:palmares-schema": "JSON",
    "results:certificate_file": "a PDF",
    "results:report_file": "a PDF",
    "results:replay_file": "a file",
    "results:credential": "JSON",
    "results:did": "JSON",
    "assessments:dossier_file": "a PDF",
    "assessments:receipt_file": "a PDF",
    "assessments:download_evidence": "a file",
    "assessments:questionnaire_pdf": "a PDF",
    "assessments:questionnaire_workbook": "a file",
    "assessments:answers_file": "a file",
    "assessments:submitted_file": "a file",
    "jury:evidence": "a file",
    "jury:page": "an image",
    "jury:picture": "an image",
    "assessments:picture": "an image",
    "assessments:thumbnail": "an image",
    "results:picture": "an image",
    "results:badge": "an image",
    "results:card": "an image",
    "jury:board_file": "a file",
    "jury:minutes_file": "a PDF",
    "jury:ballots": "a piece that its page asks again",
    "results:publication_progress": "a piece that its page asks again",
}

# The same pages when the file, the edition or the request is in another state: (who, address, status).
STATES = [
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/questions/express/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{YEAR}/questions/mediation/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{YEAR}/questions/inclusion/", 200),
    ("reader", f"/dossiers/{AUBAINE}/{YEAR}/questions/mediation/", 200),
    ("reader", f"/dossiers/{AUBAINE}/{YEAR}/simulation/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/questions/express/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/depot/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/initiatives/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/accuse/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{LAST_YEAR}/reexamen/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{YEAR}/documents/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/retrait/", 409),
    ("agent", f"/dossiers/{BEAUPRE}/{YEAR}/", 404),
    ("chair", f"/jury/01903/{YEAR}/", 200),
    ("chair", f"/jury/01904/{YEAR}/", 200),
    ("chair", f"/jury/01905/{YEAR}/", 200),
    ("town_halls", f"/dossiers/01905/{YEAR}/complements/", 200),
    ("chair", f"/jury/deliberation/{LAST_YEAR}/", 200),
    ("chair", f"/jury/deliberation/{YEAR}/?etat=decided", 200),
    ("organiser", f"/jury/proces-verbal/{LAST_YEAR}/", 200),
    ("second", f"/jury/{BEAUPRE}/{YEAR}/", 200),
    ("organiser", f"/organisation/editions/{LAST_YEAR}/publication/", 200),
    ("organiser", f"/organisation/editions/{LAST_YEAR}/resultats/01905/retrait/", 200),
    ("organiser", f"/organisation/editions/{LAST_YEAR}/", 200),
    ("organiser", "/organisation/rattachements/?etat=active", 200),
    ("anonymous", "/aide/public/", 200),
    ("anonymous", "/aide/nulle-part/", 404),
    ("anonymous", "/annuaire/?q=aubaine", 200),
    ("anonymous", "/annuaire/?q=aubene", 200),
    ("anonymous", f"/annuaire/{BEAUPRE}/", 200),
    ("anonymous", "/annuaire/01903/", 200),
    ("anonymous", "/annuaire/01908/", 200),
    ("anonymous", "/annuaire/200000001/", 200),
    ("anonymous", "/initiatives/?q=mediatheque", 200),
    ("anonymous", "/territoires/recherche/?q=beaupre", 200),
    ("anonymous", "/verifier/?numero=2026-FAUX", 404),
    ("anonymous", "/nulle-part/", 404),
    ("agent", "/compte/rattachement/?q=beau", 200),
]


def pages() -> Iterator[tuple[str, str]]:
    """Each page, for the first role and for the last role that may read it."""
    for name, row in MATRIX.items():
        if name in NOT_PAGES or ":api-" in name:
            continue
        readers = [role for role in ROLES if row.get[role] == 200]
        for role in dict.fromkeys(readers[:1] + readers[-1:]):
            yield name, role


def organising() -> list[str]:
    """The pages of the organiser alone."""
    return [
        name
        for name, row in MATRIX.items()
        if row.get["organiser"] == 200
        and row.get["agent"] != 200
        and row.get["anonymous"] != 200
        and name not in NOT_PAGES
    ]
