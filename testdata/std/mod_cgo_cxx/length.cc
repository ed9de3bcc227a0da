#include "length.h"
#include <memory>
#include <stdexcept>
#include <string>

int cxx_length(const char *s) {
	try {
		auto text = std::make_unique<std::string>(s);
		if (*text == "c++") throw std::length_error(*text);
		return -1;
	} catch (const std::exception &e) {
		return (int)std::string(e.what()).size();
	}
}
