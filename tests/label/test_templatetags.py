import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.forms import CharField, Form
from django.http import HttpRequest
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from documents.arobase import MARK
from label.templatetags import arobase

NB, NN = "\u00a0", "\u202f"
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def visitor() -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("level", "words", "earned"),
    [
        (1, "1 arobase sur 5", 1),
        (3, "3 arobases sur 5", 3),
        (5, "5 arobases sur 5", 5),
        (None, "pas encore d’arobase", 0),
    ],
)
def test_arobases_say_their_number_and_draw_it(level, words, earned):
    html = rendered("{% arobases level %}", level=level)
    assert words in html.replace(NB, " ")
    assert html.count('class="earned"') == earned
    assert html.count('class="to-earn"') == 5 - earned


def test_arobases_refuse_a_level_that_does_not_exist():
    with pytest.raises(ValueError, match="6"):
        arobase.arobases(6)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("5/8", f"62,5{NN}%"),
        (Fraction(1, 3), f"33,3{NN}%"),
        (Fraction(1249, 2000), f"62,4{NN}%"),
        (Fraction(64951, 100000), f"64,9{NN}%"),
        ((700, 1600), f"43,7{NN}%"),
        ([0, 0], "–"),
        (None, "–"),
        ("0/1", f"0,0{NN}%"),
        ("1/1", f"100,0{NN}%"),
    ],
)
def test_percent_rounds_down_from_the_exact_share(share, words):
    assert rendered("{% percent share %}", share=share) == words


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percent_never_tells_more_than_the_share(earned, extra):
    share = Fraction(earned, earned + extra)
    shown = Fraction(arobase.percent_in_words(share).removesuffix(f"{NN}%").replace(",", "."))
    assert 0 <= share * 100 - shown < Fraction(1, 10)


def test_meter_draws_its_width_with_a_point_and_says_it_with_a_comma():
    html = rendered('{% meter "5/8" "Inclusion" "inclusion" %}')
    assert 'width="62.5"' in html
    assert f"62,5{NN}%" in html
    assert "axis-inclusion" in html


def test_bar_ticks_the_minimum_and_says_what_lacks():
    html = rendered('{% bar "43/200" "Écologie" "ecology" minimum=25 why="Sous 25 %" %}')
    assert 'width="21.5"' in html
    assert 'class="min" x1="25"' in html
    assert "Sous 25 %" in html
    assert "min" not in rendered('{% bar "1/2" "Écologie" %}')


def test_levels_name_the_thresholds_and_mark_those_reached():
    html = rendered('{% levels "29/50" levels %}', levels=[(2, 35), (3, 50), (4, 65)]).replace(NB, " ")
    assert "2 arobases sur 5 à 35 %, 3 arobases sur 5 à 50 %, 4 arobases sur 5 à 65 %" in html.replace(NN, " ")
    assert html.count('class="on"') == 2


@pytest.mark.parametrize("share", ["0/1", "1/1"])
def test_levels_keep_their_figure_inside_the_drawing(share):
    middle = float(
        re.search(r'class="strong" x="([\d.]+)"', rendered("{% levels share levels %}", share=share, levels=[])).group(
            1
        )
    )
    assert 20 < middle < 280


def test_segments_are_as_many_as_the_questions():
    assert arobase.segs(2, 5).count("<i") == 5
    assert arobase.segs(2, 5).count('class="on"') == 2


def test_more_segments_than_a_phone_can_part_are_a_share():
    assert arobase.segs(113, 114).count("<i") == arobase.SEGMENTS
    assert arobase.segs(113, 114).count('class="on"') == arobase.SEGMENTS - 1
    assert arobase.segs(114, 114).count('class="on"') == arobase.SEGMENTS


def test_icon_without_label_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in rendered('{% icon "ok" %}')


def test_icon_with_label_is_an_image_with_a_name():
    html = rendered('{% icon "ok" "terminé" %}')
    assert 'role="img" aria-label="terminé"' in html
    assert "aria-hidden" not in html


def test_icon_refuses_an_unknown_name():
    with pytest.raises(ValueError, match="unicorn"):
        arobase.icon("unicorn")


def test_sprite_draws_every_icon_and_nothing_else():
    sprite = render_to_string("components/sprite.html")
    assert set(re.findall(r'id="icon-([a-z]+)"', sprite)) == arobase.ICONS


def test_sprite_draws_the_arobase_of_the_papers():
    assert MARK in render_to_string("components/sprite.html")
    assert MARK in (ROOT / "static/images/favicon.svg").read_text()


def test_status_shows_tone_icon_and_word():
    html = rendered('{% status "RETURNED" "renvoyé" %}')
    assert "tone-warning" in html
    assert "#icon-return" in html
    assert "renvoyé" in html


def test_status_of_an_unknown_state_is_neutral():
    assert "tone-neutral" in rendered('{% status "elsewhere" "ailleurs" %}')


