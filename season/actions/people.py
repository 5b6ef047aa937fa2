"""People who go."""

from season.models import Dispatch, Guest, HelpRequest, Mute


def forget_address(address: str, instead: str) -> None:
    """What a campaign sent stays counted, and what was asked stays answered, without the address."""
    Guest.objects.filter(email__iexact=address).delete()
    Mute.objects.filter(email__iexact=address).delete()
    Dispatch.objects.filter(email__iexact=address).update(email=instead, name="")
    HelpRequest.objects.filter(email__iexact=address).update(email=instead)
