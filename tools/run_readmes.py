#!/usr/bin/env python3
"""Runs every command of every document, as you would.

  tools/run_readmes.py

Each command has to end with status 0 (or its status in STATUS), from the top folder, with these
differences:

- --out= gets a temporary folder, and --mnist_dir= none, which means the built-in digits;
- a benchmark times each of its rows once;
- `diff` compares files of the document's folder;
- `bazel test` only looks up its tests: .ci/run runs them all.

A measured table must have the rows that its command prints now. (Tests compare transcripts.)

Prints a line for each fault, and exits with status 1 if there are any.
"""

import fnmatch
import functools
import os
import re
import shlex
import subprocess
import tempfile

from check_readmes import ROOT, documents, query, report

# Commands that are not run here (* is anything), and why.
EXCEPTIONS = {
    ".ci/run*": "calls this script",
    "./bazelw run --config=fuzz *": "fuzz/smoke runs the fuzzers",
    "./bazelw run //tools/peers:benchmark*": "needs the libraries that ours is compared with",
    "apt-get install *": "needs root and a network",
    "fuzz/smoke*": "a step of .ci/run",
    "more=$(mktemp -d)": "a variable of the reader's shell",
    "tools/format*": "a step of .ci/run, which first installs the formatters",
    "tools/get_mnist*": "needs a network",
    "tools/plant_bugs": "takes hours; .ci/run checks the list",
    "tools/plant_bugs *.cc": "takes minutes",
    "tools/run_readmes.py": "is this script",
}

# Commands that end with another status than 0, because they compare things that differ.
STATUS = {
    "./bazelw run //05_forward_backward:gradcheck -- --break=*": 1,
    "diff *": 1,
}

ONCE = ["--benchmark_min_time=0", "--benchmark_repetitions=1"]
MACHINE = ("CPU", "caches", "compiler", "OpenMP", "peak")
SECONDS = 600  # for one command


def key_of(command, table):
    """Returns the key of the table that the command matches, or None."""
    return next((key for key in table if fnmatch.fnmatchcase(command, key)), None)


@functools.cache
def ladders():
    """Returns the programs that time ladders."""
    return query("kind(cc_binary, rdeps(//..., //common/bench))")


def to_run(command, scratch):
    """Returns the words of the command as it is run here."""
    words = shlex.split(command)
    if words[:2] == ["./bazelw", "test"]:
        return ["./bazelw", "query", f"tests(set({' '.join(w for w in words[2:] if w[0] != '-')}))"]
    words = [re.sub("^--out=.*", f"--out={scratch}/out", word) for word in words]
    words = [re.sub("^--mnist_dir=.*", "--mnist_dir=", word) for word in words]
    if words[:2] == ["./bazelw", "run"] and ladders().intersection(words):
        words += [] if "--" in words else ["--"]
        words += [flag for flag in ONCE if flag.split("=")[0] not in command]
    return words


def run(command, folder, scratch):
    """Returns (its output, None or a sentence on how it failed)."""
    words = to_run(command, scratch)
    where = ROOT / folder if words[0] == "diff" else ROOT
    environment = {name: value for name, value in os.environ.items() if name != "MNIST_DIR"}
    options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    try:
        result = subprocess.run(words, cwd=where, env=environment, timeout=SECONDS, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"`{command}`: {error}"
    if result.returncode != STATUS.get(key_of(command, STATUS), 0):
        said = [line for line in result.stderr.splitlines() if line.strip()]
        why = [line for line in said if "ERROR" in line] or said[-1:]
        return "", f"`{command}` ended with status {result.returncode}: {' '.join(why[:1])}"
    if words[1:2] == ["query"] and not result.stdout.strip():
        return "", f"`{command}` has nothing to test"
    return result.stdout, None


def table_faults(block, output):
    """Yields the lines of a measured block that begin like no line of the output."""
    known = {*MACHINE, *(line.split()[0] for line in output.splitlines() if line.strip())}
    for number, line in enumerate(block.text, block.line + 1):
        if line.strip() and line.split()[0] not in known and not line.endswith("."):
            yield number, f"`{block.value}` prints no such row: {line!r}"


def main():
    read, outputs, faults = documents(), {}, []
    with tempfile.TemporaryDirectory() as scratch:
        for document in read:
            for line, command in document.commands():
                if command not in outputs and not key_of(command, EXCEPTIONS):
                    outputs[command], fault = run(command, document.path.parent, scratch)
                    faults += [(document.path, line, fault)] if fault else []
            for block in document.blocks:
                if outputs.get(block.value):
                    found = table_faults(block, outputs[block.value])
                    faults += [(document.path, line, fault) for line, fault in found]
    report(faults, f"{len(outputs)} commands of {len(read)} documents do what they say.")


if __name__ == "__main__":
    main()
