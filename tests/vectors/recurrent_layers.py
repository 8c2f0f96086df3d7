"""Writes recurrent_layers.json: recurrent layers of PyTorch with their outputs, final states, losses and gradients in float64.

Run with any PyTorch from 1.13: python3 tests/vectors/recurrent_layers.py
"""
import json
import os

import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(21)
torch.set_default_dtype(torch.float64)

SAMPLES, POSITIONS, WIDTH, UNITS, VOCABULARY = 3, 5, 4, 3, 7
KINDS = {"Lstm": torch.nn.LSTM, "Gru": torch.nn.GRU, "SimpleRnn": torch.nn.RNN}


def flat(tensor):
    return tensor.detach().flatten().tolist()


def case(name, source, columns, layer, output, loss, more=()):
    loss.backward()
    named = {f"{prefix}.{key}": value for prefix, module in [*more, layer] for key, value in module.named_parameters()}
    return {
        "name": name, "source": source, "n": SAMPLES, "columns": [flat(column.double()) for column in columns], "output": flat(output), "loss": loss.item(),
        "parameters": {key: flat(value) for key, value in named.items()}, "gradients": {key: flat(value.grad) for key, value in named.items()},
    }


def arguments(layers, both, sequences, named):
    written = {"Layers": layers if layers > 1 else None, "Bidirectional": "true" if both else None, "ReturnSequences": "true" if sequences else None}
    return "".join(f", {key if not named else key[0].lower() + key[1:]}{': ' if named else ' = '}{value}" for key, value in written.items() if value)


def listed(kind, layers, both, sequences, bias=True):
    module = KINDS[kind](WIDTH, UNITS, num_layers=layers, bidirectional=both, batch_first=True, bias=bias)
    x = torch.randn(SAMPLES, POSITIONS, WIDTH)
    y, state = module(x)
    last = (state[0] if kind == "Lstm" else state)[-2 if both else -1:].transpose(0, 1).flatten(1)
    output = y if sequences else last
    target = torch.randn_like(output)
    source = f"[Model, Input({POSITIONS}, {WIDTH}), {kind}({UNITS}{arguments(layers, both, sequences, False)}{'' if bias else ', UseBias = false'}), MeanSquaredError] public partial class Net;"
    name = f"{kind}, {layers} layers{', both directions' if both else ''}{', all positions' if sequences else ''}{'' if bias else ', no bias'}"
    return case(name, source, [x, target], (kind[0].lower() + kind[1:] + "1", module), output, F.mse_loss(output, target))


def started(kind, layers, both):
    module = KINDS[kind](WIDTH, UNITS, num_layers=layers, bidirectional=both, batch_first=True)
    count = layers * (2 if both else 1)
    x = torch.randn(SAMPLES, POSITIONS, WIDTH)
    states = [torch.randn(SAMPLES, count, UNITS) for _ in range(2 if kind == "Lstm" else 1)]
    inner = [state.transpose(0, 1).contiguous() for state in states]
    y, final = module(x, tuple(inner) if kind == "Lstm" else inner[0])
    final = final if kind == "Lstm" else (final,)
    output = torch.cat([y.flatten(1), *(state.transpose(0, 1).flatten(1) for state in final)], 1)
    target = torch.randn_like(output)
    shape = f"{count}, {UNITS}" if count > 1 else f"{UNITS}"
    given = "".join(f", [Input({shape})] Tensor s{number}" for number in range(len(states)))
    initial = "(s0, s1)" if kind == "Lstm" else "s0"
    ends = "var (h, c) = state; return Tensor.Concat(y.Flatten(), h.Flatten(), c.Flatten());" if kind == "Lstm" else "return Tensor.Concat(y.Flatten(), state.Flatten());"
    source = (
        f"[Model, MeanSquaredError] public partial class Net {{ private static Tensor Forward([Input({POSITIONS}, {WIDTH})] Tensor x{given}) "
        f"{{ var (y, state) = x.{kind}({initial}, {UNITS}{arguments(layers, both, True, True)}); {ends} }} }}")
    return case(
        f"{kind}, {layers} layers{', both directions' if both else ''}, from a state", source, [x, *states, target], (kind[0].lower() + kind[1:] + "1", module), output, F.mse_loss(output, target))


def padded(kind, both, sequences):
    module = KINDS[kind](WIDTH, UNITS, bidirectional=both, batch_first=True)
    table = torch.nn.Embedding(VOCABULARY, WIDTH)
    lengths = torch.tensor([5, 2, 4])
    counts = torch.arange(POSITIONS)[None, :] < lengths[:, None]
    tokens = torch.randint(1, VOCABULARY, (SAMPLES, POSITIONS)) * counts
    packed, state = module(pack_padded_sequence(table(tokens), lengths, batch_first=True, enforce_sorted=False))
    y, _ = pad_packed_sequence(packed, batch_first=True, total_length=POSITIONS)

    # Forward, positions of padding repeat the output before; backward they come first, and the state is still 0.
    before = torch.minimum(torch.arange(POSITIONS)[None, :], lengths[:, None] - 1)
    forward = torch.gather(y[..., :UNITS], 1, before[..., None].expand(-1, -1, UNITS))
    whole = torch.cat([forward, y[..., UNITS:]], 2)
    last = (state[0] if kind == "Lstm" else state).transpose(0, 1).flatten(1)
    output = whole if sequences else last
    target = torch.randn_like(output)
    loss = ((output - target) ** 2)[counts].mean() if sequences else F.mse_loss(output, target)
    source = (
        f"[Model, TokenInput({POSITIONS}, {VOCABULARY}, Padding = 0), Embedding({WIDTH}), {kind}({UNITS}{arguments(1, both, sequences, False)}), MeanSquaredError] public partial class Net;")
    return case(
        f"{kind}, padded{', both directions' if both else ''}{', all positions' if sequences else ''}", source, [tokens, target], (kind[0].lower() + kind[1:] + "1", module), output, loss,
        more=[("embedding1", table)])


cases = []
for kind in KINDS:
    cases += [listed(kind, 1, False, True), listed(kind, 1, False, False), listed(kind, 2, False, True), listed(kind, 1, True, True), listed(kind, 2, True, False)]
    cases += [listed(kind, 1, False, False, bias=False), started(kind, 1, False), started(kind, 2, True)]
    cases += [padded(kind, False, True), padded(kind, False, False), padded(kind, True, True)]

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "recurrent_layers.json"), "w", newline="\n") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
