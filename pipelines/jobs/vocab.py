"""``bertprep vocab``: a vocabulary learned from the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.corpus.files import text_bytes
from bertprep.corpus.oddities import oddity_warnings
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions, VocabOptions
from bertprep.shards.manifest import MANIFEST_NAME, to_json, vocab_config, vocab_manifest
from bertprep.vocabulary.tokenizer import tokenizer_files
from bertprep.vocabulary.vocabulary import Vocabulary, special_and_unused
from pipelines.folders.inputs import check_apart, find_inputs
from pipelines.folders.selection import Selection
from pipelines.folders.workspace import Workspace
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.raw import identity, last_change
from pipelines.jobs.run import RunOptions, run_graph, warn_or_fail, worker_count
from pipelines.messages import summary
from pipelines.messages.result import show_result
from pipelines.messages.say import say
from pipelines.runner import beam_options, runner


@unless_complete
def run_vocab(
    inputs: Sequence[str],
    read: ReadOptions,
    vocab: VocabOptions,
    run: RunOptions,
    selection: Selection | None = None,
) -> None:
    """Learns a vocabulary from the inputs and writes it as a tokenizer folder."""
    corpus, notes = find_inputs(inputs, read, selection)
    check_apart(corpus, inputs, run.output)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        total = sum(map(text_bytes, corpus))
        workers = beam_options.local_workers(run.beam_args, run.workers, worker_count(total))
        config = vocab_config(read, vocab)
        workspace.identify({**config, **identity(corpus)}, last_change(corpus))
        for note in (*notes, summary.describe_inputs(corpus, read, workers, in_sentences=False)):
            say(note)
        warned = warn_or_fail(summary.input_warnings(corpus, read), run)
        # Beam takes a second to import: not before the inputs are known to be good.
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.vocab import VocabJob, build_graph, read_words

        job = VocabJob(read, vocab.lowercase, workspace.work_dir)
        splits = plan_splits(corpus, read)
        report = run_graph(lambda p: build_graph(p, job, splits), job.work_dir, total, run, workers)
        vocabulary = _learned(*read_words(report), vocab)
        manifest = vocab_manifest(read, vocab, vocabulary, corpus, report.sums, report.drops)
        odd = oddity_warnings(report.sums)
        warn_or_fail([*odd, *summary.vocab_warnings(manifest, vocab.vocab_size)], run)
        contents = {**tokenizer_files(vocabulary), MANIFEST_NAME: to_json(manifest)}
        workspace.commit([], contents)
    show_result(summary.describe_vocab(manifest, vocab.vocab_size, run.output, [*warned, *odd]))


def _learned(words: Any, counts: NDArray[np.int64], options: VocabOptions) -> Vocabulary:
    from bertprep.learning.learn import learn_vocabulary

    if not len(words):
        raise InputError("the inputs hold no text at all: no word was counted")
    head = special_and_unused(options.unused_tokens)
    wanted = options.vocab_size - len(head)
    say(f"learning {wanted:,} pieces from {len(words):,} distinct words")
    pieces = learn_vocabulary(
        words,
        counts,
        size=wanted,
        min_frequency=options.min_frequency,
        limit_alphabet=options.limit_alphabet,
        max_token_length=options.max_token_length,
    )
    return Vocabulary((*head, *pieces), options.lowercase)
