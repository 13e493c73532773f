#include "common/linalg/subscripts.h"

#include <algorithm>
#include <utility>

namespace foundations {
namespace {

// Returns the text with "\x0a" for a line feed, and so on: a message stays one line, whatever it
// quotes.
std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7f) {
      result += {'\\', 'x', kDigits[byte / 16], kDigits[byte % 16]};
    } else {
      result += c;
    }
  }
  return result;
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  return result.append(printable(text)) += '\'';
}
std::string quoted(char c) { return quoted(std::string_view(&c, 1)); }

// Returns the character that begins at a place, with all of its bytes if it is not ASCII.
std::string_view character(std::string_view text, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < text.size() && (text[end] & 0xC0) == 0x80) ++end;
  return text.substr(begin, end - begin);
}

std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

bool is_letter(char c) { return ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z'); }

// First the characters become tokens: a label is itself, '.' means a whole `...`, '>' means `->`.
constexpr char kEllipsis = '.', kArrow = '>', kComma = ',', kEnd = '\0';

struct Token {
  char kind;
  std::size_t position;
};

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  tokens.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (is_letter(text[i]) || text[i] == kComma) {
      tokens.push_back({text[i], i});
    } else if (rest.starts_with("...")) {
      tokens.push_back({kEllipsis, i});
      i += 2;
    } else if (rest.starts_with("->")) {
      tokens.push_back({kArrow, i});
      i += 1;
    } else if (text[i] == '.') {
      throw SubscriptError(text, i, "a '.' that is not part of '...'");
    } else if (text[i] == '-' || text[i] == '>') {
      throw SubscriptError(text, i, "a " + quoted(text[i]) + " that is not part of '->'");
    } else if (text[i] != ' ') {
      throw SubscriptError(text, i,
                           quoted(character(text, i)) + " is no label: labels are letters");
    }
  }
  tokens.push_back({kEnd, text.size()});
  return tokens;
}

// Then the tokens are read from left to right.
//   subscripts:  operand {"," operand} ["->" output]
//   operand, output:  labels and at most one "..."
class Parser {
 public:
  Parser(std::string_view text, const std::vector<Shape>& shapes)
      : text_(text), shapes_(shapes), tokens_(tokens_of(text)), next_(tokens_.data()) {
    result_.operands.reserve(shapes.size());
    result_.sizes.fill(1);  // until a dimension says otherwise
  }

  Subscripts parse() {
    read_operand();
    while (next_->kind == kComma) {
      ++next_;
      read_operand();
    }
    if (result_.operands.size() < shapes_.size()) {
      fail("subscripts for " + std::to_string(result_.operands.size()) + " of " +
           counted(shapes_.size(), "operand"));
    }
    if (next_->kind == kArrow) {
      read_output();
    } else {
      imply_output();
    }
    if (result_.output.size() > kMaxDim) {
      fail("an output of " + std::to_string(result_.output.size()) +
           " dimensions; a tensor has at most " + std::to_string(kMaxDim));
    }
    for (const std::string& labels : result_.operands) {
      for (const char label : labels) {
        if (!contains(result_.output, label) && !contains(result_.summed, label)) {
          result_.summed += label;
        }
      }
    }
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw SubscriptError(text_, next_->position, reason);
  }

  static bool contains(const std::string& labels, char label) {
    return labels.find(label) != std::string::npos;
  }

  bool at_label_or_ellipsis() const { return is_letter(next_->kind) || next_->kind == kEllipsis; }

  void read_operand() {
    const std::size_t operand = result_.operands.size();
    if (operand == shapes_.size()) {
      fail("subscripts for more than " + counted(operand, "operand"));
    }
    const std::int64_t ellipsis = dims_of_ellipsis(shapes_[operand]);
    std::string& labels = result_.operands.emplace_back();
    for (; at_label_or_ellipsis(); ++next_) {
      if (next_->kind != kEllipsis) {
        add(labels, next_->kind);
      } else {
        for (std::int64_t d = ellipsis - 1; d >= 0; --d) add(labels, static_cast<char>('0' + d));
      }
    }
    widest_ellipsis_ = std::max(widest_ellipsis_, ellipsis);
  }

