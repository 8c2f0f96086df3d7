"""Writes networks.json: random networks as C# declarations, and five training steps of each in PyTorch, in float64.

Run with any PyTorch from 1.13: python3 tests/vectors/networks.py

With another seed it draws other networks, and writes to the file that is named behind it: python3 tests/vectors/networks.py 21 networks-21.json

Parameters and batches are not in the file: both sides compute them from a seed and their names (random_networks/numbers.py). A network is kept with the first seed
under which rounding to float32 does not matter much: no comparison, such as that of a maximum, may be so close that rounding decides it.
"""
import json
import os
import random
import sys

import torch

from random_networks import numbers, training
from random_networks.draws import Draws
from random_networks.forwards import ForwardDraw
from random_networks.lists import ListDraw

SEED = 20
LISTS = ["vectors", "images", "tokens", "maps", "images", "sequences"] * 10
FORWARDS = 40
SEEDS = 12

# The share of what is allowed that rounding may use up: that of PyTorch in float32, and relative errors of 2⁻²² in all parameters and inputs.
SHARE = 0.25
NOISE = 2.0**-22


def list_network(name, theme, draws):
    draw = ListDraw(name, draws)
    loss = draw.draw(theme)
    kind, bound = draw.column
    arguments = draw.input["arguments"]
    columns = [(kind, bound, arguments.get("shape") or [arguments["length"]])]
    if "target" not in loss["arguments"]:
        columns.append(training.target_of(loss, draw.shape))
    return draw.source(loss), draw.blocks, draw.program(), columns, [(1.0, "output", loss, len(columns) - 1)]


def forward_network(name, draws):
    draw = ForwardDraw(name, draws)
    terms = draw.draw()
    return draw.source(), draw.blocks, draw.program(), draw.columns, terms


def counts(draws):
    """Samples of each batch; in some networks each step has others."""
    count = draws.random.randint(3, 9)
    return [count + draws.random.randint(-1, 3) if draws.chance(2) else count for _ in range(training.STEPS)] if draws.chance(3) else [count] * training.STEPS


def withstands_rounding(declaration, seed, expected):
    if not all(map(torch.isfinite, expected.losses)) or not trains_all_weights(expected):
        return False
    others = [training.train(declaration, seed, torch.float32), *(training.train(declaration, seed, noise=NOISE) for _ in range(3))]
    return all(expected.error_of(other)[0] <= SHARE for other in others)


def trains_all_weights(expected):
    """Only biases may have no gradient, as those before a batch normalisation have none."""
    sizes = {name: training.size(gradient) for name, gradient in expected.gradients.items()}
    return all(size > 1e-5 * max(sizes.values()) for name, size in sizes.items() if not name.endswith("bias"))


def case(declaration):
    """The first seed that will do, and what training gives under it; None where there is none."""
    for seed in range(1, SEEDS + 1):
        expected = training.train(declaration, seed)
        if withstands_rounding(declaration, seed, expected):
            break
    else:
        return None
    name, options = declaration.optimizer
    rounded = lambda values: [float(f"{value:.9g}") for value in values]
    summaries = lambda tensors: {key: rounded(numbers.summary(seed, key, tensor)) for key, tensor in tensors.items()}
    return {
        "name": declaration.name, "seed": seed, "counts": declaration.counts, "columns": [[kind, bound] for kind, bound, _ in declaration.columns],
        "optimizer": {"name": name, "options": options}, "losses": rounded(expected.losses.tolist()), "gradients": summaries(expected.gradients),
        "changes": summaries(expected.changes), "outputs": summaries(expected.outputs), "source": declaration.source,
    }


def main(seed=SEED, path=os.path.join(os.path.dirname(os.path.abspath(__file__)), "networks.json")):
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(seed)
    torch.backends.mkldnn.enabled = False
    draws, cases = Draws(random.Random(seed)), []
    kinds = [lambda name, theme=theme: list_network(name, theme, draws) for theme in LISTS] + [lambda name: forward_network(name, draws)] * FORWARDS
    for number, draw in enumerate(kinds):
        optimizer, drawn, found = draws.optimizers.draw(), 0, None
        while found is None:
            found = case(training.Declaration(f"Network{number}", *draw(f"Network{number}"), optimizer, counts(draws)))
            drawn += 1
        cases.append(found)
        print(f"Network{number}: seed {found['seed']}" + (f", drawn {drawn} times" if drawn > 1 else ""))
    header = {"seed": seed, "torch": torch.__version__, "tolerance": training.TOLERANCE, "rounding": training.STEPS * training.ROUNDING, "least": training.LEAST}
    with open(path, "w", newline="\n") as file:
        file.write(json.dumps(header)[:-1] + ', "networks": [\n')
        file.write(",\n".join(json.dumps(item, separators=(",", ":")) for item in cases) + "\n]}\n")


if __name__ == "__main__":
    main(*([int(sys.argv[1]), sys.argv[2]] if len(sys.argv) > 2 else []))
