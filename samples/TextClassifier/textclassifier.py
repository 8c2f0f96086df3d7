"""The same training in PyTorch: python3 textclassifier.py FOLDER [--epochs 10] [--seed 1] [--seeds 5] [--threads 2].

Same reviews, characters, padding, splits, network, initial distributions, Adam, batches and early stop as the sample with the same seeds; other random numbers. The
lines are to be compared with the sample's.
"""
import argparse
import collections
import copy
import csv
import math
import os
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
from dataset_split import split_order  # noqa: E402  (of the folder above)

LENGTH, VOCABULARY = 100, 4000

parser = argparse.ArgumentParser()
parser.add_argument("folder", help="has ChnSentiCorp_htl_all.csv")
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--seeds", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
torch.set_num_threads(options.threads)


def reviews():
    """Token ids [reviews, LENGTH], padded at the beginning with 0, and labels. Characters that occur once are 1."""
    with open(os.path.join(options.folder, "ChnSentiCorp_htl_all.csv"), encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["review"].strip()]
    counts = collections.Counter(character for row in rows for character in row["review"])
    characters = sorted(character for character, count in counts.items() if count > 1)
    assert len(characters) + 2 <= VOCABULARY
    ids = {character: 2 + index for index, character in enumerate(characters)}
    tokens = [[ids.get(character, 1) for character in row["review"][:LENGTH]] for row in rows]
    padded = [[0] * (LENGTH - len(sample)) + sample for sample in tokens]
    return torch.tensor(padded), torch.tensor([int(row["label"]) for row in rows])


class ReviewModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.convolution = nn.Embedding(VOCABULARY, 32), nn.Conv1d(32, 32, 7)
        self.lstm, self.dense = nn.LSTM(32, 50, batch_first=True), nn.Linear(50, 2)
        nn.init.uniform_(self.embedding.weight, -0.05, 0.05)
        for layer in (self.convolution, self.dense):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, tokens):
        x = F.relu(self.convolution(self.embedding(tokens).transpose(1, 2)))
        x = F.max_pool1d(x, 5).transpose(1, 2)
        return self.dense(self.lstm(x)[0][:, -1])


def split(rows, fraction, seed):
    cut = math.floor(fraction * len(rows) + 0.5)
    mixed = rows[torch.tensor(split_order(len(rows), seed))]
    return mixed[:cut], mixed[cut:]


def train_and_test(tokens, labels, seed):
    """The confusion matrix of the test reviews, the number of epochs and the seconds of training."""
    torch.manual_seed(seed)
    rest, test = split(torch.arange(len(tokens)), 0.8, seed)
    train, validation = split(rest, 0.9, seed)
    model = ReviewModel()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    best, best_epoch, weights = math.inf, 0, None
    started = time.time()

    def logits(rows):
        with torch.no_grad():
            return torch.cat([model(tokens[part]) for part in rows.split(32)])

    for epoch in range(1, options.epochs + 1):
        for rows in train[torch.randperm(len(train))].split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(tokens[rows]), labels[rows]).backward()
            optimizer.step()
        loss = F.cross_entropy(logits(validation), labels[validation]).item()
        if options.seeds == 1:
            print(f"Epoch {epoch}/{options.epochs}  validation loss {loss:.4f}", flush=True)
        if loss < best:
            best, best_epoch, weights = loss, epoch, copy.deepcopy(model.state_dict())
        elif epoch - best_epoch >= 3:
            break
    seconds = time.time() - started
    model.load_state_dict(weights)
    return torch.bincount(2 * labels[test] + logits(test).argmax(1), minlength=4).reshape(2, 2), epoch, seconds


tokens, labels = reviews()
accuracies, scores = [], []
for seed in range(options.seed, options.seed + options.seeds):
    matrix, epochs, seconds = train_and_test(tokens, labels, seed)
    accuracies.append((matrix.trace() / matrix.sum()).item())
    scores.append((2 * matrix.diagonal() / (matrix.sum(0) + matrix.sum(1))).mean().item())
    print(f"Seed {seed}: test accuracy {accuracies[-1]:.1%}, F1 {scores[-1]:.3f}, {epochs} epochs, {seconds:.1f} s; {matrix.tolist()}", flush=True)
if options.seeds > 1:
    print(
        f"Accuracy: mean {statistics.mean(accuracies):.1%}, standard deviation {statistics.stdev(accuracies):.1%}, "
        f"from {min(accuracies):.1%} to {max(accuracies):.1%}. Mean F1 {statistics.mean(scores):.3f}.")
