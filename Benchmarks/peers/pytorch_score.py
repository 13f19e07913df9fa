"""log p(x) by importance sampling in PyTorch: pytorch_score.py eager|compiled WORKLOAD START"""
import json
import math
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from protocol import take_part

# Decoder outputs in memory at once; of 2^20 to 2^24 the fastest here.
ELEMENTS = 1 << 22

variant, workload, start = sys.argv[1], json.load(open(sys.argv[2])), load_file(sys.argv[3])
torch.set_num_threads(workload["threads"])
torch.manual_seed(1)
torch.set_flush_denormal(True)
samples, images = workload["samples"], start["data/x"].flatten(1)
encoder, head, hidden, output = (
    (start[f"model/{name}.weight"], start[f"model/{name}.bias"])
    for name in ("encoder.hidden.1", "encoder.head", "decoder.hidden.0", "decoder.hidden.1"))


def log_weights(x, mean, log_variance, draws):
    noise = torch.randn(draws, *mean.shape)
    z = mean + noise * torch.exp(0.5 * log_variance)
    logits = F.linear(F.relu(F.linear(z, *hidden)), *output)
    log_likelihood = -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
    return log_likelihood + 0.5 * (log_variance + noise.square() - z.square()).sum(-1)


if variant == "compiled":
    log_weights = torch.compile(log_weights)


@torch.inference_mode()
def score():
    """Mean log p(x) in nats."""
    total = 0.0
    mean, log_variance = F.linear(F.relu(F.linear(images, *encoder)), *head).chunk(2, dim=1)
    rows = max(1, ELEMENTS // (samples * images.shape[1]))
    for x, m, v in zip(images.split(rows), mean.split(rows), log_variance.split(rows)):
        total += (torch.logsumexp(log_weights(x, m, v, samples), 0) - math.log(samples)).sum().item()
    return total / len(images)


take_part(lambda: [score()], lambda count: [score() for _ in range(count)])
