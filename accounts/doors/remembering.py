"""Where other packages keep something about somebody: each says here, when it is loaded, what it hands to who asks for
their own data."""

from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import User

# By its name in the document: rows as JSON writes them, the oldest first.
KEPT: dict[str, Callable[[User], list[Mapping[str, Any]]]] = {}
