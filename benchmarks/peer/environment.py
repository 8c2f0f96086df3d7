"""What has to be set before PyTorch is imported."""
import os
import sys


def prepare(threads):
    """Sets the number of threads and the library of matrix products. May start the program again, because the loader reads its paths only once."""
    # Debian's default OpenBLAS keeps threads of its own beside PyTorch's OpenMP ones, which makes both slow: prefer its OpenMP build.
    blas = "/usr/lib/x86_64-linux-gnu/openblas-openmp"
    if os.path.isdir(blas) and os.environ.get("LD_LIBRARY_PATH") != blas:
        os.environ["LD_LIBRARY_PATH"] = blas
        os.execv(sys.executable, [sys.executable, *sys.argv])
    # Somebody else's choice of an older processor would cost half the speed.
    os.environ.pop("OPENBLAS_CORETYPE", None)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
