"""Training steps in JAX with optax, the whole step under one jit: jax_train.py WORKLOAD START [bf16]"""
import itertools
import json
import math
import os
import sys

workload = json.load(open(sys.argv[1]))
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=" + ("true" if workload["threads"] > 1 else "false")
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:workload["threads"]])

import jax
import jax.numpy as jnp
import optax
from safetensors.numpy import load_file

from jax_densities import logistic_mixture, real_nvp
from protocol import take_part
from start import coupling_layers, layers

CHECKED_STEPS, LEARNING_RATE = 20, 1e-3

start = load_file(sys.argv[2])
if sys.argv[3:] == ["bf16"]:
    jax.config.update("jax_default_matmul_precision", "BF16_BF16_F32")
model_choice = workload["model"]
latents, samples, shape = model_choice["latents"], workload["samples"], model_choice["exampleShape"]
is_iwae = workload["objective"] == "iwae"
is_convolutional = model_choice["network"]["kind"] == "conv"


def chosen(part, kind):
    """The settings of a part of the model if it is of the kind, else None."""
    choice = dict(model_choice.get(part, {}))
    return choice if choice.pop("kind", None) == kind else None


mixture, flow = chosen("likelihood", "logistic-mixture"), chosen("prior", "flow")


def arranged(pairs, is_transposed=False):
    """Weights and biases of layers, matrices as [inputs, outputs] and windows as HWIO."""
    found = []
    for weight, bias in pairs:
        if weight.ndim == 2:
            weight = weight.T
        elif is_transposed:
            weight = weight.transpose(2, 3, 0, 1)[::-1, ::-1]  # from IOHW, of the equivalent convolution
        else:
            weight = weight.transpose(2, 3, 1, 0)  # from OIHW
        found.append((jnp.array(weight), jnp.array(bias)))
    return found


weights = {part: arranged(layers(start, part), part == "decoder")
           for part in ("encoder.hidden", "encoder.head", "decoder")}
if flow:
    weights["flow"] = [arranged(pairs) for pairs in coupling_layers(start, flow["layers"])]
activation = {"relu": jax.nn.relu, "tanh": jnp.tanh}[
    "relu" if is_convolutional else model_choice["network"]["activation"]]


def encode(weights, x):
    for weight, bias in weights["encoder.hidden"]:
        if weight.ndim == 4:
            x = jax.lax.conv_general_dilated(x, weight, (2, 2), [(1, 1), (1, 1)],
                                             dimension_numbers=("NHWC", "HWIO", "NHWC"))
        elif x.ndim == 4:
            x = x.transpose(0, 3, 1, 2).reshape(len(x), -1) @ weight
        else:
            x = x @ weight
        x = activation(x + bias)
    ((weight, bias),) = weights["encoder.head"]
    return jnp.split(x @ weight + bias, 2, axis=1)


def decode(weights, z):
    layers = weights["decoder"]
    for number, (weight, bias) in enumerate(layers):
        if weight.ndim == 4:
            if z.ndim == 2:
                side = shape[1] >> len(model_choice["network"]["channels"])
                z = z.reshape(len(z), -1, side, side).transpose(0, 2, 3, 1)
            z = jax.lax.conv_general_dilated(z, weight, (1, 1), [(2, 2), (2, 2)], lhs_dilation=(2, 2),
                                             dimension_numbers=("NHWC", "HWIO", "NHWC")) + bias
        else:
            z = z @ weight + bias
        if number + 1 < len(layers):
            z = activation(z)
    return z


def loss_of(weights, x, noise):
    mean, log_variance = encode(weights, x)
    z = mean + jnp.exp(0.5 * log_variance) * noise
    output = decode(weights, z.reshape(-1, latents))
    if mixture:
        output = output.reshape(*noise.shape[:2], *output.shape[1:])
        distortion = -logistic_mixture(output, x, **mixture)
    else:
        logits = output.reshape(*noise.shape[:2], -1)
        distortion = jnp.sum(jax.nn.softplus(logits) - x.reshape(len(x), -1) * logits, axis=-1)
    if is_iwae:
        ratio = 0.5 * jnp.sum(log_variance + noise**2 - z**2, axis=-1)
        return -jnp.mean(jax.scipy.special.logsumexp(ratio - distortion, axis=0) - math.log(samples))
    if flow:
        log_posterior = jnp.sum(jax.scipy.stats.norm.logpdf(noise) - 0.5 * log_variance, axis=-1)
        rate = jnp.sum(log_posterior - real_nvp(weights["flow"], z))
    else:
        rate = -0.5 * jnp.sum(1 + log_variance - mean**2 - jnp.exp(log_variance))
    return (jnp.sum(distortion) + rate) / len(x)


optimizer = optax.adam(LEARNING_RATE)


def updated(weights, state, x, noise):
    loss, slopes = jax.value_and_grad(loss_of)(weights, x, noise)
    changes, state = optimizer.update(slopes, state)
    return optax.apply_updates(weights, changes), state, loss


update = jax.jit(updated, donate_argnums=(0, 1))


@jax.jit(donate_argnums=(0, 1, 3))
def drawn_update(weights, state, x, key):
    key, own = jax.random.split(key)
    noise = jax.random.normal(own, (samples, len(x), latents))
    return *updated(weights, state, x, noise), key


x_all = start["data/x"]
if is_convolutional:
    x_all = x_all.transpose(0, 2, 3, 1)
else:
    x_all = x_all.reshape(len(x_all), -1)
batches = [jnp.array(part) for part in x_all.reshape(CHECKED_STEPS, workload["batch"], *x_all.shape[1:])]
places = itertools.cycle(range(CHECKED_STEPS))
held = [weights, optimizer.init(weights), jax.random.key(1)]


def check():
    losses = []
    for number in range(CHECKED_STEPS):
        held[0], held[1], loss = update(held[0], held[1], batches[number], jnp.array(start["data/noise"][number]))
        losses.append(float(loss))
    return losses


def repeat(count):
    loss = None
    for _ in range(count):
        held[0], held[1], loss, held[2] = drawn_update(held[0], held[1], batches[next(places)], held[2])
    loss.block_until_ready()


take_part(check, repeat)
