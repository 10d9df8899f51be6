"""Special and added tokens, as transformers gathers them."""

import numpy as np

from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masker
from bertprep.options import MaskingOptions
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS
from tests.vocabulary.folders import BERT, TOKENS, folder, ids_of, read


def test_roles_may_have_other_names():
    names = {"[PAD]": "<pad>", "[UNK]": "<unk>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<m>"}
    tokens = [names.get(token, token) for token in TOKENS]
    roles = {"pad": "<pad>", "unk": "<unk>", "cls": "<s>", "sep": "</s>", "mask": "<m>"}
    config = BERT | {f"{role}_token": token for role, token in roles.items()}
    vocabulary = read(folder(config, tokens)).vocabulary
    assert (vocabulary.cls_id, vocabulary.mask_id, vocabulary.unk_id) == (2, 4, 1)
    assert vocabulary.shown_tokens[:6] == (*SPECIAL_TOKENS, "[EOT]")
    assert ids_of(vocabulary, ["\u0416"]) == [[1]]


def test_what_has_a_role_is_text_where_it_stands_in_text():
    """[SEP] of a text must not end its sentence; here we differ from transformers on purpose."""
    vocabulary = read(folder(BERT)).vocabulary
    tokens = [vocabulary.tokens[i] for i in ids_of(vocabulary, ["[SEP]"])[0]]
    assert tokens == ["[", "s", "##e", "##p", "]"]


def test_special_added_tokens_are_never_masked_nor_drawn():
    config = BERT | {"additional_special_tokens": ["[EOT]", "foo"]}
    vocabulary = read(folder(config)).vocabulary
    special = {vocabulary.ids["[EOT]"], vocabulary.ids["foo"]}
    ids = np.array(
        [[2, *special, vocabulary.ids["new"], vocabulary.ids["york"], 3]] * 200, np.int32
    )
    n, lengths = np.arange(200), np.full(200, 6)
    rows = Examples(n.astype(np.uint64), ids, lengths, lengths, n.astype(np.int8), ids < 0)
    masks = Masker(vocabulary, MaskingOptions(masked_lm_prob=0.5, random_replace_prob=0.2))(rows)
    assert np.array_equal(masks.input_ids[:, 1:3], ids[:, 1:3])
    assert set(masks.labels.ravel().tolist()) <= {0, vocabulary.ids["new"], vocabulary.ids["york"]}
    assert not special & set(masks.input_ids[:, 3:5].ravel().tolist())
