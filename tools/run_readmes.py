#!/usr/bin/env python3
"""Runs every command of every document, as a reader would.

  tools/run_readmes.py

The commands are those of documents.py: of `sh` blocks, after a prompt, in `code`, and of the marks
above measured tables. Each has to end with status 0 (or the one that STATUS has for it), from the
top folder, with these differences:

- a folder after --out= is a temporary one, and FOLDER after --mnist_dir= has images of noise;
- a benchmark times each of its rows once;
- `diff` compares files of the document's folder;
- of `bazel test` only what it would test is looked up: all tests are run by .ci/run.

What the documents show is compared with what the commands print: a quoted transcript has to come
out of one of its document's commands, and a measured table has to have the titles and rows that its
command prints now. (A transcript made with MNIST is left to the tests, which may have MNIST; so is
one with round-off in it.)

Prints one line for each fault, and exits with status 1 if there is any.
"""

import fnmatch
import functools
import os
import pathlib
import re
import shlex
import struct
import subprocess
import tempfile

from documents import ROOT, documents, report

# Commands that are not run here (* is anything), and why.
EXCEPTIONS = {
    ".ci/run*": "calls this script",
    "./bazelw run --config=fuzz *": "fuzz/smoke runs the fuzzers",
    "./bazelw run //tools/peers:benchmark*": "needs the libraries that ours is compared with",
    "./bazelw test --config=asan //common/...": "all tests under asan are a step of .ci/run",
    "apt-get install *": "needs root and a network",
    "bazel run": "is only a part of a command",
    "clang-tidy -p . common/tensor/shape.cc": "needs clang-tidy, which no check uses",
    "fuzz/smoke*": "a step of .ci/run",
    "more=$(mktemp -d)": "a variable of the reader's shell",
    "tools/format --check": "a step of .ci/run, which first installs the formatters",
    "tools/plant_bugs": "takes hours; .ci/run checks the list",
    "tools/plant_bugs *.cc": "takes minutes",
    "tools/run_readmes.py": "is this script",
}

# Commands that end with another status than 0: what they compare differs.
STATUS = {
    "./bazelw run //05_forward_backward:gradcheck -- --break=*": 1,
    "diff *": 1,
}

# Transcripts with round-off in them, another on each machine, and what compares the rest of them.
ROUND_OFF = {
    "05_forward_backward/gradcheck.txt": "//05_forward_backward:programs_test",
}

# The programs that time ladders, and what makes them time each row once.
LADDERS = "kind(cc_binary, rdeps(//..., //common/bench))"
ONCE = ("--benchmark_min_time=0", "--benchmark_repetitions=1")
MACHINE = ("CPU", "caches", "compiler", "OpenMP", "peak")
SECONDS = 600  # for one command


