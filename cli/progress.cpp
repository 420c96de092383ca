#include "cli/progress.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <utility>

namespace lichtbild::cli {

ProgressLine::ProgressLine(std::string name)
    : name_(std::move(name)), terminal_(::isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
}

void ProgressLine::show(const std::string& stage, double share) {
  if (!terminal_) return;
  constexpr int width = 24;
  const auto done = std::size_t(std::lround(share * width));
  const std::string bar = std::string(done, '#') + std::string(width - done, '.');
  std::fprintf(stderr, "\r\033[K%s  [%s] %s", name_.c_str(), bar.c_str(), stage.c_str());
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace lichtbild::cli
