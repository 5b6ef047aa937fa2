"""Limits of the API, told in headers before they are met."""

from typing import Any

from rest_framework import throttling
from rest_framework.request import Request

from accounts.doors.limits import visitor

# Where the middleware of `label.problems` reads them, on the request.
TOLD = "limit_told"


class Told(throttling.SimpleRateThrottle):
    """Keeps beside the request how many calls are allowed, how many are left, in how many seconds one comes back."""

    num_requests: int
    duration: int

    def get_ident(self, request: Request) -> str:
        return visitor(request)

    def allow_request(self, request: Request, view: Any) -> bool:
        allowed = super().allow_request(request, view)
        if getattr(self, "key", None) is not None:
            left = max(0, self.num_requests - len(self.history))
            oldest = self.history[-1] if self.history else self.now
            told = (self.num_requests, left, int(self.duration - (self.now - oldest)) + 1)
            http = getattr(request, "_request", request)
            known = getattr(http, TOLD, told)
            setattr(http, TOLD, min(told, known, key=lambda limit: limit[1]))
        return allowed


class Anyone(Told, throttling.AnonRateThrottle):
    """By address, without a key."""


class Person(Told, throttling.UserRateThrottle):
    """By person, with one."""
