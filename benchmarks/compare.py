#!/usr/bin/env python3
"""ModelDsl beside PyTorch on this machine: each case in alternating processes, medians over the rounds, and their ratio.

    dotnet build -c Release benchmarks/ModelDsl.Benchmarks
    python3 benchmarks/compare.py [--rounds 5] [--seconds 3] [--threads 2] [--python /usr/bin/python3] [--models mlp cnn linear]

PyTorch's time is that of its best variant in each round; what share of the machine's peak we reach is measured in the same process. The other
models are measured when they are asked for: `--models catsdogs resnet18 lstm text chargpt gpt gpt2`. Run it on a machine that does nothing else.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = HERE / "ModelDsl.Benchmarks" / "bin" / "Release" / "net10.0" / "ModelDsl.Benchmarks.dll"
PEERS = {"step": HERE / "peer" / "peer.py", "decode": HERE / "peer" / "decode.py"}

parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=float, default=3)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--python", default=sys.executable, help="a Python that has PyTorch")
parser.add_argument("--torchsharp", type=Path, help="a program that runs benchmarks/peer/torchsharp, whose times count too")
parser.add_argument("--models", nargs="+", default=["mlp", "cnn", "linear"], help="whose cases are measured; mlp, cnn and linear when left out")
parser.add_argument("--json", action="store_true", help="also print every measurement as a line of JSON")
options = parser.parse_args()

# What is measured: a name, the command, the arguments that all programs understand, and threads.
CASES = [
    ("MLP, training step, batch 32", "step", ["--model", "mlp", "--batch", "32"], options.threads),
    ("MLP, training step, batch 256", "step", ["--model", "mlp", "--batch", "256"], options.threads),
    ("CNN, training step, batch 32", "step", ["--model", "cnn", "--batch", "32"], options.threads),
    ("CNN, training step, batch 128", "step", ["--model", "cnn", "--batch", "128"], options.threads),
    ("MLP, prediction, batch 1", "step", ["--model", "mlp", "--batch", "1", "--infer"], options.threads),
    ("CNN, prediction, batch 1", "step", ["--model", "cnn", "--batch", "1", "--infer"], options.threads),
    ("linear, training step, batch 4", "step", ["--model", "linear", "--batch", "4"], 1),
    ("cats and dogs, training step, batch 32", "step", ["--model", "catsdogs", "--batch", "32"], options.threads),
    ("ResNet-18, training step, batch 32", "step", ["--model", "resnet18", "--batch", "32"], options.threads),
    ("ResNet-18, prediction, batch 1", "step", ["--model", "resnet18", "--batch", "1", "--infer"], options.threads),
    ("LSTM, training step, batch 32", "step", ["--model", "lstm", "--batch", "32"], options.threads),
    ("text classifier, training step, batch 32", "step", ["--model", "text", "--batch", "32"], options.threads),
    ("GPT of 64 characters, training step, batch 12", "step", ["--model", "chargpt", "--batch", "12"], options.threads),
    ("GPT, training step, batch 16", "step", ["--model", "gpt", "--batch", "16"], options.threads),
    ("GPT-2, training step, batch 1", "step", ["--model", "gpt2", "--batch", "1"], options.threads),
    ("GPT, a token of a session, batch 1", "decode", ["--model", "gpt", "--batch", "1"], options.threads),
]

unknown = set(options.models) - {case[2][1] for case in CASES}
if unknown:
    sys.exit(f"There is no case of {', '.join(sorted(unknown))}; there are {', '.join(dict.fromkeys(case[2][1] for case in CASES))}.")


def lines(command):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for result in results:
        # A token of a session counts as a step.
        for key, of_token in (("median_ms", "ms_per_token"), ("allocated_bytes_per_step", "allocated_bytes_per_token")):
            if of_token in result:
                result[key] = result[of_token]
    if options.json:
        for result in results:
            print(json.dumps(result), flush=True)
    return results


def best(results):
    working = [result for result in results if "median_ms" in result]
    if not working:
        sys.exit(f"No variant of PyTorch works: {results}")
    return min(working, key=lambda result: result["median_ms"])


def shown(milliseconds):
    return f"{milliseconds:.3f} ms" if milliseconds >= 0.1 else f"{1000 * milliseconds:.2f} µs"


if not OURS.exists():
    sys.exit("Build first: dotnet build -c Release benchmarks/ModelDsl.Benchmarks")
load = os.getloadavg()[0]
if load > 0.3:
    print(f"The machine is busy (load {load:.1f}): the figures will say little.", file=sys.stderr)

print("| | threads | ModelDsl | PyTorch | faster | GFLOP/s | of the peak | bytes allocated per step |")
print("|---|---|---|---|---|---|---|---|")
for name, command, arguments, threads in CASES:
    if arguments[1] not in options.models:
        continue
    common = [*arguments, "--threads", str(threads), "--seconds", str(options.seconds)]
    ours, peers = [], []
    for _ in range(options.rounds):
        ours += lines(["dotnet", OURS, command, *common])
        peer = lines([options.python, PEERS[command], *common])
        if options.torchsharp:
            peer += lines([options.torchsharp, command, *common])
        peers.append(best(peer))
    mine = statistics.median(result["median_ms"] for result in ours)
    theirs = statistics.median(result["median_ms"] for result in peers)
    ratio = statistics.median(b["median_ms"] / a["median_ms"] for a, b in zip(ours, peers))
    work, share = "–", "–"
    if "gflops" in ours[0]:
        work = f"{statistics.median(result['gflops'] for result in ours):.0f}"
        share = f"{100 * statistics.median(result['peak_share'] for result in ours):.0f} %"
    allocated = max(result["allocated_bytes_per_step"] for result in ours)
    variants = " / ".join(sorted({result["variant"] for result in peers}))
    print(f"| {name} | {threads} | {shown(mine)} | {shown(theirs)} ({variants}) | {ratio:.1f}x | {work} | {share} | {allocated:g} |", flush=True)
