# Every library that the project uses. A system package that is new enough is taken first, then the
# prefix where scripts/setup builds what the system has too old.
list(APPEND CMAKE_PREFIX_PATH ${BULLMQ_PREFIX})
set(PKG_CONFIG_USE_CMAKE_PREFIX_PATH ON)

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)
if(NOT TARGET yaml-cpp::yaml-cpp)  # before 0.8
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(tl-expected REQUIRED)
find_package(RapidJSON REQUIRED)  # headers alone, in the system's include folder
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis>=${HIREDIS_VERSION})
pkg_check_modules(CPP_HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib>=${CPP_HTTPLIB_VERSION})
if(BULLMQ_EXPORTER_TESTS)
  find_package(GTest REQUIRED)
endif()
