#include "calibrate/fit_matrix.h"

#include <ceres/gradient_problem.h>
#include <ceres/gradient_problem_solver.h>

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <vector>

#include "core/delta_e.h"

namespace lichtbild {
namespace {

// The numbers that are free in a matrix: of each row red and blue, relative to white. Green has
// what white leaves.
constexpr int free_numbers = 6;

Matrix3 matrix_of(const double* free, const Vector3& white) {
  Matrix3 m;
  for (int i = 0; i < 3; ++i) {
    m(i, 0) = free[2 * i] * white[i];
    m(i, 2) = free[2 * i + 1] * white[i];
    m(i, 1) = white[i] - m(i, 0) - m(i, 2);
  }
  return m;
}

void append_free(std::vector<double>& free, const Matrix3& m, const Vector3& white) {
  for (int i = 0; i < 3; ++i) {
    free.push_back(m(i, 0) / white[i]);
    free.push_back(m(i, 2) / white[i]);
  }
}

// The weighted sum over sets of the mean of sqrt(delta-E^2 + corner^2): delta-E, rounded where it
// is 0 and has no slope.
class MeanError final : public ceres::FirstOrderFunction {
 public:
  MeanError(std::span<const ColorSet> sets, int matrices, const Vector3& white)
      : sets_(sets), matrices_(matrices), white_(white) {
    for (const ColorSet& set : sets)
      for (const Vector3& color : set.xyz) wanted_.push_back(lab_from_xyz(color, white));
  }
  bool Evaluate(const double* free, double* cost, double* gradient) const override {
    *cost = error(free);
    if (gradient) differentiate(free, gradient);
    return std::isfinite(*cost);
  }
  int NumParameters() const override { return free_numbers * matrices_; }

 private:
  double error(const double* free) const {
    constexpr double corner = 0.02;
    double sum = 0;
    auto wanted = wanted_.begin();
    for (const ColorSet& set : sets_) {
      Matrix3 m;
      for (int k = 0; k < matrices_; ++k)
        m = m + set.shares[k] * matrix_of(free + free_numbers * k, white_);
      double of_set = 0;
      for (const Vector3& color : set.balanced)
        of_set += std::hypot(delta_e_2000(lab_from_xyz(m * color, white_), *wanted++), corner);
      sum += set.weight * of_set / static_cast<double>(set.balanced.size());
    }
    return sum;
  }
  // By central differences, sure to about 1e-9 of the error.
  void differentiate(const double* free, double* gradient) const {
    constexpr double step = 1e-5;
    std::vector<double> at(free, free + NumParameters());
    for (std::size_t i = 0; i < at.size(); ++i) {
      at[i] = free[i] + step;
      const double after = error(at.data());
      at[i] = free[i] - step;
      gradient[i] = (after - error(at.data())) / (2 * step);
      at[i] = free[i];
    }
  }

  std::span<const ColorSet> sets_;
  int matrices_;
  Vector3 white_;
  std::vector<Lab> wanted_;
};

// Least squares of XYZ relative to white, each color over the root of its Y: dark ones count about
// as they look.
Matrix3 least_squares(std::span<const Vector3> balanced, std::span<const Vector3> xyz,
                      const Vector3& white) {
  std::array<double, free_numbers> free{};
  for (int row = 0; row < 3; ++row) {
    Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
    Eigen::Vector2d right = Eigen::Vector2d::Zero();
    for (std::size_t i = 0; i < balanced.size(); ++i) {
      const auto& [red, green, blue] = balanced[i];
      const Eigen::Vector2d by(red - green, blue - green);
      const double weight = 1 / (xyz[i][1] + 0.01);
      normal += weight * by * by.transpose();
      right += weight * by * (xyz[i][row] / white[row] - green);
    }
    const Eigen::Vector2d solution = normal.completeOrthogonalDecomposition().solve(right);
    free[2 * row] = solution[0];
    free[2 * row + 1] = solution[1];
  }
  return matrix_of(free.data(), white);
}

}  // namespace

Matrix3 fit_matrix(std::span<const Vector3> balanced, std::span<const Vector3> xyz,
                   const Vector3& white_xyz) {
  Matrix3 matrix = least_squares(balanced, xyz, white_xyz);
  constexpr double whole = 1;
  const ColorSet set{balanced, xyz, {&whole, 1}};
  refine_matrices({&matrix, 1}, {&set, 1}, white_xyz);
  return matrix;
}

void refine_matrices(std::span<Matrix3> matrices, std::span<const ColorSet> sets,
                     const Vector3& white_xyz) {
  std::vector<double> free;
  for (const Matrix3& m : matrices) append_free(free, m, white_xyz);
  ceres::GradientProblem problem(new MeanError(sets, static_cast<int>(matrices.size()), white_xyz));
  ceres::GradientProblemSolver::Options options;
  options.line_search_direction_type = ceres::BFGS;
  options.logging_type = ceres::SILENT;
  options.max_num_iterations = 300;
  options.function_tolerance = 1e-9;
  options.gradient_tolerance = 1e-7;
  ceres::GradientProblemSolver::Summary summary;
  ceres::Solve(options, problem, free.data(), &summary);
  for (std::size_t k = 0; k < matrices.size(); ++k)
    matrices[k] = matrix_of(free.data() + free_numbers * k, white_xyz);
}

}  // namespace lichtbild
