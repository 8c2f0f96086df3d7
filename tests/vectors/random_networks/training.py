"""Five training steps of a drawn network, and whether rounding leaves its values as they are."""
import math

import torch
import torch.nn.functional as F

from torch_layers import Scope

from . import numbers
from .network import DrawnNetwork

STEPS = 5

# How far results in float32 may be from those in float64, relative to the root mean square of a tensor. A sum of n rounded terms errs by about √n units of
# 2⁻²⁴, and what a step hands on passes some tens of such sums, of up to some hundred terms, forwards and backwards, five times: 2⁻²⁴ · √(5 · 50 · 100) < 2⁻¹⁶.
# Every network here is known to keep a quarter of what is allowed when PyTorch trains it in float32.
TOLERANCE = 2.0**-14

# A step rounds each parameter once, by this share of its magnitude at most.
ROUNDING = 2.0**-24

# Where a sum cancels, such as the gradient of a bias before a batch normalisation, what remains is the rounding of its terms: a tensor counts as large as this
# share of the largest one.
LEAST = 1 / 64


class Declaration:
    """A network ready for training: its C#, and what it computes."""

    def __init__(self, name, source, blocks, program, columns, terms, optimizer, counts):
        self.name, self.source, self.blocks, self.program = name, source, blocks, program
        self.columns, self.terms, self.optimizer, self.counts = columns, terms, optimizer, counts

    def batch(self, network, step, count):
        """The columns of a step: kind, bound and shape of a sample each."""
        values = []
        for number, (kind, bound, shape) in enumerate(self.columns):
            flat = numbers.column(network.seed, number, step, kind, count * math.prod(shape), bound).reshape(count, *shape)
            values.append(network.disturbed(flat).to(network.dtype) if flat.is_floating_point() else flat)
        return values

    def loss(self, outputs, columns):
        return sum(share * loss_of(spec, outputs[output], columns[column] if column is not None else None) for share, output, spec, column in self.terms)


def loss_of(spec, y, target):
    kind, arguments = spec["kind"], spec["arguments"]
    smoothing = arguments.get("labelSmoothing", 0.0)
    if kind == "SoftmaxCrossEntropy":
        flat = target.flatten(0, -2) if arguments.get("softTargets") else target.flatten()
        return F.cross_entropy(y.flatten(0, -2), flat, ignore_index=arguments.get("ignore", -100), label_smoothing=smoothing)
    if kind == "BinaryCrossEntropy":
        return F.binary_cross_entropy_with_logits(y, target * (1 - smoothing) + smoothing / 2)
    return {
        "MeanSquaredError": F.mse_loss,
        "MeanAbsoluteError": F.l1_loss,
        "Huber": lambda a, b: F.huber_loss(a, b, delta=arguments.get("delta", 1.0)),
        "Loss": lambda a, b: torch.log1p((a - b).square()).mean(),
    }[kind](y, target)


def target_of(spec, shape):
    """The column that a loss compares an output of that shape with: kind, bound, shape of a sample."""
    if spec["kind"] == "SoftmaxCrossEntropy":
        return ("mixture", shape[-1], shape) if spec["arguments"].get("softTargets") else ("ids", shape[-1], shape[:-1])
    return ("shares" if spec["kind"] == "BinaryCrossEntropy" else "numbers", 0, shape)


def optimizer_of(network, name, options):
    options = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items() if not key.startswith("clip")}
    groups = {}
    for key, parameter in network.parameters.items():
        if parameter.requires_grad:
            groups.setdefault(network.decays[key], []).append(parameter)
    kind = {"Sgd": "SGD", "RmsProp": "RMSprop", "AdaGrad": "Adagrad"}.get(name, name)
    return getattr(torch.optim, kind)([{"params": group, **({} if decay is None else {"weight_decay": decay})} for decay, group in groups.items()], **options)


def train(declaration, seed, dtype=torch.float64, noise=0.0):
    """Losses of all steps, gradients of the first, changes of parameters and states by all of them, and the outputs of inference after that."""
    network = DrawnNetwork(declaration.blocks, seed, dtype, noise)
    run = lambda columns: declaration.program(Scope(network), columns)
    with torch.no_grad():
        run(declaration.batch(network, 0, declaration.counts[0]))
        for name, state in network.states.items():
            state.copy_(network.initial[name])
    started = {name: tensor.detach().clone() for name, tensor in {**network.parameters, **network.states}.items()}
    name, options = declaration.optimizer
    optimizer = optimizer_of(network, name, options)
    trained = {key: parameter for key, parameter in network.parameters.items() if parameter.requires_grad}
    losses, gradients = [], {}
    for step, count in enumerate(declaration.counts):
        columns = declaration.batch(network, step, count)
        optimizer.zero_grad()
        loss = declaration.loss(run(columns), columns)
        loss.backward()
        losses.append(loss.item())
        gradients = gradients or {key: parameter.grad.detach().clone() for key, parameter in trained.items()}
        if "clip_norm" in options:
            torch.nn.utils.clip_grad_norm_(trained.values(), options["clip_norm"])
        if "clip_value" in options:
            torch.nn.utils.clip_grad_value_(trained.values(), options["clip_value"])
        optimizer.step()
    network.training = False
    with torch.no_grad():
        outputs = run(declaration.batch(network, STEPS, declaration.counts[0]))
    finals = {**network.parameters, **network.states}
    return Outcome(losses, gradients, {key: finals[key].detach() - started[key] for key in finals}, outputs, network.initial)


class Outcome:
    """What training gives, as tensors by name."""

    def __init__(self, losses, gradients, changes, outputs, initial):
        self.losses = torch.tensor(losses, dtype=torch.float64)
        self.gradients, self.changes, self.outputs, self.initial = gradients, changes, outputs, initial

    def groups(self):
        return {"loss": {"loss": self.losses}, "gradient": self.gradients, "change": self.changes, "output": self.outputs}

    def error_of(self, other):
        """The greatest error of another outcome, in terms of what is allowed, and where it is."""
        worst = (0.0, "")
        for kind, tensors in self.groups().items():
            largest = max((size(tensor) for tensor in tensors.values()), default=0.0)
            for name, tensor in tensors.items():
                allowed = TOLERANCE * max(size(tensor), LEAST * largest)
                if kind == "change":
                    allowed += STEPS * ROUNDING * max(self.initial[name].abs().max().item(), (self.initial[name] + tensor).abs().max().item())
                error = (other.groups()[kind][name].double() - tensor).abs().max().item()
                worst = max(worst, (error / allowed if math.isfinite(error) else math.inf, f"{kind} of {name}"))
        return worst


def size(tensor):
    return tensor.double().square().mean().sqrt().item()
