"""The densities of the contest that JAX has no function for, as its users write them."""
import math

import jax
import jax.numpy as jnp

# Half the distance of neighbouring levels k / 255.
HALF = 0.5 / 255
# The most that a coupling's log-scale can be, either way.
LIMIT = 1.5


def log_levels(x, location, log_scale):
    """log P of levels by discretised logistics, as PixelCNN++ has it, for x in [0, 1]."""
    centred, inverse = x - location, jnp.exp(-log_scale)
    above, below, middle = inverse * (centred + HALF), inverse * (centred - HALF), inverse * centred
    mass = jax.nn.sigmoid(above) - jax.nn.sigmoid(below)
    # Far out the difference has no digits left: there the density at the level stands for it.
    log_density = middle - log_scale - 2 * jax.nn.softplus(middle) + math.log(2 * HALF)
    inside = jnp.where(mass > 1e-5, jnp.log(jnp.maximum(mass, 1e-12)), log_density)
    return jnp.where(x < HALF, jax.nn.log_sigmoid(above), jnp.where(x > 1 - HALF, -jax.nn.softplus(below), inside))


def logistic_mixture(output, x, components):
    """log P(x) of colour images under mixtures of discretised logistics with the colours of a pixel coupled.

    Of PixelCNN++, but locations count from 1/2, and log-scales from -2 with a soft floor of -7.
    Shapes: `output` [..., height, width, 10 components], `x` [batch, height, width, 3] -> [...].
    """
    logits, rest = jnp.split(output, [components], axis=-1)
    location, log_scale, coupling = (
        part.reshape(*part.shape[:-1], components, 3) for part in jnp.split(rest, 3, axis=-1))
    x = x[..., None, :]
    red, green, _ = jnp.unstack(x - 0.5, axis=-1)
    alpha, beta, gamma = jnp.unstack(jnp.tanh(coupling), axis=-1)
    first, second, third = jnp.unstack(location + 0.5, axis=-1)
    location = jnp.stack([first, second + alpha * red, third + beta * red + gamma * green], axis=-1)
    of_components = jnp.sum(log_levels(x, location, jax.nn.softplus(log_scale + 5) - 7), axis=-1)
    joint = jax.nn.log_softmax(logits) + of_components
    return jnp.sum(jax.scipy.special.logsumexp(joint, axis=-1), axis=(-2, -1))


def real_nvp(couplings, z):
    """log p(z) of what becomes of N(0, I) in affine couplings, which move the halves of z in turn."""
    halves, log_determinant = jnp.split(z, 2, axis=-1), 0
    for number, (*hidden, (weight, bias)) in reversed(list(enumerate(couplings))):
        kept = number % 2
        features = halves[kept]
        for layer_weight, layer_bias in hidden:
            features = jax.nn.relu(features @ layer_weight + layer_bias)
        log_scale, shift = jnp.split(features @ weight + bias, 2, axis=-1)
        log_scale = LIMIT * jnp.tanh(log_scale / LIMIT)
        halves[1 - kept] = halves[1 - kept] * jnp.exp(log_scale) + shift
        log_determinant += jnp.sum(log_scale, axis=-1)
    return log_determinant + jnp.sum(jax.scipy.stats.norm.logpdf(jnp.concatenate(halves, axis=-1)), axis=-1)
