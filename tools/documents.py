"""The documents of this repository, taken apart: all its .md files, in whatever folder.

What check_readmes.py and run_readmes.py have in common. Lines count from 1.
"""

import collections
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A line above a code block that says where its text comes from.
MARK = re.compile(r"\s*<!-- (from|measured by) (.+?) -->\s*$")
FENCE = re.compile(r"\s*(```+|~~~+)\s*(\S*)")
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
# `code`, which may go over the end of a line, but not the formula $`x`$.
SPAN = re.compile(r"(?<![`$])(`+)(?!`)((?:(?!\n\s*\n).)+?)(?<!`)\1(?![`$])", re.DOTALL)
FORMULA = re.compile(r"\$`[^`]*`\$")
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)|^\[[^]]+\]:\s+(\S+)", re.MULTILINE)
# What begins a command in `code`, beside the scripts of the tree.
PROGRAMS = ("bazel", "apt-get", "clang-tidy", "diff")

# mark is None or ("from", FILE) or ("measured by", COMMAND); info the word after the fence.
Block = collections.namedtuple("Block", "line info mark text")
# shown is what stands in the document, command without prompt and comment.
Command = collections.namedtuple("Command", "document line command")


def files(root=ROOT):
    """All files of the tree, relative to it, without Bazel's links and what begins with a dot."""
    for folder, folders, names in os.walk(root):
        at_top = pathlib.Path(folder) == root
        folders[:] = [
            name
            for name in sorted(folders)
            if name == ".ci" or not name.startswith((".", "bazel-" if at_top else "."))
        ]
        for name in sorted(names):
            yield pathlib.Path(folder, name).relative_to(root)


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    text = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


class Document:
    """A document's blocks, its headings, and its prose: the lines that are in no block."""

    def __init__(self, path, root=ROOT):
        self.path = path
        self.lines = (root / path).read_text().splitlines()
        self.blocks = []
        self.headings = []  # (line, level, anchor)
        self.marks = {}  # line: (kind, value); those that no block follows
        self.unclosed = None  # the line of a fence that nothing closes
        prose = list(self.lines)
        fence = mark = None
        seen = collections.Counter()
        for i, line in enumerate(self.lines):
            match = FENCE.match(line)
            if fence is not None:
                prose[i] = ""
                if match and match[1].startswith(fence[1]) and not match[2]:
                    text = self.lines[start + 1 : i]
                    self.blocks.append(Block(start + 1, fence[2], mark, text))
                    fence = mark = None
            elif match:
                fence, start, prose[i] = match, i, ""
                mark = self.marks.pop(i, None)
            elif MARK.match(line):
                self.marks[i + 1] = MARK.match(line).group(1, 2)
            elif HEADING.match(line):
                level, text = HEADING.match(line).groups()
                anchor = slug(text)
                number = f"-{seen[anchor]}" if seen[anchor] else ""
                seen[anchor] += 1
                self.headings.append((i + 1, len(level), anchor + number))
        if fence is not None:
            self.unclosed = start + 1
        self.prose = "\n".join(prose)

    def section(self, line):
        """(first, last) line of the section that the line is in, its subsections included."""
        ends = [at for at, level, _ in self.headings if level <= 2] + [len(self.lines) + 1]
        first = max([at for at in ends if at <= line], default=1)
        return first, min(at for at in ends if at > line) - 1

    def spans(self):
        """(line, text) of each `code` in the prose."""
        prose = FORMULA.sub(lambda formula: " " * len(formula[0]), self.prose)
        for match in SPAN.finditer(prose):
            yield prose.count("\n", 0, match.start()) + 1, " ".join(match[2].split())

    def links(self):
        """(line, target) of each link and picture."""
        prose = SPAN.sub(lambda span: re.sub(r"[^\n]", "`", span[0]), self.prose)
        for match in LINK.finditer(prose):
            yield prose.count("\n", 0, match.start()) + 1, match[1] or match[2]

    def commands(self):
        """Each command: of the `sh` blocks, after a prompt in others, in `code`, of the tables."""
        for block in self.blocks:
            for i, line in enumerate(block.text, block.line + 1):
                prompt = line.strip().startswith("$ ")
                command = re.sub(r"(^|\s+)#.*", "", line.strip()[2 if prompt else 0 :])
                if command and (prompt or block.info == "sh"):
                    yield Command(self.path, i, command)
            if block.mark and block.mark[0] == "measured by":
                yield Command(self.path, block.line - 1, block.mark[1])
        for line, text in self.spans():
            word, _, arguments = text.partition(" ")
            script = "/" in word and os.path.isfile(ROOT / word) and os.access(ROOT / word, os.X_OK)
            script = script or re.fullmatch(r"tools/[a-z_]+(\.py)?|\.ci/\w+", word)
            if script or (word in PROGRAMS and arguments):
                yield Command(self.path, line, text)


def documents(root=ROOT):
    return [Document(path, root) for path in files(root) if path.suffix == ".md"]


def report(faults, fine):
    """Prints (path, line, sentence) of each fault, or that all is fine, and ends the program."""
    for path, line, fault in sorted(faults):
        print(f"{path}:{line}: {fault}")
    if not faults:
        print(fine)
    sys.exit(1 if faults else 0)
