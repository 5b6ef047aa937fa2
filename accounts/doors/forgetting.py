"""Where other packages keep the address of somebody: each says here, when it is loaded, how it forgets one."""

from collections.abc import Callable

# Called with the address, and what takes its place where a row must have one.
FORGET: list[Callable[[str, str], object]] = []
