"""fuzz_target(): a fuzzer, and its corpus as a test."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_test")

def fuzz_target(name, deps):
    """Makes `name`, the fuzzer, and `name`_corpus_test, its corpus without one.

    Args:
      name: of the fuzzer; NAME.cc defines LLVMFuzzerTestOneInput, and corpus/NAME holds inputs.
      deps: what NAME.cc includes.
    """

    # Builds with --config=fuzz alone, which compiles all code for it.
    cc_binary(
        name = name,
        testonly = True,
        srcs = [name + ".cc"],
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = deps,
    )

    cc_test(
        name = name + "_corpus_test",
        size = "small",
        srcs = [
            name + ".cc",
            "replay.cc",
        ],
        args = [native.package_name() + "/corpus/" + name],
        data = native.glob(["corpus/" + name + "/*"]),
        deps = deps,
    )
