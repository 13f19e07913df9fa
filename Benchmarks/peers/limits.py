"""What this machine can do, by LibTorch's own kernels, as a contestant that only multiplies: limits.py WHAT WORKLOAD

WHAT is `products` (those of one repetition of the workload at their shapes, each by the fastest of oneDNN and MKL and
the ways the operands may lie), `matrix` (a large square product), `convolution` (a large one) or `copy`. Its check
gives the floating-point operations, or bytes read and written, of the last three.
"""
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

from protocol import take_part

what, workload = sys.argv[1], json.load(open(sys.argv[2]))
torch.set_num_threads(workload["threads"])
torch.set_flush_denormal(True)


def fastest(ways):
    """Of several functions the one with the least median time."""
    def median_time(work):
        work()
        times = []
        for _ in range(5):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        return statistics.median(times)
    return min(ways, key=median_time)


def product(rows, inner, columns):
    """[rows, inner] · [inner, columns]."""
    ways = []
    for a in (torch.randn(rows, inner), torch.randn(inner, rows).t()):
        for b in (torch.randn(columns, inner), torch.randn(inner, columns).t()):
            if a.is_contiguous() and b.is_contiguous():
                ways.append(lambda a=a, b=b: torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], ""))
            ways.append(lambda a=a, b=b: torch.mm(a, b.t()))
    return fastest(ways)


def linear_products():
    for rows, inputs, outputs, has_gradient in workload["linear"]:
        if workload["kind"] == "score":
            # In parts, as nobody holds all outputs at once.
            part = min(rows, 2000)
            yield from [product(part, inputs, outputs)] * (rows // part)
            continue
        yield product(rows, inputs, outputs)
        yield product(outputs, rows, inputs)
        if has_gradient:
            yield product(rows, outputs, inputs)


def convolution(batch, inputs, outputs, side, transposed, has_gradient):
    """A convolution's forward and backward pass."""
    forward, backward = [], []
    for layout in (torch.contiguous_format, torch.channels_last):
        x = torch.randn(batch, inputs, side, side).to(memory_format=layout)
        ends = (inputs, outputs) if transposed else (outputs, inputs)
        weight = torch.randn(*ends, 4, 4).to(memory_format=layout)
        apply = F.conv_transpose2d if transposed else F.conv2d
        y = apply(x, weight, None, 2, 1)
        forward.append(lambda x=x, weight=weight: apply(x, weight, None, 2, 1))
        backward.append(lambda x=x, weight=weight, y=y: torch.ops.aten.convolution_backward(
            y, x, weight, None, [2, 2], [1, 1], [1, 1], transposed, [0, 0], 1, [has_gradient, True, False]))
    return [fastest(forward), fastest(backward)]


def measured():
    """The work of one repetition, and how much it is."""
    if what == "matrix":
        size = 1536
        return [product(size, size, size)], 2 * size**3
    if what == "convolution":
        image = torch.randn(4, 256, 64, 64).to(memory_format=torch.channels_last)
        window = torch.randn(256, 256, 3, 3).to(memory_format=torch.channels_last)
        return [lambda: F.conv2d(image, window, None, 1, 1)], 2 * 4 * 256 * 256 * 9 * 64 * 64
    if what == "copy":
        source = torch.randn(1 << 25)
        target = torch.empty_like(source)
        return [lambda: target.copy_(source)], 2 * source.numel() * 4
    parts = [part for shape in workload["convolutions"] for part in convolution(*shape)]
    return [*linear_products(), *parts], 0


with torch.no_grad():
    work, amount = measured()

    def repeat(count):
        for _ in range(count):
            for part in work:
                part()

    take_part(lambda: [amount], repeat)
