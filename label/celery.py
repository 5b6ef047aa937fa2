"""Celery is only the bell: what is due lives in the outbox, in the database."""

import os

from celery import Celery

import outbox.doors.broker  # noqa: F401 -- registers folder://

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
# Read when NumPy is loaded. Processes share the cores already: the threads of two of them wait for one another, and a
# job then takes ten times longer.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = Celery("arobase")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
