"""The jury's pages through the whole WSGI stack, with 1,500 files on the real questionnaire and 30 jurors who declared
where they live, and two that the public reads beside them: how long, how many queries.

`python -m bench.jury` measures the pair that PAIR names, on servers of its own; `python -m bench` runs it for both."""

import sys
from collections.abc import Callable, Iterator

from bench.web import count_tables, load, percentile, timed
from tests import pair

FILES = 1_500
JURORS = 30
VIEWS = 40
WARM = 5


def pages() -> Iterator[tuple[str, Callable[[], object]]]:
    """What is measured, and how to ask for it. The first files come from actions, the others are copies of two."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User
    from jury.models import Interest, Juror
    from territories.models import Territory
    from tests import crowd, season

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    built = season.build()
    crowd.multiply([built.files["01903"], built.files[season.BEAUPRE]], FILES - len(built.files))
    panel, homes = built.seat("chair").panel, Territory.objects.order_by("-pk")
    users = User.objects.bulk_create(User(email=f"jure{number}@arobase.example") for number in range(JURORS - 4))
    jurors = Juror.objects.bulk_create(Juror(panel=panel, user=user) for user in users)
    Interest.objects.bulk_create(
        Interest(juror=juror, territory=home) for juror, home in zip(jurors, homes[: len(jurors)], strict=True)
    )
    count_tables()

    def view(who: str, address: str) -> Callable[[], object]:
        client = Client(headers={"Host": "localhost"})
        client.force_login(built.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        return lambda: client.get(address)

    board, undisputed = (reverse(f"jury:{name}", args=[season.YEAR]) for name in ("board", "undisputed"))
    file = reverse("jury:file", args=[season.BEAUPRE, season.YEAR])
    yield f"board of {FILES} files, 50 by name (aims: 80 ms, 8 queries)", view("chair", board)
    yield "the same, 50 by spread", view("chair", f"{board}?tri=ecart")
    yield "files on which nobody differs, 50 of them", view("chair", undisputed)
    yield "page to read one file (aims: 50 ms, 15 queries)", view("juror", file)
    public = Client(headers={"Host": "localhost"})
    commune, listed = reverse("results:territory", args=[season.AUBAINE]), "/api/v1/results/"
    yield "public page of a commune (aims: 20 ms, 5 queries)", lambda: public.get(commune)
    yield "list of results in the API (aims: 40 ms, 6 queries)", lambda: public.get(listed)
    yield "a page without data, for comparison", view("juror", reverse("accessibility"))


def measure(view: Callable[[], object]) -> str:
    times, work, queries = timed(lambda _turn: view(), warm=WARM, turns=VIEWS)
    clock, processor = (percentile(each, 50) for each in (times, work))
    return f"median {clock:.0f} ms on the clock, {processor:.0f} ms of processor; {queries} queries"


def main() -> None:
    load()
    servers = "PostgreSQL" if pair.PAIR == "servers" else "SQLite"
    for name, view in pages():
        sys.stdout.write(f"{name}, {servers}: {measure(view)}\n")


if __name__ == "__main__":
    main()
