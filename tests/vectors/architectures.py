"""Writes architectures.json: networks that branch, share weights, have several inputs and losses, with PyTorch's outputs, losses and gradients in float64.

Run with any PyTorch from 1.13: python3 tests/vectors/architectures.py

Each network here is written down a second time as a Forward, in ArchitectureModels.cs. Data and parameters are numbers that float32 can hold.
"""
import json
import os

import torch
import torch.nn.functional as F

import torch_attention

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
single = lambda tensor: tensor.float().double()


class Scope:
    """Parameters by the names that the compiler gives them: layers are counted within a block, weights shared under equal names."""

    def __init__(self, store=None, prefix=""):
        self.store = store if store is not None else {"parameters": {}, "states": {}, "training": True}
        self.prefix = prefix
        self.counts = {}

    def again(self):
        return Scope(self.store, self.prefix)

    def field(self, name):
        """The same weights, whoever asks for them."""
        return Scope(self.store, self.prefix + name + ".")

    def block(self, kind):
        return self.field(self.number(kind))

    def number(self, kind):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}{self.counts[kind]}"

    def parameter(self, name, *shape):
        store, path = self.store["parameters"], self.prefix + name
        if path not in store:
            values = 0.9 + 0.4 * torch.rand(*shape) if len(shape) == 1 else torch.randn(*shape) / shape[-1] ** 0.5
            store[path] = single(values).requires_grad_()
        return store[path]

    def dense(self, x, units, bias=True):
        name = self.number("dense")
        weight = self.parameter(name + ".weight", units, x.shape[-1])
        return F.linear(x, weight, self.parameter(name + ".bias", units) if bias else None)

    def embedding(self, ids, vocabulary, width):
        return F.embedding(ids, self.parameter(self.number("embedding") + ".weight", vocabulary, width))

    def position(self, x):
        return x + self.parameter(self.number("positionalEmbedding") + ".weight", *x.shape[1:])

    def layer_norm(self, x):
        name, width = self.number("layerNorm"), x.shape[-1]
        return F.layer_norm(x, (width,), self.parameter(name + ".weight", width), self.parameter(name + ".bias", width))

    def batch_norm(self, x, momentum=0.1):
        name, width = self.number("batchNorm"), x.shape[-1]
        weight, bias = self.parameter(name + ".weight", width), self.parameter(name + ".bias", width)
        states = self.store["states"]
        for state in ("running_mean", "running_var"):
            states.setdefault(self.prefix + name + "." + state, single(0.5 + torch.rand(width)))
        mean, variance = (states[self.prefix + name + "." + state] for state in ("running_mean", "running_var"))
        return F.batch_norm(x, mean, variance, weight, bias, self.store["training"], momentum)

    def conv(self, x, filters, kernel):
        name = self.number("conv2D")
        weight, bias = self.parameter(name + ".weight", filters, x.shape[-1], kernel, kernel), self.parameter(name + ".bias", filters)
        return F.conv2d(x.movedim(-1, 1), weight, bias, padding="same").movedim(1, -1)

    def conv_transpose(self, x, filters, kernel, stride):
        name = self.number("convTranspose2D")
        weight, bias = self.parameter(name + ".weight", x.shape[-1], filters, kernel, kernel), self.parameter(name + ".bias", filters)
        return F.conv_transpose2d(x.movedim(-1, 1), weight, bias, stride=stride).movedim(1, -1)


def pool(x):
    return F.max_pool2d(x.movedim(-1, 1), 2).movedim(1, -1)


# A U-Net that is a block in itself, of vectors and of pictures; in the second each stage is a dense block (Huang et al., 2017).

