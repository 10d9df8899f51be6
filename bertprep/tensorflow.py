"""Shards in TensorFlow: a ``tf.data.Dataset``; unmasked rows are masked as they are read.

    data = dataset("shards/", batch_size=256, pad_to=128)  # epoch after epoch
    held_out = dataset("held-out/", batch_size=256, shuffle=False, epochs=1)
    model.fit(data.map(as_keras), steps_per_epoch=1000, epochs=40, validation_data=...)

The columns are those of their layout (``bertprep.layouts``), every integer int32, every other
float32: what google-research/bert and the Model Garden cast the parsed records to.
"""

from bertprep.options import MaskingOptions

try:
    from bertprep.loaders.tensorflow_dataset import dataset
except ModuleNotFoundError as error:
    if error.name != "tensorflow":
        raise
    raise ImportError(
        "bertprep.tensorflow needs TensorFlow: pip install 'bertprep[tensorflow]'"
    ) from None

__all__ = ["MaskingOptions", "dataset"]
