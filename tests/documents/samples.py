"""Papers to test: short and long names, every level, with and without options."""

from dataclasses import replace
from datetime import UTC, date, datetime

from documents.booklet import BookletData, Item, Part
from documents.certificate import CertificateData, Signatory
from documents.dossier import Chapter as DossierChapter
from documents.dossier import Description, DossierData, Proof, Reply
from documents.evaluation import Comment, Line, ReportData, Share, Step
from documents.minutes import DecisionLine, MinutesData, Recusal
from documents.receipt import ReceiptData

LONGEST_COMMUNE = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
LONG_EPCI = "Communauté d’agglomération de la Presqu’île de Guérande Atlantique et du Pays de Retz réunis"

CERTIFICATE = CertificateData(
    territory_name="Lormont",
    kind="commune",
    department_name="Gironde",
    department_code="33",
    year=2027,
    level=3,
    honours=("Arobase verte",),
    decided_on=date(2027, 11, 12),
    number="2027-7KQ4M9XWZT2",
    verify_url="https://arobase.example/verifier/2027-7KQ4M9XWZT2/",
    label_name="Arobase, le label numérique des communes",
    organiser_name="L’organisateur du label",
    signatories=(Signatory("La présidente du jury"), Signatory("Le président de l’association organisatrice")),
    simulated=True,
    obligations=(14, 17),
    initiatives=("inclusion", "écologie", "services"),
)

CERTIFICATES = {
    "level-3": CERTIFICATE,
    "longest-name": replace(
        CERTIFICATE,
        territory_name=LONGEST_COMMUNE,
        department_name="Marne",
        department_code="51",
        level=5,
        honours=("Arobase verte", "Démocratie locale", "Médiation numérique", "Numérique éducatif"),
    ),
    "one-letter": replace(
        CERTIFICATE,
        territory_name="Y",
        department_name="Somme",
        department_code="80",
        level=1,
        honours=(),
        obligations=(0, 16),
        initiatives=(),
        decided_on=date(2027, 3, 1),
    ),
    # No demonstration: the name is of no commune.
    "ligature": replace(CERTIFICATE, territory_name="Œuvray", level=5, simulated=False),
    "diaeresis": replace(
        CERTIFICATE,
        territory_name="L'Haÿ-les-Roses",
        department_name="Val-de-Marne",
        department_code="94",
        level=2,
        signatories=(),
    ),
    "overseas": replace(
        CERTIFICATE, territory_name="Les Trois-Îlets", department_name="Martinique", department_code="972"
    ),
    "epci": replace(
        CERTIFICATE, territory_name=LONG_EPCI, kind="epci", department_name="", department_code="", level=4
    ),
    "three-signatures": replace(
        CERTIFICATE,
        territory_name=LONGEST_COMMUNE,
        honours=("Arobase verte",),
        signatories=(
            Signatory("La présidente du jury", "Prénom Nom-de-Famille-Composé"),
            Signatory("Le président de l’association organisatrice du label numérique", "Prénom Nom"),
            Signatory("La directrice générale", "Prénom Nom"),
        ),
    ),
    "long-address": replace(
        CERTIFICATE, verify_url="https://attestations.label-numerique-des-communes.example/verifier/2027-7KQ4M9XWZT2/"
    ),
}

RECEIPT = ReceiptData(
    territory_name="Lormont",
    year=2027,
    submitted_at=datetime(2027, 6, 30, 15, 5, tzinfo=UTC),
    submitted_by_function="maire",
    submitted_by_name="",
    answers=97,
    asked=112,
    score="52,3\u202f%, et 58,9\u202f% si le jury accepte vos 4 «\u202fpas concerné\u202f».",
    initiatives=12,
    evidence=1,
    fingerprint="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    input_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    label_name=CERTIFICATE.label_name,
    organiser_name=CERTIFICATE.organiser_name,
    verify_url="https://arobase.example/verifier/",
    simulated=True,
)

