"""fuzz_target(): a fuzzer, and a test that needs no fuzzer."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_test")

def fuzz_target(name, test, deps):
    """Defines `name`, the fuzzer, and `test`, which runs the corpus and random inputs.

    Args:
      name: of the fuzzer. NAME.cc defines LLVMFuzzerTestOneInput; if there are NAME_model.{h,cc},
        it compares with them; corpus/NAME holds inputs.
      test: the name of the test.
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
        name = test,
        size = "small",
        srcs = srcs + ["replay.cc"],
        args = ["fuzz/corpus/" + name],
        data = native.glob(["corpus/" + name + "/*"]),
        # In a shared library, our operator new and the sanitizer's would both be in use.
        linkstatic = True,
        deps = deps + [":fuzz"],
    )
