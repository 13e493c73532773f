// Several ways to compute one thing, timed so that what else the machine does disturbs all alike:
// again and again in one program, and each time in another order, so that nobody always finds the
// caches as the same other left them. By the clock on the wall: the processor time of a process can
// be behind on a virtual machine, and a minimum finds the time when it is.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/tensor/tensor.h"

namespace foundations {

struct Contestant {
  std::string name;
  std::function<void()> run;
  std::vector<double> seconds = {};  // per call

  double minimum() const;
  double median() const;
};

// What every table is asked for.
struct Settings {
  int threads;
  double seconds;    // for each row
  std::string only;  // a part of the row's name

  bool wants(const std::string& row) const { return row.find(only) != std::string::npos; }
};

// Calls them in turn until the time of a row is over, each at least three times. A call that is too
// short for the clock is repeated: `flops` tells how short it is.
void race(std::vector<Contestant>& all, double flops, const Settings& settings);

// Prints a table, if it gets any row: a line of names, then a line for each row of its minimal
// times, how many operations a second the first contestant, ours, does, and how many times faster
// it is than the best of the others, by minima and by medians; at the end, of several rows, the
// geometric mean of the former.
class Table {
 public:
  Table(std::string title, const Settings& settings, std::vector<std::string> names);
  ~Table();
  void row(const std::string& name, double flops, const std::vector<Contestant>& all);
  int rows() const { return rows_; }

 private:
  void header() const;

  std::string title_;
  int threads_;
  std::vector<std::string> names_;
  double log_sum_ = 0;
  int rows_ = 0;
};

// Throws std::runtime_error, naming who and what, when an element differs by more than
// `tolerance`.
void compare(const std::string& name, const std::string& row, const Tensor& got, const Tensor& want,
             double tolerance);

// The tables, each returns its number of rows: products of matrices, where everyone writes into
// memory that is there or everyone allocates the result; expressions of einsum; the notes' network.
int race_products(const Settings& settings, bool allocate);
int race_expressions(const Settings& settings);
int race_network(const Settings& settings);

}  // namespace foundations
