"""Writes gpt2/, a folder as Hugging Face writes GPT-2, and gpt2_folder.json, the ids of a prompt and its greedy continuation, and the logits
after every fourth of them.

The vocabulary has the 256 bytes and some merges of a text; the network is trained for a moment to continue that text, so that each greedy token has a clear margin. Logits are computed in float64
from the weights of the file. Run with any PyTorch from 1.13: python3 tests/vectors/gpt2_folder.py
"""
import json
import os
import re
from collections import Counter

import torch
import torch.nn.functional as F

from gpt2 import gpt2_logits, save

torch.manual_seed(43)
torch.set_default_dtype(torch.float64)

LAYERS, HEADS, WIDTH, POSITIONS, MERGES = 2, 2, 16, 32, 12
TEXT = "the cat sat on the mat, naïve 猫 and 🐈 sat on the hat. "
PROMPT = "the cat sat"
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "gpt2")


def byte_characters():
    """The character of each byte: printable bytes stand for themselves, the others are characters from U+0100 on (Radford et al., 2019)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [value for value in range(256) if value not in printable]
    return {**{value: chr(value) for value in printable}, **{value: chr(256 + i) for i, value in enumerate(others)}}


CHARACTERS = byte_characters()


def words(text):
    """Words with the space before them, as byte characters; enough for this text, which has no digits and no runs of spaces."""
    return [[CHARACTERS[value] for value in word.encode()] for word in re.findall(r" ?[^\W\d_]+| ?[^\s\w]+|\s+", text)]


def merged(parts, pair):
    result = []
    for part in parts:
        if result and (result[-1], part) == pair:
            result[-1] += part
        else:
            result.append(part)
    return result


def train_merges(text):
    split, merges = words(text), []
    for _ in range(MERGES):
        pairs = Counter(pair for word in split for pair in zip(word, word[1:]))
        merges.append(min(pairs, key=lambda pair: (-pairs[pair], pair)))
        split = [merged(word, merges[-1]) for word in split]
    return merges


def encode(text, ids, merges):
    result = []
    for word in words(text):
        for pair in merges:
            word = merged(word, pair)
        result += [ids[part] for part in word]
    return result


def weights(vocabulary):
    w = {"wte.weight": 0.1 * torch.randn(vocabulary, WIDTH), "wpe.weight": 0.1 * torch.randn(POSITIONS, WIDTH)}

    def norm(name):
        w[name + ".weight"], w[name + ".bias"] = torch.ones(WIDTH), torch.zeros(WIDTH)

    def conv1d(name, inputs, outputs):
        w[name + ".weight"], w[name + ".bias"] = torch.randn(inputs, outputs) / inputs ** 0.5, torch.zeros(outputs)

    for layer in range(LAYERS):
        h = f"h.{layer}."
        norm(h + "ln_1")
        conv1d(h + "attn.c_attn", WIDTH, 3 * WIDTH)
        conv1d(h + "attn.c_proj", WIDTH, WIDTH)
        norm(h + "ln_2")
        conv1d(h + "mlp.c_fc", WIDTH, 4 * WIDTH)
        conv1d(h + "mlp.c_proj", 4 * WIDTH, WIDTH)
    norm("ln_f")
    return w


def train(w, ids):
    for tensor in w.values():
        tensor.requires_grad_()
    optimizer = torch.optim.Adam(w.values(), lr=1e-2)
    starts = torch.arange(len(ids) // 2)
    windows = torch.tensor(ids)[starts[:, None] + torch.arange(POSITIONS + 1)]
    for _ in range(150):
        optimizer.zero_grad()
        logits = gpt2_logits(w, windows[:, :-1], LAYERS, HEADS)
        F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten()).backward()
        optimizer.step()
    return {name: tensor.detach().float().double() for name, tensor in w.items()}


def main():
    merges = train_merges(TEXT)
    tokens = [*CHARACTERS.values(), *(left + right for left, right in merges), "<|endoftext|>"]
    ids = {token: i for i, token in enumerate(tokens)}
    w = train(weights(len(tokens)), encode(8 * TEXT, ids, merges))

    prompt = encode(PROMPT, ids, merges)
    text, margins = list(prompt), []
    while len(text) < POSITIONS:
        best = gpt2_logits(w, torch.tensor([text]), LAYERS, HEADS)[0, -1].topk(2)
        margins.append(float(best.values[0] - best.values[1]))
        text.append(int(best.indices[0]))
    assert min(margins) > 0.1, margins
    logits = gpt2_logits(w, torch.tensor([text]), LAYERS, HEADS)[0]
    bytes_of = {character: value for value, character in CHARACTERS.items()}
    continuation = bytes(bytes_of[character] for i in text[len(prompt):] for character in tokens[i]).decode(errors="replace")
    print(PROMPT + "|" + continuation, len(tokens), min(margins))

    os.makedirs(FOLDER, exist_ok=True)
    save(os.path.join(FOLDER, "model.safetensors"), {"transformer." + name: tensor for name, tensor in w.items()})
    config = {
        "activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": len(tokens) - 1, "eos_token_id": len(tokens) - 1,
        "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_ctx": POSITIONS, "n_embd": WIDTH, "n_head": HEADS, "n_inner": None, "n_layer": LAYERS, "n_positions": POSITIONS,
        "resid_pdrop": 0.1, "scale_attn_by_inverse_layer_idx": False, "scale_attn_weights": True, "vocab_size": len(tokens),
    }
    write("gpt2/config.json", json.dumps(config, indent=2))
    write("gpt2/vocab.json", json.dumps(ids, ensure_ascii=False))
    write("gpt2/merges.txt", "\n".join(["#version: 0.2", *(f"{left} {right}" for left, right in merges)]))
    write("gpt2_folder.json", json.dumps({"prompt": PROMPT, "promptIds": prompt, "ids": text, "logits": logits[::4].flatten().tolist(), "continuation": continuation}, ensure_ascii=False))


def write(name, text):
    with open(os.path.join(HERE, name), "w", newline="\n", encoding="utf-8") as file:
        file.write(text + "\n")


main()
