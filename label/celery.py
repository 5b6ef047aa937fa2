"""Celery is only the bell: what is due lives in the outbox, in the database."""

import os

from celery import Celery

import outbox.broker  # noqa: F401 -- registers folder://

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")

app = Celery("arobase")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