def level(scope, x, width, levels):
    skip = F.relu(scope.dense(x, width))
    if levels == 0:
        return skip
    below = level(scope.block("level"), skip, width // 2, levels - 1)
    return F.relu(scope.dense(torch.cat([skip, F.relu(scope.dense(below, width))], -1), width))


def dense_block(scope, x, growth, layers):
    for _ in range(layers):
        x = torch.cat([x, F.relu(scope.conv(x, growth, 3))], -1)
    return x


def stage(scope, x, growth, levels):
    skip = dense_block(scope.block("denseBlock"), x, growth, 2)
    if levels == 0:
        return skip
    below = stage(scope.block("stage"), pool(skip), growth, levels - 1)
    up = scope.conv_transpose(below, growth, 2, 2)
    return dense_block(scope.block("denseBlock"), torch.cat([skip, up], -1), growth, 1)


def pyramid(scope, x, target):
    output = scope.dense(level(scope.block("level"), x, 8, 2), 3)
    return {"output": output}, {"loss": F.mse_loss(output, target)}


def segmentation(scope, x, target):
    output = scope.conv(stage(scope.block("stage"), x, 3, 2), 1, 1)
    return {"output": output}, {"loss": F.binary_cross_entropy_with_logits(output, target)}


def wide_and_deep(scope, wide, words, numbers, target):
    deep = torch.cat([scope.embedding(words, 11, 4).flatten(1), numbers], -1)
    deep = F.relu(scope.dense(F.relu(scope.dense(deep, 8)), 5))
    output = scope.dense(wide, 1) + scope.dense(deep, 1)
    return {"output": output}, {"loss": F.binary_cross_entropy_with_logits(output, target)}


def tower(scope, x):
    return scope.dense(F.relu(scope.dense(x, 6)), 4)


def siamese(scope, left, right, same):
    left, right = tower(scope.field("tower"), left), tower(scope.field("tower"), right)
    output = (left - right).square().sum(-1, keepdim=True)
    loss = same * output + (1 - same) * F.relu(3 - (output + 0.001).sqrt()).square()
    return {"output": output}, {"loss": loss.mean()}


def triplet(scope, anchor, positive, negative):
    a, p, n = (tower(scope.field("tower"), x) for x in (anchor, positive, negative))
    near, far = (a - p).square().sum(-1), (a - n).square().sum(-1)
    return {"a": a, "p": p, "n": n}, {"loss": F.relu(near - far + 1).mean()}


def two_tasks(scope, x, truth, where):
    h = torch.tanh(scope.dense(x, 8))
    kind, place = scope.dense(h, 4), scope.dense(h, 2)
    return {"kind": kind, "place": place}, {"loss": 0.7 * F.cross_entropy(kind, truth) + 0.3 * F.huber_loss(place, where, delta=0.5)}


def tied(scope, tokens, truth):
    words = scope.parameter("words", 9, 4)
    x = scope.layer_norm(scope.position(F.embedding(tokens, words)))
    output = F.gelu(scope.dense(x, 4)) @ words.T
    return {"output": output}, {"loss": F.cross_entropy(output.flatten(0, 1), truth.flatten())}


def film(scope, x, condition):
    scale, shift = scope.dense(condition, x.shape[-1]), scope.dense(condition, x.shape[-1], bias=False)
    return x * (1 + scale[:, None, None]) + shift[:, None, None]


def conditioned(scope, image, condition, truth):
    x = F.relu(film(scope.block("film"), scope.conv(image, 5, 3), condition))
    x = F.relu(film(scope.block("film"), scope.conv(x, 4, 3), condition))
    output = scope.dense(x.mean((1, 2)), 3)
    return {"output": output}, {"loss": F.cross_entropy(output, truth)}


def oscillation(scope, x):
    net = lambda v: (lambda own: own.dense(torch.tanh(own.dense(torch.tanh(own.dense(v, 6)), 5)), 1))(scope.again())
    x = x.clone().requires_grad_()
    output = net(x)
    velocity, = torch.autograd.grad(output.sum(), x, create_graph=True)
    acceleration, = torch.autograd.grad(velocity.sum(), x, create_graph=True)
    start = x * 0
    value = net(start)
    slope, = torch.autograd.grad(value.sum(), start, create_graph=True)
    return {"output": output}, {"loss": ((acceleration + output).square() + 10 * (value - 0).square() + 10 * (slope - 1).square()).mean()}


# A Transformer's decoder (Radford et al., 2019) of two layers with two heads: a position sees itself and those before it.

def causal_attention(scope, x, heads):
    q, k, v = (scope.dense(x, x.shape[-1]).unflatten(-1, (heads, -1)).transpose(1, 2) for _ in range(3))
    later = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()
    scores = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).masked_fill(later, float("-inf"))
    return scope.dense((scores.softmax(-1) @ v).transpose(1, 2).flatten(2), x.shape[-1])


