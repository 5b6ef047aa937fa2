"""A mail keeps no link that acts: those written before become a hole too, and the row that their link opened is read from
their key."""

import re

from django.db import migrations, models

LINK = re.compile(
    r"https?://\S+/(?:compte/(?:invitations|mot-de-passe/choisir|adresse/confirmer)|repondre|invite)/\S+"
)
HOLE = "\x1a"
LETTERS = (
    (re.compile(r"invitation:(\d+)"), "accounts.invitation"),
    (re.compile(r"enquiry:(\d+)"), "assessments.question"),
    (re.compile(r"campaign:(\d+)"), "season.campaign"),
    (re.compile(r"user:(\d+):created"), "accounts.account_created"),
    (re.compile(r"user:(\d+):way-in:.*"), "accounts.way_in"),
)


def take_links_out(apps, schema_editor):
    for mail in apps.get_model("outbox", "Mail").objects.iterator():
        text = LINK.sub(HOLE, mail.text)
        if text == mail.text:
            continue
        for key, letter in LETTERS:
            if found := key.fullmatch(mail.key):
                mail.letter, mail.opens = letter, found[1]
        # Of whom a forgotten password or an address is, the key does not tell: what waits leaves as it is.
        if mail.opens or mail.state != "todo":
            mail.text = text
            mail.save(update_fields=["text", "letter", "opens"])


class Migration(migrations.Migration):
    dependencies = [("outbox", "0008_letter_texts")]

    operations = [
        migrations.AddField("mail", "letter", models.CharField(max_length=60, blank=True, default="", db_default="")),
        migrations.AddField("mail", "opens", models.CharField(max_length=40, blank=True, default="", db_default="")),
        migrations.RunPython(take_links_out, migrations.RunPython.noop),
    ]
