"""Numbers that both sides compute from a seed, a name and an index, so that no file holds them. All are exact in float32."""
import numpy
import torch

MASK = 0xFFFFFFFF


def hash_of(text):
    """FNV-1a (Fowler, Noll and Vo), 32 bits."""
    value = 2166136261
    for byte in text.encode():
        value = ((value ^ byte) * 16777619) & MASK
    return value


def mixed(values):
    """The finalizer of MurmurHash3 (Appleby), 32 bits."""
    values = values ^ (values >> 16)
    values = (values * 0x85EBCA6B) & MASK
    values = values ^ (values >> 13)
    values = (values * 0xC2B2AE35) & MASK
    return values ^ (values >> 16)


def bits(seed, name, count):
    key = mixed((hash_of(name) + seed * 0x9E3779B9) & MASK)
    return mixed((key + numpy.arange(count, dtype=numpy.uint64) * 0x9E3779B9) & MASK)


def uniform(seed, name, count):
    """From −1 to 1, in steps of 2⁻²¹."""
    return (bits(seed, name, count) >> 10).astype(numpy.float64) / 2**21 - 1


def parameter(seed, name, shape):
    """The initial value of a parameter or state. Weights fall with the number of inputs, so that values keep their size from layer to layer."""
    count = int(numpy.prod(shape))
    values = uniform(seed, name, count)
    if len(shape) == 1:
        values = values / 2 + (1 if name.endswith(("weight", "running_var")) else 0)
    else:
        inputs, spread = count // shape[0], 1.0
        while spread * spread * inputs > 3:
            spread /= 2
        values = values * spread
    return torch.from_numpy(values.reshape(shape))


def column(seed, number, step, kind, count, bound):
    """The values of a column of a batch: an input or a target."""
    name = f"column {number} of step {step}"
    if kind == "ids":
        return torch.from_numpy((bits(seed, name, count) % bound).astype(numpy.int64))
    if kind == "mixture":
        return mixture(seed, name, count, bound)
    values = uniform(seed, name, count)
    return torch.from_numpy((values + 1) / 2 if kind == "shares" else 2 * values)


def mixture(seed, name, count, bound):
    """Probabilities of each class: ⅝, ¼ and ⅛ to classes drawn independently."""
    rows = count // bound
    drawn, values = bits(seed, name, 3 * rows) % bound, numpy.zeros((rows, bound))
    for part, share in enumerate((0.625, 0.25, 0.125)):
        for row in range(rows):
            values[row, drawn[3 * row + part]] += share
    return torch.from_numpy(values.reshape(-1))


def summary(seed, name, values):
    """
    A tensor in a few numbers: its root mean square, its sum weighted by random numbers, which a permutation changes, and three elements.
    """
    flat = values.detach().double().flatten().numpy()
    weights = uniform(seed, name + " weights", flat.size)
    chosen = bits(seed, name + " elements", 3) % flat.size
    return [float(numpy.sqrt((flat * flat).mean())), float((weights * flat).sum()), *(float(flat[i]) for i in chosen)]
