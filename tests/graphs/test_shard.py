"""What ``bertprep shard`` refuses once its documents are counted."""

from __future__ import annotations

import pytest

from bertprep.errors import InputError
from bertprep.options import ShardOptions
from pipelines.graphs.shard import check_documents


def test_too_few_documents_are_told_with_what_was_left_out() -> None:
    check_documents(2, ShardOptions())
    check_documents(1, ShardOptions(task="sop"))
    with pytest.raises(InputError, match=r"one document only.*--task sop or --task none"):
        check_documents(1, ShardOptions())
    with pytest.raises(InputError, match="every document is empty"):
        check_documents(0, ShardOptions())
    with pytest.raises(InputError, match="left out: 3 lines that are not a JSON object"):
        check_documents(0, ShardOptions(), {"bad_json": 3})
