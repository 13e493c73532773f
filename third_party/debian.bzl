"""External repositories for Bazel 4.2 as Debian packages it.

Debian's `bazel-bootstrap` is a Bazel without a network: everything that the build
needs comes from other Debian packages. debian_repositories() gives these packages the
names that the Bazel Central Registry uses, so BUILD files need not know which of
the two provides them. Bazel 7 and newer read MODULE.bazel instead of this file.

    apt-get install bazel-bootstrap googletest libbenchmark-dev libcli11-dev libfmt-dev libpng-dev \
        nlohmann-json3-dev zlib1g-dev
"""

def _debian_repository_impl(ctx):
    for source in ctx.attr.links.values():
        if not ctx.path(source).exists:
            fail("@%s: %s is missing; run: apt-get install %s" %
                 (ctx.name, source, ctx.attr.package))
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
        "package": attr.string(doc = "Debian package that installs the linked paths"),
    },
)

def _native(*rules):
    """Returns a .bzl file that re-exports rules which are built into Bazel 4."""
    return "".join(["%s = native.%s\n" % (rule, rule) for rule in rules])

_GOOGLETEST_BUILD = """
load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])

# Compiled here from Debian's sources, so that sanitizers and -std apply to all of it.
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

_INSTALLED_BUILD = """
load("@rules_cc//cc:defs.bzl", "cc_library")

cc_library(
    name = "%s",
    hdrs = glob(["include/**"]),
    includes = ["include"],
    linkopts = %r,
    visibility = ["//visibility:public"],
)
"""

# Bazel 4 names these two targets in every test rule. The real targets are downloads.
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

def _installed_library(name, package, target, headers, linkopts = []):
    """Defines the library @name//:target: headers of /usr/include, and how to link it.

    The headers are linked one by one: putting all of /usr/include before the
    compiler's own directories would break its #include_next.

    Args:
      name: the repository, as the Bazel Central Registry calls it
      package: the Debian package
      target: the library in it
      headers: files or folders in /usr/include
      linkopts: the linker's flags
    """
    _debian_repository(
        name = name,
        files = {"BUILD": _INSTALLED_BUILD % (target, linkopts)},
        links = {"include/" + header: "/usr/include/" + header for header in headers},
        package = package,
    )

def debian_repositories():
    """Defines the repositories of MODULE.bazel, and those that Bazel 4 itself needs."""
    _debian_repository(
        name = "rules_cc",
        files = {
            "cc/BUILD": "",
            "cc/defs.bzl": _native(
                "cc_binary",
                "cc_library",
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
    _installed_library(
        name = "google_benchmark",
        headers = ["benchmark"],
        linkopts = [
            "-lbenchmark",
            "-pthread",
        ],
        package = "libbenchmark-dev",
        target = "benchmark",
    )
    _installed_library(
        name = "cli11",
        headers = ["CLI"],
        package = "libcli11-dev",
        target = "cli11",
    )
    _installed_library(
        name = "fmt",
        headers = ["fmt"],
        linkopts = ["-lfmt"],
        package = "libfmt-dev",
        target = "fmt",
    )
    _installed_library(
        name = "nlohmann_json",
        headers = ["nlohmann"],
        package = "nlohmann-json3-dev",
        target = "json",
    )
    _installed_library(
        name = "libpng",
        headers = [
            "png.h",
            "pngconf.h",
            "pnglibconf.h",
        ],
        linkopts = ["-lpng"],
        package = "libpng-dev",
        target = "png",
    )

    # zlib.h includes zconf.h, which is beside it in Debian 12 and among the architecture's headers
    # in other releases. The compiler finds it in either place.
    _installed_library(
        name = "zlib",
        headers = ["zlib.h"],
        linkopts = ["-lz"],
        package = "zlib1g-dev",
        target = "zlib",
    )
