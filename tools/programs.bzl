"""Tests of programs by what they print."""

load("@rules_shell//shell:sh_test.bzl", "sh_test")

def transcript_test(name, program, expected, on_mnist = [], args = [], size = "small", **kwargs):
    """Fails unless the program prints a file, to the letter (transcript_test.sh).

    Args:
      name: of the test
      program: the cc_binary
      expected: the file
      on_mnist: the file that it prints on MNIST, in a list, if there is one: expected_mnist.txt
      args: the program's arguments
      size: of the test
      **kwargs: passed on to sh_test, such as env
    """
    sh_test(
        name = name,
        size = size,
        srcs = ["//tools:transcript_test.sh"],
        args = ["$(location %s)" % program, "$(location %s)" % expected] + args,
        data = [program, expected] + on_mnist,
        **kwargs
    )

def benchmark_test(name, args = []):
    """Runs the benchmark of the package once, to prove that it runs (run_once.sh).

    Args:
      name: of the test
      args: the benchmark's arguments
    """
    sh_test(
        name = name,
        size = "small",
        srcs = ["//tools:run_once.sh"],
        args = ["$(location :benchmark)"] + args,
        data = [":benchmark"],
    )
