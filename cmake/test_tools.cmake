# Tools of the tests, where `scripts/setup test` puts them: see its --help for the list.
set(BULLMQ_TEST_BIN ${BULLMQ_PREFIX}/test/bin CACHE PATH "Folder of the tests' tools")
set(BULLMQ_TEST_PYTHON ${BULLMQ_TEST_BIN}/python3)
set(BULLMQ_TEST_NODE ${BULLMQ_TEST_BIN}/node)

# What every test of every label finds in its environment.
set(BULLMQ_TEST_ENVIRONMENT
  BULLMQ_TEST_BIN=${BULLMQ_TEST_BIN}
  PYTHONDONTWRITEBYTECODE=1)

# A file of pytest as one test of CTest: bullmq_pytest(lint arrows arrows_test.py)
# It may import from tests/ (tests/pytest.ini) and finds the program that was built as BULLMQ_EXPORTER.
function(bullmq_pytest label name file)
  add_test(NAME ${label}/${name}
    COMMAND ${BULLMQ_TEST_PYTHON} ${PROJECT_SOURCE_DIR}/tests/run_pytest.py -q
      ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set(environment ${BULLMQ_TEST_ENVIRONMENT})
  if(TARGET bullmq_exporter)
    list(APPEND environment BULLMQ_EXPORTER=$<TARGET_FILE:bullmq_exporter>)
  endif()
  set_tests_properties(${label}/${name} PROPERTIES
    LABELS ${label} TIMEOUT 300 ENVIRONMENT "${environment}")
endfunction()
