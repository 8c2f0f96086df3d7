"""Writes optimizers.json: what PyTorch's optimizers make of known parameters and gradients.

Run with any PyTorch from 1.13: python3 tests/vectors/optimizers.py
"""
import json
import os

import torch

STEPS = 7
COUNT = 24

CASES = [
    ("Sgd", "SGD", {"lr": 0.1}),
    ("Sgd", "SGD", {"lr": 0.1, "weight_decay": 0.05}),
    ("Sgd", "SGD", {"lr": 0.05, "momentum": 0.9}),
    ("Sgd", "SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.02}),
    ("Sgd", "SGD", {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.02}),
    ("Adam", "Adam", {"lr": 0.01}),
    ("Adam", "Adam", {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-4, "weight_decay": 0.1}),
    ("Adam", "Adam", {"lr": 0.02, "betas": [0.7, 0.8], "amsgrad": True}),
    ("AdamW", "AdamW", {"lr": 0.01}),
    ("AdamW", "AdamW", {"lr": 0.05, "betas": [0.85, 0.99], "weight_decay": 0.2, "amsgrad": True}),
    ("RmsProp", "RMSprop", {"lr": 0.01}),
    ("RmsProp", "RMSprop", {"lr": 0.01, "alpha": 0.9, "momentum": 0.7, "weight_decay": 0.03}),
    ("RmsProp", "RMSprop", {"lr": 0.01, "alpha": 0.9, "centered": True, "eps": 1e-3}),
    ("RmsProp", "RMSprop", {"lr": 0.01, "alpha": 0.8, "centered": True, "momentum": 0.5, "eps": 1e-3}),
    ("AdaGrad", "Adagrad", {"lr": 0.1}),
    ("AdaGrad", "Adagrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.3, "weight_decay": 0.02, "eps": 1e-6}),
    # foreach: the other form of PyTorch 1.13 multiplies the momentum of the next step twice; later versions do not.
    ("NAdam", "NAdam", {"lr": 0.01, "foreach": True}),
    ("NAdam", "NAdam", {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-4, "weight_decay": 0.1, "momentum_decay": 0.1, "foreach": True}),
    ("RAdam", "RAdam", {"lr": 0.01}),
    ("RAdam", "RAdam", {"lr": 0.02, "betas": [0.8, 0.6], "eps": 1e-4, "weight_decay": 0.1}),
    ("Lion", "Lion", {"lr": 0.01}),
    ("Lion", "Lion", {"lr": 0.02, "betas": [0.8, 0.95], "weight_decay": 0.1}),
    ("Sgd", "SGD", {"lr": 0.1, "clip_norm": 1.5}),
    ("Adam", "Adam", {"lr": 0.01, "clip_norm": 100.0}),
    ("Adam", "Adam", {"lr": 0.01, "clip_value": 0.25}),
]


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al., Symbolic Discovery of Optimization Algorithms (2023), which PyTorch does not have."""

    def __init__(self, parameters, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                mean = state.setdefault("mean", torch.zeros_like(p))
                beta1, beta2 = group["betas"]
                direction = (mean * beta1 + p.grad * (1 - beta1)).sign()
                p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * direction)
                mean.mul_(beta2).add_(p.grad * (1 - beta2))


def run(name, options, start, gradients):
    options = dict(options)
    clip_norm = options.pop("clip_norm", None)
    clip_value = options.pop("clip_value", None)
    if "betas" in options:
        options["betas"] = tuple(options["betas"])
    parameter = torch.nn.Parameter(torch.tensor(start, dtype=torch.float32))
    optimizer = (Lion if name == "Lion" else getattr(torch.optim, name))([parameter], **options)
    history = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient, dtype=torch.float32)
        if clip_norm is not None:
            torch.nn.utils.clip_grad_norm_([parameter], clip_norm)
        if clip_value is not None:
            torch.nn.utils.clip_grad_value_([parameter], clip_value)
        optimizer.step()
        history.append(parameter.detach().tolist())
    return history


def main():
    torch.manual_seed(0)
    start = torch.randn(COUNT).tolist()
    gradients = (torch.randn(STEPS, COUNT) * torch.logspace(-3, 0, COUNT)).tolist()
    for row in gradients:
        row[0] = 0.0
    cases = [
        {"optimizer": ours, "options": options, "parameters": run(theirs, options, start, gradients)}
        for ours, theirs, options in CASES
    ]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "optimizers.json")
    with open(path, "w", newline="\n") as file:
        file.write('{\n"torch": ' + json.dumps(torch.__version__) + ',\n"start": ' + json.dumps(start) + ',\n"gradients": ')
        file.write(json.dumps(gradients) + ',\n"cases": [\n')
        file.write(",\n".join(json.dumps(case) for case in cases))
        file.write("\n]\n}\n")


if __name__ == "__main__":
    main()
