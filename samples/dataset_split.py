"""The order in which `Dataset.Split` deals out samples, so that programs in Python train and test on the same ones."""


def split_order(count, seed):
    """The indices of all samples, those of the first part first: a shuffle by SplitMix64 (Steele, Lea and Flood 2014)."""
    whole, golden = (1 << 64) - 1, 0x9E3779B97F4A7C15

    def mix(z):
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & whole
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & whole
        return z ^ (z >> 31)

    state = mix(seed + golden & whole) ^ mix(mix(0xD1B54A32D192ED03))
    order = [0] * count
    for i in range(count):
        state = state + golden & whole
        j = mix(state) * (i + 1) >> 64
        order[i] = order[j]
        order[j] = i
    return order
