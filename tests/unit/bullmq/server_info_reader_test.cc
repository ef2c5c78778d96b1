#include "exporter/bullmq/server_info_reader.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

Replies Info(std::string text, Reply::Type type = Reply::Type::kString) {
  Reply reply;
  reply.type = type;
  reply.text = std::move(text);
  return Replies({std::move(reply)});
}

TEST(ServerInfoReaderTest, ReadsAMaster) {
  const auto servers = ReadServerInfo(
      Info("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n# Memory\r\n"
           "used_memory:1048576\r\nused_memory_human:1M\r\nmaxmemory:0\r\n"
           "maxmemory_policy:noeviction\r\n# Replication\r\nrole:master\r\nconnected_slaves:2\r\n"),
      0, "127.0.0.1:6379");
  ASSERT_TRUE(servers);
  ASSERT_EQ(servers->size(), 1u);
  const ServerInfo& server = servers->front();
  EXPECT_EQ(server.server, "127.0.0.1:6379");
  EXPECT_EQ(server.version, "7.0.15");
  EXPECT_EQ(server.mode, "standalone");
  EXPECT_EQ(server.role, "master");
  EXPECT_EQ(server.maxmemory_policy_noeviction, true);
  EXPECT_EQ(server.memory_used_bytes, 1048576);
  EXPECT_EQ(server.memory_max_bytes, 0);
  EXPECT_EQ(server.connected_replicas, 2);
  EXPECT_EQ(server.replication_link_up, std::nullopt);
}

TEST(ServerInfoReaderTest, ReadsAReplicaOfValkeyWithABrokenLink) {
  const auto servers =
      ReadServerInfo(Info("redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1\r\n"
                          "server_mode:standalone\r\nrole:slave\r\nmaster_link_status:down\r\n"
                          "connected_slaves:0\r\nmaxmemory_policy:allkeys-lru\r\n"),
                     0, "r:1");
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers->front().version, "8.1.1");
  EXPECT_EQ(servers->front().mode, "standalone");
  EXPECT_EQ(servers->front().replication_link_up, false);
  EXPECT_EQ(servers->front().connected_replicas, std::nullopt);
  EXPECT_EQ(servers->front().maxmemory_policy_noeviction, false);
  EXPECT_EQ(servers->front().memory_max_bytes, std::nullopt);
}

TEST(ServerInfoReaderTest, WhatIsNoInfoIsAnError) {
  EXPECT_FALSE(ReadServerInfo(Info("NOPERM no", Reply::Type::kError), 0, "x"));
  EXPECT_FALSE(ReadServerInfo(Info(""), 0, "x"));
}

}  // namespace
}  // namespace bullmq_exporter
