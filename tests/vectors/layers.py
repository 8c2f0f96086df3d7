"""Writes layers.json: small networks with PyTorch's losses, outputs and gradients in float64.

Run with any PyTorch from 1.13: python3 tests/vectors/layers.py
"""
import json
import os

import torch
import torch.nn.functional as F

from torch_layers import Network, dense, layer

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)


def loss_of(spec, y, counts=None, samples=None):
    """A target for the loss, and its value over the positions that count."""
    kind, arguments = spec["kind"], spec["arguments"]
    if kind == "SoftmaxCrossEntropy":
        smoothing = arguments.get("labelSmoothing", 0.0)
        classes = y.flatten(0, -2)
        weight = torch.tensor(arguments["classWeights"]) if "classWeights" in arguments else None
        if arguments.get("softTargets"):
            target = F.softmax(torch.randn_like(y), -1)
            return target, F.cross_entropy(classes, target.flatten(0, -2), weight=weight, label_smoothing=smoothing)
        target = torch.randint(y.shape[-1], y.shape[:-1])
        ignore = arguments.get("ignore", -100)
        if "ignore" in arguments:
            target[torch.rand(target.shape) < 0.3] = ignore
        counted = target if counts is None else target.masked_fill(~counts, ignore)
        if samples is None:
            return target, F.cross_entropy(classes, counted.flatten(), weight=weight, ignore_index=ignore, label_smoothing=smoothing)
        each = F.cross_entropy(classes, counted.flatten(), weight=weight, ignore_index=ignore, label_smoothing=smoothing, reduction="none").view(counted.shape)
        counts = counted != ignore
        ones = torch.ones_like(each) if weight is None else weight[counted.masked_fill(~counts, 0)]
        spread = samples.view(-1, *[1] * (each.dim() - 1)) * counts
        return target, (spread * each).sum() / (spread * ones).sum()
    if kind == "BinaryCrossEntropy":
        target = torch.rand_like(y)
        weight = torch.tensor(arguments["positiveWeight"]) if "positiveWeight" in arguments else None
        return target, F.binary_cross_entropy_with_logits(y, target, pos_weight=weight)
    target = torch.randn_like(y)
    function = {
        "MeanSquaredError": F.mse_loss,
        "MeanAbsoluteError": F.l1_loss,
        "Huber": lambda a, b: F.huber_loss(a, b, delta=arguments.get("delta", 1.0)),
    }[kind]
    if samples is not None:
        spread = samples.view(-1, *[1] * (y.dim() - 1)).expand_as(y) * (1.0 if counts is None else counts.unsqueeze(-1))
        return target, (spread * (y - target) ** 2).sum() / spread.sum()
    return target, function(y, target) if counts is None else function(y[counts], target[counts])


def link_of(spec, y):
    return {"SoftmaxCrossEntropy": lambda v: F.softmax(v, -1), "BinaryCrossEntropy": torch.sigmoid}.get(spec["kind"], lambda v: v)(y)


def whole(*shape):
    """Few whole numbers: many values are equal, so that it matters which of them counts as the maximum."""
    return torch.randint(-1, 2, shape).double()


def small(*shape):
    """Scores of attention that differ little, so that no weight is all but 1."""
    return 0.5 * torch.randn(*shape)


def case(name, source, layers, loss, n=3, draw=torch.randn, **blocks):
    network = Network(blocks, draw)
    if source["kind"] == "TokenInput":
        vocabulary = source["arguments"]["vocabulary"]
        x = torch.randint(vocabulary, (n, source["arguments"]["length"]))
        if "padding" in source["arguments"]:
            if any("heads" in spec["arguments"] for spec in layers):
                x[:, 0] = 0  # PyTorch's attention gives NaN where nothing counts.
            network.counts = x != source["arguments"]["padding"]
        y = network.run(layers, x, vocabulary=vocabulary)
    else:
        x = draw(n, *source["arguments"]["shape"])
        y = network.run(layers, x)
    flat = lambda tensor: tensor.detach().flatten().tolist()
    samples = torch.rand(n) * 2 if loss["arguments"].get("sampleWeights") else None
    target, value = loss_of(loss, y, network.counts if y.dim() > 2 else None, samples)
    value.backward()
    more = {} if samples is None else {"weights": flat(samples)}
    if network.states:
        # PyTorch has moved the states in the forward pass: inference and the steps that follow go on from there.
        more["initialStates"] = {key: flat(tensor) for key, tensor in network.initial_states.items()}
        more["states"] = {key: flat(tensor) for key, tensor in network.states.items()}
        network.training = False
        more["inference"] = flat(network.run(layers, x))
        network.training = True
        more["steps"] = []
        for _ in range(3):
            step = torch.randn_like(x)
            network.run(layers, step)
            more["steps"].append({"input": flat(step), "states": {key: flat(tensor) for key, tensor in network.states.items()}})
    return {
        "name": name,
        "n": n,
        "layers": [source, *layers, loss],
        "blocks": blocks,
        "input": flat(x),
        "target": flat(target),
        "parameters": {key: flat(tensor) for key, tensor in network.parameters.items()},
        "output": flat(y),
        "link": flat(link_of(loss, y)),
        "loss": value.item(),
        "gradients": {key: flat(tensor.grad) for key, tensor in network.parameters.items()},
        **more,
    }


