"""``bertprep vocab``: a vocabulary learned from the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bertprep.common.units import size
from bertprep.corpus.compression import text_bytes
from bertprep.corpus.files import InputFile
from bertprep.corpus.oddities import oddity_warnings
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions, VocabOptions
from bertprep.report.warnings import cut_documents_warning
from bertprep.shards.manifest import vocab_manifest
from bertprep.shards.manifest_types import Alphabet
from bertprep.shards.manifest_writing import to_json
from bertprep.shards.names import MANIFEST_NAME
from bertprep.shards.run_config import vocab_config
from bertprep.vocabulary.lost_marks import mark_warnings
from bertprep.vocabulary.reading_settings import Settings
from bertprep.vocabulary.reserved_tokens import special_and_unused
from bertprep.vocabulary.tokenizer import tokenizer_files
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders.corpus_contents import contents_of
from pipelines.folders.input_sampler import Sampler
from pipelines.folders.inputs import find_inputs
from pipelines.folders.overlap import check_apart
from pipelines.folders.selection import Selection
from pipelines.jobs.clean_start import begin_cleaning, clean_job, cleaning_identity, write_texts
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.dry_run import plan_vocab, seconds_of
from pipelines.jobs.raw_corpus import identity, last_change
from pipelines.jobs.run import (
    Ended,
    RunOptions,
    figures,
    run_graph,
    shuffles,
    warn_or_fail,
    worker_count,
)
from pipelines.jobs.stages import learning_seconds, vocab_stages
from pipelines.messages import first_lines, option_warnings, summary
from pipelines.messages.progress import counted
from pipelines.messages.say import say, show_result, tell
from pipelines.messages.stages import Stage
from pipelines.runner import beam_options, beam_run
from pipelines.steps.result import Finished

if TYPE_CHECKING:
    from bertprep.learning.alphabet import LeftOut
    from pipelines.folders.workspace import Workspace
    from pipelines.steps.report import Report

_KEEP_MARKS = "--keep-accents lower-cases and keeps them, --cased keeps all"
# Of the words, with characters that a vocabulary lacks.
_MANY_LOST = 0.005


@dataclass(frozen=True)
class FinishVocabulary:
    """Learns the vocabulary of the words that the steps counted."""

    read: ReadOptions
    options: VocabOptions
    inputs: Sequence[InputFile]

    def __call__(self, report: Report) -> Finished:
        from pipelines.graphs.vocab import read_words

        options = self.options
        vocabulary, left, once = _learned(*read_words(report), options)
        alphabet = Alphabet(left.known, left.characters, left.words_share)
        manifest = vocab_manifest(self.read, options, vocabulary, self.inputs, report, alphabet)
        manifest = replace(manifest, seen_once=once)
        odd = [*oddity_warnings(report.sums), *vocabulary_warnings(report.sums, left, options)]
        if cut := cut_documents_warning(report.drops):
            odd.append(cut)
        contents = {**tokenizer_files(vocabulary), MANIFEST_NAME: to_json(manifest)}
        warnings = [*odd, *summary.vocab_warnings(manifest, options.vocab_size)]
        return Finished(manifest, (), contents, warnings, odd)


@unless_complete
def run_vocab(
    inputs: Sequence[str],
    read: ReadOptions,
    vocab: VocabOptions,
    run: RunOptions,
    selection: Selection | None = None,
) -> None:
    """Learns a vocabulary from the inputs and writes it as a tokenizer folder.

    Args:
        inputs: the INPUTs.
        read: how they are read.
        vocab: how the vocabulary is learned.
        run: where to, and by how many processes.
        selection: which of the files below folders are taken; None for all.
    """
    corpus, notes = find_inputs(inputs, read, selection)
    check_apart(corpus, inputs, run.output)
    texts = begin_cleaning(corpus, read, read.clean)
    if run.dry_run:
        plan_vocab(corpus, read, vocab, run, _expected(corpus, read, vocab, run))
        return
    with run.workspace() as workspace:
        total = sum(map(text_bytes, corpus))
        workers = beam_options.local_workers(run.beam_args, run.workers, worker_count(total))
        config = {**vocab_config(read, vocab), **cleaning_identity(texts)}
        workspace.identify({**config, **identity(corpus)}, last_change(corpus))
        write_texts(texts, workspace.work_dir)
        _tell(
            [*notes, first_lines.describe_inputs(corpus, read, workers, in_sentences=False)], corpus
        )
        warned = warn_or_fail(option_warnings.input_warnings(corpus, read), run)
        manifest, odd = _counted(corpus, read, vocab, run, workspace, workers)
    said = summary.describe_vocab(manifest, vocab.vocab_size, run.output, [*warned, *odd])
    show_result(said, figures(manifest))


def _counted(
    corpus: Sequence[InputFile],
    read: ReadOptions,
    vocab: VocabOptions,
    run: RunOptions,
    workspace: Workspace,
    workers: int | None,
) -> Ended:
    """The outcome of the graph that counts words, and of the vocabulary learned from them."""
    # Beam takes a second to import: not before the inputs are known to be good.
    beam_run.start_workers(run.beam_args, workers)
    from pipelines.graphs.vocab import VocabJob, build_graph, partition_count

    splits = plan_splits(corpus, read, run.sizes.read)
    clean = None
    if read.clean:
        clean = clean_job(corpus, splits, read, read.clean, workspace.work_dir)
    job = VocabJob(
        read=read,
        lowercase=vocab.lowercase,
        work_dir=workspace.work_dir,
        keep_accents=vocab.keep_accents,
        partitions=partition_count(len(splits), run.sizes),
        shuffles=shuffles(workers),
        clean=clean,
        sizes=run.sizes,
    )
    finish = FinishVocabulary(read, vocab, corpus)
    stages = vocab_stages(sum(map(text_bytes, corpus)), read)
    return run_graph(lambda p: build_graph(p, job, splits), finish, workspace, stages, run, workers)


def _tell(notes: Sequence[str], corpus: Sequence[InputFile]) -> None:
    for note in notes:
        say(note)
    for file in corpus:
        tell(f"  {file.name}: {file.format}, {size(file.size)}")


def _expected(
    corpus: Sequence[InputFile], read: ReadOptions, vocab: VocabOptions, run: RunOptions
) -> dict[str, Any]:
    """The facts of a run that a look at its inputs tells."""
    total = sum(map(text_bytes, corpus))
    workers = beam_options.local_workers(run.beam_args, run.workers, worker_count(total)) or 1
    seconds = seconds_of(vocab_stages(total, read), workers) + learning_seconds(vocab.vocab_size)
    contents = contents_of(plan_splits(corpus, read, run.sizes.read), Sampler(read))
    return {"documents": contents.documents, "seconds": seconds}


def vocabulary_warnings(sums: Mapping[str, int], left: LeftOut, options: VocabOptions) -> list[str]:
    """The warnings for a vocabulary that was learned.

    Args:
        sums: what was counted of the words.
        left: the characters that it cannot spell.
        options: how it was learned.
    """
    from pipelines.graphs.vocab import LOSING

    losing = {name.removeprefix(LOSING): n for name, n in sums.items() if name.startswith(LOSING)}
    texts = mark_warnings(losing, sums["words"], _KEEP_MARKS)
    if left.words_share > _MANY_LOST:
        limit = options.limit_alphabet
        remedy = "a larger --vocab-size" if limit is None else "a larger --limit-alphabet, or auto,"
        texts.append(
            f"{left.words_share:.1%} of the words have one of the {len(left.characters):,} "
            f"characters that are not in the vocabulary, and are [UNK] to it: {remedy} keeps more"
        )
    return texts


def _learned(
    words: Any, counts: NDArray[np.int64], options: VocabOptions
) -> tuple[Vocabulary, LeftOut, int]:
    """The vocabulary, what of the words it cannot spell, and its pieces of pairs seen once."""
    from bertprep.learning.alphabet import left_out
    from bertprep.learning.learn import learn_vocabulary

    if not len(words):
        raise InputError("the inputs hold no text at all: no word was counted")
    head = special_and_unused(options.unused_tokens)
    wanted = options.vocab_size - len(head)
    say(f"learning {wanted:,} pieces from {len(words):,} distinct words")
    with counted([Stage("learning pieces", "pieces", "candidates", 0, 1.0)]) as line:
        pieces, once = learn_vocabulary(
            words,
            counts,
            size=wanted,
            min_frequency=options.min_frequency,
            limit_alphabet=options.limit_alphabet,
            max_token_length=options.max_token_length,
            told=lambda done, of: line.reach("pieces", done, of),
        )
    settings = Settings(strip_accents=False if options.keep_accents else None)
    vocabulary = Vocabulary((*head, *pieces), options.lowercase, settings)
    return vocabulary, left_out(words, counts, pieces), once
