"""Epochs through a folder of images by torchvision: pytorch_folder.py WORKERS WORKLOAD FOLDER"""
import json
import sys

import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from protocol import take_part

workers, workload, folder = int(sys.argv[1]), json.load(open(sys.argv[2])), sys.argv[3]
torch.set_num_threads(workload["threads"])
torch.manual_seed(1)


def epoch():
    transform = transforms.Compose([transforms.Grayscale(), transforms.ToTensor()])
    images = datasets.ImageFolder(folder, transform)
    loader = DataLoader(images, batch_size=workload["batch"], shuffle=True, num_workers=workers)
    count, total = 0, 0.0
    for x, _ in loader:
        count += len(x)
        total += x.mean().item() * len(x)
    return [count, total / count]


take_part(epoch, lambda count: [epoch() for _ in range(count)])
