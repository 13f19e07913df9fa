"""What is timed, as JSON that every contestant reads, and how many floating-point operations it takes."""
import copy
import dataclasses
import itertools
import math


def mlp(hidden, latents, activation="relu", **choices):
    return {"exampleShape": [1, 28, 28], "latents": latents, "likelihood": {"kind": "bernoulli"},
            "network": {"kind": "mlp", "hidden": hidden, "activation": activation}, **choices}


def convolutional(side, channels, latents, likelihood):
    return {"exampleShape": [3, side, side], "latents": latents, "likelihood": likelihood,
            "network": {"kind": "conv", "channels": channels, "hidden": 256}}


def chosen(model, part, kind):
    """The settings of a part of a model if it is of the kind, else None."""
    choice = dict(model.get(part, {}))
    return choice if choice.pop("kind", None) == kind else None


@dataclasses.dataclass
class Workload:
    name: str
    what: str
    kind: str
    model: dict | None = None
    batch: int = 1
    samples: int = 1
    objective: str = "elbo"
    threads: int = 2

    def as_json(self):
        fields = ("kind", "model", "batch", "samples", "objective", "threads")
        return {**{key: getattr(self, key) for key in fields},
                "linear": self.linear_products(), "convolutions": self.convolutions()}

    def with_(self, **changes):
        return dataclasses.replace(copy.deepcopy(self), **changes)

    def linear_products(self):
        """The matrix products of a step as (rows, inputs, outputs, whether the input has a gradient)."""
        if self.kind not in ("train", "score"):
            return []
        network, latents, rows = self.model["network"], self.model["latents"], self.batch * self.samples
        is_first = network["kind"] == "mlp"
        if is_first:
            places, hidden = math.prod(self.model["exampleShape"][1:]), network["hidden"]
            encoder = itertools.pairwise([self.model["exampleShape"][0] * places, *hidden, 2 * latents])
            decoder = itertools.pairwise([latents, *hidden[::-1], self.outputs() * places])
        else:
            channels, features = network["channels"], network["hidden"]
            smallest = channels[-1] * (self.model["exampleShape"][1] >> len(channels)) ** 2
            encoder, decoder = [(smallest, features), (features, 2 * latents)], [(latents, features),
                                                                                (features, smallest)]
        return [(self.batch, *ends, number > 0 or not is_first) for number, ends in enumerate(encoder)] + [
            (rows, *ends, True) for ends in [*decoder, *self.couplings()]]

    def outputs(self):
        """How many numbers the decoder gives for each place of an example."""
        channels, mixture = self.model["exampleShape"][0], chosen(self.model, "likelihood", "logistic-mixture")
        # A weight, locations and scales of the channels, and how the colours of a pixel are coupled.
        return mixture["components"] * (1 + 2 * channels + 3 * (channels == 3)) if mixture else channels

    def couplings(self):
        """The layers of the prior's flow as (inputs, outputs): from a half of z to scale and shift of the other."""
        flow, half = chosen(self.model, "prior", "flow"), self.model["latents"] // 2
        return flow["layers"] * list(itertools.pairwise([half, *flow["hidden"], 2 * half])) if flow else []

    def convolutions(self):
        """The convolutions of a step as (batch, inputs, outputs, side that comes in, transposed, input gradient)."""
        if self.kind != "train" or self.model["network"]["kind"] != "conv":
            return []
        channels, side, found = self.model["network"]["channels"], self.model["exampleShape"][1], []
        for number, ends in enumerate(itertools.pairwise([self.model["exampleShape"][0], *channels])):
            found.append((self.batch, *ends, side >> number, False, number > 0))
        for number, ends in enumerate(itertools.pairwise([*channels[::-1], self.outputs()])):
            found.append((self.batch, *ends, side >> (len(channels) - number), True, True))
        return found

    def operations(self):
        """Floating-point operations of the products of a step, in (linear, convolutional) layers."""
        passes = lambda has_gradient: 1 if self.kind == "score" else 3 if has_gradient else 2
        linear = sum(2 * rows * inputs * outputs * passes(needed)
                     for rows, inputs, outputs, needed in self.linear_products())
        # A window of 4 by 4 and a stride of 2: the smaller map has a quarter of the places.
        convolutional = sum(
            2 * batch * inputs * outputs * 16 * (side if transposed else side // 2) ** 2 * passes(needed)
            for batch, inputs, outputs, side, transposed, needed in self.convolutions())
        return linear, convolutional


WORKLOADS = [
    Workload("mlp", "a step of 784-400-20, batch 128", "train", mlp([400], 20), batch=128),
    Workload("mlp-large", "a step of 784-512-50, batch 512", "train", mlp([512], 50), batch=512),
    Workload("iwae", "a step of 784-200-200-50, tanh, 50 samples, batch 20", "train", mlp([200, 200], 50, "tanh"),
             batch=20, samples=50, objective="iwae"),
    Workload("conv", "a step of 64×64×3, 32-32-64-64-256-64, batch 64", "train",
             convolutional(64, [32, 32, 64, 64], 64, {"kind": "bernoulli"}), batch=64),
    Workload("colour", "a step of 32×32×3, 64-128-256-256-128, mixture of 10 logistics, batch 64", "train",
             convolutional(32, [64, 128, 256], 128, {"kind": "logistic-mixture", "components": 10}), batch=64),
    Workload("flow-prior", "a step of 784-400-20, prior of 6 couplings of width 128, batch 128", "train",
             mlp([400], 20, prior={"kind": "flow", "layers": 6, "hidden": [128]}), batch=128),
    Workload("score", "log p(x) of 1,000 digits, 1,000 samples each", "score", mlp([400], 20), batch=1000,
             samples=1000),
    Workload("generate", "a new process writes 64 samples as PNG", "generate", mlp([400], 20)),
    # Here `samples` is the number of steps.
    Workload("kmeans", "10 steps of k-means, 1,000,000 rows of 16, 16 centres", "kmeans", batch=1_000_000, samples=10),
    Workload("mixture", "5 steps of a diagonal mixture, 1,000,000 rows of 16, 16 components", "mixture",
             batch=1_000_000, samples=5),
    # Here it is the number of batches.
    Workload("folder", "an epoch of a folder of 20,000 PNGs of 32×32", "folder", batch=128, samples=157),
]
