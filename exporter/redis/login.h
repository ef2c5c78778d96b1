#pragma once

#include "exporter/base/error.h"
#include "exporter/config/config.h"
#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// The first commands on a connection: AUTH where there is a user or a password, SELECT where the
// database is not 0, CLIENT SETNAME bullmq_exporter. The files of user and password are read here.
// Fails with kAuth when one cannot be used.
[[nodiscard]] Result<Pipeline> MakeLogin(const RedisConfig& config);

// What the replies to MakeLogin's commands mean. A refused CLIENT SETNAME is no failure. Fails with
// kAuth, kDatabase, kNoPermission (SELECT by an ACL) or the cause that speaks of the whole server.
[[nodiscard]] Result<void> CheckLogin(const Pipeline& login, const Replies& replies);

}  // namespace bullmq_exporter
