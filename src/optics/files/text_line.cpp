#include "optics/files/text_line.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "optics/files/number_text.h"

namespace lichtbild::optics {

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return capitals;
}

TextLine::TextLine(std::string_view text, int number, const std::string& where)
    : text_(text), number_(number), where_(&where) {
  constexpr std::string_view blanks = " \t\r\v\f";
  std::size_t at = text.find_first_not_of(blanks);
  while (at != text.npos) {
    const char quote = text[at] == '"' || text[at] == '\'' ? text[at] : '\0';
    const std::size_t start = quote ? at + 1 : at;
    std::size_t end = quote ? text.find(quote, start) : text.find_first_of(blanks, start);
    if (end == text.npos) end = text.size();
    words_.emplace_back(text.substr(start, end - start));
    at = text.find_first_not_of(blanks, std::min(text.size(), quote ? end + 1 : end));
  }
  if (!words_.empty()) keyword_ = in_capitals(words_[0]);
}

const std::string& TextLine::word(std::size_t i) const {
  if (!has(i)) complain(fmt::format("{} ends too early", keyword_), "give its values");
  return words_[i];
}

double TextLine::number(std::size_t i) const {
  const auto value = number_in(word(i));
  if (!value) complain(fmt::format("'{}' is not a number", words_[i]), "give a number");
  return *value;
}

int TextLine::integer(std::size_t i) const {
  const double value = number(i);
  if (!(std::abs(value) <= 1e6) || value != std::floor(value))
    complain(fmt::format("'{}' is not a whole number", words_[i]), "give a whole number");
  return static_cast<int>(value);
}

std::vector<double> TextLine::numbers(std::size_t first) const {
  std::vector<double> values;
  for (std::size_t i = first; i < words_.size(); ++i) values.push_back(number(i));
  return values;
}

std::string TextLine::rest() const {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t start = text_.find_first_not_of(blanks);
  const std::size_t behind = start == text_.npos ? text_.npos : text_.find_first_of(blanks, start);
  const std::size_t first =
      behind == text_.npos ? text_.npos : text_.find_first_not_of(blanks, behind);
  if (first == text_.npos) return "";
  return std::string(text_.substr(first, text_.find_last_not_of(blanks) + 1 - first));
}

void TextLine::complain(const std::string& what, const std::string& cure) const {
  throw Error(fmt::format("{}:{}", *where_, number_), what, cure);
}

std::vector<TextLine> text_lines(std::string_view text, const std::string& where) {
  constexpr std::size_t most = 200'000;
  std::vector<TextLine> lines;
  int number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    TextLine line(text.substr(start, end - start), ++number, where);
    if (line.size() > 0) lines.push_back(std::move(line));
    if (lines.size() > most) throw Error(where, "is too long for a lens", "lens files are small");
    start = end + 1;
  }
  return lines;
}

}  // namespace lichtbild::optics
