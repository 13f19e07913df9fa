"""Training steps in PyTorch: pytorch_train.py eager|tuned|compiled WORKLOAD START [bf16]

`eager` is written as PyTorch's own examples are (pytorch/examples/vae). `tuned` follows its performance tuning guide:
the fused optimiser, the loss from logits, channels-last, no read-back. `compiled` is `tuned` under torch.compile.
"""
import contextlib
import itertools
import json
import math
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from protocol import take_part
from pytorch_densities import RealNVP, logistic_mixture
from start import coupling_layers, layers

CHECKED_STEPS, LEARNING_RATE = 20, 1e-3

variant, workload, start = sys.argv[1], json.load(open(sys.argv[2])), load_file(sys.argv[3])
allows_bf16 = sys.argv[4:] == ["bf16"]
torch.set_num_threads(workload["threads"])
torch.manual_seed(1)
torch.set_flush_denormal(True)
model_choice = workload["model"]
latents, samples, shape = model_choice["latents"], workload["samples"], model_choice["exampleShape"]
is_iwae = workload["objective"] == "iwae"


def chosen(part, kind):
    """The settings of a part of the model if it is of the kind, else None."""
    choice = dict(model_choice.get(part, {}))
    return choice if choice.pop("kind", None) == kind else None


mixture, flow = chosen("likelihood", "logistic-mixture"), chosen("prior", "flow")


def networks():
    """The encoder, its head and the decoder, with our parameters' order."""
    choice = model_choice["network"]
    if choice["kind"] == "mlp":
        activation = {"relu": nn.ReLU, "tanh": nn.Tanh}[choice["activation"]]
        widths = [math.prod(shape), *choice["hidden"]]
        encoder, decoder = [nn.Flatten()], []
        for inputs, outputs in itertools.pairwise(widths):
            encoder += [nn.Linear(inputs, outputs), activation()]
        for inputs, outputs in itertools.pairwise([latents, *widths[:0:-1]]):
            decoder += [nn.Linear(inputs, outputs), activation()]
        return nn.Sequential(*encoder), nn.Linear(widths[-1], 2 * latents), nn.Sequential(
            *decoder, nn.Linear(widths[1], widths[0]))
    ends, features = [shape[0], *choice["channels"]], choice["hidden"]
    side = shape[1] >> len(choice["channels"])
    encoder = []
    for inputs, outputs in itertools.pairwise(ends):
        encoder += [nn.Conv2d(inputs, outputs, 4, 2, 1), nn.ReLU()]
    encoder += [nn.Flatten(), nn.Linear(ends[-1] * side * side, features), nn.ReLU()]
    decoder = [nn.Linear(latents, features), nn.ReLU(), nn.Linear(features, ends[-1] * side * side), nn.ReLU(),
               nn.Unflatten(1, (ends[-1], side, side))]
    for inputs, outputs in itertools.pairwise([*ends[:0:-1], 10 * mixture["components"] if mixture else shape[0]]):
        decoder += [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1), nn.ReLU()]
    return nn.Sequential(*encoder), nn.Linear(features, 2 * latents), nn.Sequential(*decoder[:-1])


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.head, self.decoder = networks()
        self.prior = RealNVP(latents, **flow) if flow else None
        ours = [layers(start, part) for part in ("encoder.hidden", "encoder.head", "decoder")]
        if flow:
            ours += coupling_layers(start, flow["layers"])
        with torch.no_grad():
            for parameter, value in zip(self.parameters(), itertools.chain(*itertools.chain(*ours)), strict=True):
                parameter.copy_(value)

    def forward(self, x, noise):
        mean, log_variance = self.head(self.encoder(x)).chunk(2, dim=1)
        z = mean + noise * torch.exp(0.5 * log_variance)
        output = self.decoder(z.reshape(-1, latents))
        log_prior = self.prior(z).float() if self.prior else None
        return output.unflatten(0, noise.shape[:2]).float(), mean.float(), log_variance.float(), z.float(), log_prior


def distortion_of(output, x):
    """-log p(x | z) of all examples together, in nats."""
    if mixture:
        return -logistic_mixture(output, x, **mixture).sum()
    logits, flat = output.flatten(1), x.flatten(1)
    if variant == "eager":
        return F.binary_cross_entropy(torch.sigmoid(logits), flat, reduction="sum")
    return F.binary_cross_entropy_with_logits(logits, flat, reduction="sum")


def loss_of(x, noise):
    """The mean negative bound in nats, for x [batch, ...] and noise [samples, batch, latents]."""
    with torch.autocast("cpu", torch.bfloat16) if allows_bf16 else contextlib.nullcontext():
        output, mean, log_variance, z, log_prior = model(x, noise)
    if is_iwae:
        logits = output.flatten(2)
        target = x.flatten(1).expand_as(logits)
        distortion = F.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(-1)
        ratio = 0.5 * (log_variance + noise.square() - z.square()).sum(-1)
        return -(torch.logsumexp(ratio - distortion, dim=0) - math.log(samples)).mean()
    if flow:
        log_posterior = -0.5 * (log_variance + noise.square() + math.log(2 * math.pi)).sum(-1)
        rate = (log_posterior - log_prior).sum()
    else:
        rate = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
    return (distortion_of(output[0], x) + rate) / len(x)


model = VAE()
batches = list(start["data/x"].split(workload["batch"]))
given_noise = start["data/noise"]
if variant != "eager":
    if len(shape) == 3 and model_choice["network"]["kind"] == "conv":
        model = model.to(memory_format=torch.channels_last)
        batches = [batch.contiguous(memory_format=torch.channels_last) for batch in batches]
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
else:
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
differentiated = torch.compile(loss_of) if variant == "compiled" else loss_of
places = itertools.cycle(range(CHECKED_STEPS))


def step(noise=None):
    x = batches[next(places)]
    optimizer.zero_grad()
    loss = differentiated(x, torch.randn(samples, len(x), latents) if noise is None else noise)
    loss.backward()
    optimizer.step()
    return loss


def check():
    return [step(given_noise[number]).item() for number in range(CHECKED_STEPS)]


def repeat(count):
    total = 0.0
    for _ in range(count):
        loss = step()
        # The examples sum their losses as they go.
        if variant == "eager":
            total += loss.item()


take_part(check, repeat)