numbers = lambda *shape: layer("Input", shape=list(shape))
tokens = layer("TokenInput", length=3, vocabulary=5)
mse = layer("MeanSquaredError")
pointwise = [
    layer("Relu"), layer("LeakyRelu"), layer("LeakyRelu", slope=0.2), layer("Elu"), layer("Elu", alpha=0.5), layer("Gelu"),
    layer("Gelu", approximate=True), layer("Silu"), layer("Sigmoid"), layer("Tanh"), layer("Softplus"), layer("Softmax"),
    layer("LayerNorm"), layer("LayerNorm", epsilon=0.01), layer("RmsNorm"), layer("Flatten"), layer("Reshape", shape=[2, 2]),
]
losses = [
    mse, layer("MeanAbsoluteError"), layer("Huber"), layer("Huber", delta=0.5), layer("BinaryCrossEntropy"),
    layer("SoftmaxCrossEntropy"), layer("SoftmaxCrossEntropy", labelSmoothing=0.1), layer("SoftmaxCrossEntropy", softTargets=True),
    layer("SoftmaxCrossEntropy", softTargets=True, labelSmoothing=0.1),
]
cases = [case(f"{spec['kind']} {spec['arguments']}", numbers(3), [dense(4), spec], mse) for spec in pointwise]
cases += [case(f"{spec['kind']} {spec['arguments']}", numbers(3), [dense(4)], spec) for spec in losses]
cases += [case(f"{spec['kind']} {spec['arguments']} per position", numbers(2, 3), [dense(4)], spec, n=2) for spec in losses]
cases += [
    case("perceptron", numbers(5), [dense(4), layer("Relu"), dense(3, useBias=False)], layer("SoftmaxCrossEntropy"), n=4),
    case("tokens", tokens, [layer("Embedding", width=4), layer("PositionalEmbedding"), layer("LayerNorm"), dense(5)], layer("SoftmaxCrossEntropy")),
    case("window", tokens, [layer("Embedding", width=2), layer("Flatten"), dense(4), layer("Gelu"), dense(5)], layer("SoftmaxCrossEntropy")),
    case(
        "composition", numbers(4),
        [layer("Repeat", "Layer", count=2), layer("Parallel", "Wide", "Narrow", merge="Concat"), layer("Apply", "Wide"), layer("Parallel", "Wide", "Wide", merge="Add")],
        mse, n=2,
        Wide=[dense(3), layer("Tanh"), dense(4)], Narrow=[dense(2)], Layer=[layer("LayerNorm"), layer("Residual", "Wide")],
    ),
]
cases += [
    case(f"BatchNorm {arguments} of {len(shape)} axes", numbers(*shape), [dense(4), layer("BatchNorm", **arguments), layer("Tanh"), dense(2)], mse, n=5)
    for shape in [(3,), (2, 3), (3, 2, 3)]
    for arguments in [{}, {"momentum": 0.3, "epsilon": 0.01}, {"useScale": False}, {"useBias": False}]
]
windows = [
    layer("Conv2D", filters=3, kernel=3), layer("Conv2D", filters=3, kernel=2, stride=2, paddingSize=1), layer("Conv2D", filters=2, kernel=3, padding="Same"),
    layer("Conv2D", filters=2, kernel=3, dilation=2, paddingSize=2), layer("Conv2D", filters=6, kernel=2, groups=2),
    layer("Conv2D", filters=4, kernel=3, groups=4, padding="Same"), layer("Conv2D", filters=8, kernel=2, groups=4), layer("Conv2D", filters=3, kernel=1, kernelWidth=3),
    layer("ConvTranspose2D", filters=3, kernel=2, stride=2), layer("ConvTranspose2D", filters=2, kernel=3, stride=2, paddingSize=1, outputPadding=1),
    layer("ConvTranspose2D", filters=2, kernel=2, dilation=2, useBias=False),
    layer("MaxPool2D", window=2), layer("MaxPool2D", window=3, stride=2, paddingSize=1), layer("MaxPool2D", window=2, stride=3),
    layer("AveragePool2D", window=2), layer("AveragePool2D", window=3, stride=1, paddingSize=1),
]
sequences = [
    layer("Conv1D", filters=3, kernel=3), layer("Conv1D", filters=2, kernel=2, stride=2, paddingSize=1), layer("MaxPool1D", window=2),
    layer("AveragePool1D", window=3, stride=2, paddingSize=1),
]
cases += [case(f"{spec['kind']} {spec['arguments']}", numbers(5, 6, 3), [dense(4), spec, layer("Tanh"), layer("Flatten"), dense(2)], mse, n=2) for spec in windows]
cases += [case(f"{spec['kind']} {spec['arguments']}", numbers(7, 3), [dense(4), spec, layer("Tanh"), dense(2)], mse, n=2) for spec in sequences]
cases += [case(
    "images", numbers(8, 8, 2),
    [layer("Conv2D", filters=3, kernel=3), layer("Relu"), layer("MaxPool2D", window=2), layer("Conv2D", filters=4, kernel=2), layer("Relu"), layer("Flatten"), dense(3)],
    layer("SoftmaxCrossEntropy"), n=3)]
