"""The densities of the contest that PyTorch has no function for, as its users write them."""
import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn

# Half the distance of neighbouring levels k / 255.
HALF = 0.5 / 255
# The most that a coupling's log-scale can be, either way.
LIMIT = 1.5


def log_levels(x, location, log_scale):
    """log P of levels by discretised logistics, as PixelCNN++ has it, for x in [0, 1]."""
    centred, inverse = x - location, torch.exp(-log_scale)
    above, below, middle = inverse * (centred + HALF), inverse * (centred - HALF), inverse * centred
    mass = torch.sigmoid(above) - torch.sigmoid(below)
    # Far out the difference has no digits left: there the density at the level stands for it.
    log_density = middle - log_scale - 2 * F.softplus(middle) + math.log(2 * HALF)
    inside = torch.where(mass > 1e-5, mass.clamp(min=1e-12).log(), log_density)
    return torch.where(x < HALF, F.logsigmoid(above), torch.where(x > 1 - HALF, -F.softplus(below), inside))


def logistic_mixture(output, x, components):
    """log P(x) of colour images under mixtures of discretised logistics with the colours of a pixel coupled.

    Of PixelCNN++, but locations count from 1/2, and log-scales from -2 with a soft floor of -7.
    Shapes: `output` [..., 10 components, height, width], `x` [batch, 3, height, width] -> [...].
    """
    logits, *parts = output.split([components, *3 * [3 * components]], dim=-3)
    location, log_scale, coupling = (part.unflatten(-3, (components, 3)) for part in parts)
    x = x.unsqueeze(-4)
    red, green, _ = (x - 0.5).unbind(-3)
    alpha, beta, gamma = coupling.tanh().unbind(-3)
    first, second, third = (location + 0.5).unbind(-3)
    location = torch.stack([first, second + alpha * red, third + beta * red + gamma * green], dim=-3)
    of_components = log_levels(x, location, F.softplus(log_scale + 5) - 7).sum(-3)
    return torch.logsumexp(logits.log_softmax(-3) + of_components, dim=-3).sum((-2, -1))


class RealNVP(nn.Module):
    """log p(z) of what becomes of N(0, I) in affine couplings, which move the halves of z in turn."""

    def __init__(self, size, layers, hidden):
        super().__init__()
        self.networks = nn.ModuleList()
        for _ in range(layers):
            parts = []
            for inputs, outputs in itertools.pairwise([size // 2, *hidden]):
                parts += [nn.Linear(inputs, outputs), nn.ReLU()]
            self.networks.append(nn.Sequential(*parts, nn.Linear(hidden[-1], size)))

    def forward(self, z):
        halves, log_determinant = list(z.chunk(2, dim=-1)), 0
        for number, network in reversed(list(enumerate(self.networks))):
            kept = number % 2
            log_scale, shift = network(halves[kept]).chunk(2, dim=-1)
            log_scale = LIMIT * torch.tanh(log_scale / LIMIT)
            halves[1 - kept] = halves[1 - kept] * log_scale.exp() + shift
            log_determinant = log_determinant + log_scale.sum(-1)
        return log_determinant - 0.5 * (torch.cat(halves, dim=-1).square() + math.log(2 * math.pi)).sum(-1)
