"""Writing and reading shards: Parquet, TFRecord, the manifest, a folder of them."""