maps = [
    layer("GroupNorm", groups=1), layer("GroupNorm", groups=2), layer("GroupNorm", groups=6, epsilon=0.01), layer("GlobalAveragePool"),
    layer("UpSample2D", factor=2), layer("UpSample2D", factor=3, interpolation="Bilinear"), layer("UpSample2D", factor=2, interpolation="Bilinear"),
    layer("Pad", padding=[1, 0, 2, 1]),
]
cases += [case(f"{spec['kind']} {spec['arguments']} of maps", numbers(2, 3, 2), [dense(6), spec, layer("Tanh"), dense(2)], mse, n=2) for spec in maps]
cases += [case("GroupNorm of vectors", numbers(3), [dense(6), layer("GroupNorm", groups=3), layer("Tanh"), dense(2)], mse, n=2)]
cases += [case(
    "BatchNorm behind convolutions", numbers(5, 5, 2),
    [
        layer("Conv2D", filters=3, kernel=3, useBias=False), layer("BatchNorm"), layer("Relu"), layer("Residual", "Inner"), layer("Relu"),
        layer("Flatten"), dense(2),
    ],
    mse, n=3, Inner=[layer("Conv2D", filters=3, kernel=3, paddingSize=1), layer("BatchNorm", momentum=0.3)])]
more_sequences = [
    layer("Conv1D", filters=3, kernel=3, padding="Same"), layer("Conv1D", filters=6, kernel=2, groups=2), layer("Conv1D", filters=4, kernel=3, groups=4, paddingSize=1),
    layer("Conv1D", filters=2, kernel=3, dilation=2, stride=2, paddingSize=2, useBias=False), layer("MaxPool1D", window=3, stride=2, paddingSize=1),
    layer("AveragePool1D", window=2),
]
cases += [case(f"{spec['kind']} {spec['arguments']}", numbers(9, 3), [dense(4), spec, layer("Tanh"), dense(2)], mse, n=2) for spec in more_sequences]
ties = [layer("MaxPool2D", window=2), layer("MaxPool2D", window=3, stride=1, paddingSize=1), layer("MaxPool2D", window=3, stride=2)]
cases += [case(f"{spec['kind']} {spec['arguments']} of equal values", numbers(6, 7, 2), [dense(3), spec, dense(2)], mse, n=2, draw=whole) for spec in ties]
cases += [case("MaxPool1D of equal values", numbers(8, 2), [dense(3), layer("MaxPool1D", window=3, stride=2), dense(2)], mse, n=2, draw=whole)]
left_out = [
    layer("SoftmaxCrossEntropy", ignore=-100), layer("SoftmaxCrossEntropy", ignore=1), layer("SoftmaxCrossEntropy", ignore=-100, labelSmoothing=0.1),
]
cases += [case(f"{spec['kind']} {spec['arguments']}", numbers(3), [dense(4)], spec, n=6) for spec in left_out]
cases += [case(f"{spec['kind']} {spec['arguments']} per position", numbers(4, 3), [dense(4)], spec, n=3) for spec in left_out]
padded = layer("TokenInput", length=5, vocabulary=3, padding=1)
cases += [
    case(f"padding with {spec['kind']} {spec['arguments']}", padded, [layer("Embedding", width=4), dense(4)], spec, n=3) for spec in [*left_out, losses[5], mse]
]
cases += [case("padding in a pool", padded, [layer("Embedding", width=4), layer("GlobalAveragePool"), dense(2)], mse, n=3)]
attentions = [
    layer("SelfAttention", heads=1), layer("SelfAttention", heads=2), layer("SelfAttention", heads=4, useBias=False), layer("SelfAttention", heads=2, causal=True),
    layer("SelfAttention", heads=2, window=2), layer("SelfAttention", heads=2, window=2, causal=True), layer("SelfAttention", heads=4, keyValueHeads=2),
    layer("SelfAttention", heads=4, keyValueHeads=1, causal=True), layer("SelfAttention", heads=2, rope=True),
    layer("SelfAttention", heads=4, keyValueHeads=2, rope=True, ropeBase=100.0, causal=True), layer("SelfAttention", heads=4, alibi=True, causal=True),
    layer("SelfAttention", heads=3, alibi=True),
]
transformers = [
    layer("TransformerEncoder", heads=2, hidden=5), layer("TransformerEncoder", heads=2, hidden=5, normFirst=True, activation="Gelu", epsilon=0.01),
    layer("TransformerEncoder", heads=2, hidden=7, causal=True, activation="GeluTanh", normFirst=True), layer("TransformerEncoder", heads=1, hidden=5, activation="Silu"),
]
positions = [layer("SinusoidalEmbedding"), layer("RotaryEmbedding"), layer("RotaryEmbedding", base=50.0)]
for spec in [*attentions, *transformers, *positions]:
    width = 12 if spec["arguments"].get("heads") == 3 else 8
    cases += [case(f"{spec['kind']} {spec['arguments']}", numbers(5, 3), [dense(width), spec, dense(2)], mse, n=2, draw=small)]
