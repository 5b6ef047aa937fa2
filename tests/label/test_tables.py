from label import tables

HEAD = '<thead><tr><th scope="col">Niveau</th><th scope="col" class="num">Note <b>minimale</b></th></tr></thead>'


def body(row):
    return tables.labelled(f"{HEAD}<tbody><tr>{row}</tr></tbody>").partition("<tbody")[2]


def test_each_value_says_its_column():
    assert '<td class="num" role="cell" data-label="Note minimale">65</td>' in body(
        '<th scope="row">4</th><td class="num">65</td>'
    )


def test_heading_of_a_row_and_first_cell_say_none():
    assert "data-label" not in body('<th scope="row">4</th>')
    assert "data-label" not in body("<td>4</td>")


def test_a_label_of_the_page_is_kept():
    assert body('<th>4</th><td data-label="Autre">65</td>').count("data-label") == 1


def test_a_cell_over_several_columns_says_none_and_takes_its_places():
    assert "data-label" not in body('<td colspan="2">Rien</td>')
    wide = (
        '<thead><tr><th>A</th><th>B</th><th>C</th></tr></thead><tbody><tr><td colspan="2">x</td><td>y</td></tr></tbody>'
    )
    assert '<td role="cell" data-label="C">y</td>' in tables.labelled(wide)


def test_a_quote_in_a_heading_stays_in_its_attribute():
    html = tables.labelled(
        '<thead><tr><th>A</th><th>Le "bon"</th></tr></thead><tbody><tr><th>1</th><td>2</td></tr></tbody>'
    )
    assert 'data-label="Le &quot;bon&quot;"' in html


def test_pieces_of_blocks_keep_their_roles():
    html = tables.labelled(f'{HEAD}<tbody><tr><th scope="row">4</th><td>65</td></tr></tbody>')
    found = ("rowgroup", "row", "columnheader", "rowheader", "cell")
    assert [html.count(f'role="{role}"') for role in found] == [2, 2, 2, 1, 1]


def test_a_table_without_a_head_has_no_labels():
    assert "data-label" not in tables.labelled("<tbody><tr><th>1</th><td>2</td></tr></tbody>")