def write_digits(folder):
    """MNIST's four files, with 600 images of noise to train on and 100 to test with."""
    folder.mkdir()
    for name, count in (("train", 600), ("t10k", 100)):
        noise = bytes(i * i * 31 % 251 for i in range(count * 28 * 28))
        images = struct.pack(">4i", 2051, count, 28, 28) + noise
        labels = struct.pack(">2i", 2049, count) + bytes(i % 10 for i in range(count))
        (folder / f"{name}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(labels)


def key_of(command, table):
    """The key of the table that the command falls under, or None."""
    return next((key for key in table if fnmatch.fnmatchcase(command, key)), None)


@functools.cache
def ladders():
    query = [ROOT / "bazelw", "query", LADDERS]
    return set(subprocess.run(query, cwd=ROOT, capture_output=True, text=True).stdout.split())


def to_run(command, scratch):
    """The words of the command as it is run here."""
    words = shlex.split(command)
    if words[:2] == ["./bazelw", "test"]:
        return ["./bazelw", "query", f"tests(set({' '.join(w for w in words[2:] if w[0] != '-')}))"]
    for flag, value, folder in (("--out=", ".*", "out"), ("--mnist_dir=", "[A-Z]+", "mnist")):
        words = [re.sub(f"^{flag}{value}$", f"{flag}{scratch}/{folder}", word) for word in words]
    if words[:2] == ["./bazelw", "run"] and ladders().intersection(words):
        words += [] if "--" in words else ["--"]
        words += [flag for flag in ONCE if flag.split("=")[0] not in command]
    return words


def run(command, folder, scratch):
    """(what it prints, None or a sentence on how it failed)."""
    words = to_run(command, scratch)
    environment = {name: value for name, value in os.environ.items() if name != "MNIST_DIR"}
    try:
        result = subprocess.run(
            words,
            cwd=ROOT / folder if words[0] == "diff" else ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"`{command}`: {error}"
    if result.returncode != STATUS.get(key_of(command, STATUS), 0):
        said = [line for line in result.stderr.splitlines() if line.strip()]
        errors = [line for line in said if "ERROR" in line] or said[-1:]
        return "", f"`{command}` ended with status {result.returncode}: {' '.join(errors[:1])}"
    if words[1:2] == ["query"] and not result.stdout.strip():
        return "", f"`{command}` has nothing to test"
    return result.stdout.replace(f"MNIST from {scratch}/mnist", "MNIST"), None  # as they are shown


def contains(output, block):
    """Whether the lines of the block stand in the output in one piece."""
    lines = output.splitlines()
    return any(lines[i : i + len(block)] == block for i in range(len(lines)))


def table_faults(block, output):
    """The titles of a measured block, and what its lines begin with, that the output has not."""
    lines = output.splitlines()
    beginnings = {(line.split() or [""])[0] for line in lines}
    for i, line in enumerate(block.text):
        first, *rest = line.split() or [""]
        is_title = "minimum" in "".join(block.text[i + 1 : i + 2])
        if is_title and line not in lines:
            yield block.line + 1 + i, f"{block.mark[1]!r} has no table {line!r}"
        elif not (is_title or first in MACHINE or line.endswith(".") or first in beginnings):
            yield block.line + 1 + i, f"{block.mark[1]!r} prints no row {first!r}"


def shown_faults(document, outputs):
    """About what the document shows, where its commands print something else."""
    commands = {command.command for command in document.commands()}
    for block in document.blocks:
        kind, value = block.mark or (None, "")
        if kind == "from" and value.endswith(".txt") and not value.startswith("pictures/"):
            printed = [outputs[command] for command in commands if outputs.get(command)]
            comparable = not value.endswith("_mnist.txt") and value not in ROUND_OFF
            if comparable and not any(contains(output, block.text) for output in printed):
                yield block.line, f"no command of this document prints this piece of {value}"
        elif kind == "measured by" and outputs.get(value):
            yield from table_faults(block, outputs[value])


def main():
    read = documents()
    outputs, faults, used = {}, [], set()
    before = set(ROOT.iterdir())
    with tempfile.TemporaryDirectory() as scratch:
        write_digits(pathlib.Path(scratch, "mnist"))
        for document in read:
            for path, line, command in document.commands():
                used.update((key_of(command, EXCEPTIONS), key_of(command, STATUS)))
                if command in outputs or key_of(command, EXCEPTIONS):
                    continue
                outputs[command], fault = run(command, path.parent, scratch)
                if fault:
                    faults.append((str(path), line, fault))
            for line, fault in shown_faults(document, outputs):
                faults.append((str(document.path), line, fault))
    for path in set(ROOT.iterdir()) - before:
        if path.name == "compile_commands.json":
            path.unlink()
        elif not path.name.startswith("bazel-"):
            faults.append((path.name, 1, "a command left this here"))
    for command in {*EXCEPTIONS, *STATUS} - used:
        faults.append(("tools/run_readmes.py", 1, f"no document has the command `{command}`"))
    report(faults, f"{len(outputs)} commands of {len(read)} documents do what they say.")


if __name__ == "__main__":
    main()
