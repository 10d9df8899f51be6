"""What workers are told of a job."""

from __future__ import annotations

import pickle
from pathlib import Path

from bertprep.options import PrepareOptions, ReadOptions
from bertprep.vocabulary.vocabulary import VOCAB_TXT
from pipelines.graphs.job import Job, PrepareJob, TokensJob
from pipelines.steps.exchange import FileExchange, ShuffleExchange

TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "panda", "##s")


def test_rows_pass_through_files_or_through_the_shuffle() -> None:
    assert isinstance(Job(lowercase=True, work_dir="work").exchange, FileExchange)
    assert isinstance(Job(lowercase=True, work_dir="work", shuffles=True).exchange, ShuffleExchange)
    assert Job(lowercase=True, work_dir="work").folder("counted") == "work/counted"


def test_a_worker_reads_the_vocabulary_from_the_work_folder(tmp_path: Path) -> None:
    (tmp_path / VOCAB_TXT).write_text("\n".join(TOKENS) + "\n")
    job = pickle.loads(pickle.dumps(TokensJob(lowercase=True, work_dir=str(tmp_path))))
    assert (job.vocabulary.tokens, job.vocabulary.lowercase) == (TOKENS, True)


def test_the_documents_to_leave_out_are_read_where_there_are_any(tmp_path: Path) -> None:
    names = ["0" * 31 + "1", "f" * 32]
    (tmp_path / "excluded.txt").write_text("\n".join(names) + "\n")

    def job(read: ReadOptions) -> PrepareJob:
        return PrepareJob(
            lowercase=True, work_dir=str(tmp_path), read=read, options=PrepareOptions(), buckets=1
        )

    assert job(ReadOptions()).excluded == frozenset()
    assert job(ReadOptions(excluded="a digest")).excluded == set(names)
    assert job(ReadOptions()).places_path(3) == ""