def gpt_layer(scope, x):
    x = x + causal_attention(scope.block("causalAttention"), scope.layer_norm(x), 2)
    return x + scope.dense(F.gelu(scope.dense(scope.layer_norm(x), 12)), x.shape[-1])


def gpt(scope, tokens, truth):
    x = scope.position(scope.embedding(tokens, 9, 6))
    for _ in range(2):
        x = gpt_layer(scope.block("gptLayer"), x)
    output = scope.dense(scope.layer_norm(x), 9)
    return {"output": output}, {"loss": F.cross_entropy(output.flatten(0, 1), truth.flatten())}


# Attention under a mask that comes with the data, with rotary embeddings (Su et al., 2021) of queries and keys. Where nothing is allowed the result is 0.

def rotated(x):
    half = x.shape[-1] // 2
    angles = torch.arange(x.shape[1])[:, None] / 10_000 ** (torch.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], -1)


def rotary(scope, x, allowed, target):
    scores = rotated(scope.dense(x, 4)) @ rotated(scope.dense(x, 4)).transpose(-1, -2)
    weights = torch.where(allowed > 0, scores, torch.tensor(-1e30)).softmax(-1) * allowed
    output = weights @ scope.dense(x, 4) @ torch.tensor([[0.5, 0.25, 2], [1, 3, -1], [0.125, 4, -2], [5, 0.5, 1]])
    return {"output": output}, {"loss": F.mse_loss(output, target)}


# A decoder that reads an encoder's output, and attention to a memory of another width, by PyTorch's own modules.

def translator(scope, source, x, target):
    memory = scope.embedding(source, 7, 8)
    memory = torch_attention.transformer_encoder(scope, scope.number("transformerEncoder"), {"heads": 2, "hidden": 10}, memory)
    x = torch_attention.transformer_decoder(scope, scope.number("transformerDecoder"), {"heads": 2, "hidden": 9}, x, memory)
    x = torch_attention.transformer_decoder(scope, scope.number("transformerDecoder"), {"heads": 4, "hidden": 9, "normFirst": True}, x, memory)
    wide = scope.dense(memory, 6)
    x = torch_attention.cross_attention(scope, scope.number("crossAttention"), {"heads": 2}, x, wide)
    output = scope.dense(x, 3)
    return {"output": output}, {"loss": F.mse_loss(output, target)}


def attention_function(scope, x, target):
    """Queries of four heads, keys and values of two."""
    q, k, v = (scope.dense(x, width).unflatten(-1, (-1, size)).transpose(1, 2) for width, size in ((16, 4), (8, 4), (6, 3)))
    k, v = k.repeat_interleave(2, 1), v.repeat_interleave(2, 1)
    scores = (q @ k.transpose(-1, -2) / 2).masked_fill(torch.ones(x.shape[1], x.shape[1]).triu(1).bool(), -torch.inf)
    output = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
    return {"output": output}, {"loss": F.mse_loss(output, target)}


# Two losses with a step each, and statistics of the batch in both parts. The first loss runs the Forward; the second does not and applies its parts itself.

def maker(scope, noise):
    return scope.dense(F.relu(scope.batch_norm(scope.dense(noise, 6, bias=False))), 5)


def judge(scope, x):
    return scope.dense(F.leaky_relu(scope.batch_norm(scope.dense(x, 7), momentum=0.3), 0.2), 1)


def adversaries_judge(scope, noise, real):
    output = maker(scope.field("maker"), noise)
    truth, lie = judge(scope.field("judge"), real), judge(scope.field("judge"), output)
    loss = F.binary_cross_entropy_with_logits(truth, torch.ones_like(truth)) + F.binary_cross_entropy_with_logits(lie, torch.zeros_like(lie))
    return {"output": output}, {"JudgeLoss": loss}


