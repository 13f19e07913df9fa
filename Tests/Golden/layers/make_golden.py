"""Writes layers.json and optimizers.json: what PyTorch computes, in float64.

    python make_golden.py

Made with torch 2.15.0, seed 20240. Each layer: input, cotangent, parameters, output, and the gradients of
sum(output * cotangent). Each optimiser: start, one list of gradients per step, and the parameters after each step.
"""

import json
import os

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20240)
torch.set_default_dtype(torch.float64)


def packed(tensor):
    """Twelve digits: the tests ask for ten."""
    values = tensor.detach().reshape(-1).tolist()
    return {"shape": list(tensor.shape), "values": [float(f"{value:.12g}") for value in values]}


def normal(*shape, scale=1.0):
    """Draws of three decimals, so that the file is short and holds what was computed with."""
    return (torch.randn(*shape) * scale).round(decimals=3)


def case(function, x, parameters, buffers=None):
    """`function(x)` with what it reads in `parameters` (trained) and `buffers`, by our keys."""
    buffers = buffers or {}
    before = {key: packed(b) for key, b in buffers.items()}
    x = x.requires_grad_(True)
    y = function(x)
    cotangent = normal(*y.shape)
    (y * cotangent).sum().backward()
    return {
        "x": packed(x),
        "cotangent": packed(cotangent),
        "parameters": {key: packed(p) for key, p in parameters.items()},
        "buffers": before,
        "y": packed(y),
        "xGradient": packed(x.grad),
        "gradients": {key: packed(p.grad) for key, p in parameters.items()},
        "buffersAfter": {key: packed(b) for key, b in buffers.items()},
    }


def randomised(module):
    for p in module.parameters():
        p.data = normal(*p.shape, scale=0.5)
    return module


def of_module(module, x):
    module = randomised(module)
    return case(module, x, dict(module.named_parameters()))


def batch_norm(training):
    module = randomised(nn.BatchNorm2d(3, momentum=0.3))
    module.running_mean.copy_(normal(3))
    module.running_var.copy_(1 + normal(3).square())
    module.train(training)
    buffers = {"runningMean": module.running_mean, "runningVariance": module.running_var}
    return case(module, normal(4, 3, 3, 2), dict(module.named_parameters()), buffers)


def gated_linear():
    content, gate = randomised(nn.Linear(4, 3)), randomised(nn.Linear(4, 3))
    parameters = {f"{name}.{key}": p for name, module in (("content", content), ("gate", gate))
                  for key, p in module.named_parameters()}
    return case(lambda x: content(x) * torch.sigmoid(gate(x)), normal(5, 4), parameters)


def transposed(output_size):
    module = randomised(nn.ConvTranspose2d(3, 2, 3, stride=2, padding=1))
    return case(lambda x: module(x, output_size=output_size), normal(2, 3, 3, 4),
                dict(module.named_parameters()))


def residual(inputs, outputs):
    body = randomised(nn.Sequential(
        nn.GroupNorm(2, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1),
        nn.GroupNorm(2, outputs), nn.SiLU(), nn.Conv2d(outputs, outputs, 3, padding=1)))
    parameters = {f"body.{key}": p for key, p in body.named_parameters()}
    shortcut = nn.Identity()
    if inputs != outputs:
        shortcut = randomised(nn.Conv2d(inputs, outputs, 1, bias=False))
        parameters["shortcut.weight"] = shortcut.weight
    return case(lambda x: shortcut(x) + body(x), normal(2, inputs, 3, 4), parameters)


def linear_with_relu():
    module = randomised(nn.Linear(4, 3))
    return case(lambda x: F.relu(module(x)), normal(5, 4), dict(module.named_parameters()))


ACTIVATIONS = {
    "relu": F.relu, "leaky-relu": F.leaky_relu, "elu": F.elu, "gelu": F.gelu, "silu": F.silu,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softplus": F.softplus, "identity": lambda x: x * 1,
}

LAYERS = {
    "linear": lambda: of_module(nn.Linear(4, 3), normal(2, 3, 4)),
    "linear without bias": lambda: of_module(nn.Linear(4, 3, bias=False), normal(5, 4)),
    "linear with relu": linear_with_relu,
    "gated linear": gated_linear,
    "convolution": lambda: of_module(nn.Conv2d(3, 2, 3, stride=2, padding=1), normal(2, 3, 5, 6)),
    "grouped dilated convolution": lambda: of_module(
        nn.Conv2d(4, 6, 2, dilation=2, groups=2, bias=False), normal(2, 4, 4, 5)),
    "transposed convolution": lambda: transposed(None),
    "transposed convolution to a size": lambda: transposed((6, 7)),
    "grouped transposed convolution": lambda: of_module(
        nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2, bias=False), normal(2, 4, 2, 3)),
    "group normalisation": lambda: of_module(nn.GroupNorm(2, 6), normal(2, 6, 2, 3)),
    "layer normalisation": lambda: of_module(nn.LayerNorm([3, 4]), normal(2, 3, 4)),
    "batch normalisation in training": lambda: batch_norm(True),
    "batch normalisation in use": lambda: batch_norm(False),
    "residual block": lambda: residual(4, 4),
    "residual block with shortcut": lambda: residual(4, 2),
    "sequence": lambda: of_module(
        nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 6), nn.Unflatten(1, (2, 3))),
        normal(3, 2, 3)),
}


def optimiser(make, steps=4):
    """Thirty-five elements fill a vector register and leave a rest."""
    parameters = [nn.Parameter(normal(5, 7)), nn.Parameter(normal(3))]
    start = [packed(p) for p in parameters]
    rule = make(parameters)
    gradients, after = [], []
    for step in range(steps):
        for p in parameters:
            p.grad = normal(*p.shape) * 10.0 ** (step - 2)
        rule.param_groups[0]["lr"] = 0.1 / (1 + step)
        gradients.append([packed(p.grad) for p in parameters])
        rule.step()
        after.append([packed(p) for p in parameters])
    return {"start": start, "gradients": gradients, "after": after}


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1, weight_decay=0.1),
    "sgd with momentum": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, weight_decay=0.1),
    "sgd with nesterov": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=1),
    "adam with decay": lambda p: torch.optim.Adam(p, lr=1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1, weight_decay=0.1),
    "adamax": lambda p: torch.optim.Adamax(p, lr=1),
    "adamax with decay": lambda p: torch.optim.Adamax(
        p, lr=1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
}


def clipped():
    """Above the limit of 1, and below it."""
    rows = []
    for scale in (3.0, 0.01):
        parameters = [nn.Parameter(torch.zeros(2, 3)), nn.Parameter(torch.zeros(4))]
        for p in parameters:
            p.grad = normal(*p.shape, scale=scale)
        before = [packed(p.grad) for p in parameters]
        norm = nn.utils.clip_grad_norm_(parameters, 1.0)
        rows.append({"before": before, "norm": norm.item(), "after": [packed(p.grad) for p in parameters]})
    return rows


def write(name, value):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


write("layers.json", {name: make() for name, make in LAYERS.items()} | {
    f"activation {name}": case(function, normal(3, 4, scale=3), {})
    for name, function in ACTIVATIONS.items()
})
write("optimizers.json", {name: optimiser(make) for name, make in OPTIMIZERS.items()})
write("clipping.json", clipped())
