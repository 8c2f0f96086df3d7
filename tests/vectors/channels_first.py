"""Writes channels_first.json: networks of PyTorch that flatten a convolution, with their state and output, in float32.

Inputs are written with their channels last, parameters as PyTorch has them. Run with any PyTorch from 1.13: python3 tests/vectors/channels_first.py
"""
import json
import os

import torch

torch.manual_seed(30)


def network(convolution, size, features):
    norm = torch.nn.BatchNorm1d(features)
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    torch.nn.init.normal_(norm.weight)
    torch.nn.init.normal_(norm.bias)
    net = torch.nn.Sequential()
    net.add_module("conv", convolution)
    net.add_module("relu", torch.nn.ReLU())
    net.add_module("flatten", torch.nn.Flatten())
    net.add_module("norm", norm)
    net.add_module("fc", torch.nn.Linear(features, 4))
    net.eval()
    x = torch.randn(3, *size)
    return {
        "input": x.movedim(1, -1).flatten().tolist(),
        "output": net(x).flatten().tolist(),
        "state": {
            name: {"shape": list(tensor.shape), "values": tensor.flatten().tolist()}
            for name, tensor in net.state_dict().items() if tensor.dtype == torch.float32
        },
    }


result = {
    "picture": network(torch.nn.Conv2d(2, 3, 3), (2, 6, 5), 3 * 4 * 3),
    "sequence": network(torch.nn.Conv1d(2, 3, 3), (2, 7), 3 * 5),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "channels_first.json"), "w", newline="\n") as file:
    json.dump(result, file)
    file.write("\n")
