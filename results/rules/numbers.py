"""Certificate numbers: `2027-` and ten random characters with a check character, in Crockford's alphabet.

The check character is a weighted sum in the field of 32 elements, every weight different: one wrong character, or any
two exchanged, is always seen."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 10
LENGTH = 4 + RANDOM_LENGTH + 1
# Letters that the alphabet leaves out because they are read as digits.
MISREAD = str.maketrans("OIL", "011")
SEPARATORS = re.compile(r"[\s\-‐-―.]+")
FORM = re.compile(rf"[0-9]{{4}}[{ALPHABET}]{{{RANDOM_LENGTH + 1}}}")


def new(*, year: int) -> str:
    """A number that nobody can guess: 50 random bits."""
    start = f"{year:04d}" + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return written(start + check_character(start))


def check_character(start: str) -> str:
    """The character that follows `start`, a string of the alphabet."""
    total = 0
    for character in start:
        total = _double(total) ^ ALPHABET.index(character)
    return ALPHABET[_double(total)]


def read(text: str) -> str:
    """The number as it is registered, whatever the case, the blanks, the hyphens, O for 0, I or L for 1.

    What has not the form of a number comes back in upper case, as it is: it will be found nowhere."""
    plain = SEPARATORS.sub("", text).upper().translate(MISREAD)
    return written(plain) if len(plain) > 4 else plain


def is_well_formed(number: str) -> bool:
    """Length, alphabet and check character are right: a number of this form was not mistyped."""
    plain = number.replace("-", "", 1)
    return bool(FORM.fullmatch(plain)) and check_character(plain[:-1]) == plain[-1]


def written(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:]}"


def _double(value: int) -> int:
    """Times the generator, modulo x⁵ + x² + 1: its first 31 powers are all different."""
    return value << 1 if value < 16 else (value << 1) ^ 0b100101
