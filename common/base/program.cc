#include "common/base/program.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <iomanip>
#include <iostream>
#include <list>
#include <sstream>
#include <type_traits>

#include "common/base/stdout.h"
#include "common/base/user_path.h"

namespace foundations {
namespace {

// Numbers and subscripts may begin with '-' ("-1", "->ij"), and a scalar is "[]"; a blank before it
// tells CLI11 that it is looking at no flag and at no list, and unshielded() takes the blank off.
std::string shielded(const std::string& argument) {
  const bool flag = argument.size() < 2 || argument[1] == '-' || std::isalpha(argument[1]) != 0;
  const bool mistaken = argument.starts_with('[') || (argument.starts_with('-') && !flag);
  return mistaken ? " " + argument : argument;
}
std::string unshielded(const std::string& argument) {
  return argument.substr(argument.starts_with(" -") || argument.starts_with(" [") ? 1 : 0);
}

// The whole text as a number; none if it is something else, or has something behind it.
template <class Number>
std::optional<Number> number(const std::string& text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

// Returns the path that stands behind a flag. "--save= --steps=3", with nothing where the shell had
// an empty variable, would else write a file "--steps=3"; who has a file like that says "./--".
std::string path_of(const std::string& flag, const std::string& text) {
  if (text.starts_with("--")) throw CLI::ValidationError(flag, "needs a path, but got " + text);
  return unshielded(text);
}

// Takes the places of what stands open at the start of a program. If one is closed, the next file
// would have its number, and what is printed would end up in that.
void keep_standard_places() {
  int file = 0;
  while (file >= 0 && file <= STDERR_FILENO) file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(file);
}

// 100000 and 0.5 as one writes them.
template <class Number>
std::string plain(Number value) {
  std::ostringstream text;
  text << std::setprecision(10) << value;
  return text.str();
}

template <class Number>
void add_number(CLI::App& app, const std::string& name, Number& value, Number low, Number high,
                const std::string& help) {
  const auto take = [&value, name, low, high](const std::string& argument) {
    const std::string text = unshielded(argument);
    const std::optional<Number> read = number<Number>(text);
    if (!read || !(*read >= low && *read <= high)) {
      const std::string kind = std::is_integral_v<Number> ? "a whole number" : "a number";
      throw CLI::ValidationError(
          name, text + " is not " + kind + " from " + plain(low) + " to " + plain(high));
    }
    value = *read;
  };
  app.add_option_function<std::string>(name, take, help)
      ->type_name("N")
      ->default_str(plain(value))
      ->take_last();
}

}  // namespace

struct Program::Parser {
  explicit Parser(const std::string& description) : app(description) {
    app.get_formatter()->column_width(28);
  }

  CLI::App app;
  std::optional<std::string> mnist_dir;
  std::list<std::optional<std::string>> paths;
  std::string prefix;  // of what is passed on; "": nothing is
  std::vector<std::string> passed_on;
};

Program::Program(const std::string& description) : parser_(std::make_unique<Parser>(description)) {}
Program::~Program() = default;

void Program::flag(const std::string& name, bool& value, const std::string& help) {
  parser_->app.add_flag(name, value, help);
}

void Program::option(const std::string& name, int& value, int low, int high,
                     const std::string& help) {
  add_number(parser_->app, name, value, low, high, help);
}

void Program::option(const std::string& name, double& value, double low, double high,
                     const std::string& help) {
  add_number(parser_->app, name, value, low, high, help);
}

void Program::option(const std::string& name, std::string& value,
                     const std::vector<std::string>& words, const std::string& help) {
  const std::string all = CLI::detail::join(words, ", ");
  const auto check = [words, all](const std::string& text) {
    const bool known = std::find(words.begin(), words.end(), text) != words.end();
    return known ? "" : text + " is none of " + all;
  };
  parser_->app.add_option(name, value, help + ": " + all)
      ->type_name("NAME")
      ->check(CLI::Validator(check, ""))
      ->take_last();
}

void Program::argument(const std::string& name, std::int64_t& value, const std::string& help) {
  const auto take = [&value, name](const std::string& text) {
    const std::optional<std::int64_t> read = number<std::int64_t>(unshielded(text));
    if (!read) throw CLI::ValidationError(name, unshielded(text) + " is not a whole number");
    value = *read;
  };
  parser_->app.add_option_function<std::string>(name, take, help)->type_name("N")->required();
}

void Program::arguments(const std::string& name, std::vector<std::string>& values,
                        const std::string& help) {
  const auto take = [&values](const std::vector<std::string>& texts) {
    values.clear();
    for (const std::string& text : texts) values.push_back(unshielded(text));
  };
  parser_->app.add_option_function<std::vector<std::string>>(name, take, help)->type_name("");
}

const std::optional<std::string>& Program::mnist_dir() {
  const auto take = [this](const std::string& dir) {
    parser_->mnist_dir = path_of("--mnist_dir", dir);
  };
  parser_->app
      .add_option_function<std::string>(
          "--mnist_dir", take, "real MNIST in place of the built-in digits (or set MNIST_DIR)")
      ->type_name("DIR")
      ->take_last();
  return parser_->mnist_dir;
}

const std::optional<std::string>& Program::path(const std::string& name, const std::string& type,
                                                const std::string& help) {
  std::optional<std::string>& path = parser_->paths.emplace_back();
  const auto take = [&path, name](const std::string& text) {
    path = user_path(path_of(name, text));
  };
  parser_->app.add_option_function<std::string>(name, take, help)->type_name(type)->take_last();
  return path;
}

const std::vector<std::string>& Program::pass_on(const std::string& prefix,
                                                 const std::string& help) {
  parser_->prefix = prefix;
  parser_->app.footer(help);
  return parser_->passed_on;
}

int Program::run(int argc, char** argv, const std::function<int()>& work) {
  const std::string path = argc > 0 ? argv[0] : "program";
  const std::string name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const auto complain = [&name](std::string sentence) {
    for (char& c : sentence) c = std::iscntrl(static_cast<unsigned char>(c)) ? '?' : c;
    std::cerr << name << ": " << sentence << std::endl;
    return 2;
  };
  keep_standard_places();
  CLI::App& app = parser_->app;
  app.name(name);
  std::vector<std::string> backwards;  // as CLI11 wants them
  for (int i = argc - 1; i > 0; --i) {
    const std::string argument = argv[i];
    const bool passes = !parser_->prefix.empty() && argument.starts_with(parser_->prefix);
    (passes ? parser_->passed_on : backwards).push_back(shielded(argument));
  }
  std::reverse(parser_->passed_on.begin(), parser_->passed_on.end());
  try {
    int status = 0;
    try {
      app.parse(backwards);
      status = work();
    } catch (const CLI::CallForHelp&) {
      std::cout << app.help();
    }
    flush_stdout();
    return status;
  } catch (const CLI::ExtrasError&) {
    const std::string unknown = unshielded(app.remaining().front());
    return complain("unknown argument '" + unknown + "'; --help lists what there is");
  } catch (const std::exception& error) {
    return complain(error.what());
  }
}

}  // namespace foundations
