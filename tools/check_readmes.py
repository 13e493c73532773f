#!/usr/bin/env python3
"""Checks that the prose has not drifted from the code.

  tools/check_readmes.py

In every .md file of the repository:

- a code block says what it is: code and output stand under a line `<!-- from FILE -->`; a table
  that comes out different on every machine under `<!-- measured by COMMAND -->`; all else has its
  kind behind the fence, ```sh, ```math, ```python (the notes' code) or ```text (a drawing);
- a block from a file stands in it, line for line and in one piece, and the file is compiled, or
  compared with a program's output by a test;
- the section of a measured block names the processor and the compiler;
- a link leads to a file of this repository, and to a heading in it;
- `code` that looks like a file, a target, a flag or a name is one of this repository;
- a command names targets and configs that exist, and so do the ones on top of the sources.

Prints one line for each fault, and exits with status 1 if there is any. run_readmes.py runs the
commands.
"""

import fnmatch
import pathlib
import re
import subprocess
import sys

from documents import ROOT, documents, files, report

KINDS = ("sh", "math", "python", "text")
ENDINGS = ("bzl", "cc", "h", "json", "md", "py", "sh", "svg", "txt")
FILE = re.compile(rf"(?:[\w.]+/)*\w+\.(?:{'|'.join(ENDINGS)})(?!\w)")
LABEL = re.compile(r"(?<![\w:/])//[\w/]*(?:\.\.\.|:\w+|\w)")
NAME = re.compile(r"[A-Za-z_][\w.:]*(?:\([^()]*\))?")
PROCESSOR = re.compile(r"\b(AMD|Intel|Arm|Apple)\b")
COMPILER = re.compile(r"\b(g\+\+|gcc|clang)\S* \d+", re.IGNORECASE)

# Names in the prose that are no names of the tree, and whose they are.
ELSEWHERE = {
    "__call__": "Python",
    "__setattr__": "Python",
    "cubic": "the reader's, in an exercise",
    "depth.svg": "drawn by //04_init:depth where it is told to",
    "eight_rows": "the reader's, in an exercise",
    "gemm_driver": "oneDNN",
    "leaky_relu": "the reader's, in an exercise",
    "lecun_uniform": "the reader's, in an exercise",
    "ModuleList": "PyTorch",
    "nocopy_checker_avx2": "oneDNN",
    "notebook2script.py": "fast.ai",
    "requires_grad": "PyTorch",
    "sgemm": "oneDNN",
    "Square": "the reader's, in an exercise",
    "vbroadcastss": "the processor",
    "y_hat": "the notes",
}


class Tree:
    """What the documents may speak of."""

    def __init__(self):
        self.files = {str(path) for path in files()}
        self.names = set()
        self.flags = set()
        self.comments = []  # (file, line, text) of each command on top of a source
        for path in sorted(self.files):
            if not path.endswith((".md", ".svg", ".json")) and path != "tools/check_readmes.py":
                self.read(path)
        self.configs = set(re.findall(r"^\w+:(\w+)", self.text(".bazelrc"), re.MULTILINE))
        self.labels = self.bazel_labels()
        self.used_elsewhere = set()

    def text(self, path):
        return (ROOT / path).read_text(errors="replace") if (ROOT / path).is_file() else ""

    def read(self, path):
        text = self.text(path)
        self.names.update(re.findall(r"[A-Za-z_]\w*", text), pathlib.Path(path).parts)
        self.flags.update(re.findall(r"--\w[\w-]*", text))
        for i, line in enumerate(text.splitlines(), 1):
            match = re.match(r"//\s+((\./bazelw|bazel) .*)", line)
            if match:
                self.comments.append((path, i, match[1]))

    def bazel_labels(self):
        query = [ROOT / "bazelw", "query", "//...:*"]
        result = subprocess.run(query, cwd=ROOT, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"check_readmes.py: bazel query failed\n{result.stderr}")
        return set(result.stdout.split())

    def has_label(self, label):
        if label.endswith("..."):
            prefix = label[: -len("...")]
            return any(known.startswith((prefix, prefix[:-1] + ":")) for known in self.labels)
        if ":" in label:
            return label in self.labels
        return any(known.startswith(label + ":") for known in self.labels)

    def has_name(self, name):
        if name in ELSEWHERE:
            self.used_elsewhere.add(name)
        return name in self.names or name in ELSEWHERE

    def has_file(self, name, document):
        """Beside the document, from the top, or, with no folder before it, in common; a document at
        the top speaks of files of any folder. NAME in a name is anything."""
        if name in ELSEWHERE:
            return self.has_name(name)
        places = [str(document.parent / name), name]
        if "/" not in name:
            places.append(f"common/{name}")
            if document.parent == pathlib.Path("."):
                places.append(f"*/{name}")
        patterns = [place.replace("NAME", "*") for place in places]
        return any(fnmatch.filter(self.files, pattern) for pattern in patterns)


