"""Laws of the score, on generated frameworks and applications. Each keeps out a fault seen in other systems."""

import json
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from scoring import answers, framework
from scoring.answers import parse_application
from scoring.engine import score
from tests.scoring.builders import applications, contexts, documents, everywhere, files, frameworks, values


def scored(made, application):
    rules = framework.parse_document(made)
    return score(rules, parse_application(rules, application))


def cells(result):
    """All that a result says, but for its hashes."""
    return {key: value for key, value in result.as_document().items() if not key.endswith("_hash")}


@given(files())
def test_earned_stays_within_possible_everywhere(made):
    result = scored(*made)
    sums = [*result.axes.values(), *result.issues.values(), *((line.earned, line.possible) for line in result.lines)]
    assert all(0 <= earned <= possible for earned, possible in sums)
    assert all(0 <= line.credit <= 100 for line in result.lines)
    assert result.overall is None or 0 <= result.overall <= 1


@given(files())
def test_trace_sums_to_every_axis_and_issue(made):
    result = scored(*made)
    for name, sums in [*result.axes.items(), *result.issues.items()]:
        lines = [line for line in result.lines if name in (line.question.axis, line.question.issue)]
        assert sums == (sum(line.earned for line in lines), sum(line.possible for line in lines))


@given(files())
def test_both_readings_share_the_same_points(made):
    result = scored(*made)
    axes, issues = (list(map(sum, zip(*sums.values(), strict=True))) for sums in (result.axes, result.issues))
    assert axes == issues


@given(files())
def test_level_only_when_all_is_decided(made):
    result = scored(*made)
    assert (
        (result.level is None) == (result.status == "incomplete") == (bool(result.undecided) or result.overall is None)
    )


@given(files(), st.data())
def test_name_without_a_value_never_gives_a_level(made, data):
    document, application = made
    rules = framework.parse_document(document)
    read = sorted({name for asked in rules.questions if asked.rule for name in asked.rule.names})
    assume(read)
    name = data.draw(st.sampled_from(read))
    application["context"][name] = None
    result = scored(document, application)
    assert result.level is None
    assert set(result.undecided) >= {asked.id for asked in rules.questions if asked.rule and name in asked.rule.names}


@given(files())
def test_replay_gives_the_same_bytes(made):
    document, application = made
    again = scored(json.loads(json.dumps(document)), json.loads(json.dumps(application)))
    assert scored(document, application).as_document() == again.as_document()


@given(files(), st.randoms(use_true_random=True))
def test_order_of_keys_changes_not_even_the_hash(made, random):
    document, application = made

    def shuffled(value):
        if isinstance(value, dict):
            items = [(key, shuffled(item)) for key, item in value.items()]
            random.shuffle(items)
            return dict(items)
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    assert (
        scored(shuffled(document), shuffled(application)).as_document() == scored(document, application).as_document()
    )


@given(files(), st.randoms(use_true_random=True))
def test_order_of_questions_changes_no_score(made, random):
    document, application = made
    before = cells(scored(document, application))
    random.shuffle(document["questions"])
    after = cells(scored(document, application))
    assert after | {"undecided": sorted(after["undecided"])} == before | {"undecided": sorted(before["undecided"])}


@given(files(), st.integers(2, 200))
def test_scaling_every_weight_changes_nothing(made, factor):
    document, application = made
    for axis in document["axes"]:
        axis["weight"] = min(axis["weight"], 5)
    before = cells(scored(document, application))
    for axis in document["axes"]:
        axis["weight"] *= factor
    assert cells(scored(document, application)) == before


