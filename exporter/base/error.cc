#include "exporter/base/error.h"

namespace bullmq_exporter {

std::string_view ErrorLabel(ErrorCode code) {
  switch (code) {
    case ErrorCode::kResolve: return "resolve";
    case ErrorCode::kConnect: return "connect";
    case ErrorCode::kTimeout: return "timeout";
    case ErrorCode::kClosed: return "closed";
    case ErrorCode::kTls: return "tls";
    case ErrorCode::kAuth: return "auth";
    case ErrorCode::kDatabase: return "database";
    case ErrorCode::kNoPermission: return "noperm";
    case ErrorCode::kWrongType: return "wrong_type";
    case ErrorCode::kLoading: return "loading";
    case ErrorCode::kBusy: return "busy";
    case ErrorCode::kReadonlyBrokenLink: return "readonly_broken_link";
    case ErrorCode::kMaxClients: return "max_clients";
    case ErrorCode::kProtocol: return "protocol";
    case ErrorCode::kTooLarge: return "too_large";
    case ErrorCode::kClusterDown: return "cluster_down";
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kIo:
    case ErrorCode::kInternal:
    case ErrorCode::kOther: break;
  }
  return "other";
}

}  // namespace bullmq_exporter
