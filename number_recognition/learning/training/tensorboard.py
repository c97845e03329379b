"""Write the metrics of each epoch for TensorBoard."""

from __future__ import annotations

import tensorflow as tf


def write_epoch(writer: tf.summary.SummaryWriter, step: int, metrics: dict[str, float]) -> None:
    """Write metrics as `tf.summary.scalar` does, which needs TensorBoard to be installed."""
    from tensorflow.core.framework.summary_pb2 import SummaryMetadata

    metadata = SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"),
        data_class=1,  # DATA_CLASS_SCALAR
    )
    with writer.as_default(step=step):
        for name, value in metrics.items():
            tf.summary.write(name, tf.constant(value, tf.float32), metadata=metadata)
    writer.flush()
