"""How votes and gaps are written in the pages of the jury."""

from django import template

from jury import wording

register = template.Library()

register.simple_tag(wording.choice_in_words, name="ballot_choice")
register.simple_tag(wording.outcome_in_words, name="ballot_outcome")
register.simple_tag(wording.count_in_words, name="ballot_words")
register.filter("signed", wording.signed)
