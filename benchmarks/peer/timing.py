"""The clock of the peer programs, as that of `ModelDsl.Benchmarks`."""
import statistics
import time


def measure(step, seconds):
    """Times one call after the other, after a part of the time to warm up."""
    end = time.perf_counter() + min(1.0, seconds / 3)
    while time.perf_counter() < end:
        step()
    times = []
    last = time.perf_counter()
    end = last + seconds
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
