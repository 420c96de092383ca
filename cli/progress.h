// A line on the terminal that says what is being done and how far it is; silent when stderr is not
// a terminal.
#pragma once

#include <string>

namespace lichtbild::cli {

class ProgressLine {
 public:
  // `name` is what is being worked on, shown in front.
  explicit ProgressLine(std::string name);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& stage, double share);

 private:
  std::string name_;
  bool terminal_, shown_ = false;
};

}  // namespace lichtbild::cli
