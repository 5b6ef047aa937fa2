"""What a level says of a territory, in one sentence. Needs no package, so a web process may import it."""

# What a level says, after "La commune" or "L’intercommunalité".
MEANINGS = {
    0: "a répondu et a été lue : elle n’a pas encore d’arobase, et sait ce qui l’y mènera.",
    1: "s’est engagée dans la démarche : elle a décrit ses pratiques numériques et accepte de les rendre publiques.",
    2: "a posé les bases d’un numérique utile à toutes et à tous, et continue de progresser.",
    3: "mène une politique numérique suivie, dont les habitantes et les habitants voient les effets.",
    4: "agit avec constance pour l’inclusion, la souveraineté, l’écologie et les services, sans négliger aucun axe.",
    5: "conduit une politique numérique exemplaire, forte sur chacun des quatre axes : "
    "inclusion, souveraineté, écologie et services.",
}
SUBJECTS = {"commune": "La commune", "epci": "L’intercommunalité"}


def meaning(kind: str, level: int) -> str:
    return f"{SUBJECTS[kind]} {MEANINGS[level]}"
