"""What a territory wrote to be reached: « La médiathèque, aide@commune.example ». Pages never say the address."""

import re

ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
EDGES = " \t\n,;:/|()<>[]-–—"


def address(contact: str) -> str:
    """The first address, empty when there is none."""
    found = ADDRESS.search(contact)
    return found[0].rstrip(".") if found else ""


def words(contact: str) -> str:
    """All but the addresses."""
    return " ".join(ADDRESS.sub(" ", contact).split()).strip(EDGES).replace(" ,", ",")
