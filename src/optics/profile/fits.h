// Fits: sums of powers that follow a table with the least largest error.
#pragma once

#include <span>
#include <vector>

namespace lichtbild::optics {

// One row of the table: the basis functions at a point, and what their sum should be.
struct FitRow {
  std::vector<double> basis;
  double value = 0;
};

struct Fit {
  std::vector<double> coefficients;
  double largest_error = 0;  // over the rows
};

// Lawson's weighted least squares, which tends to Chebyshev's best fit (Lawson 1961; Rice and Usow,
// Math. Comp. 22, 118 (1968)); the best of all iterations.
Fit fit_smallest_largest_error(std::span<const FitRow> rows);

}  // namespace lichtbild::optics
