"""The same network in PyTorch: python3 vae.py FOLDER [epochs]. Prints the mean loss of each epoch, to be compared with the sample's."""
import gzip
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

folder, epochs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
names = [n + e for n in ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte") for e in ("", ".gz")]
path = next(p for p in (os.path.join(folder, n) for n in names) if os.path.exists(p))
with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
    pixels = torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8).float().reshape(-1, 784) / 255
train, test = pixels[: len(pixels) * 4 // 5], pixels[len(pixels) * 4 // 5:]

torch.manual_seed(1)
encoder, mean, log_var = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))
layers = [encoder, mean, log_var, decoder[0], decoder[2]]
for layer in layers:
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)


def loss(x, noise):
    h = F.relu(encoder(x))
    m, v = mean(h), log_var(h)
    z = m + torch.randn_like(m) * (0.5 * v).exp() if noise else m
    cross = F.binary_cross_entropy_with_logits(decoder(z), x, reduction="none").sum(1)
    return (cross - 0.5 * (1 + v - m.square() - v.exp()).sum(1)).mean()


optimizer = torch.optim.Adam([p for layer in layers for p in layer.parameters()], 1e-3)
for epoch in range(1, epochs + 1):
    total = 0.0
    for rows in torch.randperm(len(train)).split(128):
        optimizer.zero_grad()
        value = loss(train[rows], noise=True)
        value.backward()
        optimizer.step()
        total += value.item() * len(rows)
    with torch.no_grad():
        print(f"Epoch {epoch}/{epochs}: loss {total / len(train):.2f}, test {loss(test, noise=False).item():.2f}")
