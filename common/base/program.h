// The face of a program: its flags, --help, and one line on stderr for what is wrong.
//
//   int main(int argc, char** argv) {
//     foundations::Program program("Does it learn? Gradient descent on 5,000 digits.");
//     int steps = 20;
//     program.option("--steps", steps, 0, 100'000, "steps of gradient descent");
//     const auto& dir = program.mnist_dir();
//     return program.run(argc, argv, [&] { fit(load_digits(dir), steps); });
//   }
//
// Flags are written --steps=20 or --steps 20; `--help` lists them with their defaults.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace foundations {

class Program {
 public:
  // `description` is the first line of --help.
  explicit Program(const std::string& description);
  ~Program();

  // Each of these is called before run(), which fills the variable; it has to live as long.
  void flag(const std::string& name, bool& value, const std::string& help);
  // A number from low to high.
  void option(const std::string& name, int& value, int low, int high, const std::string& help);
  void option(const std::string& name, double& value, double low, double high,
              const std::string& help);
  // One of these words.
  void option(const std::string& name, std::string& value, const std::vector<std::string>& words,
              const std::string& help);
  // A whole number that is needed, without a name: `look 0`, and `look -1` too.
  void argument(const std::string& name, std::int64_t& value, const std::string& help);
  // All that is left, in order.
  void arguments(const std::string& name, std::vector<std::string>& values,
                 const std::string& help);
  // --mnist_dir=DIR, for load_digits() in mnist.h.
  const std::optional<std::string>& mnist_dir();
  // --out=DIR, the folder to write to, as user_path() has it; unset without the flag.
  const std::optional<std::string>& out(const std::string& help) {
    return path("--out", "DIR", help);
  }
  // The same for a file, as --save=FILE.
  const std::optional<std::string>& file(const std::string& name, const std::string& help) {
    return path(name, "FILE", help);
  }
  // Lets arguments that begin like this pass, such as "--benchmark_"; run() keeps them here.
  const std::vector<std::string>& pass_on(const std::string& prefix, const std::string& help);

  // Reads the arguments, calls work() and flushes stdout. Returns the exit status: what work()
  // returns, or 0 if that is nothing; 2, with one line "NAME: sentence" on stderr, for an argument
  // that is wrong, an exception out of work(), or output that could not be written.
  int run(int argc, char** argv, const std::function<int()>& work);
  template <class Work>
  requires std::is_void_v<std::invoke_result_t<Work>>
  int run(int argc, char** argv, Work work) {
    return run(argc, argv, std::function<int()>([&work] { return work(), 0; }));
  }

 private:
  const std::optional<std::string>& path(const std::string& name, const std::string& type,
                                         const std::string& help);

  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace foundations