def test_states_use_icons_of_the_sprite():
    assert {icon for _, icon in arobase.STATES.values()} <= arobase.ICONS


def test_callout_escapes_its_title_and_keeps_its_content():
    html = rendered('{% callout "info" title role="status" %}<p>Bonjour</p>{% endcallout %}', title="<b>")
    assert "&lt;b&gt;" in html
    assert "<p>Bonjour</p>" in html
    assert 'role="status"' in html


def test_callout_refuses_an_unknown_tone():
    with pytest.raises(ValueError, match="pink"):
        rendered('{% callout "pink" "Titre" %}{% endcallout %}')


def test_callout_needs_a_title():
    with pytest.raises(TemplateSyntaxError):
        Template('{% callout "info" %}{% endcallout %}')


def test_table_is_named_by_its_caption_and_reached_by_keyboard():
    html = rendered('{% table "Les communes" %}<tbody></tbody>{% endtable %}')
    assert 'aria-labelledby="table-les-communes" tabindex="0"' in html
    assert '<caption id="table-les-communes">Les communes</caption>' in html


@pytest.mark.parametrize(
    ("path", "current"),
    [("/annuaire/", 'aria-current="page"'), ("/annuaire/33249/", 'aria-current="true"'), ("/methode/", 'annuaire/">')],
)
def test_nav_link_knows_where_it_is(path, current, visitor):
    visitor.path = path
    html = Template('{% nav_link "results:directory" "Annuaire" %}').render(RequestContext(visitor))
    assert current in html


@pytest.mark.parametrize(
    ("value", "words"),
    [(date(2027, 3, 1), f"1er{NB}mars 2027"), (date(2027, 11, 12), f"12{NB}novembre 2027"), (None, "")],
)
def test_french_date_writes_the_first_of_the_month_as_first(value, words):
    assert rendered("{{ value|french_date }}", value=value) == words


def test_french_date_of_an_instant_is_the_day_in_paris():
    assert rendered("{{ value|french_date }}", value=datetime(2027, 6, 30, 23, tzinfo=UTC)) == f"1er{NB}juillet 2027"


def test_french_datetime_is_paris_time():
    value = datetime(2027, 6, 30, 15, 5, tzinfo=UTC)
    assert rendered("{{ value|french_datetime }}", value=value) == f"30{NB}juin 2027 à 17{NB}h{NB}05"


def test_a_deadline_says_its_zone_and_the_hour_overseas():
    when = datetime(2027, 1, 29, 17, 0, tzinfo=UTC)

    assert rendered("{{ when|deadline }}", when=when).endswith("à 18\u00a0h\u00a000, heure de Paris")
    assert rendered("{{ when|deadline:'972' }}", when=when).endswith("heure de Paris (13\u00a0h\u00a000 en Martinique)")


def test_french_time_is_paris_time():
    assert rendered("{{ value|french_time }}", value=datetime(2027, 1, 1, 8, tzinfo=UTC)) == f"9{NB}h{NB}00"


@pytest.mark.parametrize(("value", "words"), [(34969, f"34{NN}969"), (999, "999"), (None, "")])
def test_spaces_group_thousands(value, words):
    assert rendered("{{ value|spaces }}", value=value) == words


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (0, f"0{NN}octet"),
        (512, f"512{NN}octets"),
        (1000, f"1,0{NN}ko"),
        (34_250, f"34,3{NN}ko"),
        (1_200_000, f"1,2{NN}Mo"),
        (3_000_000_000, f"3,0{NN}Go"),
    ],
)
def test_filesize_uses_powers_of_a_thousand(octets, words):
    assert rendered("{{ octets|filesize_fr }}", octets=octets) == words


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Pourquoi ?", f"Pourquoi{NN}?"),
        ("Pourquoi?", f"Pourquoi{NN}?"),
        ("Quoi ?!", f"Quoi{NN}?!"),
        ("Voici : un; deux !", f"Voici{NN}: un{NN}; deux{NN}!"),
        ("« Bonjour »", f"«{NN}Bonjour{NN}»"),
        ("«Bonjour !»", f"«{NN}Bonjour{NN}!{NN}»"),
        ("l'eau d'ici", "l’eau d’ici"),
        ("à 14:30, au ratio 3:2", "à 14:30, au ratio 3:2"),
        ("voir https://a.fr/x?y=1:2;z ; puis", f"voir https://a.fr/x?y=1:2;z{NN}; puis"),
        ("« https://a.fr/l'eau »", f"«{NN}https://a.fr/l'eau{NN}»"),
        ("écrire à l'agent jo.o'neil@a.fr", "écrire à l’agent jo.o'neil@a.fr"),
        ("A & B", "A & B"),
    ],
)
def test_typo_sets_french_text_and_leaves_addresses(typed, set_):
    assert arobase.typo(typed) == set_


def test_typo_escapes_what_people_wrote():
    assert rendered("{{ text|typo }}", text="l'<b> !") == f"l’&lt;b&gt;{NN}!"


