"""Writes sparse_updates.json: what PyTorch's SparseAdam makes of a table of which each step reads some rows.

Run with any PyTorch from 1.13: python3 tests/vectors/sparse_updates.py
"""
import json
import os

import torch

ROWS, WIDTH, SAMPLES, LENGTH, STEPS = 9, 19, 4, 3, 6
# SparseAdam adds epsilon before the correction of the bias, and Adam after it; this one is too small to matter.
OPTIONS = {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-12}


def rounded(tensor):
    return [round(value, 7) for value in tensor.flatten().tolist()]


torch.manual_seed(3)
start = torch.tensor(rounded(torch.randn(ROWS, WIDTH))).reshape(ROWS, WIDTH)
# The last two rows are never read, and each step leaves others out.
ids = torch.stack([torch.randint(step % 3, 7 - step % 2, (SAMPLES, LENGTH)) for step in range(STEPS)])
targets = torch.tensor(rounded(torch.randn(STEPS, SAMPLES, LENGTH, WIDTH))).reshape(STEPS, SAMPLES, LENGTH, WIDTH)
table = torch.nn.Embedding.from_pretrained(start.clone(), freeze=False, sparse=True)
optimizer = torch.optim.SparseAdam(table.parameters(), lr=OPTIONS["lr"], betas=tuple(OPTIONS["betas"]), eps=OPTIONS["eps"])
tables = []
for step in range(STEPS):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(table(ids[step]), targets[step]).backward()
    optimizer.step()
    tables.append(rounded(table.weight.detach()))

content = {
    "torch": torch.__version__,
    "options": OPTIONS,
    "start": rounded(start),
    "ids": [step.flatten().tolist() for step in ids],
    "targets": [rounded(step) for step in targets],
    "tables": tables,
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sparse_updates.json")
with open(path, "w", encoding="utf-8", newline="\n") as file:
    file.write("{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()) + "\n}\n")
