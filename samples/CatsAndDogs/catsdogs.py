"""The same training in PyTorch: python3 catsdogs.py FOLDER [--epochs 30] [--seed 1] [--threads 2]. Needs Pillow.

Same split, pictures, augmentation, network, initial distributions, Adam, batches and early stop as the sample with the same seed; other random numbers. The lines
are to be compared with the sample's.
"""
import argparse
import copy
import math
import os
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
from dataset_split import split_order  # noqa: E402  (of the folder above)

parser = argparse.ArgumentParser()
parser.add_argument("folder", help="one folder of photos per kind")
parser.add_argument("--epochs", type=int, default=30)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)


def photos():
    """Photos of 150 × 150 in [0, 1], class by class in the order of their names, and 0 or 1."""
    pixels, kinds = [], []
    for kind, name in enumerate(sorted(os.listdir(options.folder))):
        folder = os.path.join(options.folder, name)
        for file in sorted(os.listdir(folder)):
            image = Image.open(os.path.join(folder, file)).convert("RGB").resize((150, 150), Image.BILINEAR)
            pixels.append(torch.from_numpy(np.array(image)))
            kinds.append(kind)
    return torch.stack(pixels).permute(0, 3, 1, 2).float() / 255, torch.tensor(kinds).float()


def uniform(count, low, high):
    return low + (high - low) * torch.rand(count)


def augment(x):
    """Mirrored, turned by 15°, enlarged by 15 %, moved by 15 pixels, contrast changed by a fifth, each at most and at random."""
    n, side = len(x), x.shape[-1]
    mirror = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    angle, zoom = uniform(n, -15, 15) * math.pi / 180, 1 / uniform(n, 0.85, 1.15)
    move = torch.randint(-15, 16, (n, 2)) * 2 / side
    cos, sin = zoom * angle.cos(), zoom * angle.sin()
    # From new places to old ones, both from -1 to 1: moved first, then turned and scaled, then mirrored.
    rows = [
        torch.stack([mirror * cos, -mirror * sin, mirror * (cos * move[:, 0] - sin * move[:, 1])], 1),
        torch.stack([sin, cos, sin * move[:, 0] + cos * move[:, 1]], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), x.shape, align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    mean = x.mean((2, 3), keepdim=True)
    return (mean + (x - mean) * uniform(n, 0.8, 1.2).reshape(n, 1, 1, 1)).clamp(0, 1).contiguous(memory_format=torch.channels_last)


pixels, kinds = photos()
order = torch.tensor(split_order(len(pixels), options.seed))
cut = math.floor(0.8 * len(pixels) + 0.5)
train, validation = order[:cut], order[cut:]
print(f"{len(train)} photos to train on, {len(validation)} for validation", flush=True)

net = nn.Sequential(
    nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(128 * 17 * 17, 128), nn.ReLU(), nn.Linear(128, 1), nn.Flatten(0),
).to(memory_format=torch.channels_last)
for layer in net:
    if hasattr(layer, "weight"):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)

optimizer = torch.optim.Adam(net.parameters(), 5e-4)
best, best_epoch, weights = math.inf, 0, None
started = time.time()


def validate():
    with torch.no_grad():
        logits = torch.cat([net(pixels[part]) for part in validation.split(32)])
    truth = kinds[validation]
    return F.binary_cross_entropy_with_logits(logits, truth).item(), ((logits > 0) == (truth > 0.5)).float().mean().item()


for epoch in range(1, options.epochs + 1):
    loss_sum = right = 0.0
    for rows in train[torch.randperm(len(train))].split(32):
        optimizer.zero_grad()
        logits = net(augment(pixels[rows]))
        loss = F.binary_cross_entropy_with_logits(logits, kinds[rows])
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(rows)
        right += ((logits > 0) == (kinds[rows] > 0.5)).sum().item()
    loss, accuracy = validate()
    print(
        f"Epoch {epoch}/{options.epochs}  loss {loss_sum / len(train):.4f}  accuracy {right / len(train):.4f}"
        f"  validation loss {loss:.4f}  accuracy {accuracy:.4f}  {time.time() - started:.0f} s",
        flush=True,
    )
    if loss < best:
        best, best_epoch, weights = loss, epoch, copy.deepcopy(net.state_dict())
    elif epoch - best_epoch >= 10:
        break
net.load_state_dict(weights)
print(f"Validation accuracy {validate()[1]:.3f} after {epoch} epochs, weights of epoch {best_epoch}.")
