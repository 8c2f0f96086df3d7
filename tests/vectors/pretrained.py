"""Writes pretrained/*.safetensors, small networks with random weights in the names and shapes of Hugging Face and PyTorch, and pretrained.json, their outputs.

GPT-2 is that of gpt2.py. BERT, with post-norm layers, is written down here as its paper and model card describe it. Outputs are computed in float64. Run with any PyTorch from 1.13: python3 tests/vectors/pretrained.py
"""
import json
import os

import torch
import torch.nn.functional as F
from torch import nn

from gpt2 import attention, gpt2_logits, save

torch.manual_seed(41)
torch.set_default_dtype(torch.float64)

SAMPLES, LENGTH, VOCABULARY, WIDTH, HEADS, LAYERS = 2, 6, 11, 8, 2, 2
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pretrained")


def flat(tensor):
    return tensor.detach().flatten().tolist()


def path(name):
    return os.path.join(FOLDER, name + ".safetensors")


def numbers(*shape, mean=0.0, scale=0.4):
    return (mean + scale * torch.randn(*shape)).float().double()


class Weights(dict):
    """Random weights by the names of a file."""

    def linear(self, name, inputs, outputs, transposed=False):
        self[name + ".weight"] = numbers(inputs, outputs) if transposed else numbers(outputs, inputs)
        self[name + ".bias"] = numbers(outputs)

    def norm(self, name):
        self[name + ".weight"] = numbers(WIDTH, mean=1.0)
        self[name + ".bias"] = numbers(WIDTH)


def gpt2():
    w = Weights()
    w["wte.weight"] = numbers(VOCABULARY, WIDTH)
    w["wpe.weight"] = numbers(LENGTH, WIDTH)
    for layer in range(LAYERS):
        h = f"h.{layer}."
        w.norm(h + "ln_1")
        w[h + "attn.bias"] = torch.ones(LENGTH, LENGTH, dtype=torch.bool).tril()[None, None]
        w[h + "attn.masked_bias"] = torch.tensor(-10_000.0)
        w.linear(h + "attn.c_attn", WIDTH, 3 * WIDTH, transposed=True)
        w.linear(h + "attn.c_proj", WIDTH, WIDTH, transposed=True)
        w.norm(h + "ln_2")
        w.linear(h + "mlp.c_fc", WIDTH, 4 * WIDTH, transposed=True)
        w.linear(h + "mlp.c_proj", 4 * WIDTH, WIDTH, transposed=True)
    w.norm("ln_f")

    tokens = torch.randint(VOCABULARY, (SAMPLES, LENGTH))
    logits = gpt2_logits(w, tokens, LAYERS, HEADS)
    save(path("gpt2"), w)
    return {"tokens": flat(tokens), "logits": flat(logits)}


def bert():
    w = Weights()
    w["embeddings.position_ids"] = torch.arange(LENGTH)[None]
    w["embeddings.word_embeddings.weight"] = numbers(VOCABULARY, WIDTH)
    w["embeddings.position_embeddings.weight"] = numbers(LENGTH, WIDTH)
    w["embeddings.token_type_embeddings.weight"] = numbers(2, WIDTH)
    w.norm("embeddings.LayerNorm")
    for layer in range(LAYERS):
        h = f"encoder.layer.{layer}."
        for part in ("query", "key", "value"):
            w.linear(f"{h}attention.self.{part}", WIDTH, WIDTH)
        w.linear(h + "attention.output.dense", WIDTH, WIDTH)
        w.norm(h + "attention.output.LayerNorm")
        w.linear(h + "intermediate.dense", WIDTH, 4 * WIDTH)
        w.linear(h + "output.dense", 4 * WIDTH, WIDTH)
        w.norm(h + "output.LayerNorm")
    w.linear("pooler.dense", WIDTH, WIDTH)

    def linear(x, name):
        return F.linear(x, w[name + ".weight"], w[name + ".bias"])

    def norm(x, name):
        return F.layer_norm(x, (WIDTH,), w[name + ".weight"], w[name + ".bias"], 1e-12)

    lengths = torch.tensor([LENGTH, 4])
    counts = torch.arange(LENGTH)[None] < lengths[:, None]
    tokens = torch.randint(1, VOCABULARY, (SAMPLES, LENGTH)) * counts
    segments = (torch.arange(LENGTH)[None] >= 2) * counts
    x = w["embeddings.word_embeddings.weight"][tokens] + w["embeddings.token_type_embeddings.weight"][segments.long()] + w["embeddings.position_embeddings.weight"]
    x = norm(x, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        h = f"encoder.layer.{layer}."
        q, k, v = (linear(x, f"{h}attention.self.{part}") for part in ("query", "key", "value"))
        x = norm(x + linear(attention(q, k, v, ~counts[:, None, None], HEADS), h + "attention.output.dense"), h + "attention.output.LayerNorm")
        x = norm(x + linear(F.gelu(linear(x, h + "intermediate.dense")), h + "output.dense"), h + "output.LayerNorm")
    pooled = torch.tanh(linear(x[:, 0], "pooler.dense"))
    save(path("bert"), w)
    return {"tokens": flat(tokens), "segments": flat(segments.long()), "states": flat(x[counts]), "pooled": flat(pooled)}


def module(name, net, forward):
    """A module of PyTorch, whose weights are numbers that float32 can hold."""
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(numbers(*parameter.shape, mean=0.0 if parameter.dim() > 1 else 0.5))
    net.eval()
    save(path(name), net.state_dict())
    return flat(forward(net))


def modules():
    x = numbers(SAMPLES, LENGTH, WIDTH, scale=1.0)
    recurrent = {"batch_first": True}
    encoder = {"dim_feedforward": 2 * WIDTH, "batch_first": True}
    return {
        "input": flat(x),
        "lstm": module("lstm", nn.LSTM(WIDTH, 3, **recurrent), lambda net: net(x)[0]),
        "lstm2": module("lstm2", nn.LSTM(WIDTH, 3, num_layers=2, bidirectional=True, **recurrent), lambda net: net(x)[0]),
        "gru": module("gru", nn.GRU(WIDTH, 3, **recurrent), lambda net: net(x)[0]),
        "attention": module("attention", nn.MultiheadAttention(WIDTH, HEADS, batch_first=True), lambda net: net(x, x, x)[0]),
        "postNorm": module("post_norm", nn.TransformerEncoderLayer(WIDTH, HEADS, **encoder), lambda net: net(x)),
        "preNorm": module("pre_norm", nn.TransformerEncoderLayer(WIDTH, HEADS, activation="gelu", norm_first=True, **encoder), lambda net: net(x)),
    }


os.makedirs(FOLDER, exist_ok=True)
result = {"gpt2": gpt2(), "bert": bert(), "modules": modules()}
with open(FOLDER + ".json", "w", newline="\n") as file:
    json.dump(result, file)
    file.write("\n")
