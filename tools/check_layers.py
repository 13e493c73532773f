#!/usr/bin/env python3
"""Checks who knows whom: chapters common, common its own lower floors, and a test each program.

  tools/check_layers.py

Prints one line for each dependency that should not be, and exits with status 1 if there is any.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The floors of common, lowest first. A file includes files of lower floors only. A name stands
# for its header, its sources and its parts: `tensor` is tensor.h and tensor_inline.h.
FLOORS = [
    "error openmp user_path stdout matrix ideas",
    "memory whole_file shape",
    "layout storage idx gnuplot subscripts",
    "overlap",
    "walk",
    "fold",
    "tensor",
    "print ops reductions random picture reference rung",
    "digits",
    "mnist",
    "micro_kernel",
    "dot_kernel pair_kernel pack",
    "blocking matvec",
    "gemm",
    "matmul",
    "einsum",
    "init nn",
    "peak bandwidth training_rows",
    "machine_card",
    "testing ladder test_einsum test_layouts properties",
    "five_digits rung_testing random_einsum",
    "rung_properties",
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names.split()}

# Support for tests and for benchmarks: libraries keep away from these, but for those named
# `..._ladders`, which are part of a benchmark.
SUPPORT = ["//common/testing", "//common/bench"]


def name_of(path):
    """`tensor` for common/tensor/tensor_inline.h; None for a file whose name has no floor."""
    stem = pathlib.PurePath(path).stem
    return next((name for name in (stem, stem.split("_")[0]) if name in FLOOR), None)


def wrong_includes():
    for path in sorted((ROOT / "common").glob("*.h")) + sorted((ROOT / "common").glob("*.cc")):
        if path.stem.endswith(("_test", "benchmark")):
            continue
        name = name_of(path)
        if name is None:
            yield f"common/{path.name}: has no floor; give it one in tools/check_layers.py"
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            place = f"common/{path.name}:{number}"
            match = re.match(r'\s*#include "(.+)"', line)
            if not match:
                continue
            included = name_of(match[1]) if match[1].startswith("common/") else None
            if included is None:
                yield f"{place}: includes {match[1]}, which is on no floor of common"
            elif included != name and FLOOR[included] >= FLOOR[name]:
                yield f"{place}: {name} includes {included}, which is not on a lower floor"


def query(expression):
    command = [ROOT / "bazelw", "query", expression]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"bazel query '{expression}' failed:\n{result.stderr}")
    return result.stdout.split()


def wrong_dependencies():
    labels = query("//...")
    packages = sorted({label.split(":")[0] for label in labels})
    chapters = [package for package in packages if re.match(r"//\d\d_[a-z_]+$", package)]
    for package in ["//common", "//fuzz"] + chapters:
        ours = (f"{package}:", "//common:", "//tools:")
        for label in query(f"filter('^//', deps({package}/...))"):
            if not label.startswith(ours):
                yield f"{package} depends on {label}; of ours it may use //common alone"
    for support in [label for label in SUPPORT if label in labels]:
        for label in query(f"kind(cc_library, rdeps(//..., {support}, 1))"):
            if not label.startswith("//common:") and not label.endswith("_ladders"):
                yield f"the library {label} depends on {support}, made for tests and benchmarks"


def untested_programs():
    used_badly = query("deps(filter('//:bad_use_', //...), 1)")
    for program in query("kind(cc_binary, //... except attr(tags, manual, //...))"):
        if program not in used_badly:
            yield f"no test uses the program {program} badly; list it in PROGRAMS of BUILD"


faults = list(wrong_includes()) + list(wrong_dependencies()) + list(untested_programs())
print("\n".join(faults) or "Chapters, the floors of common and the programs are in order.")
sys.exit(1 if faults else 0)
