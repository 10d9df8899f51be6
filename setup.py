"""Packaging; also what Beam's --setup_file ships to remote workers."""

import os
import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent

# It stands in the package; to import it here would take what it needs.
VERSION = re.search(r'__version__ = "(.+)"', (ROOT / "bertprep" / "__init__.py").read_text())[1]

DOCS = ["jsonschema>=4.20", "mkdocs>=1.6,<2", "mkdocs-material>=9.5", "mkdocstrings-python>=1.10"]
LINT = ["mypy>=1.11", "ruff>=0.9", "uv>=0.5"]
TEST = [
    "accelerate>=1.1",
    "boto3>=1.36",
    "build>=1.2",
    "datasets>=3",
    "duckdb>=1.1",
    "fastparquet>=2024.11",
    "ftfy>=6.2",
    "google-auth[requests]>=2.23",
    "grain>=0.2.3",
    "flask>=3",
    "flask-cors>=5",
    "hypothesis>=6.100",
    "ipykernel>=6.29",
    "jax>=0.4.35",
    "lightning>=2.4",
    "nbclient>=0.10",
    "moto[s3]>=5.1",
    "pandas>=2.2",
    "polars>=1.10",
    "pytest>=9",
    "pytest-randomly>=3.16",
    "pytest-timeout>=2.3",
    "pytest-xdist>=3.6",
    "brotli>=1.1",
    "resiliparse>=0.15,<3",
    "rjieba>=0.1.13",
    "fugashi>=1.3",
    "unidic-lite>=1.0.8",
    "pythainlp>=5",
    "python-crfsuite>=0.9.7",
    "warcio>=1.7",
    "tensorflow-cpu==2.21.0; python_version < '3.14'",
    "torch==2.13.0",
    "torchdata>=0.11",
    "transformers>=5",
]

# With BERTPREP_LOADERS=1 another distribution of the same tree, for who only reads shards: its
# library, without what makes them, and so without Beam.  One environment takes one of the two.
LOADERS_ONLY = os.environ.get("BERTPREP_LOADERS") == "1"
LOADERS = ["numpy>=2.0", "pyarrow>=18,<26"]
# What stores are read by; who makes shards also runs jobs there, with Beam's own clients.
GCP, AWS = ["google-auth[requests]>=2.23"], ["boto3>=1.36"]

setup(
    name="bertprep-loaders" if LOADERS_ONLY else "bertprep",
    version=VERSION,
    description="From raw text to the vocabulary and the shards a BERT trainer reads",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(
        include=["bertprep*"] if LOADERS_ONLY else ["bertprep*", "pipelines*"],
    ),
    package_data={
        "bertprep": ["py.typed"],
        "pipelines": ["py.typed"],
        "pipelines.inspect": ["templates/*"],
    },
    install_requires=LOADERS
    if LOADERS_ONLY
    else [
        *LOADERS,
        "apache-beam>=2.77,<2.78",
        "charset-normalizer>=3.3",
        "click>=8.1",
        "google-crc32c>=1.5",
        "jinja2>=3.1",
        "markupsafe>=2.1",
        "regex>=2024.5.15",
        "tokenizers>=0.20",
    ],
    extras_require={
        "zh": ["rjieba>=0.1.13"],
        "clean": ["ftfy>=6.2"],
        "hub": ["huggingface_hub>=0.26"],
        "notebook": ["ipywidgets>=8", "tqdm>=4.66"],
        "ja": ["fugashi>=1.3", "unidic-lite>=1.0.8"],
        "thai": ["pythainlp>=5", "python-crfsuite>=0.9.7"],
        "web": ["brotli>=1.1", "resiliparse>=0.15,<3"],
        "tfrecord": ["google-crc32c>=1.5"],
        "torch": ["torch>=2.1"],
        "tensorflow": ["tensorflow>=2.16"],
        "gcp": GCP if LOADERS_ONLY else ["apache-beam[gcp]", *GCP],
        "aws": AWS if LOADERS_ONLY else ["apache-beam[aws]", *AWS],
        "docs": DOCS,
        "test": [*DOCS, *TEST],
        "dev": [*LINT, *DOCS, *TEST],
    },
    entry_points={} if LOADERS_ONLY else {"console_scripts": ["bertprep = bertprep.__main__:main"]},
    classifiers=[
        "Programming Language :: Python :: 3",
        *(f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)),
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Topic :: Text Processing :: Linguistic",
    ],
)
