"""Trains the example's topic classifier and writes examples/text-classification/model.

    python3 -m venv .venv && .venv/bin/pip install -r scripts/train/requirements.txt
    .venv/bin/python scripts/train/train.py

One core and a few minutes. The same text, versions and machine give the same file.
"""

from __future__ import annotations

import os

# One thread: sums are always added in the same order, so the weights come out the same.
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import argparse
import json
import random
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from tokenizers import Tokenizer

from corpus import TOPICS, Corpus, Example, read_labelled
from encoder import LONGEST, Parameters, initial_parameters, logits
from onnx_graph import onnx_model
from vocabulary import build_tokenizer, splits_of

MODEL = Path(__file__).parents[2] / "examples" / "text-classification" / "model"
SEED = 20261122
BATCH = 64
TRAINING_LENGTH = 48
PEAK_RATE = 1e-3
WARM_UP = 100
DROPOUT = 0.3
# Up to this share of a sentence's tokens is left out or hidden, so that no sentence is learned by heart and every word
# has to carry its own weight; and how often a word is shown as stem and ending.
HIDDEN = 0.6
SPLIT = 0.3
SMOOTHING = 0.05
DECAY = 0.05
# The weights that are written are a running average over about the last hundred steps.
AVERAGING = 0.99


def encoded(tokenizer: Tokenizer, texts: list[str], length: int) -> tuple[np.ndarray, np.ndarray]:
    ids = np.zeros((len(texts), length), np.int32)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(tokenizer.encode_batch(texts)):
        kept = encoding.ids[:length]
        ids[row, : len(kept)] = kept
        mask[row, : len(kept)] = 1
    return ids, mask


def training_batch(
    corpus: Corpus, tokenizer: Tokenizer, splits: dict[int, tuple[int, int]], rng: random.Random
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    unknown = tokenizer.token_to_id("[UNK]")
    ids = np.zeros((BATCH, TRAINING_LENGTH), np.int32)
    mask = np.zeros_like(ids)
    topics = np.zeros(BATCH, np.int32)
    for row in range(BATCH):
        example = corpus.draw(rng)
        first, *words, last = tokenizer.encode(example.text).ids
        hidden = rng.uniform(0, HIDDEN)
        shown: list[int] = []
        for word in words:
            if rng.random() < hidden:
                if rng.random() < 0.5:
                    shown.append(unknown)
            elif word in splits and rng.random() < SPLIT:
                shown += splits[word]
            else:
                shown.append(word)
        sequence = [first, *shown[: TRAINING_LENGTH - 2], last]
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
        topics[row] = TOPICS.index(example.topic)
    return ids, mask, topics


@partial(jax.jit, donate_argnums=(0, 1, 2, 3))
def step(p: Parameters, mean: Parameters, square: Parameters, average: Parameters, key: jax.Array, at: jax.Array, rate: jax.Array, ids: jax.Array, mask: jax.Array, topics: jax.Array):  # noqa: ANN201
    """One step of Adam with decoupled weight decay."""

    def loss(p: Parameters) -> jax.Array:
        target = jax.nn.one_hot(topics, len(TOPICS)) * (1 - SMOOTHING) + SMOOTHING / len(TOPICS)
        return -(target * jax.nn.log_softmax(logits(p, ids, mask, key, DROPOUT))).sum(axis=-1).mean()

    value, slope = jax.value_and_grad(loss)(p)
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slope)
    square = jax.tree.map(lambda s, g: 0.999 * s + 0.001 * g * g, square, slope)

    def moved(w: jax.Array, m: jax.Array, s: jax.Array) -> jax.Array:
        direction = (m / (1 - 0.9**at)) / (jnp.sqrt(s / (1 - 0.999**at)) + 1e-8)
        return w - rate * (direction + DECAY * w)

    p = jax.tree.map(moved, p, mean, square)
    average = jax.tree.map(lambda a, w: AVERAGING * a + (1 - AVERAGING) * w, average, p)
    return p, mean, square, average, value


def right_share(p: Parameters, tokenizer: Tokenizer, examples: list[Example]) -> float:
    ids, mask = encoded(tokenizer, [e.text for e in examples], TRAINING_LENGTH)
    answers = np.asarray(jax.jit(logits)(p, ids, mask)).argmax(axis=-1)
    return float(np.mean([TOPICS[a] == e.topic for a, e in zip(answers, examples, strict=True)]))


def write_model(p: Parameters, tokenizer: Tokenizer, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(onnx_model({k: np.asarray(v) for k, v in p.items()}, len(TOPICS)), folder / "model.onnx")
    tokenizer.save(str(folder / "tokenizer.json"))
    pieces = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer_config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": LONGEST, **pieces, "model_input_names": ["input_ids", "attention_mask"]}
    config = {
        "model_type": "topic-encoder",
        "id2label": {str(i): t for i, t in enumerate(TOPICS)},
        "label2id": {t: i for i, t in enumerate(TOPICS)},
        "max_position_embeddings": LONGEST,
        "vocab_size": tokenizer.get_vocab_size(),
    }
    for name, value in (("tokenizer_config.json", tokenizer_config), ("config.json", config)):
        (folder / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--steps", type=int, default=1200)
    arguments.add_argument("--out", type=Path, default=MODEL)
    options = arguments.parse_args()

    corpus, development = Corpus(), read_labelled("development")
    tokenizer = build_tokenizer(corpus.texts(), LONGEST)
    splits = splits_of(tokenizer)
    p = initial_parameters(SEED, tokenizer.get_vocab_size(), len(TOPICS))
    mean, square = (jax.tree.map(jnp.zeros_like, p) for _ in range(2))
    average = jax.tree.map(jnp.copy, p)
    rng, key = random.Random(SEED), jax.random.key(SEED)
    print(f"{tokenizer.get_vocab_size()} tokens, {sum(v.size for v in p.values())} parameters", flush=True)
    for at in range(1, options.steps + 1):
        rate = PEAK_RATE * min(at / WARM_UP, (1 + np.cos(np.pi * at / options.steps)) / 2)
        batch = training_batch(corpus, tokenizer, splits, rng)
        p, mean, square, average, value = step(p, mean, square, average, jax.random.fold_in(key, at), jnp.float32(at), jnp.float32(rate), *batch)
        if at % 100 == 0 or at == options.steps:
            share = right_share(average, tokenizer, development)
            print(f"step {at}: loss {float(value):.3f}, development sentences right {share:.3f}", flush=True)
    write_model(average, tokenizer, options.out)

    # The written file must say what the trained model says, padding and all.
    import onnxruntime

    session = onnxruntime.InferenceSession(options.out / "model.onnx", providers=["CPUExecutionProvider"])
    ids, mask = encoded(tokenizer, [e.text for e in development], TRAINING_LENGTH)
    (written,) = session.run(["logits"], {"input_ids": ids.astype(np.int64), "attention_mask": mask.astype(np.int64)})
    difference = float(np.abs(written - np.asarray(logits(average, ids, mask))).max())
    print(f"model.onnx: {(options.out / 'model.onnx').stat().st_size} bytes, largest difference to JAX {difference:.1e}")
    if difference > 1e-4:
        raise SystemExit("model.onnx disagrees with the trained model")


if __name__ == "__main__":
    main()
