"""Whole words of transformers' collator are those of the rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bertprep.errors import UsageError
from tests.made_folders import VOCABULARY, options, write_folder

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from bertprep.torch import with_offset_mapping  # noqa: E402
from tests.loaders.torch.flat_cases import ROWS, tokenizer  # noqa: E402

pytestmark = pytest.mark.usefixtures("own_caches")


@pytest.mark.filterwarnings("ignore:Random token replacement")
def test_transformers_whole_words_are_those_of_the_rows(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    folder = write_folder(tmp_path / "shards", options(masking="none"), ROWS)
    rows = datasets.load_dataset(
        "parquet", data_dir=str(folder / "rows"), split="train", cache_dir=str(tmp_path)
    )
    starts = np.array(rows["word_starts"])
    collator = transformers.DataCollatorForLanguageModeling(
        tokenizer(), whole_word_mask=True, mlm_probability=0.4
    )
    torch.manual_seed(7)
    batch = collator(list(rows.with_transform(with_offset_mapping)))
    is_masked = (batch["labels"] != -100).numpy()
    is_text = ~np.isin(
        np.array(rows["input_ids"]), [VOCABULARY.pad_id, VOCABULARY.cls_id, VOCABULARY.sep_id]
    )
    words = np.cumsum(starts.ravel() != 0)[is_text.ravel()]
    masked = is_masked.ravel()[is_text.ravel()]
    assert 0.2 < masked.mean() < 0.6
    assert np.bincount(words).max() > 1  # some words are of several tokens
    share = np.bincount(words, masked) / np.maximum(np.bincount(words), 1)
    assert set(share.tolist()) == {0.0, 1.0}
    assert not is_masked[~is_text].any()
    with pytest.raises(UsageError, match="expected rows with word_starts"):
        with_offset_mapping({"input_ids": [[1]]})
