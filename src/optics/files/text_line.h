// TextLine: one line of a keyword file, cut into words; numbers that are none are Errors there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lichtbild::optics {

class TextLine {
 public:
  // `text` must outlive the line; words are cut at blanks, quoted ones lose their quotes.
  TextLine(std::string_view text, int number, const std::string& where);

  bool indented() const { return !text_.empty() && (text_[0] == ' ' || text_[0] == '\t'); }
  std::size_t size() const { return words_.size(); }
  bool has(std::size_t i) const { return i < words_.size(); }
  const std::string& word(std::size_t i) const;            // an Error where there is none
  const std::string& keyword() const { return keyword_; }  // the first word, in capitals
  double number(std::size_t i) const;
  double number(std::size_t i, double otherwise) const { return has(i) ? number(i) : otherwise; }
  int integer(std::size_t i) const;
  int integer(std::size_t i, int otherwise) const { return has(i) ? integer(i) : otherwise; }
  std::vector<double> numbers(std::size_t first) const;
  std::string rest() const;  // behind the keyword, as it stands

  [[noreturn]] void complain(const std::string& what, const std::string& cure) const;

 private:
  std::string_view text_;
  int number_ = 0;
  const std::string* where_;
  std::vector<std::string> words_;
  std::string keyword_;
};

// The lines of a text, without ends and empty ones. At most 200,000; an Error beyond.
std::vector<TextLine> text_lines(std::string_view text, const std::string& where);

std::string in_capitals(std::string_view text);

}  // namespace lichtbild::optics