def quote_fault(block, path, source):
    """(line in the block, sentence) about what keeps it from being a piece of the file, or None."""
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
        return 1, f"{path} has no such line: {''.join(block[:1])!r}"
    return same + 1, f"here {block[same]!r}, in {path} {wanted!r}"


def is_held(path, tree):
    """Whether a quoted file is compiled, or is what a test compares with, or tells of measuring."""
    folder, _, name = path.rpartition("/")
    while folder and f"{folder}/BUILD" not in tree.files:
        folder, _, parent = folder.rpartition("/")
        name = f"{parent}/{name}"
    build = tree.text(f"{folder}/BUILD")
    if name.endswith(".txt"):
        transcript = name.replace("_mnist.txt", ".txt")
        return path.startswith("pictures/") or f"$(location {transcript})" in build
    return f'"{name}"' in build


def block_faults(document, tree):
    for block in document.blocks:
        kind, value = block.mark or (None, "")
        if kind == "from" and value not in tree.files:
            yield block.line - 1, f"{value} does not exist"
        elif kind == "from":
            fault = quote_fault(block.text, value, tree.text(value).splitlines())
            if fault:
                yield block.line + fault[0], fault[1]
            if not is_held(value, tree):
                yield block.line - 1, f"no test runs what {value} shows"
        elif kind == "measured by":
            first, last = document.section(block.line)
            section = "\n".join(document.lines[first - 1 : last])
            for what, pattern in (("processor", PROCESSOR), ("compiler", COMPILER)):
                if not pattern.search(section):
                    yield block.line, f"the section does not name the {what} of this measurement"
        elif block.info not in KINDS:
            yield block.line, (
                "the block does not say what it is: <!-- from FILE --> or "
                f"<!-- measured by COMMAND --> above it, or {', '.join(KINDS)} behind the fence"
            )
    for line, (kind, value) in document.marks.items():
        yield line, f"no code block follows <!-- {kind} {value} -->"
    for line, text in enumerate(document.prose.splitlines(), 1):
        if text.lstrip().startswith("<!--") and not re.match(r"\s*<!-- (from|measured by) ", text):
            yield line, f"not a mark of a block: {text.strip()}"
    if document.unclosed:
        yield document.unclosed, "nothing closes this block"


def link_faults(document, anchors):
    for line, target in document.links():
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        path = document.path
        if name:
            path = pathlib.Path((ROOT / document.path.parent / name).resolve())
            if not path.exists() or ROOT not in (path, *path.parents):
                yield line, f"the link leads nowhere: {target}"
                continue
            path = path.relative_to(ROOT)
        if anchor and anchor not in anchors.get(path, ()):
            yield line, f"{path} has no heading for #{anchor}"


def command_faults(command, tree):
    ours = command.split(" -- ")[0].split(" #")[0]
    for config in re.findall(r"--config=(\w+)", ours):
        if config not in tree.configs:
            yield f"--config={config} is not in .bazelrc"
    for label in re.findall(r"(?<!\S)//\S+", ours):
        if not tree.has_label(label):
            yield f"there is no target {label}"


def span_faults(document, tree):
    for line, text in document.spans():
        for name in FILE.findall(text):
            if not tree.has_file(name, document.path):
                yield line, f"there is no file {name}"
        for label in LABEL.findall(text):
            if not tree.has_label(label):
                yield line, f"there is no target {label}"
        for flag in re.findall(r"(?<![\w.-])--\w[\w-]*", text):
            if flag not in tree.flags:
                yield line, f"no program has the flag {flag}"
        if NAME.fullmatch(text) and not FILE.fullmatch(text):
            for name in re.findall(r"[A-Za-z_]\w*", text):
                if not tree.has_name(name):
                    yield line, f"the name {name} is not in the code"


def faults(document, tree, anchors):
    yield from block_faults(document, tree)
    yield from link_faults(document, anchors)
    yield from span_faults(document, tree)
    for command in document.commands():
        for fault in command_faults(command.command, tree):
            yield command.line, fault


def main():
    tree = Tree()
    read = documents()
    anchors = {document.path: {anchor for _, _, anchor in document.headings} for document in read}
    found = {
        (str(document.path), line, fault)
        for document in read
        for line, fault in faults(document, tree, anchors)
    }
    for path, line, comment in tree.comments:
        found.update((path, line, fault) for fault in command_faults(comment, tree))
    for name in set(ELSEWHERE) - tree.used_elsewhere:
        found.add(("tools/check_readmes.py", 1, f"no document names {name}; ELSEWHERE has it"))
    report(found, f"{len(read)} documents agree with the code.")


if __name__ == "__main__":
    main()
