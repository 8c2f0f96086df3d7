"""Writes tensor_optimizers.json: what LAMB and Adafactor make of known parameters and gradients.

Both are written here in double precision, from their formulas: LAMB from algorithm 2 of You et al., Large Batch Optimization for Deep Learning (2020), with the identity as its function of the norm;
Adafactor from Shazeer and Stern, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost (2018), with the learning rate, the weight decay and the first epsilon of torch.optim.Adafactor of
PyTorch 2.5. PyTorch 1.13 has neither.

Run: python3 tests/vectors/tensor_optimizers.py
"""
import json
import os

import numpy as np

STEPS = 4
SHAPES = {
    "conv2D1.weight": (17, 2, 2, 2),
    "conv2D1.bias": (17,),
    "dense1.weight": (18, 68),
    "dense1.bias": (18,),
    "scale": (),
}

CASES = [
    ("Lamb", {"lr": 0.01, "weight_decay": 0.01}),
    ("Lamb", {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-4, "weight_decay": 0.1}),
    ("Lamb", {"lr": 0.02, "weight_decay": 0.0, "clip_value": 0.05}),
    ("Adafactor", {"lr": 0.01}),
    ("Adafactor", {"lr": 0.7, "beta2_decay": -0.5, "weight_decay": 0.1, "d": 1.5}),
    ("Adafactor", {"lr": 0.1, "eps": [1e-2, 0.3], "clip_norm": 0.5}),
]


class Lamb:
    def __init__(self, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        self.lr, self.betas, self.eps, self.decay = lr, betas, eps, weight_decay
        self.means, self.squares, self.t = {}, {}, 0

    def step(self, parameters, gradients):
        self.t += 1
        beta1, beta2 = self.betas
        for name, g in gradients.items():
            x = parameters[name]
            m = self.means[name] = beta1 * self.means.get(name, 0) + (1 - beta1) * g
            v = self.squares[name] = beta2 * self.squares.get(name, 0) + (1 - beta2) * g * g
            r = (m / (1 - beta1**self.t)) / (np.sqrt(v / (1 - beta2**self.t)) + self.eps) + self.decay * x
            of_x, of_r = np.sqrt(np.sum(x * x)), np.sqrt(np.sum(r * r))
            ratio = of_x / of_r if of_x > 0 and of_r > 0 else 1.0
            parameters[name] = x - self.lr * ratio * r


class Adafactor:
    def __init__(self, lr, beta2_decay=-0.8, eps=(np.finfo(np.float32).eps, 1e-3), d=1.0, weight_decay=0.0):
        self.lr, self.beta2_decay, self.eps, self.d, self.decay = lr, beta2_decay, eps, d, weight_decay
        self.rows, self.columns, self.squares, self.t = {}, {}, {}, 0

    def step(self, parameters, gradients):
        self.t += 1
        share = self.t**self.beta2_decay
        rho = min(self.lr, 1 / np.sqrt(self.t))
        for name, g in gradients.items():
            x = parameters[name]
            alpha = max(self.eps[1], np.sqrt(np.mean(x * x))) * rho
            x = x * (1 - self.lr * self.decay)
            if g.ndim > 1:
                old = self.rows.get(name, 0)
                r = self.rows[name] = old + share * (np.mean(g * g, axis=-1, keepdims=True) - old)
                old = self.columns.get(name, 0)
                c = self.columns[name] = old + share * (np.mean(g * g, axis=-2, keepdims=True) - old)
                v = r * c / np.maximum(np.mean(r, axis=-2, keepdims=True), self.eps[0])
            else:
                old = self.squares.get(name, 0)
                v = self.squares[name] = old + share * (g * g - old)
            u = g / np.sqrt(np.maximum(v, self.eps[0] ** 2))
            parameters[name] = x - alpha * u / max(1.0, np.sqrt(np.mean(u * u)) / self.d)


def run(name, options, start, gradients):
    options = dict(options)
    clip_norm = options.pop("clip_norm", None)
    clip_value = options.pop("clip_value", None)
    optimizer = {"Lamb": Lamb, "Adafactor": Adafactor}[name](**options)
    parameters = dict(start)
    results = []
    for step in gradients:
        if clip_norm is not None:
            norm = np.sqrt(sum(np.sum(g * g) for g in step.values()))
            step = {key: g * min(1.0, clip_norm / (norm + 1e-6)) for key, g in step.items()}
        if clip_value is not None:
            step = {key: np.clip(g, -clip_value, clip_value) for key, g in step.items()}
        optimizer.step(parameters, step)
        results.append({key: dict(parameters)[key] for key in parameters})
    # The first step shows the initial states, and the last one all others.
    return [results[0], results[-1]]


def as_floats(values):
    """Values as the library has them: rounded to single precision, with few digits."""
    return {key: np.array(np.round(value, 5), dtype=np.float32).astype(np.float64) for key, value in values.items()}


def to_json(values):
    return {key: [float(f"{number:.7g}") for number in np.ravel(value)] for key, value in values.items()}


def main():
    random = np.random.RandomState(0)
    start = as_floats({key: random.randn(*shape) * 0.3 for key, shape in SHAPES.items()})
    # A parameter that is 0, as biases are at first.
    start["dense1.bias"] = np.zeros(SHAPES["dense1.bias"])
    gradients = [as_floats({key: random.randn(*shape) * 10 ** random.uniform(-3, 0, shape) for key, shape in SHAPES.items()}) for _ in range(STEPS)]
    for step in gradients:
        step["dense1.weight"][3] = 0
    content = {
        "shapes": {key: list(shape) for key, shape in SHAPES.items()},
        "start": to_json(start),
        "gradients": [to_json(step) for step in gradients],
        "cases": [{"optimizer": name, "options": options, "parameters": [to_json(step) for step in run(name, options, start, gradients)]} for name, options in CASES],
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tensor_optimizers.json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()) + "\n}\n")


if __name__ == "__main__":
    main()
