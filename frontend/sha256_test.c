// SHA-256 by its own examples, in one piece and in parts.
#include "frontend/sha256.h"
#include <criterion/criterion.h>

// FIPS 180-4's examples, and lengths about a block's end.
Test(sha256, examples) {
    static const struct {
        const char *text, *sum;
    } of[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        cr_assert_str_eq(sha256_text(of[i].text, strlen(of[i].text)), of[i].sum);
}

Test(sha256, in_parts) {
    char text[200];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)i;
    for (size_t n = 0; n <= sizeof text; n++) {
        Sha256 s;
        sha256_begin(&s);
        for (size_t at = 0; at < n; at += 7) sha256_add(&s, text + at, n - at < 7 ? n - at : 7);
        cr_assert_str_eq(sha256_end_text(&s), sha256_text(text, n), "%zu bytes", n);
    }
}
