#!/usr/bin/env python3
"""Checks that the prose has not drifted from the code.

  tools/check_readmes.py

In README.md, CONTRIBUTING.md and the chapters' README.md:

- a code block under a line `<!-- from 01_matmul/benchmark.cc -->` stands in that file, line for
  line and in one piece;
- a link to a file of this repository leads somewhere, and so does a picture;
- a command that starts with `./bazelw` or `bazel` names targets and configs that exist.

Prints one line for each fault, and exits with status 1 if there is any.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENCE = re.compile(r"\s*(```|~~~)")
FROM = re.compile(r"\s*<!-- from (\S+) -->\s*$")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks(lines):
    """Yields (index of the line before the block, index of its first line, its lines)."""
    start = None
    for i, line in enumerate(lines):
        if FENCE.match(line):
            if start is None:
                start = i + 1
            else:
                yield start - 2, start, lines[start:i]
                start = None


def quote_fault(block, path):
    """(offset in the block, sentence) about what keeps it from being a piece of the file, or None."""
    if not path.is_file():
        return -2, f"{path.relative_to(ROOT)} does not exist"
    source = path.read_text().splitlines()
    same = 0  # the longest beginning of the block that the file has
    wanted = source[0] if source else ""
    for start in range(len(source)):
        length = 0
        while source[start + length : start + length + 1] == block[length : length + 1] != []:
            length += 1
        if length > same:
            same, wanted = length, "".join(source[start + length : start + length + 1])
    if block and same == len(block):
        return None
    if same == 0:
        return 0, f"{path.relative_to(ROOT)} has no such line: {''.join(block[:1])!r}"
    return same, f"here {block[same]!r}, in {path.relative_to(ROOT)} {wanted!r}"


def command_faults(line, known_labels, configs):
    words = line.split(" -- ")[0].split(" #")[0].split()
    for word in words:
        if word.startswith("--config=") and word[len("--config=") :] not in configs:
            yield f"{word} is not in .bazelrc"
        if word.startswith("//") and word not in known_labels:
            query = [ROOT / "bazelw", "query", word]
            result = subprocess.run(query, cwd=ROOT, capture_output=True, text=True)
            if result.returncode == 0:
                known_labels.add(word)
            else:
                errors = [text for text in result.stderr.splitlines() if "ERROR" in text]
                yield f"{word}: {(errors or [result.stderr])[0].strip()}"


def faults(document, known_labels, configs):
    lines = document.read_text().splitlines()
    fenced = set()
    quotes = set()
    for before, start, block in blocks(lines):
        fenced.update(range(start - 1, start + len(block) + 1))
        match = FROM.match(lines[before]) if before >= 0 else None
        if match:
            quotes.add(before)
            fault = quote_fault(block, ROOT / match[1])
            if fault:
                yield start + fault[0], fault[1]
        for i, line in enumerate(block):
            if re.match(r"\s*(\$ )?(\./bazelw|bazel) ", line):
                for fault in command_faults(line, known_labels, configs):
                    yield start + i, fault
    for i, line in enumerate(lines):
        if i in fenced:
            continue
        if FROM.match(line) and i not in quotes:
            yield i, "no code block follows"
        for target in LINK.findall(line):
            if "://" not in target and not target.startswith("mailto:"):
                if not (document.parent / target).exists():
                    yield i, f"the link leads nowhere: {target}"


documents = [
    path
    for path in sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("*/*.md"))
    if not path.relative_to(ROOT).parts[0].startswith("bazel-")
]
configs = set(re.findall(r"^\w+:(\w+)", (ROOT / ".bazelrc").read_text(), re.MULTILINE))
known_labels = set()
count = 0
for document in documents:
    for i, fault in sorted(faults(document, known_labels, configs)):
        print(f"{document.relative_to(ROOT)}:{i + 1}: {fault}")
        count += 1
if count == 0:
    print(f"{len(documents)} documents agree with the code.")
sys.exit(1 if count else 0)
