"""log p(x) by importance sampling in JAX: jax_score.py WORKLOAD START"""
import json
import math
import os
import sys

workload = json.load(open(sys.argv[1]))
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:workload["threads"]])

import jax
import jax.numpy as jnp
from safetensors.numpy import load_file

from protocol import take_part

# Decoder outputs in memory at once, as in pytorch_score.py.
ELEMENTS = 1 << 22

start = load_file(sys.argv[2])
samples, images = workload["samples"], jnp.array(start["data/x"].reshape(len(start["data/x"]), -1))
encoder, head, hidden, output = (
    (jnp.array(start[f"model/{name}.weight"].T), jnp.array(start[f"model/{name}.bias"]))
    for name in ("encoder.hidden.1", "encoder.head", "decoder.hidden.0", "decoder.hidden.1"))
rows = max(1, ELEMENTS // (samples * images.shape[1]))


def linear(x, layer):
    return x @ layer[0] + layer[1]


@jax.jit
def score_rows(x, key):
    mean, log_variance = jnp.split(linear(jax.nn.relu(linear(x, encoder)), head), 2, axis=1)
    noise = jax.random.normal(key, (samples, *mean.shape))
    z = mean + noise * jnp.exp(0.5 * log_variance)
    logits = linear(jax.nn.relu(linear(z, hidden)), output)
    log_likelihood = jnp.sum(x * logits - jax.nn.softplus(logits), axis=-1)
    log_weights = log_likelihood + 0.5 * jnp.sum(log_variance + noise**2 - z**2, axis=-1)
    return jnp.sum(jax.scipy.special.logsumexp(log_weights, axis=0) - math.log(samples))


held = [jax.random.key(1)]


def score():
    """Mean log p(x) in nats."""
    total = 0.0
    for first in range(0, len(images), rows):
        held[0], own = jax.random.split(held[0])
        total += float(score_rows(images[first:first + rows], own))
    return total / len(images)


take_part(lambda: [score()], lambda count: [score() for _ in range(count)])
