"""GPT-2 as its paper and model card describe it, with Conv1D, whose weight is [in, out], and the file format of weights; used by pretrained.py and gpt2_folder.py."""
import json
import struct

import torch
import torch.nn.functional as F


def save(path, state):
    """The format: the length of the header, the header in JSON, and the values."""
    header, data = {}, b""
    for key, tensor in state.items():
        code, kind = ("f", "F32") if tensor.is_floating_point() else ("?", "BOOL") if tensor.dtype == torch.bool else ("q", "I64")
        values = struct.pack(f"<{tensor.numel()}{code}", *tensor.detach().flatten().tolist())
        header[key] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def attention(q, k, v, excluded, heads):
    width = q.shape[-1]
    q, k, v = (x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (q, k, v))
    scores = (q @ k.transpose(-1, -2) / (width // heads) ** 0.5).masked_fill(excluded, -torch.inf)
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)


def gpt2_logits(w, tokens, layers, heads):
    """The logits of tokens [samples, length]; w has the names and shapes of Hugging Face."""
    width, length = w["wte.weight"].shape[1], tokens.shape[1]
    excluded = ~torch.ones(length, length, dtype=torch.bool).tril()

    def conv1d(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    def norm(x, name):
        return F.layer_norm(x, (width,), w[name + ".weight"], w[name + ".bias"], 1e-5)

    def gelu_new(x):
        return 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x ** 3)))

    x = w["wte.weight"][tokens] + w["wpe.weight"][:length]
    for layer in range(layers):
        h = f"h.{layer}."
        q, k, v = conv1d(norm(x, h + "ln_1"), h + "attn.c_attn").split(width, -1)
        x = x + conv1d(attention(q, k, v, excluded, heads), h + "attn.c_proj")
        x = x + conv1d(gelu_new(conv1d(norm(x, h + "ln_2"), h + "mlp.c_fc")), h + "mlp.c_proj")
    return norm(x, "ln_f") @ w["wte.weight"].T
