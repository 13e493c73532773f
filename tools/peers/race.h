// Times several ways to compute one thing so that a disturbance hits them all alike: again and
// again in one program, each time in another order, so that none always finds the caches as the
// same other left them. Uses the wall clock: on a virtual machine the processor time can lag
// behind, and a minimum would pick exactly this moment.
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

// The settings of every table.
struct Settings {
  int threads;
  double seconds;    // for each row
  std::string only;  // a part of the row's name

  bool wants(const std::string& row) const { return row.find(only) != std::string::npos; }
};

// Calls the contestants in turn until the time of a row is over, each at least three times. Repeats
// a call that is too short for the clock; `flops` tells how short it is.
void race(std::vector<Contestant>& all, double flops, const Settings& settings);

// Prints a table if it gets any row: a line of names, then a line for each row. A row has the
// minimal times, the operations per second of the first contestant (ours), and how many times
// faster ours is than the best of the others, by minima and by medians. After several rows comes
// the geometric mean of the ratios of minima.
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

// Throws std::runtime_error, with the name and the row, if an element differs by more than
// `tolerance`.
void compare(const std::string& name, const std::string& row, const Tensor& got, const Tensor& want,
             double tolerance);

// Print a table and return its number of rows: products of matrices, where all write into existing
// memory or all allocate the result; elementwise operations and reductions; expressions of einsum;
// the notes' network; epochs of training.
int race_products(const Settings& settings, bool allocate);
int race_elementwise(const Settings& settings);
int race_expressions(const Settings& settings);
int race_network(const Settings& settings);
int race_epochs(const Settings& settings);

}  // namespace foundations
