"""What may happen to a territory from one official list to the next."""

from enum import StrEnum


class Happened(StrEnum):
    RENAMED = "renamed"
    RECODED = "recoded"
    MERGED = "merged"
    ENDED = "ended"
