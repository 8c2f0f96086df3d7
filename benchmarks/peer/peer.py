#!/usr/bin/env python3
"""Times training steps or predictions of the benchmark models in PyTorch: one line of JSON per variant.

    python3 benchmarks/peer/peer.py --model mlp --batch 32 --threads 2 [--infer] [--seconds 3]

The models are those of `ModelDsl.Benchmarks step`; a step is zero_grad, forward, loss, backward, update. Variants: eager, TorchScript
(a trace; frozen and optimised for inference) and, from PyTorch 2 on, torch.compile; those of pictures also with the channels last in
memory. Adam is the fastest kind this PyTorch has.
"""
import argparse
import json
import os

from environment import prepare
from timing import measure

PICTURES = ("cnn", "catsdogs", "resnet18")
BATCHES = {"linear": 4, "chargpt": 12, "gpt": 16, "gpt2": 1}

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=["linear", "mlp", "cnn", "catsdogs", "resnet18", "lstm", "text", "chargpt", "gpt", "gpt2"], default="mlp")
parser.add_argument("--batch", type=int, help="4 for linear, 12 for chargpt, 16 for gpt, 1 for gpt2 and 32 otherwise when left out")
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--infer", action="store_true")
parser.add_argument("--seconds", type=float, default=3)
parser.add_argument("--variants", nargs="+", help="measure only these; all by default")
options = parser.parse_args()
batch = options.batch or BATCHES.get(options.model, 32)
prepare(options.threads)

import torch  # noqa: E402  (it reads the environment when it is imported)

import images  # noqa: E402
import sequences  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(0)

# What a variant is called in which the channels of pictures lie last.
LAST = ", channels last"


def optimizer(parameters):
    if options.model == "linear":
        return torch.optim.SGD(parameters, lr=1e-2)
    parameters = list(parameters)
    for kind in ({"fused": True}, {"foreach": True}, {}):
        try:
            candidate = torch.optim.Adam(parameters, lr=1e-3, **kind)
            for parameter in parameters:
                parameter.grad = torch.zeros_like(parameter)
            candidate.step()
            return candidate
        except (TypeError, RuntimeError):
            continue
    raise RuntimeError("No Adam works.")


def compiled(variant, model, inputs):
    if variant.startswith("torchscript"):
        traced = torch.jit.trace(model, inputs)
        return torch.jit.optimize_for_inference(traced) if options.infer else traced
    return torch.compile(model) if variant.startswith("compile") else model


def run(variant):
    model, inputs, targets, loss_of = {**images.MODELS, **sequences.MODELS}[options.model](batch)
    if variant.endswith(LAST):
        model, inputs = model.to(memory_format=torch.channels_last), inputs.contiguous(memory_format=torch.channels_last)
    if options.infer:
        model.eval()
        with torch.inference_mode():
            forward = compiled(variant, model, inputs)
            return measure(lambda: forward(inputs), options.seconds)
    forward = compiled(variant, model, inputs)
    update = optimizer(model.parameters())

    def step():
        update.zero_grad(set_to_none=True)
        loss_of(forward(inputs), targets).backward()
        update.step()

    return measure(step, options.seconds)


variants = ["eager", "torchscript"] + (["compile"] if hasattr(torch, "compile") else [])
if options.model in PICTURES:
    variants += [variant + LAST for variant in variants]
for variant in options.variants or variants:
    result = {
        "torch": torch.__version__,
        "model": options.model,
        "batch": batch,
        "threads": options.threads,
        "mode": "infer" if options.infer else "train",
        "variant": variant,
    }
    try:
        result.update(run(variant))
    except Exception as error:  # A variant that does not work here is not the best one.
        result["error"] = str(error).splitlines()[0] if str(error) else repr(error)
    print(json.dumps(result), flush=True)
