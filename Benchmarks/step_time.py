#!/usr/bin/env python3
"""Times a training step of the 784-400-20 VAE at batch 128: ours, PyTorch eager and JAX jit, in turns.

Ours is the time of a whole epoch of `vae train --data mnist` by its steps, with loading, shuffling and the sums for
the metrics in it. The others step on one batch that stays in memory, as their examples write it: PyTorch's own
example (pytorch/examples/vae) and its counterpart in JAX with optax. All use two threads and float32. Prints the
medians in milliseconds and the ratios.

    Benchmarks/step_time.py [--vae .build/release/vae] [--rounds 5]

VAE_DATA_DIR or the cache must hold mnist; python3 must have torch, jax and optax.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

BATCH, STEPS, WARM_UP = 128, 300, 30


def median_step(step):
    for _ in range(WARM_UP):
        step()
    times = []
    for _ in range(STEPS):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def pytorch():
    import torch
    import torch.nn.functional as F
    from torch import nn

    torch.set_num_threads(2)

    class VAE(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1, self.fc21, self.fc22 = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
            self.fc3, self.fc4 = nn.Linear(20, 400), nn.Linear(400, 784)

        def forward(self, x):
            h = F.relu(self.fc1(x))
            mean, log_variance = self.fc21(h), self.fc22(h)
            z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
            return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mean, log_variance

    model = VAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    x = torch.rand(BATCH, 784)

    def step():
        optimizer.zero_grad()
        y, mean, log_variance = model(x)
        rate = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
        loss = F.binary_cross_entropy(y, x, reduction="sum") + rate
        loss.backward()
        optimizer.step()

    return median_step(step)


def jax():
    import jax
    import jax.numpy as jnp
    import optax

    key = jax.random.key(0)
    shapes = [(784, 400), (400, 40), (20, 400), (400, 784)]
    weights = [(jax.random.normal(key, shape) * 0.03, jnp.zeros(shape[1])) for shape in shapes]
    optimizer = optax.adam(1e-3)
    x = jax.random.uniform(key, (BATCH, 784))

    def loss(weights, key):
        (w1, b1), (w2, b2), (w3, b3), (w4, b4) = weights
        mean, log_variance = jnp.split(jax.nn.relu(x @ w1 + b1) @ w2 + b2, 2, axis=1)
        z = mean + jnp.exp(0.5 * log_variance) * jax.random.normal(key, mean.shape)
        logits = jax.nn.relu(z @ w3 + b3) @ w4 + b4
        distortion = jnp.sum(jax.nn.softplus(logits) - x * logits)
        rate = -0.5 * jnp.sum(1 + log_variance - mean**2 - jnp.exp(log_variance))
        return (distortion + rate) / BATCH

    @jax.jit
    def update(weights, state, key):
        key, noise = jax.random.split(key)
        value, slopes = jax.value_and_grad(loss)(weights, noise)
        changes, state = optimizer.update(slopes, state)
        return optax.apply_updates(weights, changes), state, key, value

    held = [weights, optimizer.init(weights), key]

    def step():
        *held[:], value = update(*held)
        value.block_until_ready()

    return median_step(step)


def ours(vae):
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        subprocess.run(
            [vae, "train", "--data", "mnist", "--epochs", "3", "--threads", "2", "--quiet", "--out", run],
            check=True, stdout=subprocess.DEVNULL)
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    first, last = lines[0], lines[-1]
    return (last["seconds"] - first["seconds"]) / (last["step"] - first["step"]) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vae", default=".build/release/vae")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", choices=["pytorch", "jax"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        print({"pytorch": pytorch, "jax": jax}[arguments.peer]())
        return

    def peer(name):
        # A process of its own, so that thread pools do not meet.
        return float(subprocess.check_output([sys.executable, __file__, "--peer", name]))

    times = {"ours": [], "pytorch": [], "jax": []}
    for _ in range(arguments.rounds):
        times["ours"].append(ours(arguments.vae))
        for name in ("pytorch", "jax"):
            times[name].append(peer(name))
    middle = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:8} {middle[name]:6.2f} ms  ({min(values):.2f} to {max(values):.2f} over {len(values)} rounds)")
    print(f"ours / PyTorch eager {middle['ours'] / middle['pytorch']:.2f}, ours / JAX jit "
          f"{middle['ours'] / middle['jax']:.2f}")


if __name__ == "__main__":
    main()
