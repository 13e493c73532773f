"""External repositories for Bazel 4.2.3 as packaged by Debian 12 and 13.

`bazel-bootstrap` is a Bazel without a network: everything the build needs must
come from other Debian packages. debian_repositories() gives those packages the
names that the Bazel Central Registry uses, so BUILD files need not know which
of the two provides them. Bazel 7 and newer read MODULE.bazel instead; what
MODULE.bazel declares there takes precedence over everything in this file.

    apt-get install bazel-bootstrap googletest libbenchmark-dev zlib1g-dev
"""

def _debian_repository_impl(ctx):
    for source in ctx.attr.links.values():
        if not ctx.path(source).exists:
            fail("@%s: %s is missing; run: apt-get install %s" % (ctx.name, source, ctx.attr.package))
    for path, source in ctx.attr.links.items():
        ctx.symlink(source, path)
    for path, content in ctx.attr.files.items():
        ctx.file(path, content, executable = path.endswith(".sh"))

_debian_repository = repository_rule(
    implementation = _debian_repository_impl,
    local = True,
    attrs = {
        "files": attr.string_dict(doc = "path in the repository -> contents"),
        "links": attr.string_dict(doc = "path in the repository -> installed path"),
        "package": attr.string(doc = "Debian package that provides the links"),
    },
)

def _native(*rules):
    """A .bzl file that re-exports rules that are built into Bazel 4."""
    return "".join(["%s = native.%s\n" % (rule, rule) for rule in rules])

_GOOGLETEST_BUILD = """
load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])

cc_library(
    name = "gtest",
    srcs = [
        "googlemock/src/gmock-all.cc",
        "googletest/src/gtest-all.cc",
    ],
    hdrs = glob([
        "googlemock/include/**/*.h",
        "googletest/include/**/*.h",
    ]),
    copts = ["-w"],
    includes = [
        "googlemock",
        "googlemock/include",
        "googletest",
        "googletest/include",
    ],
    linkopts = ["-pthread"],
    textual_hdrs = glob(
        [
            "googlemock/src/*.cc",
            "googletest/src/*.cc",
            "googletest/src/*.h",
        ],
        exclude = ["**/*-all.cc"],
    ),
)

cc_library(
    name = "gtest_main",
    srcs = ["googlemock/src/gmock_main.cc"],
    deps = [":gtest"],
)
"""

_BENCHMARK_BUILD = """
load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])

cc_library(
    name = "benchmark",
    hdrs = glob(["include/benchmark/*.h"]),
    includes = ["include"],
    linkopts = [
        "-lbenchmark",
        "-pthread",
    ],
)

cc_library(
    name = "benchmark_main",
    srcs = ["benchmark_main.cc"],
    deps = [":benchmark"],
)
"""

# Debian compiles the library with -O2 but without -DNDEBUG, for which the library
# prints a warning. The timing loop is a template in its header and compiled here, so
# the assertions that remain are outside of what is timed.
_BENCHMARK_MAIN = """
#include <benchmark/benchmark.h>

#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

class Reporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override {
    std::stringstream lines;
    reporter_->SetErrorStream(&lines);
    const bool ok = reporter_->ReportContext(context);
    reporter_->SetErrorStream(&std::cerr);
    for (std::string line; std::getline(lines, line);) {
      if (line.find("Library was built as DEBUG") == std::string::npos) std::cerr << line << std::endl;
    }
    return ok;
  }
  void ReportRuns(const std::vector<Run>& runs) override { reporter_->ReportRuns(runs); }
  void Finalize() override { reporter_->Finalize(); }

 private:
  std::unique_ptr<BenchmarkReporter> reporter_{benchmark::CreateDefaultDisplayReporter()};
};

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
}
"""

_ZLIB_BUILD = """
load("@rules_cc//cc:defs.bzl", "cc_library")

cc_library(
    name = "zlib",
    hdrs = [
        "include/zconf.h",
        "include/zlib.h",
    ],
    includes = ["include"],
    linkopts = ["-lz"],
    visibility = ["//visibility:public"],
)
"""

# Bazel 4 names these targets in its test rules. `bazel coverage` needs the real ones,
# which are downloads; here they only say so.
_COVERAGE_BUILD = """
[sh_binary(
    name = name,
    srcs = ["unavailable.sh"],
    visibility = ["//visibility:public"],
) for name in ["coverage_report_generator", "lcov_merger"]]
"""

_COVERAGE_SH = """#!/bin/sh
echo "bazel coverage needs Bazel 7 or newer and a network" >&2
exit 1
"""

def debian_repositories():
    """Defines @rules_cc, @rules_shell, @googletest, @google_benchmark, @zlib and Bazel's own needs."""
    _debian_repository(
        name = "rules_cc",
        files = {
            "cc/BUILD": "",
            "cc/cc_binary.bzl": _native("cc_binary"),
            "cc/cc_library.bzl": _native("cc_library"),
            "cc/cc_test.bzl": _native("cc_test"),
            "cc/defs.bzl": _native(
                "cc_binary",
                "cc_import",
                "cc_library",
                "cc_proto_library",
                "cc_test",
                "cc_toolchain",
                "cc_toolchain_suite",
            ),
        },
    )
    _debian_repository(
        name = "rules_shell",
        files = {
            "shell/BUILD": "",
            "shell/sh_binary.bzl": _native("sh_binary"),
            "shell/sh_library.bzl": _native("sh_library"),
            "shell/sh_test.bzl": _native("sh_test"),
        },
    )
    _debian_repository(
        name = "rules_java",
        files = {
            "java/BUILD": "",
            "java/defs.bzl": _native(
                "java_binary",
                "java_import",
                "java_library",
                "java_runtime",
                "java_toolchain",
            ),
        },
    )
    _debian_repository(
        name = "remote_coverage_tools",
        files = {
            "BUILD": _COVERAGE_BUILD,
            "unavailable.sh": _COVERAGE_SH,
        },
    )
    _debian_repository(
        name = "googletest",
        files = {"BUILD": _GOOGLETEST_BUILD},
        links = {
            "googlemock": "/usr/src/googletest/googlemock",
            "googletest": "/usr/src/googletest/googletest",
        },
        package = "googletest",
    )
    _debian_repository(
        name = "google_benchmark",
        files = {
            "BUILD": _BENCHMARK_BUILD,
            "benchmark_main.cc": _BENCHMARK_MAIN,
        },
        links = {"include/benchmark": "/usr/include/benchmark"},
        package = "libbenchmark-dev",
    )
    _debian_repository(
        name = "zlib",
        files = {"BUILD": _ZLIB_BUILD},
        links = {
            "include/zconf.h": "/usr/include/zconf.h",
            "include/zlib.h": "/usr/include/zlib.h",
        },
        package = "zlib1g-dev",
    )
