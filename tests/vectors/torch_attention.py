"""Attention in terms of PyTorch's modules and functions, for the scripts that write test vectors."""
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.stateless import functional_call


def excluded(length, arguments):
    """What a position does not attend to, [T, T]."""
    distance = torch.arange(length)[:, None] - torch.arange(length)
    result = torch.zeros(length, length, dtype=torch.bool)
    if arguments.get("causal"):
        result |= distance < 0
    if arguments.get("window"):
        result |= distance.abs() >= arguments["window"]
    return result


def padding_of(network):
    """Which positions are padding; None where all count, or where the network does not say."""
    return ~network.counts if isinstance(network.counts, torch.Tensor) else None


def call(network, name, module, *inputs, **more):
    """A module with the network's parameters under the module's own names."""
    parameters = {key: network.parameter(f"{name}.{key}", *value.shape) for key, value in module.named_parameters()}
    return functional_call(module, parameters, inputs, more)


def self_attention(network, name, arguments, x):
    if not any(arguments.get(key) for key in ("keyValueHeads", "rope", "alibi")):
        module = nn.MultiheadAttention(x.shape[-1], arguments["heads"], bias=arguments.get("useBias", True), batch_first=True)
        padding = padding_of(network)
        return call(network, name, module, x, x, x, attn_mask=excluded(x.shape[1], arguments), key_padding_mask=padding, need_weights=False)[0]
    return by_hand(network, name, arguments, x)


def transformer_encoder(network, name, arguments, x):
    activation = {"Relu": F.relu, "Gelu": F.gelu, "GeluTanh": lambda v: F.gelu(v, approximate="tanh"), "Silu": F.silu}[arguments.get("activation", "Relu")]
    module = nn.TransformerEncoderLayer(
        x.shape[-1], arguments["heads"], arguments["hidden"], dropout=0, activation=activation, layer_norm_eps=arguments.get("epsilon", 1e-5),
        batch_first=True, norm_first=arguments.get("normFirst", False))
    padding = padding_of(network)
    return call(network, name, module, x, src_mask=excluded(x.shape[1], arguments), src_key_padding_mask=padding)


def transformer_decoder(network, name, arguments, x, memory):
    module = nn.TransformerDecoderLayer(
        x.shape[-1], arguments["heads"], arguments["hidden"], dropout=0, layer_norm_eps=arguments.get("epsilon", 1e-5), batch_first=True,
        norm_first=arguments.get("normFirst", False))
    return call(network, name, module, x, memory, tgt_mask=excluded(x.shape[1], {"causal": True}))


def cross_attention(network, name, arguments, x, memory):
    width = memory.shape[-1]
    other = {} if width == x.shape[-1] else {"kdim": width, "vdim": width}
    module = nn.MultiheadAttention(x.shape[-1], arguments["heads"], bias=arguments.get("useBias", True), batch_first=True, **other)
    return call(network, name, module, x, memory, memory, need_weights=False)[0]


def by_hand(network, name, arguments, x):
    """What PyTorch has no module for: grouped heads, rotary positions, slopes."""
    (n, length, width), heads = x.shape, arguments["heads"]
    groups, size = arguments.get("keyValueHeads") or heads, width // heads
    weight, bias = network.parameter(name + ".in_proj_weight", (heads + 2 * groups) * size, width), network.parameter(name + ".in_proj_bias", (heads + 2 * groups) * size)
    q, k, v = F.linear(x, weight, bias).unflatten(-1, (-1, size)).transpose(1, 2).split((heads, groups, groups), 1)
    if arguments.get("rope"):
        q, k = (rotate(value, arguments.get("ropeBase", 10_000)) for value in (q, k))
    k, v = (value.repeat_interleave(heads // groups, 1) for value in (k, v))
    scores = q @ k.transpose(-1, -2) / math.sqrt(size)
    if arguments.get("alibi"):
        distance = (torch.arange(length)[:, None] - torch.arange(length)).abs()
        scores = scores - torch.tensor(slopes(heads))[:, None, None] * distance
    scores = scores.masked_fill(excluded(length, arguments), -torch.inf)
    if network.counts is not None:
        scores = scores.masked_fill(~network.counts[:, None, None], -torch.inf)
    merged = (F.softmax(scores, -1) @ v).transpose(1, 2).flatten(2)
    return F.linear(merged, network.parameter(name + ".out_proj.weight", width, width), network.parameter(name + ".out_proj.bias", width))


def rotate(x, base):
    """x·cos + rotate_half(x)·sin, as in Hugging Face's Llama."""
    size = x.shape[-1]
    frequencies = base ** (-torch.arange(0, size, 2) / size)
    angles = torch.outer(torch.arange(x.shape[-2]).double(), frequencies)
    angles = torch.cat((angles, angles), -1)
    first, second = x.chunk(2, -1)
    return x * angles.cos() + torch.cat((-second, first), -1) * angles.sin()


def slopes(heads):
    """The slopes of the published code of ALiBi."""
    def of_power(count):
        start = 2 ** (-(2 ** -(math.log2(count) - 3)))
        return [start * start ** i for i in range(count)]
    if math.log2(heads).is_integer():
        return of_power(heads)
    closest = 2 ** math.floor(math.log2(heads))
    return of_power(closest) + slopes(2 * closest)[0::2][:heads - closest]


def sinusoids(length, width):
    position, pair = torch.arange(length).double()[:, None], torch.arange(0, width, 2).double()
    angles = position / 10_000 ** (pair / width)
    table = torch.zeros(length, width)
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles.cos()[:, :width // 2]
    return table
