"""Kinds of work for tests: their key is the one given."""

from outbox.jobs import Kind
from outbox.models import Queue, Rank


def kind(name="test.work", *, do=lambda job: None, queue=Queue.SCORES, rank=Rank.USUAL):
    """`kind().schedule(key="a")` writes a job; to have it done, register it: `monkeypatch.setitem(jobs.KINDS, …)`."""
    return Kind(name, "{key}", queue, "Un travail", rank, do)
