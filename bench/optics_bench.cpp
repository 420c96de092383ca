// How many rays pass how many surfaces a second, on one core and in double, for each instruction
// set that this processor has, beside the multiply-adds that the same core can do.
//
//   build/release/bench/optics_bench
//
// `surfaces/s` counts a ray at a surface, all 18 of the lens: 14 aspheres to r^20, stop, two faces
// of the filter, image. `fmas` is what one of them costs: the double multiply-adds that the core
// could have done in that time in the same vectors.
#include <benchmark/benchmark.h>
#include <hwy/highway.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <numbers>

#include "fma_peak.h"
#include "optics/batch.h"
#include "optics/wide_phone_lens.h"

namespace lichtbild {
namespace {

using namespace optics;

constexpr double degree = std::numbers::pi / 180;

// Rays that pass: nine fields to the corner, each over a square grid in front of the lens.
RayBatch rays_through(const Path<double>& path) {
  RayBatch rays;
  constexpr int fields = 9, grid = 96;
  for (int field = 0; field < fields; ++field) {
    const double angle = WidePhoneLens::half_field_deg * degree * field / (fields - 1);
    for (int i = 0; i < grid * grid; ++i) {
      const int column = i % grid, row = i / grid;
      const double x = 4.0 * column / (grid - 1) - 2, y = 5.0 * row / (grid - 1) - 3.5;
      const Ray<double> ray{{x, y, 0}, {0, std::sin(angle), std::cos(angle)}};
      if (trace(path, ray).status == RayStatus::ok) rays.add(ray);
    }
  }
  return rays;
}

// Clear radii that just let `rays` pass, so that clipping costs what it costs.
void open_to(const RayBatch& rays, Path<double>& path) {
  std::vector<Hit<double>> hits;
  std::vector<double> r2(path.size());
  for (int i = 0; i < rays.size(); ++i) {
    trace(path, {{rays.x[i], rays.y[i], rays.z[i]}, {rays.l[i], rays.m[i], rays.n[i]}}, &hits);
    for (std::size_t k = 0; k < hits.size(); ++k) {
      const auto& p = hits[k].position;
      r2[k] = std::max(r2[k], p.x * p.x + p.y * p.y);
    }
  }
  for (std::size_t k = 0; k < path.size(); ++k) path[k].clear_radius_mm = std::sqrt(r2[k]) + 1e-6;
}

// The best of several short runs: other programs share the core.
template <class Run>
double best_seconds(const Run& run) {
  double best = 1e9;
  for (int i = 0; i < 20; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

double peak_fmas(std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  constexpr long rounds = 2000;
  return double(rounds * fma_round) /
         best_seconds([] { benchmark::DoNotOptimize(run_fmas(rounds)); });
}

struct Setup {
  Path<double> path = WidePhoneLens::path();
  RayBatch rays = rays_through(path);
  Setup() { open_to(rays, path); }
};
const Setup& setup() {
  static const Setup made;
  return made;
}

void report(benchmark::State& state, double seconds, double peak) {
  const double surfaces = double(setup().rays.size()) * double(setup().path.size());
  state.counters["Msurfaces/s"] = surfaces / seconds / 1e6;
  state.counters["peak_Gfma/s"] = peak / 1e9;
  state.counters["fmas"] = peak * seconds / surfaces;
}

void vectors(benchmark::State& state, std::int64_t target) {
  const double peak = peak_fmas(target);
  hwy::SetSupportedTargetsForTest(target);
  double best = 1e9;
  RayBatch rays;
  for (auto _ : state) {
    rays = setup().rays;
    const auto start = std::chrono::steady_clock::now();
    trace_batch(setup().path, rays);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    best = std::min(best, took.count());
  }
  report(state, best, peak);
  hwy::SetSupportedTargetsForTest(0);
}

void scalar_twin(benchmark::State& state) {
  double best = 1e9;
  const RayBatch& rays = setup().rays;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rays.size(); ++i)
      benchmark::DoNotOptimize(trace(setup().path, Ray<double>{{rays.x[i], rays.y[i], rays.z[i]},
                                                               {rays.l[i], rays.m[i], rays.n[i]}}));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    best = std::min(best, took.count());
  }
  report(state, best, peak_fmas(hwy::SupportedTargets() & -hwy::SupportedTargets()));
  hwy::SetSupportedTargetsForTest(0);
}

void add(const std::string& name, const std::function<void(benchmark::State&)>& run) {
  benchmark::RegisterBenchmark(name.c_str(), run)->UseManualTime()->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace lichtbild

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SSE4})
    if (hwy::SupportedTargets() & target)
      lichtbild::add(std::string("trace_batch/") + hwy::TargetName(target),
                     [target](benchmark::State& state) { lichtbild::vectors(state, target); });
  lichtbild::add("trace", lichtbild::scalar_twin);
  benchmark::RunSpecifiedBenchmarks();
}
