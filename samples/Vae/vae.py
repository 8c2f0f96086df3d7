"""The same network in PyTorch: python3 vae.py FOLDER [epochs]. Prints the mean loss of each epoch, to be compared with the sample's."""
import gzip
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

folder, epochs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10


def read(part):
    """The digits of a file as numbers from 0 to 1; None when it is not there."""
    for ending, opener in (("", open), (".gz", gzip.open)):
        path = os.path.join(folder, f"{part}-images-idx3-ubyte{ending}")
        if os.path.exists(path):
            with opener(path, "rb") as file:
                return torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8).float().reshape(-1, 784) / 255
    return None


train, test = read("train"), read("t10k")
if train is None:
    train, test = test[: len(test) * 4 // 5], test[len(test) * 4 // 5:]

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