for spec in [attentions[1], attentions[3], attentions[7], transformers[0]]:
    cases += [case(f"padding with {spec['kind']} {spec['arguments']}", padded, [layer("Embedding", width=8), spec, dense(3)], losses[5], n=3)]
cases += [case("RotaryEmbedding of heads", numbers(4, 3), [dense(8), layer("Reshape", shape=[4, 2, 4]), layer("RotaryEmbedding"), dense(2)], mse, n=2)]
class_weights = [0.5, 3.0, 0.0, 1.25]
weighted = [
    layer("SoftmaxCrossEntropy", classWeights=class_weights), layer("SoftmaxCrossEntropy", classWeights=class_weights, labelSmoothing=0.1),
    layer("SoftmaxCrossEntropy", classWeights=class_weights, ignore=-100), layer("SoftmaxCrossEntropy", classWeights=class_weights, softTargets=True, labelSmoothing=0.2),
    layer("BinaryCrossEntropy", positiveWeight=3.5), layer("SoftmaxCrossEntropy", sampleWeights=True), layer("MeanSquaredError", sampleWeights=True),
    layer("SoftmaxCrossEntropy", classWeights=class_weights, sampleWeights=True, labelSmoothing=0.1, ignore=-100),
]
cases += [case(f"{spec['kind']} {spec['arguments']}", numbers(3), [dense(4)], spec, n=8) for spec in weighted]
cases += [case(f"{spec['kind']} {spec['arguments']} per position", numbers(4, 3), [dense(4)], spec, n=3) for spec in weighted]
cases += [case(f"padding with {spec['kind']} {spec['arguments']}", padded, [layer("Embedding", width=4), dense(4)], spec, n=4) for spec in [weighted[0], *weighted[5:]]]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.json"), "w", newline="\n") as file:
    file.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
