#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <fstream>

#include "common/base/openmp.h"
#include "common/bench/machine.h"

namespace foundations {
namespace {

#ifdef __OPTIMIZE__
constexpr bool kOptimised = true;
#else
constexpr bool kOptimised = false;
#endif

#ifdef NDEBUG
constexpr bool kChecked = false;
#else
constexpr bool kChecked = true;
#endif

#ifdef __clang__
constexpr char kCompiler[] = __VERSION__ /* "Debian Clang 14.0.6" */;
#else
constexpr char kCompiler[] = "g++ " __VERSION__;
#endif

#if defined(__AVX512F__)
constexpr char kVectors[] = "AVX-512";
#elif defined(__AVX2__) && defined(__FMA__)
constexpr char kVectors[] = "AVX2 and FMA";
#elif defined(__AVX__)
constexpr char kVectors[] = "AVX";
#elif defined(__SSE4_2__)
constexpr char kVectors[] = "SSE4.2";
#elif defined(__SSE2__)
constexpr char kVectors[] = "SSE2";
#elif defined(__ARM_NEON)
constexpr char kVectors[] = "NEON";
#else
constexpr char kVectors[] = "no vectors that this program knows by name";
#endif

std::string caches(const benchmark::CPUInfo& cpu) {
  std::string text;
  for (const auto& cache : cpu.caches) {
    if (cache.type == "Instruction") continue;
    const bool mebibytes = cache.size % (1 << 20) == 0;
    text += fmt::format("{}L{} {} {}", text.empty() ? "" : ", ", cache.level,
                        cache.size >> (mebibytes ? 20 : 10), mebibytes ? "MiB" : "KiB");
    if (cache.num_sharing > 1) text += fmt::format(" (shared by {})", cache.num_sharing);
  }
  return text.empty() ? "unknown" : text;
}

std::string peaks(const std::vector<int>& thread_counts) {
  std::string text;
  for (const int threads : thread_counts) {
    text += fmt::format("{}{:.0f} GFLOP/s on {} thread{}", text.empty() ? "" : ", ",
                        peak_flops(threads) / 1e9, threads, threads == 1 ? "" : "s");
  }
  return text;
}

std::string warning() {
  if (kOptimised && !kChecked) return "";
  return fmt::format(
      "*** {}: ITS TIMES SAY NOTHING ABOUT THE CODE. ***\n"
      "*** For times that count: bazel run -c opt --copt=-O3 ... ***\n",
      kOptimised ? "THIS BUILD CHECKS ITSELF AS IT RUNS" : "THIS BUILD IS NOT OPTIMISED");
}

}  // namespace

// Reads the name from Linux; only on x86 does Linux tell it.
std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
#ifdef __aarch64__
  return "64-bit ARM";
#else
  return "unknown CPU";
#endif
}

std::string machine_card(const std::vector<int>& thread_counts) {
  const benchmark::CPUInfo& cpu = benchmark::CPUInfo::Get();
  return warning() + fmt::format(
                         "CPU       {}, {} logical cores\n"
                         "caches    {}\n"
                         "compiler  {}, for {}{}{}\n"
                         "OpenMP    {}\n"
                         "peak      {} (multiply-adds on registers, measured)\n{}",
                         cpu_name(), cpu.num_cpus, caches(cpu), kCompiler, kVectors,
                         kOptimised ? ", optimised" : ", NOT optimised",
                         kChecked ? ", assertions on" : "",
                         kOpenMp ? fmt::format("on, up to {} threads", max_threads()) : "off",
                         peaks(thread_counts),
                         cpu.scaling == benchmark::CPUInfo::ENABLED
                             ? "caution   CPU frequency scaling is on: expect noise\n"
                             : "");
}

}  // namespace foundations
