#include "common/bench/machine_card.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>

#include "common/base/openmp.h"
#include "common/bench/peak.h"

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

std::string size_text(int bytes) {
  return bytes % (1 << 20) == 0 ? std::to_string(bytes >> 20) + " MB"
                                : std::to_string(bytes >> 10) + " KB";
}

std::string caches(const benchmark::CPUInfo& cpu) {
  std::string text;
  for (const auto& cache : cpu.caches) {
    if (cache.type == "Instruction") continue;
    text += (text.empty() ? "" : ", ") + std::string("L") + std::to_string(cache.level) + " " +
            size_text(cache.size);
    if (cache.num_sharing > 1) text += " (shared by " + std::to_string(cache.num_sharing) + ")";
  }
  return text.empty() ? "unknown" : text;
}

std::string peaks(const std::vector<int>& thread_counts) {
  std::string text;
  for (const int threads : thread_counts) {
    char item[64];
    std::snprintf(item, sizeof item, "%s%.0f GFLOP/s on %d thread%s", text.empty() ? "" : ", ",
                  peak_flops(threads) / 1e9, threads, threads == 1 ? "" : "s");
    text += item;
  }
  return text;
}

}  // namespace

// Linux on x86 names it.
std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
#ifdef __aarch64__
  return "64-bit ARM";
#else
  return "unknown CPU";
#endif
}

std::string machine_card(const std::vector<int>& thread_counts) {
  const benchmark::CPUInfo& cpu = benchmark::CPUInfo::Get();
  std::string text;
  if (!kOptimised || kChecked) {
    text += "*** " +
            std::string(kOptimised ? "THIS BUILD CHECKS ITSELF AS IT RUNS"
                                   : "THIS BUILD IS NOT OPTIMISED") +
            ": ITS TIMES SAY NOTHING ABOUT THE CODE. ***\n"
            "*** For times that count: bazel run -c opt --copt=-O3 ... ***\n";
  }
  text += "CPU       " + cpu_name() + ", " + std::to_string(cpu.num_cpus) + " logical cores\n";
  text += "caches    " + caches(cpu) + "\n";
  text += "compiler  " + std::string(kCompiler) + ", for " + kVectors +
          (kOptimised ? ", optimised" : ", NOT optimised") + (kChecked ? ", assertions on" : "") +
          "\n";
  text +=
      "OpenMP    " +
      (kOpenMp ? "on, up to " + std::to_string(max_threads()) + " threads" : std::string("off")) +
      "\n";
  text += "peak      " + peaks(thread_counts) + " (multiply-adds on registers, measured)\n";
  if (cpu.scaling == benchmark::CPUInfo::ENABLED) {
    text += "caution   CPU frequency scaling is on: expect noise\n";
  }
  return text;
}

}  // namespace foundations
