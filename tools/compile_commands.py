#!/usr/bin/env python3
"""Writes compile_commands.json, which tells clangd and clang-tidy the flags of each file.

  tools/compile_commands.py [BAZEL_FLAGS...]     e.g. --config=noopenmp

Run it again after adding a file or changing a BUILD file.
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
GCC_ONLY = ("-fno-canonical-system-headers", "-Wno-free-nonheap-object", "-frandom-seed=")


def bazel(*arguments):
    command = [ROOT / "bazelw", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def clang_command(arguments, external):
    """Yields Bazel's compiler command without its outputs, and with the real path of external/."""
    words = iter(arguments)
    for word in words:
        if word in ("-o", "-MF"):
            next(words)
        elif word != "-MD" and not word.startswith(GCC_ONLY):
            yield external + word[len("external") :] if word.startswith("external/") else word


def main(flags):
    external = bazel("info", "output_base").strip() + "/external"
    query = 'mnemonic("CppCompile", //...)'
    graph = json.loads(bazel("aquery", query, "--output=jsonproto", *flags))
    commands = {}
    for action in graph.get("actions", []):
        arguments = action["arguments"]
        source = arguments[arguments.index("-c") + 1]
        if not source.startswith(("external/", "bazel-out/")):
            commands[source] = {
                "directory": str(ROOT),
                "file": source,
                "arguments": list(clang_command(arguments, external)),
            }
    path = ROOT / "compile_commands.json"
    path.write_text(json.dumps([commands[source] for source in sorted(commands)], indent=1) + "\n")
    print(f"{path}: {len(commands)} files")


main(sys.argv[1:])
