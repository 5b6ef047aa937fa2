import pytest

from assessments.doors import frameworks
from assessments.pages import advice, glossary
from scoring import framework as engine
from scoring.model import INITIATIVES

EDITIONS = sorted(frameworks.EDITIONS.glob("*/framework.yaml"))


def terms(*texts):
    return [word.term for word in glossary._within(*texts)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Publiez-vous des données ouvertes ?", ["Données ouvertes"]),
        ("Une sauvegarde, des rançongiciels.", ["Rançongiciel", "Sauvegarde"]),
        ("Un ordinateur reconditionné, deux reconditionnées.", ["Reconditionné"]),
        ("Où en est votre plan communal de sauvegarde ?", ["Plan communal de sauvegarde"]),
        ("Votre DPD, votre ENT.", ["Délégué à la protection des données (DPD)", "Espace numérique de travail (ENT)"]),
        ("Vraiment, un entrepreneur dépend de peu.", []),
        ("Vos initiatives, leurs preuves, votre dossier.", []),
    ],
)
def test_words_of_a_text(text, found):
    assert terms(text) == found


def test_glossary_reads_every_paragraph_of_its_source():
    paragraphs = [line for line in glossary.SOURCE.read_text().splitlines() if line.startswith("**")]

    assert sum(len(section.words) for section in glossary.sections()) == len(paragraphs)


def test_glossary_gives_each_word_its_own_anchor():
    anchors = [word.anchor for section in glossary.sections() for word in section.words]
    anchors += [section.anchor for section in glossary.sections()]

    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.parent.name)
def test_advice_says_of_every_question_who_may_know(path):
    questions = engine.load(path.read_bytes()).questions

    assert [row.id for row in questions if row.kind != INITIATIVES and not advice.who_knows(row.id)] == []


def test_advice_names_only_questions_that_exist_and_once():
    known = {row.id for path in EDITIONS for row in engine.load(path.read_bytes()).questions}
    named = [name for group in advice._groups() for name in group["questions"]]

    assert (set(named) - known, len(named) - len(set(named))) == (set(), 0)
