include(GoogleTest)

# One folder of exporter/ as a static library.
#   bullmq_module(poll SOURCES poller.cc PUBLIC model PRIVATE bullmq)
# Names of modules and of libraries may be mixed; the target is module_<name>.
function(bullmq_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target module_${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    set(public PUBLIC)
    target_link_libraries(${target} PRIVATE ${ARG_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    set(public INTERFACE)
  endif()
  target_link_libraries(${target} ${public} project_options ${ARG_PUBLIC})
endfunction()

# One GoogleTest program: bullmq_test(unit base/clock_test SOURCES clock_test.cc LINK module_base)
# LABEL is one of unit, contract, integration, oracle, lint.
function(bullmq_test label name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  string(REPLACE "/" "_" target ${label}_${name})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE project_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
  add_test(NAME ${label}/${name} COMMAND ${target})
  set_tests_properties(${label}/${name} PROPERTIES
    LABELS ${label} TIMEOUT 300 ENVIRONMENT "${BULLMQ_TEST_ENVIRONMENT}")
endfunction()
