"""fuzz_target(): a fuzzer, and its corpus as a test."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_test")

def fuzz_target(name, deps):
    """Defines `name`, the fuzzer, and `name`_corpus_test, which needs no fuzzer.

    Args:
      name: of the fuzzer. NAME.cc defines LLVMFuzzerTestOneInput and, where the rules are
        written once more, compares with NAME_model.{h,cc}; corpus/NAME holds inputs.
      deps: the libraries that these files include besides fuzz.h.
    """
    srcs = [name + ".cc"] + native.glob([name + "_model.*"])

    # Builds only with --config=fuzz, which compiles all code for it.
    cc_binary(
        name = name,
        testonly = True,
        srcs = srcs,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = deps + [":fuzz"],
    )

    cc_test(
        name = name + "_corpus_test",
        size = "small",
        srcs = srcs + ["replay.cc"],
        args = ["fuzz/corpus/" + name],
        data = native.glob(["corpus/" + name + "/*"]),
        # In a shared library, our operator new and the sanitizer's would both be in use.
        linkstatic = True,
        deps = deps + [":fuzz"],
    )
