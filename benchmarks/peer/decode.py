#!/usr/bin/env python3
"""Times the generation of text with a cache of keys and values in PyTorch: one line of JSON per variant.

    python3 benchmarks/peer/decode.py --batch 1 --threads 2 [--seconds 3]

The model and the keys are those of `ModelDsl.Benchmarks decode --model gpt`: a whole context of tokens, one after the other and as a prompt, each with the logits for
the next token. Variants: eager, TorchScript (frozen) and, from PyTorch 2 on, torch.compile. What a variant computes is compared with the model without a cache first.
"""
import argparse
import json
import os

from environment import prepare
from timing import measure

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=["gpt"], default="gpt")
parser.add_argument("--batch", type=int, default=1)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--seconds", type=float, default=3)
parser.add_argument("--variants", nargs="+", help="measure only these; all by default")
options = parser.parse_args()
prepare(options.threads)

from typing import List  # noqa: E402

import torch  # noqa: E402  (it reads the environment when it is imported)
from torch import nn  # noqa: E402

from sequences import CONTEXT, VOCABULARY, Gpt  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(0)


class Decoder(nn.Module):
    """A GPT that reads the keys and values of earlier positions from caches [N, heads, CONTEXT, width / heads], one per layer, and adds its own."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens, position: int, keys: List[torch.Tensor], values: List[torch.Tensor]):
        """The logits [N, VOCABULARY] for the token behind some tokens [N, T], the first of which is at a position."""
        end = position + tokens.shape[1]
        x = self.model.tokens(tokens) + self.model.positions[position:end]
        for index, layer in enumerate(self.model.layers):
            parts = layer.queries_keys_values(x)
            keys[index][:, :, position:end] = parts[1]
            values[index][:, :, position:end] = parts[2]
            scores = parts[0] @ keys[index][:, :, :end].transpose(-2, -1) * parts.shape[-1] ** -0.5
            if tokens.shape[1] > 1:
                scores = scores + layer.mask[position:end, :end]
            x = layer.behind_attention(x, scores.softmax(-1) @ values[index][:, :, :end])
        return self.model.head(self.model.norm(x[:, -1]))


def run(variant):
    model = Gpt().eval()
    decoder = Decoder(model).eval()
    if variant == "torchscript":
        decoder = torch.jit.freeze(torch.jit.script(decoder))
    if variant == "compile":
        decoder = torch.compile(decoder)
    layer = model.layers[0]
    size = model.norm.weight.shape[0] // layer.heads
    keys, values = ([torch.zeros(options.batch, layer.heads, CONTEXT, size) for _ in model.layers] for _ in range(2))
    tokens = torch.randint(0, VOCABULARY, (options.batch, CONTEXT))
    columns = tokens.split(1, dim=1)

    expected = model(tokens)
    for position in range(CONTEXT):
        check(decoder(columns[position], position, keys, values), expected[:, position])
    check(decoder(tokens, 0, keys, values), expected[:, -1])

    # All positions have one share: a token at the end of the context reads more keys than one at its beginning.
    position = 0

    def token():
        nonlocal position
        decoder(columns[position], position, keys, values)
        position = (position + 1) % CONTEXT

    one = measure(token, options.seconds)
    prompt = measure(lambda: decoder(tokens, 0, keys, values), options.seconds)
    return {"ms_per_token": one["median_ms"], "min_ms_per_token": one["min_ms"], "prompt_tokens": CONTEXT, "prompt_ms": prompt["median_ms"]}


def check(logits, expected):
    difference = (logits - expected).abs().max().item()
    if not difference < 1e-4:
        raise RuntimeError(f"With the cache the logits differ by {difference:g} from those without.")


with torch.inference_mode():
    for variant in options.variants or ["eager", "torchscript"] + (["compile"] if hasattr(torch, "compile") else []):
        result = {"torch": torch.__version__, "model": options.model, "batch": options.batch, "threads": options.threads, "variant": variant}
        try:
            result.update(run(variant))
        except Exception as error:  # A variant that does not work here is not the best one.
            result["error"] = str(error).splitlines()[0] if str(error) else repr(error)
        print(json.dumps(result), flush=True)