@given(files(), st.integers(1, 5))
def test_scaling_every_point_changes_no_ratio(made, factor):
    document, application = made
    for asked in document["questions"]:
        asked["points"] = asked["points"] % (1000 // factor) or 1
    before = scored(document, application)
    for asked in document["questions"]:
        asked["points"] *= factor
    after = scored(document, application)
    assert (after.overall, after.level, after.obligations) == (before.overall, before.level, before.obligations)


@given(files(complete=True))
def test_question_worth_nothing_changes_no_score(made):
    document, application = made
    mentioned = {
        name for asked in framework.parse_document(document).questions if asked.rule for name in asked.rule.questions
    }
    idle = {asked["id"] for asked in document["questions"] if asked["id"] not in mentioned and not asked["points"]}
    kept = [asked for asked in document["questions"] if asked["id"] not in idle]
    assume(idle)
    assume(kept)
    before = scored(document, application)
    document["questions"] = kept
    application["answers"] = {name: answer for name, answer in application["answers"].items() if name not in idle}
    after = scored(document, application)
    assert (after.axes, after.issues, after.overall, after.level) == (
        before.axes,
        before.issues,
        before.overall,
        before.level,
    )


@given(files(complete=True))
def test_axis_without_weight_counts_in_no_mean(made):
    document, application = made
    result = scored(document, application)
    weighted = [(axis["weight"], *result.axes[axis["id"]]) for axis in document["axes"] if axis["weight"]]
    counted = [(weight, Fraction(earned, possible)) for weight, earned, possible in weighted if possible]
    total = sum(weight for weight, _ in counted)
    assert result.overall == (sum(weight * ratio for weight, ratio in counted) / total if total else None)


@given(files(complete=True))
def test_hidden_question_equals_a_removed_one(made):
    document, application = made
    before = scored(document, application)
    states = {line.question.id: line.state for line in before.lines}
    mentioned = {name for line in before.lines if line.question.rule for name in line.question.rule.questions}
    hidden = {name for name, state in states.items() if state == "not_applicable" and name not in mentioned}
    kept = [asked for asked in document["questions"] if asked["id"] not in hidden]
    assume(hidden)
    assume(kept)
    document["questions"] = kept
    application["answers"] = {name: answer for name, answer in application["answers"].items() if name not in hidden}
    after = scored(document, application)
    same = ("axes", "issues", "overall", "level", "completeness", "obligations")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


@given(files(complete=True), st.data())
def test_hidden_answer_is_there_again_when_shown(made, data):
    document, application = made
    first = cells(scored(document, application))
    context = application["context"]
    application["context"] = data.draw(contexts(complete=True))
    scored(document, application)
    application["context"] = context
    assert cells(scored(document, application)) == first


@given(files(complete=True), st.data())
def test_unknown_is_never_better_than_an_answer(made, data):
    document, application = made
    rules = framework.parse_document(document)
    mentioned = {name for asked in rules.questions if asked.rule for name in asked.rule.questions}
    asked = data.draw(st.sampled_from(rules.questions))
    assume(asked.takes_answer and asked.id not in mentioned)
    results = []
    for answer in ({"state": "unknown"}, {"value": data.draw(values(asked))}):
        application["answers"][asked.id] = answer
        results.append(scored(document, application))
    unknown, answered = results
    assert unknown.overall == answered.overall or (unknown.overall or 0) <= (answered.overall or 0)
    assert (unknown.level or 0) <= (answered.level or 0)


@given(files(complete=True), st.data())
def test_better_answer_never_lowers_score_or_level(made, data):
    document, application = made
    rules = framework.parse_document(document)
    mentioned = {name for asked in rules.questions if asked.rule for name in asked.rule.questions}
    asked = data.draw(st.sampled_from(rules.questions))
    assume(asked.takes_answer and asked.id not in mentioned)
    results = []
    for evidence in (False, True):
        application["answers"][asked.id] = {"value": data.draw(values(asked)), "evidence": evidence}
        results.append(scored(document, application))
    worse, better = sorted(results, key=lambda result: result.questions[asked.id][1])
    assert (worse.overall or 0) <= (better.overall or 0)
    assert (worse.level or 0) <= (better.level or 0)


@given(frameworks(), contexts(complete=True))
def test_no_answer_at_all_earns_nothing(rules, context):
    result = score(rules, parse_application(rules, {"context": context}))
    assert all(earned == 0 for earned, _ in result.axes.values())
    assert result.overall in (0, None)


@given(documents(), contexts(complete=True))
def test_best_answers_everywhere_reach_the_maximum(document, context):
    best = {}
    for asked in document["questions"]:
        if asked["kind"] == "initiatives":
            asked["credits"][-1] = 100
        elif asked["kind"] in ("choice", "multiple"):
            asked["options"][-1]["credit"] = 100
            last = asked["options"][-1]["id"]
            best[asked["id"]] = {"value": [last] if asked["kind"] == "multiple" else last, "evidence": True}
        elif asked["kind"] == "number":
            asked["scale"][-1][1] = 100
            best[asked["id"]] = {"value": asked["scale"][-1][0], "evidence": True}
        else:
            best[asked["id"]] = {"value": 4 if asked["kind"] == "maturity" else True, "evidence": True}
    initiatives = everywhere(framework.parse_document(document), 9)
    result = scored(document, {"context": context, "answers": best, "initiatives": initiatives})
    assert result.overall in (1, None)
    assert result.level in (5, None)


@given(frameworks().flatmap(lambda rules: st.tuples(st.just(rules), applications(rules), applications(rules))))
def test_two_files_of_one_framework_never_mix(made):
    rules, one, other = made
    alone = score(rules, parse_application(rules, one)).as_document()
    score(rules, parse_application(rules, other))
    assert score(rules, parse_application(rules, one)).as_document() == alone


@given(files())
def test_text_and_document_of_an_application_score_the_same(made):
    document, application = made
    rules = framework.parse_document(document)
    read = answers.load(rules, json.dumps(application, indent=2))
    assert score(rules, read).as_document() == scored(document, application).as_document()
