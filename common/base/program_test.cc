#include "common/base/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "common/base/error.h"

namespace foundations {
namespace {

// What a program that takes a bit of everything did with its arguments.
struct Outcome {
  int status;
  std::string out, err;
};

Outcome run(
    std::vector<std::string> arguments, const std::function<void()>& more_work = [] {}) {
  Program program("Tries everything.");
  bool quick = false;
  int steps = 20;
  double lr = 0.5;
  std::string optimizer = "sgd";
  std::int64_t index = 0;
  program.flag("--quick", quick, "leave out the slow half");
  program.option("--steps", steps, 0, 100'000, "steps of gradient descent");
  program.option("--lr", lr, 0, 10, "learning rate");
  program.option("--optimizer", optimizer, {"sgd", "adam"}, "which one");
  program.argument("index", index, "the number of an image");
  const auto& dir = program.mnist_dir();
  const auto& out = program.out("where the picture goes");
  const auto& passed = program.pass_on("--benchmark_", "And Google Benchmark's flags.");
  arguments.insert(arguments.begin(), "/somewhere/try");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = program.run(static_cast<int>(argv.size()), argv.data(), [&] {
    std::cout << quick << " " << steps << " " << lr << " " << optimizer << " " << index << " "
              << dir.value_or("-") << " " << out.value_or("-");
    for (const std::string& flag : passed) std::cout << " " << flag;
    more_work();
  });
  std::string text = testing::internal::GetCapturedStdout();
  return {status, text, testing::internal::GetCapturedStderr()};
}

TEST(Program, FillsWhatItIsTold) {
  const Outcome defaults = run({"7"});
  EXPECT_EQ(defaults.status, 0);
  EXPECT_EQ(defaults.out, "0 20 0.5 sgd 7 - -");
  EXPECT_EQ(defaults.err, "");
  EXPECT_EQ(run({"--quick", "--steps=3", "-1", "--lr", "1e-3", "--optimizer=adam", "--benchmark_b",
                 "--mnist_dir=a", "--mnist_dir=b", "--out=/c", "--benchmark_a"})
                .out,
            "1 3 0.001 adam -1 b /c --benchmark_b --benchmark_a");
  EXPECT_EQ(run({"1", "--mnist_dir", "[1]"}).out, "0 20 0.5 sgd 1 [1] -");
  EXPECT_EQ(run({"0", "--steps=0", "--lr=10"}).out, "0 0 10 sgd 0 - -");
  EXPECT_EQ(run({"0", "--steps=1", "--steps=100000"}).out, "0 100000 0.5 sgd 0 - -");
}

// Under `bazel run`, what is typed counts from where it was typed.
TEST(Program, TakesAFolderFromWhereTheUserIs) {
  setenv("BUILD_WORKING_DIRECTORY", "/typed", 1);
  const Outcome relative = run({"7", "--out=here"}), absolute = run({"7", "--out=/there"});
  unsetenv("BUILD_WORKING_DIRECTORY");
  EXPECT_EQ(relative.out, "0 20 0.5 sgd 7 - /typed/here");
  EXPECT_EQ(absolute.out, "0 20 0.5 sgd 7 - /there");
}

TEST(Program, HelpTellsAll) {
  const Outcome help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(help.err, "");
  for (const char* const part :
       {"Tries everything.", "--steps", "20", "learning rate", "0.5", "sgd, adam", "index",
        "--mnist_dir", "where the picture goes", "And Google Benchmark's flags."}) {
    EXPECT_NE(help.out.find(part), std::string::npos) << part << " in\n" << help.out;
  }
}

TEST(Program, SaysInOneLineWhatIsWrong) {
  struct Row {
    std::vector<std::string> arguments;
    std::string sentence;
  };
  const Row rows[] = {
      {{}, "index is required"},
      {{"1", "--nope=3"}, "unknown argument '--nope=3'; --help lists what there is"},
      {{"1", "2"}, "unknown argument '2'; --help lists what there is"},
      {{"1", "-2"}, "unknown argument '-2'; --help lists what there is"},
      {{"x"}, "index: x is not a whole number"},
      {{"99999999999999999999"}, "index: 99999999999999999999 is not a whole number"},
      {{"1", "--steps=-1"}, "--steps: -1 is not a whole number from 0 to 100000"},
      {{"1", "--steps=100001"}, "--steps: 100001 is not a whole number from 0 to 100000"},
      {{"1", "--steps=2x"}, "--steps: 2x is not a whole number from 0 to 100000"},
      {{"1", "--lr=nan"}, "--lr: nan is not a number from 0 to 10"},
      {{"1", "--lr=inf"}, "--lr: inf is not a number from 0 to 10"},
      {{"1", "--lr", "-0.1"}, "--lr: -0.1 is not a number from 0 to 10"},
      {{"1", "--optimizer=lion"}, "--optimizer: lion is none of sgd, adam"},
      {{"1", "--out=", "--steps=3"}, "--out: needs a path, but got --steps=3"},
      {{"1", "--mnist_dir", "--quick"}, "--mnist_dir: needs a path, but got --quick"},
  };
  for (const Row& row : rows) {
    const Outcome got = run(row.arguments);
    EXPECT_EQ(got.status, 2) << row.sentence;
    EXPECT_EQ(got.out, "");
    EXPECT_EQ(got.err, "try: " + row.sentence + "\n");
  }
  // What CLI11 words itself is another sentence in each of its versions; that there is one is not.
  for (const char* const unfinished : {"--steps", "--steps=", "--out", "--out=", "--mnist_dir="}) {
    const Outcome got = run({"1", unfinished});
    EXPECT_EQ(got.status, 2) << unfinished;
    EXPECT_EQ(got.err.rfind("try: --", 0), 0u) << got.err;
    EXPECT_EQ(got.err.find('\n'), got.err.size() - 1) << got.err;
  }
}

TEST(Program, SaysWhatWorkThrows) {
  const Outcome got = run({"1"}, [] { throw DataError("digits: no such file"); });
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.err, "try: digits: no such file\n");
  const Outcome odd = run({"1"}, [] { throw DataError("a\n\x1b[31m\u00e4: no such file"); });
  EXPECT_EQ(odd.err, "try: a??[31m\u00e4: no such file\n");
}

// Without standard input and output the next file would be one of them.
TEST(ProgramDeathTest, OpensNoFileInTheirPlace) {
  const auto open_a_file = [] {
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    std::string name = "opens";
    char* argv[] = {name.data()};
    Program program("Opens.");
    const auto opened = [] { return open("/dev/null", O_RDONLY) > STDERR_FILENO ? 0 : 1; };
    std::exit(program.run(1, argv, opened));
  };
  EXPECT_EXIT(open_a_file(), testing::ExitedWithCode(0), "^$");
}

TEST(Program, TakesArgumentsAsTheyAre) {
  Program program("Takes all.");
  std::vector<std::string> got;
  program.arguments("all", got, "anything");
  const std::vector<std::string> want = {"[]", "[a,b]", "", "3", "-3,3", "->ij", "3[:,None]"};
  std::vector<std::string> arguments = want;
  std::string name = "takes";
  std::vector<char*> argv = {name.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  EXPECT_EQ(program.run(static_cast<int>(argv.size()), argv.data(), [] {}), 0);
  EXPECT_EQ(got, want);
}

// A program that prints, with its standard output on this file, or on none.
[[noreturn]] void print_to(const char* file, const char* argument) {
  close(STDOUT_FILENO);
  if (file != nullptr && open(file, O_WRONLY) != STDOUT_FILENO) std::exit(3);
  Program program("Prints.");
  std::string name = "prints", only = argument;
  char* argv[] = {name.data(), only.data()};
  std::exit(program.run(*argument == 0 ? 1 : 2, argv, [] { std::cout << "something"; }));
}

TEST(ProgramDeathTest, SaysThatItsOutputCouldNotBeWritten) {
  const char* const sentence = "^prints: the output could not be written\n$";
  for (const char* const argument : {"", "--help"}) {
    EXPECT_EXIT(print_to("/dev/full", argument), testing::ExitedWithCode(2), sentence);
    EXPECT_EXIT(print_to(nullptr, argument), testing::ExitedWithCode(2), sentence);
  }
  EXPECT_EXIT(print_to("/dev/null", ""), testing::ExitedWithCode(0), "^$");
}

}  // namespace
}  // namespace foundations
