#!/usr/bin/env python3
"""Times training steps or predictions of the benchmark models in PyTorch on a GPU: one line of JSON per variant.

    python3 benchmarks/peer/gpu_peer.py --batch 256 [--infer] [--seconds 3]

The model is `mlp` of `ModelDsl.Gpu.Benchmarks step`; a step copies the batch up from page-locked memory and is zero_grad, forward, loss, backward,
update, waited for. Variants: eager, torch.compile, and the whole step as a CUDA graph. With `--device cpu` the same on the CPU, where there are no
graphs: to see that the program works before it is taken to a GPU.
"""
import argparse
import json

import torch
from torch import nn

from timing import measure

parser = argparse.ArgumentParser()
parser.add_argument("--batch", type=int, default=256)
parser.add_argument("--infer", action="store_true")
parser.add_argument("--seconds", type=float, default=3)
parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
options = parser.parse_args()
on_gpu = options.device == "cuda"
if on_gpu and not torch.cuda.is_available():
    raise SystemExit("PyTorch sees no CUDA device.")
torch.manual_seed(0)
# float32 as it is, on both sides: no TF32.
torch.set_float32_matmul_precision("highest")


def variant_step(variant):
    """A step as a function without arguments."""
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)).to(options.device)
    host_x, host_y = torch.rand(options.batch, 784), torch.randint(0, 10, (options.batch,))
    if on_gpu:
        host_x, host_y = host_x.pin_memory(), host_y.pin_memory()
    x, y = torch.empty_like(host_x, device=options.device), torch.empty_like(host_y, device=options.device)
    x.copy_(host_x)
    y.copy_(host_y)
    forward = torch.compile(model) if variant == "compile" else model
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=on_gpu, capturable=variant == "graph")

    def compute():
        if options.infer:
            with torch.inference_mode():
                return forward(x).softmax(-1)
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(forward(x), y).backward()
        optimizer.step()
        return None

    if variant == "graph":
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                compute()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            compute()
        compute = graph.replay

    def step():
        x.copy_(host_x, non_blocking=True)
        y.copy_(host_y, non_blocking=True)
        compute()
        if on_gpu:
            torch.cuda.synchronize()

    return step


device_name = torch.cuda.get_device_name() if on_gpu else "cpu"
for name in ["eager"] + (["graph"] if on_gpu else []) + (["compile"] if hasattr(torch, "compile") else []):
    result = {"torch": torch.__version__, "device": device_name, "batch": options.batch, "mode": "infer" if options.infer else "train", "variant": name}
    try:
        result.update(measure(variant_step(name), options.seconds))
    except Exception as error:  # A variant that does not work here is not the best one.
        result["error"] = str(error).splitlines()[0] if str(error) else repr(error)
    print(json.dumps(result), flush=True)
