// lichtbild: the door. Errors of the outside world end here, in one line; see verbs.h for what it
// can do.
#include <HalideRuntime.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <new>

#include "cli/verbs.h"
#include "core/error.h"
#include "core/image.h"

namespace lichtbild::cli {

std::string data_folder() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path installed = program.parent_path().parent_path() / "share/lichtbild";
  return fs::exists(installed, ignored) ? installed.string() : LICHTBILD_DATA;
}

namespace {

// The kernels' scratch pictures on huge pages too.
void* scratch(void* context, std::size_t bytes) {
  void* memory = ::halide_default_malloc(context, bytes);
  if (memory) prefer_huge_pages(memory, bytes);
  return memory;
}

int run(int count, char** arguments) {
  ::halide_set_custom_malloc(scratch);
  CLI::App app{"Lichtbild: the camera system of a co-engineered smartphone, in the open."};
  app.set_version_flag("--version", "lichtbild " LICHTBILD_VERSION);
  app.require_subcommand(1);
  app.footer("Example: lichtbild develop IMG_*.dng -o photo.jpg --look authentic");
  add_develop(app);
  add_info(app);
  add_measure(app);
  add_lens(app);
  add_shoot(app);
  add_calibrate(app);
  try {
    app.parse(count, arguments);
    return 0;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
}

}  // namespace
}  // namespace lichtbild::cli

int main(int count, char** arguments) {
#ifdef __GLIBC__
  // Pictures come and go by the hundred megabytes: memory that was cleared once is kept for the
  // next.
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, -1);
  // One pool for all threads: those of a thread are given back with their pages, whatever the
  // threshold.
  ::mallopt(M_ARENA_MAX, 1);
#endif
  try {
    return lichtbild::cli::run(count, arguments);
  } catch (const lichtbild::Error& e) {
    std::fprintf(stderr, "lichtbild: %s\n", e.what());
  } catch (const std::bad_alloc&) {
    std::fprintf(
        stderr,
        "lichtbild: not enough memory; close other programs or develop fewer frames at once\n");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "lichtbild: %s; please report this\n", e.what());
  }
  return 1;
}
