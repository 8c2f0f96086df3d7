#!/usr/bin/env python3
"""Times training steps or predictions of the benchmark models in PyTorch: one line of JSON per variant.

    python3 benchmarks/peer/peer.py --model mlp --batch 32 --threads 2 [--infer] [--seconds 3]

The models are those of `ModelDsl.Benchmarks step`; a step is zero_grad, forward, loss, backward, update. Variants: eager, TorchScript
(a trace; frozen and optimised for inference) and, from PyTorch 2 on, torch.compile. Adam is the fastest kind this PyTorch has.
"""
import argparse
import json
import os
import statistics
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=["linear", "mlp", "cnn"], default="mlp")
parser.add_argument("--batch", type=int)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--infer", action="store_true")
parser.add_argument("--seconds", type=float, default=3)
options = parser.parse_args()
batch = options.batch or (4 if options.model == "linear" else 32)

# Debian's default OpenBLAS keeps threads of its own beside PyTorch's OpenMP ones, which makes both slow: prefer its OpenMP build.
blas = "/usr/lib/x86_64-linux-gnu/openblas-openmp"
if os.path.isdir(blas) and os.environ.get("LD_LIBRARY_PATH") != blas:
    os.environ["LD_LIBRARY_PATH"] = blas
    os.execv(sys.executable, [sys.executable, *sys.argv])
# Somebody else's choice of an older processor would cost half the speed.
os.environ.pop("OPENBLAS_CORETYPE", None)
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(options.threads)

import torch  # noqa: E402  (it reads the environment when it is imported)
from torch import nn  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(0)


def build():
    """A model, a batch of inputs and of targets, and the loss."""
    if options.model == "linear":
        return nn.Linear(2, 1), torch.rand(batch, 2), torch.rand(batch, 1), nn.functional.mse_loss
    if options.model == "cnn":
        model = nn.Sequential(
            nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.ReLU(),
            nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
        return model, torch.rand(batch, 3, 32, 32), torch.randint(0, 10, (batch,)), nn.functional.cross_entropy
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    return model, torch.rand(batch, 784), torch.randint(0, 10, (batch,)), nn.functional.cross_entropy


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
    if variant == "torchscript":
        traced = torch.jit.trace(model, inputs)
        return torch.jit.optimize_for_inference(traced) if options.infer else traced
    return torch.compile(model) if variant == "compile" else model


def run(variant):
    model, inputs, targets, loss_of = build()
    if options.infer:
        model.eval()
        with torch.inference_mode():
            forward = compiled(variant, model, inputs)
            return measure(lambda: forward(inputs))
    forward = compiled(variant, model, inputs)
    update = optimizer(model.parameters())

    def step():
        update.zero_grad(set_to_none=True)
        loss_of(forward(inputs), targets).backward()
        update.step()

    return measure(step)


def measure(step):
    end = time.perf_counter() + min(1.0, options.seconds / 3)
    while time.perf_counter() < end:
        step()
    times = []
    last = time.perf_counter()
    end = last + options.seconds
    while last < end or len(times) < 7:
        step()
        now = time.perf_counter()
        times.append(1000 * (now - last))
        last = now
    times.sort()
    return {
        "median_ms": round(statistics.median(times), 6),
        "min_ms": round(times[0], 6),
        "p10_ms": round(times[len(times) // 10], 6),
        "steps": len(times),
    }


variants = ["eager", "torchscript"] + (["compile"] if hasattr(torch, "compile") else [])
for variant in variants:
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
