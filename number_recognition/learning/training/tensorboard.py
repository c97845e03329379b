"""The figures of each epoch for TensorBoard."""

from __future__ import annotations

import tensorflow as tf


def write_epoch(writer: tf.summary.SummaryWriter, step: int, metrics: dict[str, float]) -> None:
    """Write figures as `tf.summary.scalar` does, which wants TensorBoard itself for it."""
    from tensorflow.core.framework.summary_pb2 import SummaryMetadata

    metadata = SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"),
        data_class=1,  # DATA_CLASS_SCALAR
    )
    with writer.as_default(step=step):
        for name, figure in metrics.items():
            tf.summary.write(name, tf.constant(figure, tf.float32), metadata=metadata)
    writer.flush()
