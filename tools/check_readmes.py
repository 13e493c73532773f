#!/usr/bin/env python3
"""Checks that the documents have not drifted from the code.

  tools/check_readmes.py

In every .md file of the repository:

- a code block says what it is. Code and output have a line `<!-- from FILE -->` above them. A table
  that differs on every machine has `<!-- measured by COMMAND -->`. Any other block names its kind
  after the fence: ```sh, ```math, ```python (the notes' code) or ```text (a drawing);
- the file contains a block from it, line for line and in one piece, and a target has the file;
- the section of a measured block names the processor and the compiler;
- a link leads to a file of this repository, and to a heading in it;
- a command, also at the top of a source, names scripts, targets and configs that exist.

Prints a line for each fault, and exits with status 1 if there are any. run_readmes.py runs the
commands.
"""

import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

KINDS = ("sh", "math", "python", "text")
MARK = re.compile(r"<!-- (from|measured by) (.+?) -->")
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*$")
FORMULA = re.compile(r"\$`[^`]*`\$")
SPAN = re.compile(r"`([^`]+)`")  # `code`, which may go over the end of a line
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)|^\[[^]]+\]:\s+(\S+)", re.MULTILINE)
SCRIPT = re.compile(r"(\./bazelw|\.ci/run|fuzz/smoke|tools/\w+(\.py)?)( |$)|diff ")
PROCESSOR = re.compile(r"\b(AMD|Intel|Arm|Apple)\b")
COMPILER = re.compile(r"\b(g\+\+|gcc|clang)\S* \d+", re.IGNORECASE)

# line is the fence's, kind and value the mark's, info the word after the fence, text all lines.
Block = collections.namedtuple("Block", "line kind value info text")


def anchors_of(headings):
    """Returns GitHub's names of the headings; a number tells equal names apart."""
    seen = collections.Counter()
    for heading in headings:
        text = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        yield f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor
        seen[anchor] += 1


def blank(pattern, text):
    """Returns the text with dots for what the pattern finds, and the same line breaks."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", ".", match[0]), text)


class Document:
    """A document's code blocks, and its prose: the other lines, in place. Lines count from 1."""

    def __init__(self, path):
        self.path = path
        self.lines = (ROOT / path).read_text().splitlines()
        self.blocks, prose = [], []
        block, mark = None, None
        for number, line in enumerate(self.lines, 1):
            fence = re.match(r"\s*```(\S*)", line)
            prose.append("" if block or fence else line)
            if not (block or fence):
                mark = MARK.match(line)
            elif not block:
                block = Block(number, *(mark.groups() if mark else (None, "")), fence[1], [])
            elif not fence:
                block.text.append(line)
            else:
                self.blocks.append(block)
                block, mark = None, None
        self.headings = [(i, *m.groups()) for i, m in enumerate(map(HEADING.match, prose), 1) if m]
        self.prose = blank(FORMULA, "\n".join(prose))
        self.anchors = set(anchors_of(text for _, _, text in self.headings))

    def line_at(self, position):
        return self.prose.count("\n", 0, position) + 1

    def section(self, line):
        """Returns the text between the headings around the line, subsections included."""
        ends = [at for at, level, _ in self.headings if len(level) <= 2]
        first = max((at for at in ends if at <= line), default=1)
        last = min((at for at in ends if at > line), default=len(self.lines) + 1)
        return "\n".join(self.lines[first - 1 : last - 1])

    def links(self):
        """Yields (line, target) of each link and picture."""
        for match in LINK.finditer(blank(SPAN, self.prose)):
            yield self.line_at(match.start()), match[1] or match[2]

    def commands(self):
        """Yields (line, command): of `sh` blocks, after a prompt, in `code`, and of the marks."""
        for block in self.blocks:
            if block.kind == "measured by":
                yield block.line - 1, block.value
            for i, line in enumerate(block.text, block.line + 1):
                command = re.sub(r"(^|\s+)#.*", "", line.strip().removeprefix("$ "))
                if command and (block.info == "sh" or line.strip().startswith("$ ")):
                    yield i, command
        for match in SPAN.finditer(self.prose):
            if SCRIPT.match(match[1]):
                yield self.line_at(match.start()), " ".join(match[1].split())


def documents():
    return [Document(path.relative_to(ROOT)) for path in sorted(ROOT.rglob("*.md"))]


