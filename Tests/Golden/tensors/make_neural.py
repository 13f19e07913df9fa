"""Writes neural.json: convolutions, pooling, padding, resizing and normalisations by PyTorch, in float64.

Made with Python 3.11, PyTorch 2.15.0, seed 1:  python3 make_neural.py > neural.json
"""

import json

import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)


def draw(*shape):
    return (torch.randn(shape) * 100).round() / 100


image, wide = draw(2, 4, 5, 6), draw(1, 2, 7, 4)
w33, w12, grouped, bias = draw(3, 4, 3, 3), draw(3, 4, 1, 2), draw(4, 2, 3, 3), draw(3)
t33, tgrouped, small = draw(4, 3, 3, 3), draw(4, 2, 2, 2), draw(2, 4, 3, 2)
scale, shift, mean, variance = draw(4), draw(4), draw(4), draw(4).abs() + 0.5
rows, gain, offset = draw(2, 3, 5), draw(3, 5), draw(3, 5)

cases = {
    "convolved": ([image, w33, bias], F.conv2d(image, w33, bias)),
    "convolved, stride 2, padding 1": ([image, w33, bias], F.conv2d(image, w33, bias, 2, 1)),
    "convolved, dilation 2, no bias": ([image, w33], F.conv2d(image, w33, None, 1, 2, 2)),
    "convolved, flat window": ([image, w12, bias], F.conv2d(image, w12, bias)),
    "convolved, groups 2": ([image, grouped], F.conv2d(image, grouped, None, 1, 1, 1, 2)),
    "transposeConvolved": ([small, t33, bias], F.conv_transpose2d(small, t33, bias)),
    "transposeConvolved, stride 2, padding 1, output padding (1, 0)": (
        [small, t33, bias], F.conv_transpose2d(small, t33, bias, 2, 1, (1, 0))),
    "transposeConvolved, groups 2": (
        [small, tgrouped], F.conv_transpose2d(small, tgrouped, None, 2, 0, 0, 2)),
    "maxPooled, 2": ([image], F.max_pool2d(image, 2)),
    "maxPooled, 3, stride 2, padding 1": ([image], F.max_pool2d(image, 3, 2, 1)),
    "averagePooled, 2": ([image], F.avg_pool2d(image, 2)),
    "averagePooled, 3, stride 2, padding 1": ([image], F.avg_pool2d(image, 3, 2, 1)),
    "padded, constant": ([wide], F.pad(wide, [1, 0, 2, 3], value=-0.5)),
    "padded, reflect": ([wide], F.pad(wide, [1, 2, 0, 3], "reflect")),
    "padded, replicate": ([wide], F.pad(wide, [1, 2, 0, 3], "replicate")),
    "padded, circular": ([wide], F.pad(wide, [1, 2, 0, 3], "circular")),
    "resized, nearest, larger": ([wide], F.interpolate(wide, (9, 7), mode="nearest-exact")),
    "resized, nearest, smaller": ([wide], F.interpolate(wide, (3, 2), mode="nearest-exact")),
    "resized, bilinear, larger": ([wide], F.interpolate(wide, (10, 7), mode="bilinear")),
    "resized, bilinear, smaller": (
        [wide], F.interpolate(wide, (3, 2), mode="bilinear", antialias=True)),
    "layerNormalized": ([rows, gain, offset], F.layer_norm(rows, [3, 5], gain, offset, 1e-3)),
    "layerNormalized, bare": ([rows], F.layer_norm(rows, [5], eps=1e-5)),
    "groupNormalized": ([image, scale, shift], F.group_norm(image, 2, scale, shift, 1e-3)),
    "batchNormalized, evaluating": (
        [image, scale, shift, mean, variance],
        F.batch_norm(image, mean, variance, scale, shift, False, 0.1, 1e-3)),
    "batchNormalized, training": (
        [image, scale, shift, mean, variance],
        F.batch_norm(image, mean.clone(), variance.clone(), scale, shift, True, 0.1, 1e-3)),
}

moved = mean.clone(), variance.clone()
F.batch_norm(image, *moved, scale, shift, True, 0.25, 1e-3)
cases["batchNormalized, running mean"] = ([image, scale, shift, mean, variance], moved[0])
cases["batchNormalized, running variance"] = ([image, scale, shift, mean, variance], moved[1])


def plain(x):
    # Inputs have two decimals; results keep twelve digits.
    return {"shape": list(x.shape), "values": [float(f"{v:.12g}") for v in x.flatten().tolist()]}


names, inputs = {}, []
lines = []
for name, (arguments, result) in cases.items():
    places = []
    for x in arguments:
        if id(x) not in names:
            names[id(x)] = len(inputs)
            inputs.append(json.dumps(plain(x)))
        places.append(names[id(x)])
    lines.append(json.dumps({"name": name, "arguments": places, "result": plain(result)}))
print('{"inputs": [\n' + ",\n".join(inputs) + '\n],\n"cases": [\n' + ",\n".join(lines) + "\n]}")
