#include "tools/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace foundations {
namespace {

constexpr std::size_t kWidth = 96;  // of a sentence, in columns
constexpr char kIndent[] = "      ";

// The notes' name for a rung of ours that repeats one of theirs, and why the two times differ. The
// numbers in a sentence are the notes' or follow from them.
struct Counterpart {
  std::string_view chapter, rung;
  std::string_view theirs;
  std::string_view why;
};

constexpr Counterpart kCounterparts[] = {
    {"01_matmul", "checked", "three loops",
     "Most of theirs is PyTorch making a tensor object of every number the loops ask for, some 24 "
     "us for each of 39,200 trips (Python's own loops are far faster: see 01_matmul/README.md); "
     "ours reads the number."},
    {"01_matmul", "row_by_column", "row times column",
     "They pay PyTorch's price for 50 elements now, not for 39,200 trips; we never paid it, and "
     "pay for the views and temporaries of this line, which triple_loop does without."},
    {"02_broadcast", "broadcast", "broadcasting",
     "Five trips are left, one for each row of a, so the price is paid for five; in each, both "
     "write a temporary of 784 x 10 and read it again to sum it."},
    {"03_einsum", "einsum", "einsum",
     "One call: by the notes' next line most of theirs is not the product but what comes before "
     "it, reading the subscripts and making a matrix product of them."},
    {"03_einsum", "matmul", "PyTorch op",
     "One call of a tuned product each, of so few numbers that most of theirs is the way to the "
     "arithmetic, past types, devices and gradients; ours goes past shapes and strides."},
};

// Returns the counterpart of a row. A rung that is not in the table keeps its name and gets no
// reason.
Counterpart counterpart(const Row& row) {
  for (const Counterpart& known : kCounterparts) {
    if (known.chapter == row.chapter && known.rung == row.name) return known;
  }
  return {row.chapter, row.name, row.name, ""};
}

// Returns the words in lines of at most kWidth columns, each indented.
std::string folded(std::string_view sentence) {
  std::string text, line;
  std::istringstream words{std::string(sentence)};
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
      text += kIndent + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? text : text + kIndent + line + "\n";
}

std::string line(std::string_view theirs, std::string_view their_time, std::string_view ours,
                 std::string_view our_time, std::string_view factor) {
  return fmt::format("  {:<18.18} {:>8}   {:<18.18} {:>8}   {:>12}\n", theirs, their_time, ours,
                     our_time, factor);
}

std::string side_by_side(const Table& table) {
  std::string text;
  for (const Row& row : table.rows) {
    if (!ran(row) || row.threads != 1 || row.notes_seconds == 0) continue;
    const Counterpart known = counterpart(row);
    Row notes;
    notes.seconds = {row.notes_seconds, row.notes_seconds};
    text += line(known.theirs, format_seconds(row.notes_seconds), row.name,
                 format_seconds(minimum(row.seconds)), speedup(notes, row));
    text += folded(known.why);
  }
  if (text.empty()) return "";
  const Row& any = *std::find_if(table.rows.begin(), table.rows.end(), ran);
  const std::string at_peak =
      any.peak == 0 ? ""
                    : fmt::format(" The {} multiply-adds alone take {} at our peak.",
                                  format_count(static_cast<std::int64_t>(any.flops / 2)),
                                  format_seconds(any.flops / any.peak));
  return "\nThe notes' Python and ours: " + table.heading + "\n" +
         line("the notes", "time", "ours", "time", "times faster") + text +
         "Theirs is the mean of seven runs on their machine, ours the minimum on this one: a "
         "factor "
         "is of\nthe machines, too." +
         at_peak + "\n";
}

}  // namespace

std::string side_by_side(const std::vector<Table>& tables) {
  std::string text;
  for (const Table& table : tables) text += side_by_side(table);
  return text;
}

}  // namespace foundations
