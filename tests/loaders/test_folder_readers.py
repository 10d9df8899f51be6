"""What others read a folder of shards with takes it as it is: all of its rows, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from tests.made_folders import numbers_of, options, write_folder

ROWS = [9, 8, 8]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("shards"), options(), ROWS)


def assert_all_rows(columns: dict[str, Any], folder: Path) -> None:
    """Columns of lists are the rows of the shards."""
    schema = pq.read_schema(next(folder.glob("rows/*.parquet")))
    assert sorted(columns) == sorted(schema.names)
    assert sorted(numbers_of(columns)) == list(range(sum(ROWS)))


def with_pyarrow(path: str) -> dict[str, Any]:
    return pyarrow.dataset.dataset(path).to_table().to_pydict()


def with_a_table(path: str) -> dict[str, Any]:
    return pq.read_table(path).to_pydict()


def with_pandas(path: str) -> dict[str, Any]:
    pandas = pytest.importorskip("pandas")
    return {name: list(values) for name, values in pandas.read_parquet(path).items()}


def with_polars(path: str) -> dict[str, Any]:
    return pytest.importorskip("polars").read_parquet(path).to_dict(as_series=False)


def with_polars_later(path: str) -> dict[str, Any]:
    return pytest.importorskip("polars").scan_parquet(path).collect().to_dict(as_series=False)


def with_duckdb(path: str) -> dict[str, Any]:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        return connection.sql(f"from read_parquet('{path}/*')").to_arrow_table().to_pydict()


@pytest.mark.parametrize(
    "read",
    [with_pyarrow, with_a_table, with_pandas, with_polars, with_polars_later, with_duckdb],
)
def test_a_reader_of_folders(folder: Path, read: Callable[[str], dict[str, Any]]) -> None:
    assert_all_rows(read(str(folder / "rows")), folder)


@pytest.mark.torch
@pytest.mark.parametrize("named", ["rows", ""])
def test_datasets(folder: Path, tmp_path: Path, named: str) -> None:
    """As Parquet in a folder, or the whole folder, as one downloaded from a hub."""
    datasets = pytest.importorskip("datasets")
    more = {"split": "train", "cache_dir": str(tmp_path)}
    if named:
        rows = datasets.load_dataset("parquet", data_dir=str(folder / named), **more)
    else:
        rows = datasets.load_dataset(str(folder), **more)
    assert_all_rows(rows.to_dict(), folder)