def query(expression):
    """Returns the labels that Bazel answers with."""
    command = [ROOT / "bazelw", "query", expression]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"bazel query '{expression}' failed:\n{result.stderr}")
    return set(result.stdout.split())


def report(faults, fine):
    """Prints (path, line, sentence) of each fault, or `fine`, and ends the program."""
    for path, line, fault in sorted(set(faults)):
        print(f"{path}:{line}: {fault}")
    if not faults:
        print(fine)
    sys.exit(1 if faults else 0)


def has_target(labels, label):
    if label.endswith("..."):
        folder = label.removesuffix("...")
        return any(known.startswith((folder, folder[:-1] + ":")) for known in labels)
    return label in labels or f"{label}:{label.rpartition('/')[2]}" in labels


def is_held(labels, path):
    """Returns true if a target has the file, as a source or as a test's expected output."""
    path = pathlib.Path(str(path).replace("_mnist.txt", ".txt"))  # the tests choose between the two
    return path.parts[0] == "pictures" or any(
        f"//{'/'.join(path.parts[:depth])}:{'/'.join(path.parts[depth:])}" in labels
        for depth in range(len(path.parts))
    )


def quote_faults(block, labels):
    if not (ROOT / block.value).is_file():
        yield block.line - 1, f"{block.value} does not exist"
        return
    source = (ROOT / block.value).read_text().splitlines()
    same = lambda n: any(source[i : i + n] == block.text[:n] for i in range(len(source)))
    for n, line in enumerate(block.text, 1):
        if not same(n):
            yield block.line + n, f"{block.value} has no such line, or not there: {line!r}"
            break
    if not is_held(labels, block.value):
        yield block.line - 1, f"no target has {block.value}, so no test runs what it shows"


def block_faults(document, labels):
    for block in document.blocks:
        if block.kind == "from":
            yield from quote_faults(block, labels)
        elif block.kind == "measured by":
            section = document.section(block.line)
            if not (PROCESSOR.search(section) and COMPILER.search(section)):
                yield block.line, "the section does not name the processor and the compiler"
        elif block.info not in KINDS:
            yield block.line, (
                "the block does not say what it is: <!-- from FILE --> or "
                f"<!-- measured by COMMAND --> above it, or {', '.join(KINDS)} after the fence"
            )
    marked = {block.line - 1 for block in document.blocks if block.kind}
    for number, line in enumerate(document.prose.splitlines(), 1):
        if line.lstrip().startswith("<!--") and number not in marked:
            yield number, f"not the mark of a block: {line.strip()}"


def link_faults(document, anchors):
    for line, target in document.links():
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / document.path.parent / name).resolve() if name else ROOT / document.path
        if not path.exists() or ROOT not in (path, *path.parents):
            yield line, f"the link leads nowhere: {target}"
        elif anchor and anchor not in anchors.get(path.relative_to(ROOT), ()):
            yield line, f"{path.relative_to(ROOT)} has no heading for #{anchor}"


def command_faults(command, labels, configs):
    words = command.split(" -- ")[0].split(" #")[0].split()
    if "/" in words[0] and not (ROOT / words[0]).is_file():
        yield f"there is no {words[0]}"
    for word in words[1:]:
        if word.startswith("--config=") and word.removeprefix("--config=") not in configs:
            yield f"{word} is not in .bazelrc"
        if word.startswith("//") and not has_target(labels, word):
            yield f"there is no target {word}"


def source_commands():
    """Yields (path, line, command) of the commands at the top of the sources."""
    for path in sorted([*ROOT.rglob("*.cc"), *ROOT.rglob("*.h")]):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if match := re.match(r"//\s+(\./bazelw .*)", line):
                yield path.relative_to(ROOT), number, match[1]


def main():
    read, labels = documents(), query("//...:*")
    configs = set(re.findall(r"^\w+:(\w+)", (ROOT / ".bazelrc").read_text(), re.MULTILINE))
    anchors = {document.path: document.anchors for document in read}
    faults, commands = [], list(source_commands())
    for document in read:
        found = [*block_faults(document, labels), *link_faults(document, anchors)]
        faults += [(document.path, line, fault) for line, fault in found]
        commands += [(document.path, line, command) for line, command in document.commands()]
    for path, line, command in commands:
        faults += [(path, line, fault) for fault in command_faults(command, labels, configs)]
    report(faults, f"{len(read)} documents agree with the code.")


if __name__ == "__main__":
    main()
