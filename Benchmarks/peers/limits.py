"""What this machine can do, by LibTorch's own products: limits.py WORKLOADS

Prints one line of JSON: the rate of large square float32 products and convolutions (floating-point operations per
second), the copy bandwidth (bytes per second, read and written together), and for each workload the seconds that its
products alone take at their shapes, by the faster of oneDNN and MKL.
"""
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

task = json.load(open(sys.argv[1]))
torch.set_num_threads(task["threads"])
torch.set_flush_denormal(True)


def median_time(work, seconds=0.4):
    work()
    times = []
    began = time.perf_counter()
    while len(times) < 5 or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def fastest_product(rows, inner, columns):
    """Seconds of [rows, inner] · [inner, columns]: of the two libraries and the ways the operands may lie."""
    times = []
    for a in (torch.randn(rows, inner), torch.randn(inner, rows).t()):
        for b in (torch.randn(columns, inner), torch.randn(inner, columns).t()):
            if a.is_contiguous() and b.is_contiguous():
                onednn = lambda: torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], "")
                times.append(median_time(onednn, 0.15))
            times.append(median_time(lambda: torch.mm(a, b.t()), 0.15))
    return min(times)


def linear_seconds(products, is_training):
    total = 0.0
    for rows, inputs, outputs, has_gradient in products:
        total += fastest_product(rows, inputs, outputs)
        if is_training:
            total += fastest_product(outputs, rows, inputs)
            if has_gradient:
                total += fastest_product(rows, outputs, inputs)
    return total


def convolution_seconds(convolutions):
    total = 0.0
    for batch, inputs, outputs, side, transposed, has_gradient in convolutions:
        times = []
        for layout in (torch.contiguous_format, torch.channels_last):
            x = torch.randn(batch, inputs, side, side).to(memory_format=layout)
            ends = (inputs, outputs) if transposed else (outputs, inputs)
            weight = torch.randn(*ends, 4, 4).to(memory_format=layout)
            apply = F.conv_transpose2d if transposed else F.conv2d
            y = apply(x, weight, None, 2, 1)
            mask = [has_gradient, True, False]
            backward = lambda: torch.ops.aten.convolution_backward(
                y, x, weight, None, [2, 2], [1, 1], [1, 1], transposed, [0, 0], 1, mask)
            times.append(median_time(lambda: apply(x, weight, None, 2, 1)) + median_time(backward))
        total += min(times)
    return total


with torch.no_grad():
    size = 3072
    matrix = 2 * size**3 / fastest_product(size, size, size)
    image = torch.randn(16, 256, 64, 64).to(memory_format=torch.channels_last)
    window = torch.randn(256, 256, 3, 3).to(memory_format=torch.channels_last)
    convolution = 2 * 16 * 256 * 256 * 9 * 64 * 64 / median_time(lambda: F.conv2d(image, window, None, 1, 1), 2)
    source = torch.randn(1 << 26)
    target = torch.empty_like(source)
    copied = 2 * source.numel() * 4 / median_time(lambda: target.copy_(source), 1)
    products = {
        name: linear_seconds(work["linear"], work["training"]) + convolution_seconds(work["convolutions"])
        for name, work in task["workloads"].items()}
print(json.dumps({"matrix": matrix, "convolution": convolution, "copy": copied, "products": products}))