RECEIPTS = {
    "short": RECEIPT,
    "long": replace(
        RECEIPT,
        territory_name=LONG_EPCI,
        submitted_by_function="vice-présidente déléguée au numérique, à l’inclusion et à la participation citoyenne",
        submitted_by_name="Prénom Nom-de-Famille-Composé",
        simulated=False,
    ),
}

ISSUES = ("Inclusion numérique", "Éducation", "Solidarité", "Participation citoyenne", "Logiciels libres")
REPORT = ReportData(
    territory_name="Lormont",
    kind="commune",
    year=2027,
    level=3,
    decided_on=date(2027, 11, 12),
    reasons="Le jury suit le niveau calculé : l’inclusion et les services sont solides, l’écologie reste à construire.",
    overall="54,3\u202f%",
    axes=(
        Share("Inclusion", 72.4, "104,25 sur 144", 55.0),
        Share("Souveraineté", 48.0, "81,12 sur 169", 41.6),
        Share("Écologie", 31.2, "44 sur 141", 38.0),
        Share("Services", 65.9, "121,9 sur 185", 60.5),
    ),
    issues=(
        *(Share(name, 20.0 + 15 * i, f"{4 + 3 * i} sur 20", 40.0) for i, name in enumerate(ISSUES)),
        Share("Tourisme", None, "0 sur 0"),
    ),
    obligations=(14, 17),
    initiatives=(Share("Inclusion", 37.5, "36 sur 96"), Share("Écologie", 0.0, "0 sur 96")),
    peers="21 communes de 20\u202f000 à 49\u202f999 habitants",
    strengths=("Une conseillère numérique tient permanence quatre jours par semaine.", "Les marchés sont publiés."),
    plan_level=4,
    plan_note="Voici le chemin qui demande le moins d’efforts. D’autres existent : à vous de choisir.",
    plan=(
        Step("Publiez-vous l’inventaire des équipements et leur durée de vie ?", "En place", "léger", "+ 3 points"),
        Step("Testez-vous la reprise après une panne générale ?", "Une fois par an", "moyen", "+ 2 points"),
    ),
    comments=(Comment("Une lecture du jury", "Le jury vous encourage à mesurer avant d’agir. " * 6),),
    trace=tuple(
        Line(
            f"INC-{i:02d} Proposez-vous un accueil pour les personnes éloignées du numérique ?",
            "Oui, deux demi-journées par semaine",
            f"{i % 4},5 / 4",
            "Réponse retenue par le jury après lecture de la preuve",
        )
        for i in range(1, 60)
    ),
    input_hash=RECEIPT.input_hash,
    framework_hash=RECEIPT.input_hash[::-1],
    verify_url=CERTIFICATE.verify_url,
    label_name=CERTIFICATE.label_name,
    organiser_name=CERTIFICATE.organiser_name,
    simulated=True,
)

REPORTS = {
    "long": REPORT,
    "without-arobase": replace(
        REPORT, level=0, obligations=(0, 0), initiatives=(), plan_level=1, comments=(), verify_url=""
    ),
    "alone-at-the-top": replace(
        REPORT,
        territory_name=LONG_EPCI,
        kind="epci",
        level=5,
        axes=tuple(replace(axis, peers=None) for axis in REPORT.axes),
        peers="",
        strengths=(),
        plan_level=5,
        plan_note="Vous avez atteint le plus haut niveau : le plan est de le garder.",
        plan=(),
        comments=(),
        trace=REPORT.trace[:2],
        simulated=False,
    ),
}

