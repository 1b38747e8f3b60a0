import numpy as np
from hypothesis import given, strategies as st

from psizero.model.words import MAX_GROUPS, encode_words


def codes(text):
    return encode_words([text], max_words=8, vocabulary=1000)[0]


@given(text=st.text())
def test_no_instruction_is_refused_and_every_code_is_in_the_vocabulary(text):
    found = codes(text)
    assert found.shape == (8, MAX_GROUPS)
    assert found.min() >= 0 and found.max() < 1000


def test_case_and_punctuation_do_not_matter():
    assert np.array_equal(codes("Pick up the bottle!"), codes("pick up, the BOTTLE"))


def test_an_unseen_form_of_a_word_shares_most_of_its_pieces():
    bottle, bottles, box = (set(codes(word)[0]) - {0} for word in ("bottle", "bottles", "box"))
    assert len(bottle & bottles) >= 4
    assert len(bottle & box) <= 1


def test_codes_are_the_same_in_every_process():
    assert codes("bottle")[0, 0] == 663
