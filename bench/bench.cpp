// How fast each stage is on 12 megapixels, as bytes of picture per second beside what memory itself
// can copy.
//
//   build/release/bench/bench [--benchmark_filter=NAME]
//
// The frame is GOPR0024.DNG of ../shared/data, or a synthetic one where that is absent.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>
#include <filesystem>

#include "burst/burst.h"
#include "core/temporary_folder.h"
#include "develop/demosaic_picture.h"
#include "develop/develop.h"
#include "glass/catalog.h"
#include "look/look.h"
#include "photo/photo.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

const std::string file = LICHTBILD_ROOT "/../shared/data/raw/GOPR0024.DNG";

RawFrame synthetic() {
  RawFrame frame{{}, Image<float>(4000, 3000)};
  frame.info.width = 4000;
  frame.info.height = 3000;
  frame.info.crop = {0, 0, 4000, 3000};
  frame.info.noise = NoiseModel{{1.5e-4, 1.5e-4, 1.5e-4}, {5e-8, 5e-8, 5e-8}};
  frame.info.color.illuminants[0] = {6504, Matrix3::identity(), {}, Matrix3::identity()};
  for (int y = 0; y < 3000; ++y)
    for (int x = 0; x < 4000; ++x)
      frame.mosaic(x, y) = 0.3f + 0.2f * std::sin(0.01f * float(x)) * std::cos(0.02f * float(y));
  return frame;
}

const RawFrame& frame() {
  static const RawFrame loaded = std::filesystem::exists(file) ? read_raw(file) : synthetic();
  return loaded;
}
RawFrame copy() { return {frame().info, frame().mosaic.clone()}; }

const Developed& developed() {
  static const Developed picture = develop(copy(), {});
  return picture;
}

void per_mosaic(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * long(frame().mosaic.size()) * 4);
}

void copy_memory(benchmark::State& state) {
  Image<float> to(frame().mosaic.width(), frame().mosaic.height());
  for (auto _ : state) std::memcpy(to.row(0), frame().mosaic.row(0), to.size() * 4);
  per_mosaic(state);
}
void read_frame(benchmark::State& state) {
  if (!std::filesystem::exists(file)) return state.SkipWithError("needs ../shared/data");
  for (auto _ : state) benchmark::DoNotOptimize(read_raw(file));
  per_mosaic(state);
}
void find_defective(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(find_defects(frame(), *frame().info.noise));
  per_mosaic(state);
}
// Two frames: what the second costs is this less one pass over the first.
void merge_two(benchmark::State& state) {
  const std::vector<RawInfo> infos(2, frame().info);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        merge_burst(infos, [](int) { return copy(); }, estimate_noise, {.reference = 1}));
  per_mosaic(state);
}
void demosaic_frame(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(
        demosaic_encoded(frame().mosaic, frame().info.cfa, {1e-4f, {0.005, 0.005, 0.005}}, {}));
  per_mosaic(state);
}
void develop_frame(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(develop(copy(), {}));
  per_mosaic(state);
}
void render_look(benchmark::State& state) {
  const Look look = read_look("authentic", LICHTBILD_ROOT "/data/looks");
  for (auto _ : state)
    benchmark::DoNotOptimize(render(developed().rec2020, look, developed().noise, 1));
  per_mosaic(state);
}
void write_jpeg(benchmark::State& state) {
  const Rendition rendition = render(developed().rec2020, {}, developed().noise, 1);
  const TemporaryFolder folder;
  const std::string path = folder.file("bench.jpg");
  for (auto _ : state) write_photo(rendition, frame().info.metadata, path);
  per_mosaic(state);
}
void read_glasses(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(read_catalog(LICHTBILD_ROOT "/data/glass"));
}

#define STAGE(name) BENCHMARK(name)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(1.0)
STAGE(copy_memory);
STAGE(read_frame);
STAGE(find_defective);
STAGE(merge_two);
STAGE(demosaic_frame);
STAGE(develop_frame);
STAGE(render_look);
STAGE(write_jpeg);
STAGE(read_glasses);

}  // namespace
}  // namespace lichtbild

BENCHMARK_MAIN();
