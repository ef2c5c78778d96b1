#include "exporter/base/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

// FIPS 180-4's published examples.
TEST(Sha256Test, KnownAnswers) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, DigestHasTheBytesThatTheHexSays) {
  const Sha256Digest digest = Sha256("abc");
  EXPECT_EQ(digest.front(), 0xba);
  EXPECT_EQ(digest.back(), 0xad);
}

TEST(Sha256Test, NulIsAByteLikeAnyOther) {
  EXPECT_NE(Sha256Hex(std::string("a\0b", 3)), Sha256Hex(std::string("a\0c", 3)));
}

}  // namespace
}  // namespace bullmq_exporter
