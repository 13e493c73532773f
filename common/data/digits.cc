// Uses only + - * / and sqrt on doubles, which IEEE 754 rounds in one way, and BUILD forbids the
// compiler to fuse them. So the pictures are the same everywhere. (sin and cos would differ.)
#include "common/data/digits.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "common/base/error.h"

namespace foundations {
namespace {

// Pixels right of and below the centre of the image.
struct Point {
  double x, y;
};

Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
Point operator*(double s, Point p) { return {s * p.x, s * p.y}; }
double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
Point middle(Point a, Point b) { return 0.5 * (a + b); }

// The pen goes from the first point to the last. Each point between attracts it but is not touched;
// a point given twice is touched, and makes a corner.
using Stroke = std::vector<Point>;

const std::vector<Stroke>& strokes_of(std::int64_t digit) {
  // Never destroyed: the destructor of a static object may be what draws.
  // clang-format off
  static const auto& kStrokes = *new std::array<std::vector<Stroke>, 10>{{
      {{{1, -9}, {-7, -10}, {-7, 10}, {7, 10}, {7, -10}, {0, -9}}},                             // 0
      {{{-3, -6}, {0, -9}, {0, -9}, {0, 9}}},                                                   // 1
      {{{-6, -5}, {-5, -10}, {6, -11}, {6, -2}, {-6, 8}, {-6, 8}, {7, 8}}},                     // 2
      {{{-5, -7}, {-3, -10}, {7, -10}, {6, -1}, {-1, -1}, {-1, -1}, {8, -1}, {7, 10}, {-4, 10},
        {-6, 6}}},                                                                              // 3
      {{{0, -9}, {-6, 2}, {-6, 2}, {7, 2}}, {{4, -8}, {4, -3}, {3, 9}}},                        // 4
      {{{6, -8}, {-4, -8}, {-4, -8}, {-5, -1}, {-5, -1}, {8, -5}, {8, 10}, {-3, 10}, {-6, 7}}}, // 5
      {{{4, -9}, {-3, -8}, {-8, 5}, {-4, 10}, {6, 11}, {7, -1}, {-1, -2}, {-5, 5}}},            // 6
      {{{-6, -8}, {6, -8}, {6, -8}, {0, 1}, {-1, 9}}},                                          // 7
      {{{4, -7}, {0, -11}, {-8, -9}, {-5, -2}, {6, 1}, {7, 10}, {0, 10}, {-7, 10}, {-6, 1},
        {6, -3}, {4, -7}}},                                                                     // 8
      {{{5, -5}, {3, -10}, {-6, -10}, {-6, 1}, {3, 1}, {5, -6}, {5, -6}, {5, 0}, {3, 9}}},      // 9
  }};
  // clang-format on
  return kStrokes[digit];
}

// Returns a stroke's curve as short straight pieces: a quadratic B-spline, with a parabola for each
// point between the ends.
std::vector<Point> flatten(const Stroke& stroke) {
  constexpr int kPieces = 6;
  std::vector<Point> line = {stroke.front()};
  for (std::size_t i = 1; i + 1 < stroke.size(); ++i) {
    const Point from = line.back();
    const bool last = i + 2 == stroke.size();
    const Point to = last ? stroke.back() : middle(stroke[i], stroke[i + 1]);
    for (int piece = 1; piece <= kPieces; ++piece) {
      const double t = static_cast<double>(piece) / kPieces;
      const Point a = from + t * (stroke[i] - from);
      const Point b = stroke[i] + t * (to - stroke[i]);
      line.push_back(a + t * (b - a));
    }
  }
  return line;
}

double uniform(double low, double high, Generator& generator) {
  return low + (high - low) * generator.uniform();
}

// How one person holds pen and paper for one digit.
class Hand {
 public:
  explicit Hand(Generator& generator) : generator_(generator) {}

  Point place(Point p) {
    p = p + Point{uniform(-1, 1, generator_), uniform(-1, 1, generator_)};
    p = {width_ * p.x - slant_ * p.y, height_ * p.y};
    return shift_ + Point{cos_ * p.x - sin_ * p.y, sin_ * p.x + cos_ * p.y};
  }
  double pen_radius() const { return pen_radius_; }
  double grain() { return uniform(0.9, 1, generator_); }

 private:
  Generator& generator_;
  Point shift_{uniform(-1.5, 1.5, generator_), uniform(-1.5, 1.5, generator_)};
  double width_ = uniform(0.75, 1.1, generator_);
  double height_ = uniform(0.85, 1.1, generator_);
  double slant_ = uniform(-0.15, 0.35, generator_);
  double turn_ = uniform(-0.1, 0.1, generator_);  // tan of half the angle
  double cos_ = (1 - turn_ * turn_) / (1 + turn_ * turn_);
  double sin_ = 2 * turn_ / (1 + turn_ * turn_);
  double pen_radius_ = uniform(0.7, 1.7, generator_);
};

// How much of each pixel is covered, 0 to 1.
using Coverage = std::array<double, kDigitSize * kDigitSize>;

// Covers the pixels within `radius` of the line from a to b; the edge fades over one pixel.
void draw_piece(Point a, Point b, double radius, Coverage& coverage) {
  const double reach = radius + 0.5, centre = (kDigitSize - 1) / 2.0;
  const auto first = [&](double p) {
    return static_cast<int>(std::max(0.0, std::ceil(p - reach + centre)));
  };
  const auto last = [&](double p) {
    return static_cast<int>(std::min(kDigitSize - 1.0, std::floor(p + reach + centre)));
  };
  const Point along = b - a;
  const double square = dot(along, along);
  for (int y = first(std::min(a.y, b.y)); y <= last(std::max(a.y, b.y)); ++y) {
    for (int x = first(std::min(a.x, b.x)); x <= last(std::max(a.x, b.x)); ++x) {
      const Point p = Point{x - centre, y - centre} - a;
      const double t = square > 0 ? std::clamp(dot(p, along) / square, 0.0, 1.0) : 0;
      const Point off = p - t * along;
      double& covered = coverage[y * kDigitSize + x];
      covered = std::max(covered, std::min(1.0, reach - std::sqrt(dot(off, off))));
    }
  }
}

}  // namespace

DigitImage draw_digit(std::int64_t digit, Generator& generator) {
  if (digit < 0 || digit > 9) {
    throw IndexError("draw_digit() draws the digits 0 to 9, but was asked for " +
                     std::to_string(digit));
  }
  Hand hand(generator);
  Coverage coverage{};
  for (Stroke stroke : strokes_of(digit)) {
    for (Point& p : stroke) p = hand.place(p);
    const std::vector<Point> line = flatten(stroke);
    for (std::size_t i = 1; i < line.size(); ++i) {
      draw_piece(line[i - 1], line[i], hand.pen_radius(), coverage);
    }
  }
  DigitImage image{};
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (coverage[i] > 0) image[i] = static_cast<std::uint8_t>(255 * coverage[i] * hand.grain());
  }
  return image;
}

}  // namespace foundations
