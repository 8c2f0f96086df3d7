"""The same network in PyTorch: python3 cifar10.py FOLDER [--epochs 10] [--batch 32] [--seed 1] [--threads 2].

Same pictures, initial distributions, Adam, cosine schedule and batches as CifarNet of the sample; other random numbers. The lines are to be compared with the
sample's.
"""
import argparse
import gzip
import math
import os
import time

import torch
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser()
parser.add_argument("folder", help="data_batch_1.bin to data_batch_5.bin, some are enough, and test_batch.bin, or with .gz")
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)


def read(*names):
    """Records of a label byte and three planes of 32 × 32, as pictures in [0, 1] and labels."""
    paths = [os.path.join(options.folder, name + ending) for name in names for ending in ("", ".gz")]
    content = bytearray()
    for path in filter(os.path.exists, paths):
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            content += file.read()
    records = torch.frombuffer(content, dtype=torch.uint8).reshape(-1, 3073)
    pictures = records[:, 1:].reshape(-1, 3, 32, 32).float() / 255
    return pictures.contiguous(memory_format=torch.channels_last), records[:, 0].long()


pictures, labels = read(*(f"data_batch_{number}.bin" for number in range(1, 6)))
test_pictures, test_labels = read("test_batch.bin")

net = nn.Sequential(
    nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(64, 64, 3), nn.ReLU(),
    nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10),
).to(memory_format=torch.channels_last)
for layer in net:
    if hasattr(layer, "weight"):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)

optimizer = torch.optim.Adam(net.parameters(), 1e-3)
steps = options.epochs * math.ceil(len(pictures) / options.batch)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))
started = time.time()
for epoch in range(1, options.epochs + 1):
    loss_sum = right = 0.0
    for rows in torch.randperm(len(pictures)).split(options.batch):
        optimizer.zero_grad()
        logits = net(pictures[rows])
        loss = F.cross_entropy(logits, labels[rows])
        loss.backward()
        optimizer.step()
        schedule.step()
        loss_sum += loss.item() * len(rows)
        right += (logits.argmax(1) == labels[rows]).sum().item()
    with torch.no_grad():
        logits = torch.cat([net(part) for part in test_pictures.split(500)])
    print(
        f"Epoch {epoch}/{options.epochs}  loss {loss_sum / len(pictures):.4f}  accuracy {right / len(pictures):.4f}"
        f"  test loss {F.cross_entropy(logits, test_labels).item():.4f}  accuracy {(logits.argmax(1) == test_labels).float().mean().item():.4f}"
        f"  {time.time() - started:.0f} s",
        flush=True,
    )
