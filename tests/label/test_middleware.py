import pytest
from django.http import HttpResponse

from label import middleware

PEER = "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.5", PEER),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (2, "6.6.6.6,203.0.113.5,10.0.0.2", "203.0.113.5"),
        (2, " 2001:db8::5 , 10.0.0.2", "2001:db8::5"),
        (2, "203.0.113.5", PEER),
        (1, "", PEER),
        (1, "unknown", PEER),
        (1, "203.0.113.5\x00", PEER),
    ],
)
def test_address_is_what_our_outermost_proxy_saw(rf, settings, proxies, header, address):
    settings.PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=PEER, headers={"X-Forwarded-For": header})

    middleware.true_address(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))(request)

    assert request.META["REMOTE_ADDR"] == address
