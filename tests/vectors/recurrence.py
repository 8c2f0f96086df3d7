"""Writes recurrence.json: an LSTM of PyTorch over a short sequence, with its output, loss and gradients in float64.

Run with any PyTorch from 1.13: python3 tests/vectors/recurrence.py
"""
import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)

samples, positions, width, units = 3, 5, 4, 3
lstm = torch.nn.LSTM(width, units, batch_first=True)
x = torch.randn(samples, positions, width)
target = torch.randn(samples, positions, units)
y, _ = lstm(x)
loss = F.mse_loss(y, target)
loss.backward()
names = {
    "scan1.dense1.weight": lstm.weight_ih_l0, "scan1.dense1.bias": lstm.bias_ih_l0, "scan1.dense2.weight": lstm.weight_hh_l0, "scan1.dense2.bias": lstm.bias_hh_l0,
}
flat = lambda tensor: tensor.detach().flatten().tolist()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "recurrence.json"), "w", newline="\n") as file:
    json.dump({
        "n": samples, "input": flat(x), "target": flat(target), "output": flat(y), "loss": loss.item(),
        "parameters": {name: flat(tensor) for name, tensor in names.items()},
        "gradients": {name: flat(tensor.grad) for name, tensor in names.items()},
    }, file)
    file.write("\n")
