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
import statistics
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=["linear", "mlp", "cnn", "catsdogs", "resnet18"], default="mlp")
parser.add_argument("--batch", type=int)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--infer", action="store_true")
parser.add_argument("--seconds", type=float, default=3)
parser.add_argument("--variants", nargs="+", help="measure only these; all by default")
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

# What a variant is called in which the channels of pictures lie last.
LAST = ", channels last"


class BasicBlock(nn.Module):
    """Two convolutions and a way around them, which is one itself where the shape changes."""

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        same = channels == width and stride == 1
        self.around = nn.Sequential() if same else nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        y = nn.functional.relu(self.norm1(self.conv1(x)))
        return nn.functional.relu(self.norm2(self.conv2(y)) + self.around(x))


def resnet18():
    widths = [64, 64, 128, 256, 512]
    blocks = []
    for stage in range(4):
        blocks += [BasicBlock(widths[stage], widths[stage + 1], 1 if stage == 0 else 2), BasicBlock(widths[stage + 1], widths[stage + 1], 1)]
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def build():
    """A model, a batch of inputs and of targets, and the loss."""
    if options.model == "linear":
        return nn.Linear(2, 1), torch.rand(batch, 2), torch.rand(batch, 1), nn.functional.mse_loss
    if options.model == "cnn":
        model = nn.Sequential(
            nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.ReLU(),
            nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
        return model, torch.rand(batch, 3, 32, 32), torch.randint(0, 10, (batch,)), nn.functional.cross_entropy
    if options.model == "catsdogs":
        model = nn.Sequential(
            nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(128 * 17 * 17, 128), nn.ReLU(), nn.Linear(128, 1))
        return model, torch.rand(batch, 3, 150, 150), torch.randint(0, 2, (batch, 1)).float(), nn.functional.binary_cross_entropy_with_logits
    if options.model == "resnet18":
        return resnet18(), torch.rand(batch, 3, 32, 32), torch.randint(0, 10, (batch,)), nn.functional.cross_entropy
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
    if variant.startswith("torchscript"):
        traced = torch.jit.trace(model, inputs)
        return torch.jit.optimize_for_inference(traced) if options.infer else traced
    return torch.compile(model) if variant.startswith("compile") else model


def run(variant):
    model, inputs, targets, loss_of = build()
    if variant.endswith(LAST):
        model, inputs = model.to(memory_format=torch.channels_last), inputs.contiguous(memory_format=torch.channels_last)
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
if options.model in ("cnn", "catsdogs", "resnet18"):
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