def test_typo_leaves_tags_and_entities_of_safe_text():
    html = mark_safe("<a href=\"?a=1;b\" title='x'>l&#x27;eau &amp; le feu</a> !")
    assert rendered("{{ html|typo }}", html=html) == f"<a href=\"?a=1;b\" title='x'>l’eau &amp; le feu</a>{NN}!"


@given(st.text(alphabet="ab «»!?;:'\u00a0\u202f<&@./", max_size=40))
def test_typo_twice_is_typo_once(text):
    once = arobase.typo(text)
    assert arobase.typo(once) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Y a-t-il une école ?", 'Y <span class="nowrap">a-t-il</span> une école ?'),
        ("Quand refuse-t-on <b>", 'Quand <span class="nowrap">refuse-t-on</span> &lt;b&gt;'),
        ("Ont-elles un t-shirt ?", "Ont-elles un t-shirt ?"),
    ],
)
def test_verb_of_a_heading_is_not_cut_at_its_hyphen(text, shown):
    assert rendered("{{ text|unbroken }}", text=text) == shown


ROWS = "<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><th>1</th><td>2</td></tr></tbody>"


@pytest.mark.parametrize(
    ("value", "words"), [(0.8, "0,80"), (-0.05, "−0,05"), (0, "0,00"), (None, "–"), (-0.001, "0,00")]
)
def test_decimals_have_a_true_minus(value, words):
    assert arobase.decimals(value) == words


def test_names_are_contracted_in_templates():
    source = "{{ name|of }}, {{ name|at }}, {{ helper|with_article }}"
    words = rendered(source, name="Le Luc", helper="Syndicat numérique")
    assert words == "du Luc, au Luc, le syndicat numérique"


def test_table_kept_whole_has_no_role_of_its_own():
    assert "data-label" not in rendered('{% table "Niveaux" %}' + ROWS + "{% endtable %}")


@pytest.mark.parametrize("kind", ["stack", "snug pairs"])
def test_table_that_stacks_says_its_columns(kind):
    html = rendered('{% table "Niveaux" kind=kind %}' + ROWS + "{% endtable %}", kind=kind)
    assert f'class="table {kind}"' in html
    assert 'data-label="B"' in html


class Asked(Form):
    name = CharField(label="Nom", help_text="Le vôtre.")
    note = CharField(label="Note", required=False)


def test_field_ties_hint_and_fault_to_its_control():
    html = str(Asked({"name": ""}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_refused_form_links_each_fault_to_its_control():
    html = str(Asked({"name": ""}))
    assert '<a href="#id_name">' in html
    assert "Un point est à corriger" in html


@pytest.mark.parametrize(
    ("error", "after"), [("Donnez une adresse.", "donnez une adresse."), ("PDF illisible.", "PDF illisible.")]
)
def test_an_error_after_its_label_begins_as_after_a_colon(error, after):
    assert arobase.uncapitalised(error) == after


def test_refused_form_counts_its_faults_and_not_its_fields():
    form = Asked({"name": "x"})
    form.add_error("name", "Trop court.")
    form.add_error("name", "Déjà pris.")

    assert "2 points sont à corriger" in str(form)


def test_optional_is_said_only_beside_something_required():
    assert str(Asked()).count("(facultatif)") == 1


def test_optional_is_not_said_where_nothing_is_required():
    class Search(Form):
        q = CharField(required=False)

    assert "(facultatif)" not in str(Search())


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_error_page_says_what_is_kept_and_what_to_do(code, visitor):
    html = render_to_string(f"{code}.html", request=visitor)
    assert html.count("<h1>") == 1
    assert re.search("gardé|Rien n’est perdu", html)


def test_server_error_page_needs_no_context():
    assert "<h1>" in render_to_string("500.html")


def test_stylesheet_and_scripts_keep_their_weight():
    sizes = {name: (ROOT / "static" / name).stat().st_size for name in ("css/arobase.css", "js/arobase.js")}
    assert sizes["css/arobase.css"] <= 66_000
    assert sizes["js/arobase.js"] <= 6_000


def test_templates_carry_no_inline_style_or_script():
    found = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\sstyle=|<style|<script(?![^>]*\s(src=|type=.application/json))|\son[a-z]+=", path.read_text())
    ]
    assert found == []


def test_scripts_of_ours_write_no_html():
    ours = [path for path in (ROOT / "static/js").glob("*.js") if path.name != "htmx.min.js"]

    assert len(ours) >= 4
    writes_html = re.compile(r"(inner|outer|Adjacent)HTML|document\.write")
    assert [path.name for path in ours if writes_html.search(path.read_text())] == []


def test_after_a_colon_an_article_is_small():
    assert (
        Template("{{ text|after_colon }}").render(Context({"text": "La page de votre site"})) == "la page de votre site"
    )
    assert arobase.after_colon("") == ""