def adversaries_maker(scope, noise, real):
    lie = judge(scope.field("judge"), maker(scope.field("maker"), noise))
    return {}, {"MakerLoss": F.binary_cross_entropy_with_logits(lie, torch.ones_like(lie))}


PARTS = {"JudgeLoss": "judge.", "MakerLoss": "maker."}
flat = lambda tensor: tensor.detach().flatten().tolist()


def case(name, n, columns, *networks):
    """The network's outputs in inference; of each loss its value, the gradients of what it trains, the states after its step."""
    scope = Scope()
    values = [single(column(n)) if column(n).is_floating_point() else column(n) for column in columns]
    result = {"name": name, "n": n, "columns": [flat(value) for value in values], "losses": {}}
    networks[0](scope.again(), *values)
    parameters, states = scope.store["parameters"], {key: single(0.5 + torch.rand_like(state)) for key, state in scope.store["states"].items()}
    result["parameters"] = {key: flat(value) for key, value in parameters.items()}
    result["states"] = {key: flat(value) for key, value in states.items()}
    for network in networks:
        scope.store["states"] = {key: value.clone() for key, value in states.items()}
        for value in parameters.values():
            value.grad = None
        _, losses = network(scope.again(), *values)
        for key, loss in losses.items():
            loss.backward()
            trained = {path: value for path, value in parameters.items() if path.startswith(PARTS.get(key, ""))}
            result["losses"][key] = {
                "value": loss.item(),
                "gradients": {path: flat(value.grad) for path, value in trained.items()},
                "states": {path: flat(value) for path, value in scope.store["states"].items()},
            }
    scope.store["states"], scope.store["training"] = states, False
    outputs, _ = networks[0](scope.again(), *values)
    result["outputs"] = {key: flat(value) for key, value in outputs.items()}
    return result


def numbers(*shape):
    values = {}
    return lambda n: values.setdefault(n, torch.randn(n, *shape))


def shares(*shape):
    values = {}
    return lambda n: values.setdefault(n, torch.rand(n, *shape))


def ids(bound, *shape):
    values = {}
    return lambda n: values.setdefault(n, torch.randint(bound, (n, *shape)))


def pattern(*rows):
    values = torch.tensor([[float(mark) for mark in row] for row in rows])
    return lambda n: values.expand(n, *values.shape).contiguous()


cases = [
    case("Pyramid", 4, [numbers(6), numbers(3)], pyramid),
    case("Segmentation", 2, [numbers(8, 4, 2), shares(8, 4, 1)], segmentation),
    case("WideAndDeep", 5, [numbers(6), ids(11, 3), numbers(4), shares(1)], wide_and_deep),
    case("Siamese", 4, [numbers(5), numbers(5), lambda n: torch.arange(n).remainder(2).double()[:, None]], siamese),
    case("Triplet", 4, [numbers(5), numbers(5), numbers(5)], triplet),
    case("TwoTasks", 4, [numbers(7), ids(4), numbers(2)], two_tasks),
    case("Tied", 3, [ids(9, 5), ids(9, 5)], tied),
    case("Conditioned", 3, [numbers(4, 3, 2), numbers(3), ids(3)], conditioned),
    case("Oscillation", 6, [numbers(1)], oscillation),
    case("Adversaries", 5, [numbers(3), numbers(5)], adversaries_judge, adversaries_maker),
    case("Gpt", 3, [ids(9, 5), ids(9, 5)], gpt),
    case("Rotary", 2, [numbers(5, 4), pattern("10000", "11000", "00000", "10110", "01011"), numbers(5, 3)], rotary),
    case("Translator", 2, [ids(7, 6), numbers(5, 8), numbers(5, 3)], translator),
    case("AttentionHeads", 2, [numbers(5, 4), numbers(5, 12)], attention_function),
]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "architectures.json"), "w", newline="\n") as file:
    file.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
