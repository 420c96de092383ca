# lichtbild_room(NAME SOURCES ... [LIBRARIES ...] [TESTS ...] [SLOW_TESTS ...] [FUZZERS ...] [ALONE ...])
#   makes the library of the room src/NAME and, from x_test.cpp beside x.cpp, its tests (labels: unit, slow or figures, and NAME).
#   A fuzzer x_fuzz.cpp runs as an ordinary test over src/NAME/corpus/x; under the preset `fuzz` it is a libFuzzer target.
#   Files are compiled several at once (docs/decisions/007): names in anonymous namespaces must differ within the sources of
#   a room, and within its tests. Files for which that would be a pity, and Highway's, stand under ALONE as well.
# lichtbild_kernels(NAME kernel...)
#   compiles the Halide generators of NAME.gen.cpp ahead of time into NAME_kernels, for AVX-512, AVX2 and plain x86-64,
#   chosen when the program runs.

set(LICHTBILD_TARGETS
    x86-64-linux-sse41-avx-f16c-fma-avx2-avx512-avx512_skylake
    x86-64-linux-sse41-avx-f16c-fma-avx2
    x86-64-linux)

# What takes longer to compile than to run (docs/decisions/007): the command line, readers and writers of lens files.
function(lichtbild_glue target)
  target_compile_options(${target} PRIVATE $<IF:$<BOOL:${LICHTBILD_SANITIZED}>,-O0,-O1>)
endfunction()

function(lichtbild_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;TESTS;SLOW_TESTS;FUZZERS;ALONE" ${ARGN})
  add_library(lichtbild_${name} STATIC ${ARG_SOURCES})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(lichtbild_${name} PUBLIC ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../src)
  target_link_libraries(lichtbild_${name} PUBLIC fmt::fmt ${ARG_LIBRARIES})
  if(NOT name STREQUAL core)
    target_link_libraries(lichtbild_${name} PUBLIC lichtbild_core)
  endif()
  foreach(kind TESTS SLOW_TESTS)
    if(ARG_${kind})
      string(TOLOWER ${name}_${kind} target)
      add_executable(${target} ${ARG_${kind}})
      target_link_libraries(${target} lichtbild_${name} GTest::gmock GTest::gtest_main)
      if(kind STREQUAL TESTS)
        lichtbild_discover(${target} unit ${name})
      else()
        lichtbild_discover(${target} slow ${name})
      endif()
    endif()
  endforeach()
  foreach(fuzzer ${ARG_FUZZERS})
    lichtbild_fuzzer(${fuzzer} lichtbild_${name} ${name})
  endforeach()
endfunction()

# lichtbild_fuzzer(x_fuzz.cpp LIBRARY LABEL)
function(lichtbild_fuzzer source library label)
  get_filename_component(target ${source} NAME_WE)
  add_executable(${target} ${source})
  target_link_libraries(${target} ${library})
  lichtbild_glue(${target})
  target_compile_definitions(${target} PRIVATE LICHTBILD_ROOT="${CMAKE_CURRENT_FUNCTION_LIST_DIR}/..")
  if(LICHTBILD_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../tests/fuzz_corpus_main.cpp)
    string(REPLACE "_fuzz" "" corpus ${target})
    add_test(NAME ${target} COMMAND ${target} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${corpus})
    set_tests_properties(${target} PROPERTIES LABELS "fuzz;${label}")
    add_dependencies(fast_tests ${target})
  endif()
endfunction()

# Registers the cases of one GoogleTest program under its labels; the tests find the repository and its data by themselves.
function(lichtbild_discover target)
  target_compile_options(${target} PRIVATE -O1)  # tests take longer to compile than to run
  target_compile_definitions(${target} PRIVATE LICHTBILD_ROOT="${CMAKE_CURRENT_FUNCTION_LIST_DIR}/..")
  string(REPLACE ";" "\\;" labels "${ARGN}")  # or only the first would arrive
  if(ARGV1 STREQUAL unit)
    add_dependencies(fast_tests ${target})
  endif()
  gtest_discover_tests(${target} PROPERTIES LABELS "${labels}" DISCOVERY_TIMEOUT 60)
endfunction()

function(lichtbild_kernels name)
  add_library(${name}_kernels INTERFACE)
  target_link_libraries(${name}_kernels INTERFACE Halide::Runtime)
  if(LICHTBILD_KERNELS_FROM)
    set(built ${LICHTBILD_KERNELS_FROM}/src/${name})
    target_include_directories(${name}_kernels INTERFACE ${built})
    foreach(kernel ${ARGN})
      target_link_libraries(${name}_kernels INTERFACE ${built}/lib${kernel}.a)
    endforeach()
    target_link_libraries(${name}_kernels INTERFACE ${LICHTBILD_KERNELS_FROM}/src/liblichtbild_halide_runtime.a
                                                    Threads::Threads ${CMAKE_DL_LIBS})
    return()
  endif()
  add_halide_generator(${name}_generators SOURCES ${name}.gen.cpp)
  target_include_directories(${name}_generators PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../src)
  target_compile_options(${name}_generators PRIVATE -O1 -Wno-shadow -Wno-unused-parameter)
  foreach(kernel ${ARGN})
    add_halide_library(${kernel} FROM ${name}_generators TARGETS ${LICHTBILD_TARGETS}
                       USE_RUNTIME lichtbild_halide_runtime)
    target_link_libraries(${name}_kernels INTERFACE ${kernel})
  endforeach()
endfunction()
