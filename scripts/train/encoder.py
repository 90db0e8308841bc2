"""A small transformer encoder with a classification head, in plain JAX.

Shapes: B sentences, T tokens, D = WIDTH, H = HEADS, C topics.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

WIDTH = 160
HEADS = 5
LAYERS = 2
INNER = 512
LONGEST = 128
EPSILON = 1e-5

Parameters = dict[str, jax.Array]


def initial_parameters(seed: int, vocabulary: int, topics: int) -> Parameters:
    rng = np.random.default_rng(seed)

    def normal(*shape: int, scale: float) -> jax.Array:
        return jnp.asarray(rng.normal(0.0, scale, shape), jnp.float32)

    parameters: Parameters = {
        "embed.tokens": normal(vocabulary, WIDTH, scale=0.05),
        "embed.positions": normal(LONGEST, WIDTH, scale=0.02),
        "head.weight": normal(WIDTH, topics, scale=WIDTH**-0.5),
        "head.bias": jnp.zeros(topics),
    }
    for layer in range(LAYERS):
        for name, rows, columns in (("query", WIDTH, WIDTH), ("key", WIDTH, WIDTH), ("value", WIDTH, WIDTH), ("out", WIDTH, WIDTH), ("grow", WIDTH, INNER), ("shrink", INNER, WIDTH)):
            parameters[f"layer{layer}.{name}.weight"] = normal(rows, columns, scale=rows**-0.5)
            parameters[f"layer{layer}.{name}.bias"] = jnp.zeros(columns)
    for norm in [f"layer{i}.norm{n}" for i in range(LAYERS) for n in (1, 2)] + ["final.norm"]:
        parameters[f"{norm}.weight"] = jnp.ones(WIDTH)
        parameters[f"{norm}.bias"] = jnp.zeros(WIDTH)
    return parameters


def logits(p: Parameters, ids: jax.Array, mask: jax.Array, key: jax.Array | None = None, rate: float = 0.0) -> jax.Array:
    """ids and mask (B, T) -> logits (B, C). With a key, values are dropped at `rate`."""

    def dropped(x: jax.Array, place: int) -> jax.Array:
        if key is None:
            return x
        keep = jax.random.bernoulli(jax.random.fold_in(key, place), 1 - rate, x.shape)
        return jnp.where(keep, x / (1 - rate), 0.0)

    batch, length = ids.shape
    visible = mask.astype(jnp.float32)
    hidden = dropped(p["embed.tokens"][ids] + p["embed.positions"][:length], 0)
    for layer in range(LAYERS):
        name = f"layer{layer}"
        normed = normalized(p, f"{name}.norm1", hidden)
        query, keys, values = (
            linear(p, f"{name}.{part}", normed).reshape(batch, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ keys.transpose(0, 1, 3, 2) * (WIDTH // HEADS) ** -0.5
        weights = jax.nn.softmax(scores + (1 - visible)[:, None, None, :] * -1e4, axis=-1)
        mixed = (weights @ values).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)
        hidden = hidden + dropped(linear(p, f"{name}.out", mixed), 1 + 2 * layer)
        normed = normalized(p, f"{name}.norm2", hidden)
        grown = jax.nn.gelu(linear(p, f"{name}.grow", normed), approximate=False)
        hidden = hidden + dropped(linear(p, f"{name}.shrink", grown), 2 + 2 * layer)
    hidden = normalized(p, "final.norm", hidden) * visible[:, :, None]
    mean = hidden.sum(axis=1) / visible.sum(axis=1, keepdims=True)
    return linear(p, "head", dropped(mean, 99))


def linear(p: Parameters, name: str, x: jax.Array) -> jax.Array:
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


def normalized(p: Parameters, name: str, x: jax.Array) -> jax.Array:
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON) * p[f"{name}.weight"] + p[f"{name}.bias"]
