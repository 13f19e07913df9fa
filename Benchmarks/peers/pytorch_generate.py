"""The shortest PyTorch script that writes a grid of samples: pytorch_generate.py START PNG"""
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

w = load_file(sys.argv[1])
layers = [(w[f"model/decoder.hidden.{i}.weight"], w[f"model/decoder.hidden.{i}.bias"]) for i in (0, 1)]
with torch.no_grad():
    hidden = torch.relu(torch.nn.functional.linear(torch.randn(64, 20), *layers[0]))
    pixels = torch.sigmoid(torch.nn.functional.linear(hidden, *layers[1])).reshape(8, 8, 28, 28)
grid = (pixels.permute(0, 2, 1, 3).reshape(224, 224) * 255).to(torch.uint8)
Image.fromarray(np.asarray(grid)).save(sys.argv[2])