MINUTES = MinutesData(
    year=2027,
    held_on=date(2027, 11, 12),
    place="Lyon",
    chair="la présidente du jury",
    present=("La présidente du jury", "Une maîtresse de conférences", "Un ingénieur territorial"),
    excused=("un maire honoraire",),
    signed_on=date(2027, 11, 13),
    absent=("une élue",),
    quorum=3,
    recusals=(Recusal("Un ingénieur territorial", "Lormont"),),
    decisions=tuple(
        DecisionLine(
            LONGEST_COMMUNE if i % 7 == 0 else f"Commune {i}",
            "51",
            1 + i % 5,
            1 + i % 5,
            ("Arobase verte",) if i % 3 == 0 else (),
            "Le jury suit le niveau calculé. " * (1 + i % 3),
            ("Niveau : 3 arobases : 4 voix, 2 arobases : 1 voix.",) if i % 5 == 0 else (),
        )
        for i in range(40)
    ),
    remarks="Le jury salue la qualité des initiatives décrites par les communes de moins de 500 habitants.",
    label_name=CERTIFICATE.label_name,
    organiser_name=CERTIFICATE.organiser_name,
    simulated=True,
)

MINUTES_OF = {
    "long": MINUTES,
    "short": replace(MINUTES, absent=(), recusals=(), decisions=MINUTES.decisions[:1], remarks="", simulated=False),
}

BOOKLET = BookletData(
    title="Référentiel 2027 : le numérique des communes",
    year=2027,
    context=("Avez-vous un site internet ?",),
    parts=(
        Part(
            "Médiation numérique",
            (
                Item("INC-01", "Aidez-vous les habitants ?", "Inclusion · Bonne pratique", choices=("Oui", "Non")),
                Item("INC-02", "Quels publics ?", "Inclusion", "Une aide.", "Le bilan.", ("Les aînés",), several=True),
                Item("INC-03", "Combien de bornes ?", "Inclusion · à remplir si la commune en a", unit="bornes"),
                Item("INI-01", "Vos initiatives", "Inclusion · Démarche volontaire"),
            ),
        ),
        Part("Innovation", ()),
    ),
    framework_hash=RECEIPT.input_hash,
    loaded_at=RECEIPT.submitted_at,
    label_name=CERTIFICATE.label_name,
    organiser_name=CERTIFICATE.organiser_name,
)
BOOKLETS = {
    "short": BOOKLET,
    "several-pages": replace(BOOKLET, parts=BOOKLET.parts * 6),
    "no-context": replace(BOOKLET, context=()),
}

LONG = " ".join(["Nous l’avons délibéré, et nous en rendons compte chaque année."] * 60)
DOSSIER = DossierData(
    territory_name="Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson",
    year=2027,
    submitted=True,
    at=RECEIPT.submitted_at,
    counts=(("Questions répondues", "2 sur 3"), ("Initiatives", "1"), ("Preuves", "2")),
    context=(("Avez-vous un site internet ?", "Oui"),),
    chapters=(
        DossierChapter(
            "Médiation numérique",
            (
                Reply("Aidez-vous les habitants ?", "Oui", (Proof("Plan", "plan.pdf", RECEIPT.input_hash),)),
                Reply("Vos sauvegardes sont-elles essayées ?", "Je ne sais pas", confidential=True),
                Reply("Quels publics aidez-vous ?", f"Pas concerné : {LONG}"),
            ),
        ),
    ),
    initiatives=(
        Description(
            "Permanences numériques",
            (LONG, "– chaque mardi", "– en mairie"),
            (("Portée par", "La commune"), ("Résultats mesurés", LONG)),
            ("Une conseillère et un habitant devant un écran.",),
            (Proof("La page", "https://aubaine.example/permanences"),),
        ),
    ),
    fingerprint=RECEIPT.input_hash,
    label_name=CERTIFICATE.label_name,
    organiser_name=CERTIFICATE.organiser_name,
    simulated=False,
)
DOSSIERS = {
    "submitted": DOSSIER,
    "several-pages": replace(DOSSIER, chapters=DOSSIER.chapters * 8, initiatives=DOSSIER.initiatives * 4),
    "draft": replace(DOSSIER, submitted=False, context=(), initiatives=(), simulated=True),
}