  // Looks ahead to the end of this operand: an ellipsis takes all dimensions that have no label.
  std::int64_t dims_of_ellipsis(const Shape& shape) {
    const Token* const begin = next_;
    const Token* ellipsis = nullptr;
    std::int64_t labels = 0;
    for (; at_label_or_ellipsis(); ++next_) {
      if (next_->kind != kEllipsis) {
        ++labels;
      } else if (ellipsis) {
        fail("a second '...' in one operand");
      } else {
        ellipsis = next_;
      }
    }
    if (labels > shape.size() || (labels < shape.size() && !ellipsis)) {
      fail(counted(labels, "label") + " for " + counted(shape.size(), "dimension") + ": operand " +
           std::to_string(result_.operands.size()) + " has shape " + bracketed(shape));
    }
    next_ = begin;
    return shape.size() - labels;
  }

  // Gives the next dimension of the last operand this label.
  void add(std::string& labels, char label) {
    const Shape& shape = shapes_[result_.operands.size() - 1];
    const std::int64_t size = shape[static_cast<std::int64_t>(labels.size())];
    std::int64_t& known = result_.sizes[static_cast<unsigned char>(label)];
    const std::size_t before = labels.find(label);
    if (before != std::string::npos && shape[static_cast<std::int64_t>(before)] != size) {
      fail_for_sizes(label, shape[static_cast<std::int64_t>(before)], size);
    }
    if (known != 1 && size != 1 && size != known) fail_for_sizes(label, known, size);
    if (size != 1) known = size;
    labels += label;
  }

  // Throws: the label had size `known` in an earlier dimension.
  [[noreturn]] void fail_for_sizes(char label, std::int64_t known, std::int64_t size) const {
    std::size_t first = result_.operands.size();
    const auto has_it = [&](std::size_t operand) {
      const std::size_t d = result_.operands[operand].find(label);
      return d != std::string::npos && shapes_[operand][static_cast<std::int64_t>(d)] == known;
    };
    while (!has_it(--first)) continue;
    fail((is_letter(label) ? "label " + quoted(label)
                           : "dimension -" + std::to_string(label - '0' + 1) + " of '...'") +
         " has size " + std::to_string(known) + " in operand " + std::to_string(first) +
         " and size " + std::to_string(size) + " in operand " +
         std::to_string(result_.operands.size() - 1));
  }

  void add_ellipsis_to_output() {
    for (std::int64_t d = widest_ellipsis_ - 1; d >= 0; --d) {
      result_.output += static_cast<char>('0' + d);
    }
  }

  void read_output() {
    bool ellipsis = false;
    for (++next_; at_label_or_ellipsis(); ++next_) {
      const char label = next_->kind;
      if (label == kEllipsis) {
        if (ellipsis) fail("a second '...' in the output");
        ellipsis = true;
        add_ellipsis_to_output();
        continue;
      }
      if (contains(result_.output, label)) fail("output label " + quoted(label) + " occurs twice");
      const auto has_it = [&](const std::string& labels) { return contains(labels, label); };
      if (std::none_of(result_.operands.begin(), result_.operands.end(), has_it)) {
        fail("output label " + quoted(label) + " is in no operand");
      }
      result_.output += label;
    }
    if (next_->kind == kComma) fail("a ',' in the output");
    if (next_->kind == kArrow) fail("a second '->'");
  }

  void imply_output() {
    add_ellipsis_to_output();
    std::string once;
    for (const Token& token : tokens_) {
      const auto is_same = [&](const Token& other) { return other.kind == token.kind; };
      if (is_letter(token.kind) && std::count_if(tokens_.begin(), tokens_.end(), is_same) == 1) {
        once += token.kind;
      }
    }
    std::sort(once.begin(), once.end());  // in ASCII the capitals come first
    result_.output += once;
  }

  std::string_view text_;
  const std::vector<Shape>& shapes_;
  std::vector<Token> tokens_;
  const Token* next_;
  std::int64_t widest_ellipsis_ = 0;
  Subscripts result_;
};

std::string with_place(std::string_view subscripts, std::size_t position,
                       const std::string& reason) {
  const bool inside = position < subscripts.size();
  return "einsum(\"" + printable(subscripts) + "\"): " + reason + " (" +
         (inside ? "character " + std::to_string(position) : "at the end") + ")";
}

}  // namespace

SubscriptError::SubscriptError(std::string_view subscripts, std::size_t at, const std::string& why)
    : ShapeError(with_place(subscripts, at, why)), position(at), reason(why) {}

Shape Subscripts::output_shape() const {
  Shape shape;
  for (const char label : output) shape.push_back(size(label));
  return shape;
}

Subscripts parse_subscripts(std::string_view subscripts, const std::vector<Shape>& shapes) {
  return Parser(subscripts, shapes).parse();
}

}  // namespace foundations
