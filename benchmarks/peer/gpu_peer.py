#!/usr/bin/env python3
"""Times training steps or predictions of the benchmark models in PyTorch on a GPU: one line of JSON per variant and batch size.

    python3 benchmarks/peer/gpu_peer.py --model mlp --batch 16 128 [--infer] [--seconds 3] [--variants eager graph]
    python3 benchmarks/peer/gpu_peer.py --product --batch 4096

The models are those of `ModelDsl.Gpu.Benchmarks step`; a step copies the batch up from page-locked memory and is zero_grad, forward, loss, backward,
update, waited for. Variants: eager, the whole step as a CUDA graph, torch.compile, and torch.compile with CUDA graphs (mode "reduce-overhead").
`--product` times the product of matrices alone. With `--device cpu` the same on the CPU, where there are no graphs: to see that the program works
before it is taken to a GPU.
"""
import argparse
import json
import time

try:
    import torch
except ImportError as missing:
    raise SystemExit(f"This Python has no PyTorch ({missing}): steps in PyTorch are not measured.")

import images
import sequences
from timing import measure

VARIANTS = ["eager", "graph", "compile", "compile-graph"]
PRODUCT_SIZE = 4096
MODELS = {**images.MODELS, **sequences.MODELS}

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=list(MODELS), default="mlp")
parser.add_argument("--batch", type=int, nargs="+", default=[256])
parser.add_argument("--infer", action="store_true")
parser.add_argument("--product", action="store_true")
parser.add_argument("--seconds", type=float, default=3)
parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
options = parser.parse_args()
on_gpu = options.device == "cuda"
if on_gpu and not torch.cuda.is_available():
    raise SystemExit(f"PyTorch {torch.__version__} sees no CUDA device: steps in PyTorch are not measured.")
torch.manual_seed(0)
# float32 as it is, on both sides: no TF32. Convolutions have a switch of their own, which is on by default.
torch.set_float32_matmul_precision("highest")
torch.backends.cudnn.allow_tf32 = False


def on_device(tensor):
    """The tensor in page-locked memory, and one on the device that it is copied to."""
    host = tensor.pin_memory() if on_gpu else tensor
    return host, torch.empty_like(host, device=options.device).copy_(host)


def compiled(model, variant):
    if variant == "compile":
        return torch.compile(model)
    return torch.compile(model, mode="reduce-overhead") if variant == "compile-graph" else model


def captured(compute):
    """A function that replays what another one does."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            compute()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        compute()
    return graph.replay


def variant_step(variant, batch):
    """A step as a function without arguments."""
    model, inputs, targets, loss_of = MODELS[options.model](batch)
    model = model.to(options.device)
    (host_x, x), (host_y, y) = on_device(inputs), on_device(targets)
    forward = compiled(model, variant)
    kind = torch.optim.SGD(model.parameters(), lr=1e-2) if options.model == "linear" else torch.optim.Adam(
        model.parameters(), lr=1e-3, **({"fused": True, "capturable": variant == "graph"} if on_gpu else {}))

    def compute():
        if options.infer:
            with torch.inference_mode():
                return forward(x).softmax(-1)
        kind.zero_grad(set_to_none=True)
        loss_of(forward(x), y).backward()
        kind.step()
        return None

    run = captured(compute) if variant == "graph" else compute

    def step():
        x.copy_(host_x, non_blocking=True)
        y.copy_(host_y, non_blocking=True)
        run()
        if on_gpu:
            torch.cuda.synchronize()

    return step


def product_step(rows):
    left, right = (torch.rand(size, PRODUCT_SIZE, device=options.device) for size in (rows, PRODUCT_SIZE))
    result = torch.empty(rows, PRODUCT_SIZE, device=options.device)

    def step():
        torch.mm(left, right, out=result)
        if on_gpu:
            torch.cuda.synchronize()

    return step


def report(kind, properties, make):
    result = {"kind": kind, "torch": torch.__version__, "device": device_name, "peer": options.device, **properties}
    try:
        start = time.perf_counter()
        step = make()
        step()
        result["first_step_ms"] = round(1000 * (time.perf_counter() - start), 2)
        result.update(measure(step, options.seconds))
        if on_gpu:
            free, total = torch.cuda.mem_get_info()
            result["memory_mb"], result["driver_mb"] = round(torch.cuda.max_memory_allocated() / 1e6, 1), round((total - free) / 1e6, 1)
    except Exception as error:  # A variant that does not work here is not the best one.
        result["error"] = str(error).splitlines()[0] if str(error) else repr(error)
    if kind == "peer-product" and "median_ms" in result:
        result["ms"], result["gflops"] = result["median_ms"], round(2 * properties["rows"] * PRODUCT_SIZE**2 / result["median_ms"] / 1e6, 1)
    print(json.dumps(result), flush=True)
    if on_gpu:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


device_name = torch.cuda.get_device_name() if on_gpu else "cpu"
possible = ["eager"] + (["graph"] if on_gpu else []) + (["compile", "compile-graph"] if hasattr(torch, "compile") else [])
for size in options.batch:
    if options.product:
        report("peer-product", {"variant": "PyTorch" if not on_gpu else "cuBLAS (PyTorch)", "rows": size, "size": PRODUCT_SIZE}, lambda: product_step(size))
        continue
    for name in [variant for variant in options.variants if variant in possible]:
        properties = {"model": options.model, "batch": size, "mode": "infer" if options.infer else "train", "variant": name}
        report("peer", properties, lambda: variant_step(name, size))
