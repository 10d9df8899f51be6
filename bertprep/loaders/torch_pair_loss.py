"""The pair's loss of rows that hold several pairs, for models that take one a row."""

from __future__ import annotations

from typing import Any, NamedTuple

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from bertprep.errors import UsageError
from bertprep.layouts.huggingface import PAIR_NAMES
from bertprep.layouts.values import IGNORED_LABEL
from bertprep.loaders.torch_attention import keep_apart
from bertprep.loaders.torch_unpadded import check_flash

_OWN = (*PAIR_NAMES, "labels", "cls_positions")


class PackedLoss(NamedTuple):
    """Losses of a batch, in nats.

    Attributes:
        loss: the sum of the others, to be minimised.
        masked_lm_loss: mean over the predicted tokens.
        pair_loss: mean over the pairs.
        prediction_logits: [n, L, vocabulary].
        pair_logits: [m, 2], of the m pairs row after row.
        pair_labels: int64[m], theirs.
    """

    loss: Tensor
    masked_lm_loss: Tensor
    pair_loss: Tensor
    prediction_logits: Tensor
    pair_logits: Tensor
    pair_labels: Tensor


def packed_pair_loss(model: nn.Module, batch: dict[str, Any]) -> PackedLoss:
    """The pretraining loss over packed rows of pairs, each told by the model's head at its [CLS].

    transformers' ``BertForPreTraining`` and ``AlbertForPreTraining`` (also in DDP) read one pair a
    row, the first.  Examples of a row are kept apart, as by ``keep_apart``.

    Args:
        model: one of those two, or one built like it.
        batch: packed rows with next_sentence_label or sentence_order_label, or a flat batch of
            ``flatten``; on the device of the model.

    Raises:
        UsageError: for a batch without packed pairs, and a model without such a head.
    """
    names = [name for name in PAIR_NAMES if name in batch]
    if not names or "cls_positions" not in batch:
        raise UsageError(
            "expected packed rows of pairs, with cls_positions and a label of each; got "
            f"{', '.join(batch)}: make the shards with --pack and --task nsp or sop, or give "
            "unpacked rows to the model itself"
        )
    head = _pair_head(getattr(model, "module", model))
    if "sequence_ids" in batch:
        batch = keep_apart(batch, model)
    else:
        check_flash(model)
    inputs = {name: values for name, values in batch.items() if name not in _OWN}
    output = model(**inputs, output_hidden_states=True)
    labels, places = batch[names[0]], batch["cls_positions"]
    rows, numbers = (labels != IGNORED_LABEL).nonzero(as_tuple=True)
    pair_logits = head(output.hidden_states[-1][rows, places[rows, numbers]])
    pair_labels = labels[rows, numbers]
    masked_lm = cross_entropy(
        output.prediction_logits.flatten(0, 1).float(),
        batch["labels"].flatten(),
        ignore_index=IGNORED_LABEL,
    )
    pair = cross_entropy(pair_logits.float(), pair_labels)
    return PackedLoss(
        masked_lm + pair, masked_lm, pair, output.prediction_logits, pair_logits, pair_labels
    )


def _pair_head(model: Any) -> Any:
    """The function from hidden states at [CLS], [m, hidden], to logits of pairs [m, 2]."""
    base: Any = getattr(model, getattr(model, "base_model_prefix", ""), None)
    pooler = getattr(base, "pooler", None)
    if pooler is not None and hasattr(model, "sop_classifier"):  # ALBERT's
        return lambda states: model.sop_classifier(base.pooler_activation(pooler(states)))
    if pooler is not None and hasattr(getattr(model, "cls", None), "seq_relationship"):
        return lambda states: model.cls.seq_relationship(pooler(states[:, None]))
    raise UsageError(
        f"{type(model).__name__} has no head for pairs that is known: expected transformers' "
        "BertForPreTraining or AlbertForPreTraining; others can read hidden_states at "
        "cls_positions themselves"
    )
